#pragma once

#include <algorithm>
#include <vector>

namespace test {

struct SeriesBar {
    double open, high, low, close, volume;
};

/// Series G of spec/indicators.md: 60 bars of whole numbers.
inline std::vector<SeriesBar> series_g() {
    std::vector<SeriesBar> bars;
    double previous = 10000;
    for (int i = 0; i < 60; ++i) {
        const double close = 10000 + (37 * i) % 101 + 3 * i - (13 * i * i) % 53;
        const double open = i == 0 ? 10000 : previous;
        bars.push_back({open, std::max(open, close) + (7 * i) % 11 + 1, std::min(open, close) - (5 * i) % 7 - 1, close,
                        static_cast<double>(100 + (29 * i) % 71)});
        previous = close;
    }
    return bars;
}

}  // namespace test
