#pragma once

#include "pipeline/trends/trends.hpp"

#include <cmath>
#include <cstdint>
#include <span>

/// The market trends monitor (spec/trends.md section 1): pure functions, and the ring behind a change.
namespace pipeline::trends {

/// A change beyond `mild` is bullish or bearish, beyond `strong` strongly so.
struct Thresholds {
    double mild_bps{}, strong_bps{};
};

/// Thresholds grow with the square root of time, so that each timeframe is equally likely to speak.
[[nodiscard]] inline Thresholds thresholds(double minutes, double mild_bps_60 = 50,
                                           double strong_bps_60 = 300) noexcept {
    const double scale = std::sqrt(minutes / 60);
    return {mild_bps_60 * scale, strong_bps_60 * scale};
}

[[nodiscard]] constexpr TrendState state_of(double change_bps, const Thresholds& t) noexcept {
    if (!core::known(change_bps)) return unknown_trend;
    if (change_bps > t.strong_bps) return 2;
    if (change_bps > t.mild_bps) return 1;
    if (change_bps < -t.strong_bps) return -2;
    if (change_bps < -t.mild_bps) return -1;
    return 0;
}

/// The word for the move of one bar.
[[nodiscard]] Movement movement_of(double bar_bps) noexcept;

struct Alignment {
    double value{core::unknown};     ///< A; unknown while less than half of the weight is known
    double of_known{core::unknown};  ///< the same over whatever is known
    double known_share{};
    std::uint8_t run{};  ///< longest stretch of neighbours with one sign, from 3 on
    std::int8_t run_sign{};
    std::int8_t dominance{};
};

/// `states` and `weights` in order of the timeframes, equally many.
[[nodiscard]] Alignment align(std::span<const TrendState> states, std::span<const double> weights) noexcept;

[[nodiscard]] Bias bias_of(double alignment) noexcept;

/// Change over the ring's bars: the close against the one `ring.size() − 1` bars before. The ring lives in the stage's
/// flat array; this is its position.
class Change {
public:
    /// Unknown until `ring.size()` closes have come.
    double add(std::span<double> ring, double close) noexcept {
        const auto size = static_cast<std::uint32_t>(ring.size());
        ring[next_] = close;
        next_ = next_ + 1 == size ? 0 : next_ + 1;
        if (count_ < size) ++count_;
        return count_ == size ? core::bps(close, ring[next_]) : core::unknown;
    }
    void restart() noexcept { next_ = count_ = 0; }

private:
    std::uint32_t next_{}, count_{};
};

}  // namespace pipeline::trends
