#pragma once

#include "core/domain/instrument.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/trends/trends.hpp"
#include "strategies/decision.hpp"

#include <cstdint>
#include <vector>

namespace strategies {

/// Keys `bots.<name>.*`; the defaults are spec/bots.md section 2.
struct FiboSettings {
    bool enabled{true};
    std::uint32_t leg_s{900};     ///< timeframe of the legs
    std::uint32_t trigger_s{60};  ///< timeframe whose close crosses back over a level
    double threshold{.60};
    double near_bps{40};  ///< distance at which proximity reaches 0
    double stop_beyond_bps{5}, stop_min_bps{20}, stop_max_bps{200};
    double golden_age_s{300};  ///< how long a golden confluence counts
    double size_fraction{1};
    std::uint32_t additions{3};  ///< at most so many, in profit, near the extensions
    double addition_near_bps{100}, addition_volume{1.2}, addition_pause_s{3600};
};

/// What the bot must know of its own position on an instrument.
struct Holding {
    int side{};      ///< +1 long, −1 short, 0 flat
    double entry{};  ///< average entry price
    bool own{};      ///< opened by this bot
};

/// Trades the retracements of one timeframe's leg (spec/bots.md section 2, strategic_fibo): buys in the .5–.786 zone of
/// an up leg when a trigger bar closes back above a level, sells the mirror. Legs come from confirmed pivots only.
class StrategicFibo {
public:
    StrategicFibo(const FiboSettings& settings, const pipeline::Timeframes& timeframes, std::size_t instruments,
                  std::uint8_t bot);

    /// Follows every tick; true when it decided (a trigger bar closed), and then `out` is the decision, hold included.
    bool on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
            const pipeline::Levels& levels, const pipeline::Trends& trends, double price_unit, const Holding& holding,
            Decision& out) noexcept;

    /// How often it added to the position of an instrument, and when last; and back after a restart.
    [[nodiscard]] AdditionMemory memory(core::InstrumentId instrument) const noexcept {
        const State& state = states_[instrument.value];
        return {.bot = bot_, .added = state.added, .last = state.last_addition};
    }
    void restore(core::InstrumentId instrument, const AdditionMemory& memory) noexcept {
        if (instrument.value >= states_.size()) return;
        states_[instrument.value].added = memory.added;
        states_[instrument.value].last_addition = memory.last;
    }
    [[nodiscard]] const FiboSettings& settings() const noexcept { return settings_; }

private:
    struct State {
        pipeline::Leg leg{};
        std::uint16_t cluster_count{};
        std::array<pipeline::Cluster, pipeline::max_clusters> clusters{};
        double previous_close{core::unknown};
        double golden{0};
        core::Nanoseconds golden_time{};
        double mean_volume{core::unknown};  ///< EMA of trigger-bar volume, α = 2/21
        std::uint32_t added{};
        core::Nanoseconds last_addition{};
    };
    void follow(State& state, const pipeline::Market& market, const pipeline::Levels& levels) const noexcept;
    void enter(const State& state, double alignment, double close, Decision& out) const noexcept;
    void manage(State& state, const pipeline::Bar& bar, double close, int trigger, const Holding& holding,
                Decision& out) const noexcept;

    FiboSettings settings_;
    int leg_index_, trigger_index_;
    std::uint8_t bot_;
    std::vector<State> states_;
};

/// Pure parts, tested on the spec's golden values.
namespace fibo {

/// .35 proximity + .25 min(1, strength/4) + .25 golden + .15 if aligned; an unknown strength or golden adds nothing.
double score(double proximity, double strength, double golden, bool aligned) noexcept;

/// Whether the alignment of the timeframes has the trade's sign; an unknown one has none.
[[nodiscard]] constexpr bool aligned(double alignment, core::Side side) noexcept {
    return side == core::Side::buy ? alignment > 0 : alignment < 0;
}

/// +1 if `close` crossed back up over a retracement level of an up leg inside the zone, −1 the mirror, else 0.
int trigger(const pipeline::Leg& leg, double previous_close, double close) noexcept;

/// Price of a retracement (ratio <= 1) or extension of the leg.
double level(const pipeline::Leg& leg, double ratio) noexcept;

}  // namespace fibo

}  // namespace strategies
