#include "pipeline/traps/settings.hpp"

#include "pipeline/bars/bars.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace pipeline {
namespace {

void expect(bool holds, const char* key, double value, const char* expected) {
    if (!holds) throw std::invalid_argument(fmt::format("traps.{}: {} expected, found {}", key, expected, value));
}

}  // namespace

void check(const TrapSettings& s) {
    expect(s.base_threshold_bps >= 5 && s.base_threshold_bps <= 1000, "base_threshold_bps", s.base_threshold_bps,
           "5 to 1000");
    expect(s.volatility_gain >= 0, "volatility_gain", s.volatility_gain, "0 or more");
    expect(s.move_window_s >= 2 && s.move_window_s <= 300, "move_window_s", s.move_window_s, "2 to 300");
    expect(s.pump_window_s > s.move_window_s && s.pump_window_s <= 1800, "pump_window_s", s.pump_window_s,
           "more than move_window_s, at most 1800,");
    expect(s.volume_window >= 20 && s.volume_window <= 2000, "volume_window", s.volume_window, "20 to 2000");
    expect(s.pump_bps > 0, "pump_bps", s.pump_bps, "more than 0");
    expect(s.level_proximity_bps > 0, "level_proximity_bps", s.level_proximity_bps, "more than 0");
    expect(s.min_confidence >= 0 && s.min_confidence <= 1, "min_confidence", s.min_confidence, "0 to 1");
    expect(s.upgrade_step > 0, "upgrade_step", s.upgrade_step, "more than 0");
    expect(s.regime.bucket_s >= 1 && s.regime.bucket_s <= 3600, "regime.bucket_s", s.regime.bucket_s, "1 to 3600");
    expect(s.regime.minimum >= 2 && s.regime.window >= s.regime.minimum && s.regime.window <= 100, "regime.window",
           s.regime.window, "20 to 100");
    expect(s.regime.dir_lo >= 0 && s.regime.dir_hi <= 1 && s.regime.dir_lo <= s.regime.dir_hi, "regime.dir_lo",
           s.regime.dir_lo, "0 to dir_hi");
    for (const double share : {s.confirmed_confidence, s.notify_confidence})
        expect(share >= 0 && share <= 1, "confirmed_confidence, notify_confidence", share, "0 to 1");
    expect(s.flash.window_ms >= 1 && s.flash.window_ms <= 60'000, "flash.window_ms", s.flash.window_ms, "1 to 60000");
    expect(s.sweep.bars >= 2 && s.sweep.bars <= 2000, "sweep.bars", s.sweep.bars, "2 to 2000");
    expect(s.reversal.timeframes.size() <= max_timeframes, "reversal.timeframes",
           static_cast<double>(s.reversal.timeframes.size()), "at most 10 of them");
    for (const std::uint32_t minutes : s.reversal.timeframes)
        expect(minutes >= 1 && minutes <= 1440 && std::ranges::count(s.reversal.timeframes, minutes) == 1,
               "reversal.timeframes", minutes, "1 to 1440, each once,");
    expect(s.reversal.break_bps >= 0 && s.reversal.break_bps <= 1000, "reversal.break_bps", s.reversal.break_bps,
           "0 to 1000");
    expect(s.reversal.fail_bars >= 1 && s.reversal.fail_bars <= 100, "reversal.fail_bars", s.reversal.fail_bars,
           "1 to 100");
    expect(s.fractal.timeframe_min >= 1 && s.fractal.timeframe_min <= 1440, "fractal.timeframe_min",
           s.fractal.timeframe_min, "1 to 1440");
    expect(s.fractal.fail_bars <= 50, "fractal.fail_bars", s.fractal.fail_bars, "0 to 50");
    expect(s.wash.min_run >= 2 && s.wash.min_run <= 64, "wash.min_run", s.wash.min_run, "2 to 64");
    expect(s.stealth.window_s >= 60 && s.stealth.window_s <= 3600 && s.stealth.window_s % 60 == 0, "stealth.window_s",
           s.stealth.window_s, "60 to 3600, whole minutes,");
    expect(s.stealth.band_bps > 0, "stealth.band_bps", s.stealth.band_bps, "more than 0");
    expect(s.dilation.z > 0, "dilation.z", s.dilation.z, "more than 0");
    expect(s.spoof.multiple >= 1 && s.spoof.multiple <= 1000, "spoof.multiple", s.spoof.multiple, "1 to 1000");
    expect(s.spoof.max_ms >= 1 && s.spoof.max_ms <= 60'000, "spoof.max_ms", s.spoof.max_ms, "1 to 60000");
    expect(s.layering.levels >= 2 && s.layering.levels <= 16, "layering.levels", s.layering.levels, "2 to 16");
    for (const TrapKindRow& row : trap_kinds) {
        const TrapKindSettings& kind = s.of(row.kind);
        if (kind.cooldown_s >= 0 && kind.cooldown_s <= 86'400 && kind.outcome_x > 0 && kind.outcome_s > 0) continue;
        throw std::invalid_argument(fmt::format(
            "traps.{}: cooldown_s 0 to 86400, outcome_x and outcome_s more than 0 expected, found {}, {}, {}",
            name(row.kind), kind.cooldown_s, kind.outcome_x, kind.outcome_s));
    }
}

}  // namespace pipeline
