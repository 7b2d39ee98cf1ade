#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/traps/settings.hpp"
#include "strategies/analysis/first_touch.hpp"
#include "strategies/analysis/statistics.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace strategies {

enum class Outcome : std::uint8_t { hit, miss, unresolved };
std::string_view name(Outcome outcome) noexcept;

/// What became of an expectation. Both ends inside one bar: the move against it is taken to have come first.
Outcome outcome_of(pipeline::Expect expect, Touch touch) noexcept;

/// Did the price move X against what was expected first? Never for burst and inert.
[[nodiscard]] bool went_against(pipeline::Expect expect, Touch touch) noexcept;

/// A hit test: X = x·T bps either way, within Y.
struct OutcomeTest {
    double x{};
    core::Nanoseconds horizon{};  ///< Y
    friend bool operator==(const OutcomeTest&, const OutcomeTest&) = default;
};

/// The test of an event: its kind's settings. A Y of bars is said by the setting for bars of one minute and follows the
/// timeframe of the event's bars: the last of a bull_trap's or bear_trap's evidence, `fractal.timeframe_min` of a
/// fractal_trap.
OutcomeTest outcome_test(const pipeline::TrapEvent& event, const pipeline::TrapSettings& settings) noexcept;

/// An event and what became of it.
struct LabelledTrap {
    pipeline::TrapEvent event;
    OutcomeTest test;
    Touch touch{Touch::unresolved};
    Outcome outcome{Outcome::unresolved};
    bool overlaps{};  ///< closer than Y to an event of its kind that counts: reported, but no part of the statistics
    bool repeats{};   ///< the same over all instruments of its underlying: no part of what is said of them together
};

/// How the control times of one instrument under one test went, both directions at once.
struct Controls {
    std::array<std::uint64_t, 5> touches{};  ///< by Touch

    [[nodiscard]] std::uint64_t n() const noexcept;  ///< resolved ones
    [[nodiscard]] std::uint64_t hits(pipeline::Expect expect) const noexcept;
};

/// Follows venue trade prices after every trap event, and after control times t = n·Y of the epoch whether a trap was
/// seen or not, and labels both by the same test (spec/traps.md section 9).
///
/// In:  every finished slot in order. Candles serve an instrument without trades: their times are the bars'.
/// Out: events of revision 0 in order of emission; controls by instrument and test.
/// X of an event is frozen with it; X of a control is x·T with the T of its time. A gap, a lost venue, ten minutes
/// without any tick of the instrument, or more than three missing candles end what is known: what had more time stays
/// unresolved. An event of an instrument whose prices nobody follows at that moment (no trades, no candle that ends
/// with it, a Y that is no number of whole candles) is unresolved from the start, and hides none.
/// One move of the market shows on every instrument of its underlying, so `repeats` is kept over all of them.
/// Cold side: allocates as events come.
class TrapOutcomes {
public:
    TrapOutcomes(const pipeline::TrapSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
            const pipeline::Traps& traps);
    /// The tape ends here. Nothing may follow.
    void finish();

    [[nodiscard]] std::span<const LabelledTrap> events() const noexcept { return events_; }
    /// Nothing but zeros for a test that no kind has.
    [[nodiscard]] Controls controls(core::InstrumentId instrument, const OutcomeTest& test) const noexcept;
    /// Hits among the labelled events of a kind that count, so far.
    [[nodiscard]] Share labelled(core::InstrumentId instrument, pipeline::TrapKind kind) const noexcept;
    [[nodiscard]] std::size_t instruments() const noexcept { return followed_.size(); }
    /// A number of what the instrument's price is the price of (underlying_of), the same for all that share it.
    [[nodiscard]] std::size_t underlying(core::InstrumentId instrument) const noexcept {
        return followed_[instrument.value].underlying;
    }

    static constexpr core::Nanoseconds silence = std::chrono::minutes{10};
    static constexpr int missing_candles = 3;

private:
    enum class Source : std::uint8_t { none, trades, candles };
    /// By kind and Y: a trap of hour bars looks five hours ahead, and hides none of the minutes in them.
    using CountedUntil = std::map<std::pair<pipeline::TrapKind, core::Nanoseconds>, core::Nanoseconds>;

    struct Followed {
        double units_per_price{1};
        Source source{};
        core::Venue venue{};
        double price{core::unknown};      ///< newest, unknown after a gap
        double threshold{core::unknown};  ///< T before the present tick
        core::Nanoseconds last{};         ///< known up to here
        core::Nanoseconds candle{};       ///< interval of the candles that are followed
        FirstTouches traps, controls;
        std::vector<Controls> counts;               ///< by test
        std::vector<core::Nanoseconds> next_times;  ///< next control time, by test
        std::size_t underlying{};
        CountedUntil counted_until{};
        std::array<Share, pipeline::trap_kind_count> labelled{};
    };

    void follow_trade(Followed& of, const core::Tick& tick, const pipeline::Market& market, bool gap,
                      const pipeline::Traps& traps);
    void follow_candle(Followed& of, const core::Tick& tick, const pipeline::Traps& traps);
    void begin(Followed& of, core::Nanoseconds time);
    void advance(Followed& of, core::Nanoseconds time);
    void lose(Followed& of);
    void lose_venue(core::Venue venue);
    void start_controls(Followed& of, core::Nanoseconds time);
    /// Candles only tell of a Y of whole candles: of one that ends inside a candle a touch there is no hit for certain,
    /// while none is a miss, so whoever counts both counts too few hits.
    [[nodiscard]] static bool can_tell(const Followed& of, const OutcomeTest& test) noexcept;
    void start_events(Followed& of, const pipeline::Traps& traps);
    void keep_unresolved(const pipeline::Traps& traps);
    void expire(Followed& of, core::Nanoseconds time);
    void label(std::size_t event, Touch touch) noexcept;

    pipeline::TrapSettings settings_;
    std::vector<OutcomeTest> tests_;
    std::vector<Followed> followed_;
    std::vector<CountedUntil> counted_until_;  ///< by underlying
    std::vector<LabelledTrap> events_;
};

}  // namespace strategies
