#include "pipeline/fibonacci/settings.hpp"

#include <fmt/core.h>

#include <stdexcept>

namespace pipeline {
namespace {

template <class T>
void expect(bool good, const char* key, const T& value, const char* expectation) {
    if (!good) throw std::invalid_argument(fmt::format("fib.{}: {} found, {} expected", key, value, expectation));
}

}  // namespace

void check(const FibonacciSettings& s, const Timeframes& timeframes) {
    expect(s.count >= 1 && s.count <= max_fibonacci_timeframes, "timeframes", s.count, "1 to 6 timeframes");
    for (std::size_t i = 0; i < s.count; ++i) {
        const auto& timeframe = s.timeframes[i];
        expect(timeframes.index_of(timeframe.seconds) >= 0, "timeframes", timeframe.seconds,
               "one of the run's timeframes (seconds)");
        expect(i == 0 || timeframe.seconds > s.timeframes[i - 1].seconds, "timeframes", timeframe.seconds,
               "ascending order");
        expect(timeframe.min_swing_bps > 0, "min_swing_bps", timeframe.min_swing_bps, "a number above 0");
        expect(timeframe.weight > 0, "timeframe_weights", timeframe.weight, "a number above 0");
    }
    expect(s.confirm_bars >= 1 && s.confirm_bars <= s.max_age_bars, "confirm_bars", s.confirm_bars,
           "1 to max_age_bars");
    expect(s.keep_pivots >= 2 && s.keep_pivots <= max_pivots, "max_pivots", s.keep_pivots, "2 to 8");
    expect(s.max_age_bars <= 2000, "max_age_bars", s.max_age_bars, "at most 2000");
    expect(s.break_bps >= 0, "break_bps", s.break_bps, "at least 0");
    expect(s.min_range_bps > 0, "min_range_bps", s.min_range_bps, "a number above 0");
    expect(s.hit_range > 0 && s.hit_range < .05, "hit_range", s.hit_range, "above 0, below 0.05");
    expect(s.cluster_bps > 0, "cluster_bps", s.cluster_bps, "a number above 0");

    const auto& g = s.golden;
    const auto window_s = g.depth_window / std::chrono::seconds{1};
    expect(g.tolerance > 0 && g.tolerance < .1, "golden_tolerance", g.tolerance, "above 0, below 0.1");
    expect(window_s >= 1 && window_s <= 2000, "golden.depth_window_s", window_s, "1 to 2000");
    expect(g.min_depth_samples >= 1 && g.min_depth_samples <= window_s, "golden.min_depth_samples", g.min_depth_samples,
           "1 to the window");
    expect(g.history_size >= 1 && g.history_size <= 2000, "golden.history_size", g.history_size, "1 to 2000");
    expect(g.outcome_x > 0, "golden.outcome_x", g.outcome_x, "a number above 0");
}

}  // namespace pipeline
