#include "feeds/history/aggregate.hpp"

#include <algorithm>

namespace feeds::history {

Candles aggregate(const Candles& small, core::Nanoseconds width) {
    if (width.count() <= 0 || (small.interval.count() > 0 && width % small.interval != core::Nanoseconds{0}))
        throw std::invalid_argument{"a timeframe of whole candles expected: the file's are " +
                                    std::to_string(small.interval.count() / 1'000'000'000) + " s long, asked for " +
                                    std::to_string(width.count() / 1'000'000'000) + " s"};
    Candles out = small;
    out.candles.clear();
    out.holes.clear();
    out.interval = width;
    for (const Candle& part : small.candles) {
        const auto start = core::floor_to(part.start, width);
        if (out.candles.empty() || out.candles.back().start != start) {
            out.candles.push_back(part);
            out.candles.back().start = start;
            continue;
        }
        Candle& whole = out.candles.back();
        whole.high = std::max(whole.high, part.high);
        whole.low = std::min(whole.low, part.low);
        whole.close = part.close;
        if (__builtin_add_overflow(whole.volume.units, part.volume.units, &whole.volume.units))
            throw std::invalid_argument{"the volume of a wider candle does not fit 64 bits"};
    }
    if (!out.candles.empty() && small.candles.back().start + small.interval < out.candles.back().start + width)
        out.candles.pop_back();
    for (std::size_t i = 1; i < out.candles.size(); ++i) {
        const auto from = out.candles[i - 1].start + width, to = out.candles[i].start;
        if (to > from) out.holes.push_back({from, to, static_cast<std::uint64_t>((to - from) / width)});
    }
    return out;
}

}  // namespace feeds::history
