#include "pipeline/cosmic/liquidity.hpp"

#include "pipeline/cosmic/factors.hpp"

#include <algorithm>
#include <numeric>

namespace pipeline {

double LiquidityRanks::rank(const float* samples, std::size_t count, float x) const noexcept {
    unsigned less = 0, equal = 0;
    for (std::size_t i = 0; i < count; ++i) {  // vectorised: a microsecond for a day
        less += samples[i] < x;
        equal += samples[i] == x;
    }
    return (less + .5 * equal) / static_cast<double>(count);
}

void LiquidityRanks::enter_minute(std::size_t instrument, State& state, const Market& market) noexcept {
    const auto now = core::floor_to(market.time, minute);
    const bool first = state.next == core::Nanoseconds::min();
    if (first) state.complete_from = now + (volume_minutes + 1) * minute;  // the minute that runs is known in part
    const auto passed = first ? 1 : (now - state.next) / minute + 1;
    state.next = now + minute;

    const auto shift = [&state] {
        std::shift_right(state.volume.begin(), state.volume.end(), 1);
        state.volume[0] = 0;
    };
    // Minutes without a tick had no volume.
    for (std::int64_t i = 1; i < std::min<std::int64_t>(passed, volume_minutes + 1); ++i) shift();
    const double volume = std::accumulate(state.volume.begin(), state.volume.end(), 0.0);
    shift();
    const double depth = market.bid_depth10 + market.ask_depth10;
    if (!market.valid || !core::known(depth) || !core::known(market.spread_bps) || now < state.complete_from) return;

    float* const depths = samples_.data() + 3 * window * instrument;
    float* const spreads = depths + window;
    float* const volumes = spreads + window;
    const auto at = state.at;
    depths[at] = static_cast<float>(depth);
    spreads[at] = static_cast<float>(market.spread_bps);
    volumes[at] = static_cast<float>(volume);
    state.at = (at + 1) % window;
    state.count = std::min<std::uint32_t>(state.count + 1, window);
    state.sampled = now;
    state.rank = state.count < least
                     ? core::unknown
                     : liquidity_rank(rank(depths, state.count, depths[at]), rank(spreads, state.count, spreads[at]),
                                      rank(volumes, state.count, volumes[at]));
}

double LiquidityRanks::of(core::InstrumentId id, core::Nanoseconds now) const noexcept {
    if (id.value >= states_.size()) return core::unknown;
    const State& state = states_[id.value];
    if (state.sampled == core::Nanoseconds::min() || now - state.sampled > 3 * minute) return core::unknown;
    return state.rank;
}

double LiquidityRanks::of_market(core::Nanoseconds now) const noexcept {
    double sum = 0;
    std::size_t known = 0;
    for (std::size_t i = 0; i < states_.size(); ++i)
        if (const double l = of(core::InstrumentId{static_cast<std::uint16_t>(i)}, now); core::known(l)) {
            sum += l;
            ++known;
        }
    return known == 0 ? core::unknown : sum / static_cast<double>(known);
}

}  // namespace pipeline
