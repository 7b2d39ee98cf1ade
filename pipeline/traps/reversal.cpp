#include "pipeline/traps/reversal.hpp"

#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <utility>

namespace pipeline::traps {

struct Reversal::Quote {
    double high, low, close;
};

namespace {

/// bps from `b` to `a` in the direction of `sign`: > 0 when `a` lies beyond `b` that way.
double beyond(double a, double b, int sign) noexcept {
    return sign * core::bps(a, b);
}

}  // namespace

Reversal::Reversal(const TrapSettings& settings, const core::Instrument& /*instrument*/, const Timeframes& timeframes) {
    for (const std::uint32_t minutes : settings.reversal.timeframes)
        if (const int index = timeframes.index_of(60 * minutes); index >= 0)
            frames_.push_back({.timeframe = static_cast<std::size_t>(index), .bar_s = 60 * minutes});
}

void Reversal::on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart,
                      Reporter& reporter) noexcept {
    const auto frame =
        std::find_if(frames_.begin(), frames_.end(), [timeframe](const Frame& f) { return f.timeframe == timeframe; });
    if (frame == frames_.end()) return;
    if (restart) {
        frame->volumes.clear();
        frame->sides = {};
    }
    if (bar.low.units <= 0) return;  // prices that no ratio can be taken of

    const BarNumbers now{bar};
    const double units = senses.units_per_quote;
    const Quote quote{now.high / units, now.low / units, now.close / units};
    const double z = frame->volumes.z(now.volume);
    judge(frame->sides[0], 1, quote, z, *frame, senses, reporter);
    judge(frame->sides[1], -1, quote, z, *frame, senses, reporter);
    frame->volumes.add(now.volume);

    const double break_bps = reporter.settings().reversal.break_bps;
    watch(frame->sides[0], 1, quote.close, senses.levels, break_bps);
    watch(frame->sides[1], -1, quote.close, senses.levels, break_bps);
}

void Reversal::judge(Side& side, int sign, const Quote& bar, double z, const Frame& frame, const Senses& senses,
                     Reporter& reporter) noexcept {
    const auto& settings = reporter.settings().reversal;
    const double T = reporter.threshold();
    const double extreme = sign > 0 ? bar.high : bar.low;
    Watch trap{};
    double confidence = -1;

    const std::size_t watches = std::exchange(side.count, 0);
    for (std::size_t i = 0; i < watches; ++i) {
        Watch watch = side.watches[i];
        if (!watch.broken) {
            // An unbroken level is chosen anew at every close.
            if (beyond(bar.close, watch.level, sign) > settings.break_bps)
                side.watches[side.count++] = {watch.level, watch.strength, true, extreme, z, 0};
            continue;
        }
        watch.ext = sign > 0 ? std::max(watch.ext, extreme) : std::min(watch.ext, extreme);
        ++watch.bars;
        const double back = -beyond(bar.close, watch.level, sign);
        if (back > 0) {
            const double c = reversal_confidence(beyond(watch.ext, watch.level, sign), watch.bars, back, watch.break_z,
                                                 watch.strength, settings.fail_bars, T);
            if (c > confidence) {
                confidence = c;
                trap = watch;
            }
        } else if (watch.bars < settings.fail_bars) {
            side.watches[side.count++] = watch;
        }
    }

    const TrapKind kind = sign > 0 ? TrapKind::bull_trap : TrapKind::bear_trap;
    if (!trap.broken || !reporter.enabled(kind)) return;
    reporter.note(Measure::bar_volume_z, trap.break_z);
    const double overshoot = beyond(trap.ext, trap.level, sign), back = -beyond(bar.close, trap.level, sign);
    reporter.report(
        {.kind = kind,
         .sign = sign,
         .price = bar.close * senses.units_per_quote,
         .confidence = confidence,
         .impact = overshoot / T,
         .evidence = evidence(trap.level, trap.ext, back, trap.bars, trap.break_z, trap.strength, frame.bar_s / 60),
         .bar_s = frame.bar_s});
}

void Reversal::watch(Side& side, int sign, double close, const NearLevels& levels, double break_bps) noexcept {
    const auto prices = levels.prices();
    const auto above = std::lower_bound(prices.begin(), prices.end(), close);
    auto next = above - prices.begin() - (sign > 0 ? 0 : 1);
    // A close inside the break band has not broken the level: it still counts as one to break.
    while (next - sign >= 0 && next - sign < std::ssize(prices) &&
           beyond(close, prices[static_cast<std::size_t>(next - sign)], sign) <= break_bps)
        next -= sign;
    for (; side.count < watched && next >= 0 && next < std::ssize(prices); next += sign) {
        const auto i = static_cast<std::size_t>(next);
        const auto end = side.watches.begin() + side.count;
        // One price can be several ratios, or be broken and not yet decided.
        if (std::any_of(side.watches.begin(), end, [&](const Watch& known) { return known.level == prices[i]; }))
            continue;
        side.watches[side.count++] = {.level = prices[i], .strength = levels.strength(i)};
    }
}

}  // namespace pipeline::traps
