#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bar_stage.hpp"

#include <cstdint>
#include <vector>

namespace pipeline {

/// The ends of bars that a silence passed, as timer ticks (`bars.fill: carry`): whoever feeds ticks to a chain asks
/// before each one, so that every stage sees the bars of a quiet hour one by one, as it would have seen them traded.
/// They are journaled like any tick, and a journal is replayed without asking here.
///
/// Told are the multiples of the shortest timeframe (of the candles' width, where that is more) between the newest
/// tick of an instrument that trades and the present one, which tells its own. Nothing is told of a silence that a
/// venue's loss or a gap ended, for nobody knows whether it was one, nor of one longer than `longest`.
/// With `fill: skip` nothing is ever told.
class QuietBars {
public:
    /// A longer silence is another tape, or a clock that jumped.
    static constexpr core::Nanoseconds longest = std::chrono::hours{7 * 24};

    QuietBars(const BarSettings& settings, const core::InstrumentTable& instruments);

    /// Calls publish(timer) for each end between the instrument's newest tick and this one, in order.
    template <class Publish>
    void before(const core::Tick& tick, Publish&& publish) noexcept {
        if (!carries_) [[likely]]
            return;
        auto [next, last] = ends_before(tick);
        if (next >= last) [[likely]]
            return;
        core::Tick timer;
        timer.kind = core::TickKind::timer;
        timer.instrument = tick.instrument;
        timer.venue = tick.venue;
        timer.receive_time = tick.receive_time;
        for (; next < last; next += width_) {
            timer.venue_time = next;
            publish(timer);
        }
    }

private:
    /// Whose ticks make the instrument's bars: see BarStage.
    enum class Source : std::uint8_t { none, candles, trades };
    struct Seen {
        core::Nanoseconds next{core::Nanoseconds::min()};  ///< the first end that no tick has passed
        std::uint32_t candle_s{};                          ///< narrowest candle seen; 0: none yet
        core::Venue venue{};
        Source source{};
        bool lost{};  ///< the venue, or its thread: what came since is not known to be quiet
    };
    /// [next, last): what is to be told before the tick.
    struct Ends {
        core::Nanoseconds next{}, last{};
    };
    Ends ends_before(const core::Tick& tick) noexcept;
    static bool follows(Seen& seen, const core::Tick& tick) noexcept;
    void note_lost_venue(const core::Tick& tick) noexcept;

    bool carries_;
    core::Nanoseconds width_;
    std::vector<Seen> seen_;  // by instrument; none where nothing is carried
};

}  // namespace pipeline
