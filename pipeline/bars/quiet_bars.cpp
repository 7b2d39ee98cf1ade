#include "pipeline/bars/quiet_bars.hpp"

#include "core/domain/believable_time.hpp"
#include "core/domain/loss.hpp"

#include <algorithm>

namespace pipeline {
namespace {

/// Executions, commands and conditions carry times of other clocks than the instrument's stream.
bool tells_time(core::TickKind kind) noexcept {
    using enum core::TickKind;
    return kind != execution && kind != command && kind != condition && kind != timer;
}

}  // namespace

QuietBars::QuietBars(const BarSettings& settings, const core::InstrumentTable& instruments)
    : carries_{settings.fill == BarFill::carry}, width_{std::chrono::seconds{settings.timeframes.seconds[0]}} {
    if (!carries_) return;
    seen_.resize(instruments.size());
    for (const core::Instrument& instrument : instruments) seen_[instrument.id.value].venue = instrument.venue;
}

QuietBars::Ends QuietBars::ends_before(const core::Tick& tick) noexcept {
    if (tick.instrument.value >= seen_.size()) {
        if (core::tells_of_loss(tick)) note_lost_venue(tick);
        return {};
    }
    Seen& seen = seen_[tick.instrument.value];
    if (!tells_time(tick.kind)) return {};
    const auto before = seen.source;
    if (!follows(seen, tick)) return {};

    const bool known = before == seen.source && !seen.lost && !core::tells_of_loss(tick);
    seen.lost = false;
    const auto last = core::floor_to(core::believable_time(tick), width_);
    const Ends ends{seen.next, last};
    const auto width = tick.is(core::TickKind::bar)
                           ? std::max<core::Nanoseconds>(width_, std::chrono::seconds{tick.bar.interval_s})
                           : width_;
    seen.next = std::max(seen.next, last + width);
    // A candle's own end is told, too, when the next one does not follow at once.
    return known && ends.next < last && last - ends.next <= longest ? ends : Ends{};
}

/// Is the tick one of those that make the instrument's bars end?
bool QuietBars::follows(Seen& seen, const core::Tick& tick) noexcept {
    if (tick.is(core::TickKind::trade) && tick.trade.price.units > 0) seen.source = Source::trades;
    if (seen.source == Source::trades) return !tick.is(core::TickKind::bar);
    if (!tick.is(core::TickKind::bar)) {
        seen.lost |=
            core::tells_of_loss(tick);  // quotes beside candles may be ahead of one on its way, but a loss is a loss
        return false;
    }
    if (tick.bar.interval_s == 0 || (seen.candle_s != 0 && tick.bar.interval_s > seen.candle_s)) return false;
    seen.candle_s = tick.bar.interval_s;
    seen.source = Source::candles;
    return true;
}

void QuietBars::note_lost_venue(const core::Tick& tick) noexcept {
    for (Seen& seen : seen_)
        if (seen.venue == tick.venue) seen.lost = true;
}

}  // namespace pipeline
