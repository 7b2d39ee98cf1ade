#pragma once

#include "core/domain/believable_time.hpp"
#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/cosmic/influence.hpp"
#include "pipeline/cosmic/liquidity.hpp"

#include <array>
#include <optional>

namespace pipeline {

/// Turns condition ticks into the multipliers of the cosmic interceptor (spec/cosmic.md). It never looks at the sky:
/// what it knows arrives as ticks, so a replay knows the same.
/// In:  `condition` ticks (the bucket start is their venue_time), and the time of every tick. A liquidity condition
///      without a value takes the stage's own ranks: they come from the ticks themselves, so they replay exactly.
/// Out: the weights in force on every tick; conditions more than three buckets away are all unknown.
/// Off (CosmicSettings::active() false): nothing is computed and `applies` stays false.
class CosmicStage {
public:
    /// Throws std::invalid_argument for impossible settings.
    CosmicStage(const CosmicSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const Market& market, Weights& weights) noexcept {
        if (!active_) {
            weights = {};
            return;
        }
        if (ranks_) ranks_->on(tick, market);
        if (tick.is(core::TickKind::condition)) [[unlikely]]
            take(tick);
        const auto time = tick.instrument == core::no_instrument ? core::believable_time(tick) : market.time;
        const auto age = time < bucket_ ? bucket_ - time : time - bucket_;  // those of another time say nothing either
        weights = age <= max_age_ ? current_ : stale_;
    }

    /// How often each factor was unknown when conditions arrived, for `cosmic_unknown_total{factor}`.
    [[nodiscard]] const std::array<std::uint64_t, factor_count>& unknown_counts() const noexcept { return unknown_; }

private:
    /// One condition as it last arrived.
    struct Arrived {
        core::Nanoseconds bucket{};
        core::ConditionValue value{core::unknown, core::unknown};
    };
    static constexpr std::size_t condition_count = 8;

    void take(const core::Tick& tick) noexcept;
    [[nodiscard]] CosmicConditions conditions() const noexcept;

    CosmicSettings settings_;
    bool active_;
    core::Nanoseconds max_age_;
    core::Nanoseconds bucket_{};  // the newest
    std::array<Arrived, condition_count> arrived_{};
    Weights current_, stale_;
    std::optional<LiquidityRanks> ranks_;  // only while the factor counts
    std::array<std::uint64_t, factor_count> unknown_{};
};

}  // namespace pipeline
