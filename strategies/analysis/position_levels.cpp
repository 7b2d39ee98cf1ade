#include "strategies/analysis/position_levels.hpp"

#include "core/domain/unknown.hpp"
#include "pipeline/fibonacci/measures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace strategies {
namespace {

std::optional<PositionLevel> choose(const std::vector<PositionLevel>& levels, pipeline::Ratio wanted) {
    if (levels.empty()) return std::nullopt;
    const auto at = std::ranges::find(levels, wanted, &PositionLevel::ratio);
    return at != levels.end() ? *at : levels.front();
}

}  // namespace

std::string_view label(pipeline::Ratio ratio) noexcept {
    static constexpr std::array<std::string_view, 12> labels{"0 %",     "23.6 %", "38.2 %",  "50 %",
                                                             "61.8 %",  "78.6 %", "100 %",   "127.2 %",
                                                             "161.8 %", "200 %",  "261.8 %", "pivot"};
    return labels[static_cast<std::size_t>(ratio)];
}

std::optional<PositionLevels> levels_for(const pipeline::Leg& leg, core::Side side, double price,
                                         double min_range_bps) {
    if (!leg.known || !core::known(price) || !(core::bps(leg.hi, leg.lo) >= min_range_bps)) return std::nullopt;
    PositionLevels levels;
    for (std::size_t i = 0; i < pipeline::ratio_values.size(); ++i) {
        const PositionLevel level{static_cast<pipeline::Ratio>(i),
                                  pipeline::level_price(leg, static_cast<pipeline::Ratio>(i))};
        if (!(level.price > 0) || level.price == price) continue;
        ((level.price > price) == (side == core::Side::buy) ? levels.favourable : levels.adverse).push_back(level);
    }
    const auto distance = [price](const PositionLevel& level) { return std::abs(level.price - price); };
    std::ranges::stable_sort(levels.favourable, {}, distance);
    std::ranges::stable_sort(levels.adverse, {}, distance);
    levels.target = choose(levels.favourable, pipeline::Ratio::r618);
    levels.stop = choose(levels.adverse, pipeline::Ratio::r382);
    return levels;
}

}  // namespace strategies
