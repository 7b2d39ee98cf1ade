#include "pipeline/trends/settings.hpp"

#include <stdexcept>

namespace pipeline {

namespace {

void expect(bool good, const std::string& key, double value, const std::string& expected) {
    if (!good) throw std::invalid_argument{key + " " + std::to_string(value) + ": expected " + expected};
}

}  // namespace

void check(const TrendSettings& s, const Timeframes& timeframes) {
    const auto count = s.timeframes_min.size();
    expect(count >= 1 && count <= max_timeframes, "trends.timeframes_min", static_cast<double>(count),
           "1 to " + std::to_string(max_timeframes) + " timeframes");
    for (std::size_t i = 0; i < count; ++i) {
        const auto minutes = s.timeframes_min[i];
        expect(i == 0 || minutes > s.timeframes_min[i - 1], "trends.timeframes_min", minutes, "ascending minutes");
        expect(minutes != 0 && timeframes.index_of(minutes * 60) >= 0, "trends.timeframes_min", minutes,
               "one of the run's timeframes");
    }
    expect(s.weights.size() == count, "trends.weights", static_cast<double>(s.weights.size()),
           "one weight for each of trends.timeframes_min");
    for (const double weight : s.weights) expect(weight > 0 && weight <= 1e6, "trends.weights", weight, "above 0");
    expect(s.mild_bps_60 > 0 && s.mild_bps_60 < s.strong_bps_60, "trends.mild_bps_60", s.mild_bps_60,
           "above 0 and below strong_bps_60");
    expect(s.mild_bps.size() == s.strong_bps.size() && (s.mild_bps.empty() || s.mild_bps.size() == count),
           "trends.thresholds", static_cast<double>(s.mild_bps.size()),
           "both tables, one threshold for each of trends.timeframes_min");
    for (std::size_t i = 0; i < s.mild_bps.size(); ++i)
        expect(s.mild_bps[i] > 0 && s.mild_bps[i] < s.strong_bps[i], "trends.thresholds", s.mild_bps[i],
               "mild above 0 and below strong");
    expect(s.change_bars >= 1 && s.change_bars <= 1000, "trends.change_bars", s.change_bars, "1 to 1000");
    bool known = false;
    for (const auto minutes : s.timeframes_min) known = known || minutes == s.regime_timeframe_min;
    expect(known, "trends.regime_timeframe_min", s.regime_timeframe_min, "one of trends.timeframes_min");
    expect(s.regime_hold_bars >= 1 && s.regime_hold_bars <= 100, "trends.regime_hold_bars", s.regime_hold_bars,
           "1 to 100");
    expect(s.volatility_window >= 2 && s.volatility_window <= 2000, "trends.volatility_window", s.volatility_window,
           "2 to 2000");
    expect(s.volatility_min >= 1 && s.volatility_min <= s.volatility_window, "trends.volatility_min", s.volatility_min,
           "1 to volatility_window");
}

void check(const PatternSettings& s) {
    expect(s.tolerance > 0 && s.tolerance <= .5, "patterns.tolerance", s.tolerance, "above 0, at most 0.5");
    expect(s.double_bps > 0 && s.double_bps <= 1000, "patterns.double_bps", s.double_bps, "above 0, at most 1000");
    expect(s.double_bars >= 1 && s.double_bars <= 100000, "patterns.double_bars", s.double_bars, "1 to 100000");
}

void check(const AiSettings& s, const Timeframes& timeframes) {
    expect(timeframes.index_of(60) >= 0, "bars.timeframes", 0.0, "60 s among them: ai lives on 1-minute bars");
    expect(s.horizon_bars >= 1 && s.horizon_bars <= 240, "ai.horizon_bars", s.horizon_bars, "1 to 240");
    expect(s.warmup_bars <= 1'000'000, "ai.warmup_bars", s.warmup_bars, "at most 1000000");
    expect(s.max_missing <= 35, "ai.max_missing", s.max_missing, "at most 35");
    expect(s.ftrl.alpha > 0 && s.ftrl.alpha <= 10, "ai.ftrl.alpha", s.ftrl.alpha, "above 0, at most 10");
    expect(s.ftrl.beta >= 0 && s.ftrl.beta <= 1000, "ai.ftrl.beta", s.ftrl.beta, "0 to 1000");
    expect(s.ftrl.l1 >= 0 && s.ftrl.l1 <= 1000, "ai.ftrl.l1", s.ftrl.l1, "0 to 1000");
    expect(s.ftrl.l2 >= 0 && s.ftrl.l2 <= 1000, "ai.ftrl.l2", s.ftrl.l2, "0 to 1000");
    expect(s.ftrl.beta + s.ftrl.l2 > 0, "ai.ftrl.l2", s.ftrl.l2, "beta or l2 above 0");
    expect(s.blend >= 0 && s.blend <= 1, "ai.blend", s.blend, "0 to 1");
    expect(s.calibration_window >= 10 && s.calibration_window <= 100'000, "ai.calibration_window", s.calibration_window,
           "10 to 100000");
    expect(s.skill_labels >= 1 && s.skill_labels <= s.calibration_window, "ai.skill_labels", s.skill_labels,
           "1 to calibration_window");
    expect(s.golden_age_s >= 0 && s.golden_age_s <= 86400, "ai.golden_age_s", s.golden_age_s, "0 to 86400");
}

}  // namespace pipeline
