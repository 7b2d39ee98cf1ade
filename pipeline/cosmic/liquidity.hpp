#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/book/market.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace pipeline {

/// The market_liquidity condition L (spec/cosmic.md section 2) of every instrument: depth within 10 bps, spread and the
/// volume of 300 s as percentile ranks among the newest 1440 one-minute samples.
///
/// In:  every whole tick with its market. Everything comes from ticks, so a replay ranks the same.
/// A sample is taken by the first tick at or after a full minute, from the market as that tick leaves it and the volume
/// of the five minutes before. It is left out while the book is not valid, depth or spread are unknown, or within 300 s
/// of the start or of a moment without a valid book (trades may be missing as well). Minutes without a tick have no
/// sample, but count as 300 s without volume. A rank is (how many are less + half of those equal)/n, the newest among
/// them: a market that never changes has .5 thrice and is normal. Unknown below 60 samples.
class LiquidityRanks {
public:
    static constexpr std::size_t window = 1440, least = 60, volume_minutes = 5;

    explicit LiquidityRanks(std::size_t instruments) : states_(instruments) {
        samples_.resize(3 * window * instruments);
    }

    void on(const core::Tick& tick, const Market& market) noexcept {
        if (tick.instrument.value >= states_.size()) return;
        State& state = states_[tick.instrument.value];
        if (market.time >= state.next) [[unlikely]]
            enter_minute(tick.instrument.value, state, market);
        if (!market.valid) [[unlikely]]
            state.complete_from = market.time + volume_minutes * minute;
        if (tick.is(core::TickKind::trade)) state.volume[0] += static_cast<double>(tick.trade.quantity.units);
    }

    /// L of an instrument at its newest sample, at most three minutes before `now`; unknown else.
    [[nodiscard]] double of(core::InstrumentId id, core::Nanoseconds now) const noexcept;
    /// The market's L: the mean over the instruments whose L is known, in their order. One dry instrument among many
    /// does not make a dry market; of a single instrument it is that one's.
    [[nodiscard]] double of_market(core::Nanoseconds now) const noexcept;

private:
    static constexpr core::Nanoseconds minute = std::chrono::minutes{1};

    struct State {
        core::Nanoseconds next{core::Nanoseconds::min()};  // the full minute that is sampled next
        core::Nanoseconds complete_from{};                 // from here on five minutes of trades are known
        core::Nanoseconds sampled{core::Nanoseconds::min()};
        std::array<double, volume_minutes> volume{};  // [0]: of the minute that runs
        std::uint32_t count{}, at{};                  // of the ring
        double rank{core::unknown};
    };

    void enter_minute(std::size_t instrument, State& state, const Market& market) noexcept;
    [[nodiscard]] double rank(const float* samples, std::size_t count, float x) const noexcept;

    std::vector<State> states_;
    std::vector<float> samples_;  // per instrument: depth, spread, volume, each a ring of `window`
};

}  // namespace pipeline
