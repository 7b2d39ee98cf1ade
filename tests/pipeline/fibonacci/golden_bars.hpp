#pragma once

#include "pipeline/fibonacci/zigzag.hpp"

#include <vector>

namespace test {

/// The `index`-th minute since the epoch.
inline pipeline::SwingBar minute_bar(int index, double high, double low, double close) {
    return {high, low, close, std::chrono::minutes{index}, std::chrono::minutes{index + 1}};
}

/// The bars of spec/fibonacci.md section 7.
inline std::vector<pipeline::SwingBar> golden_bars() {
    constexpr double bars[][3] = {{10005, 9995, 10000},  {10025, 9998, 10020},  {10065, 10018, 10060},
                                  {10110, 10058, 10100}, {10102, 10075, 10080}, {10085, 10045, 10050},
                                  {10055, 10030, 10040}, {10048, 10025, 10030}, {10035, 10010, 10020},
                                  {10045, 10015, 10040}, {10065, 10035, 10060}, {10085, 10055, 10080},
                                  {10150, 10078, 10140}, {10145, 10100, 10110}, {10120, 10085, 10090},
                                  {10095, 10060, 10070}, {10075, 10040, 10050}};
    std::vector<pipeline::SwingBar> out;
    for (const auto& [high, low, close] : bars)
        out.push_back(minute_bar(static_cast<int>(out.size()), high, low, close));
    return out;
}

}  // namespace test
