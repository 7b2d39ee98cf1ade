#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace pipeline {

/// Trend of one timeframe, strongly bearish −2 to strongly bullish 2. `unknown_trend` orders below every state.
using TrendState = std::int8_t;
inline constexpr TrendState unknown_trend = -128;

/// How far the last closed bar went, in words (spec/trends.md section 1).
enum class Movement : std::uint8_t {
    unknown,
    subtle,
    mild,
    moderate,
    aggressive,
    very_aggressive,
    extremely_aggressive
};

/// Class of the alignment, with its sign.
enum class Bias : std::uint8_t { unknown, strong_bearish, bearish, neutral, bullish, strong_bullish };

/// The slow regime of bars (section 2). The regime of 15 s moves in Traps is another one.
enum class SlowRegime : std::uint8_t { unknown, volatile_, trending_up, trending_down, quiet, ranging, transition };

enum class PatternKind : std::uint8_t { gartley, bat, butterfly, crab, double_top, double_bottom };
inline constexpr std::size_t pattern_kind_count = 6;

std::string_view name(Movement) noexcept;     ///< "subtle", …, "extremely_aggressive"
std::string_view name(Bias) noexcept;         ///< "strong_bearish", …
std::string_view name(SlowRegime) noexcept;   ///< "volatile", "trending_up", …
std::string_view name(PatternKind) noexcept;  ///< "gartley", …
/// "strong_bullish" … of a state; "unknown".
std::string_view trend_name(TrendState) noexcept;

/// What is known of one timeframe after its newest closed bar.
struct TimeframeTrend {
    double change_bps{core::unknown};       ///< over `change_bars` bars
    double bar_bps{core::unknown};          ///< of the newest bar, open to close
    double volatility_rank{core::unknown};  ///< VP: percentile rank of realised volatility, 0..1
    TrendState state{unknown_trend};
    Movement movement{};
    SlowRegime regime{};  ///< held: a change shows after `regime_hold_bars` equal candidates
    friend bool operator==(const TimeframeTrend&, const TimeframeTrend&) = default;
};

/// A chart pattern (section 4). Prices are quote currency; the points are X A B C D of a harmonic one; first extreme,
/// neckline, second extreme and 0 0 of a double one.
struct PatternEvent {
    core::Nanoseconds time{};  ///< end of the bar with which it became known
    std::array<double, 5> points{};
    double score{};
    double zone_low{core::unknown}, zone_high{core::unknown};  ///< where D belongs; harmonic only
    double target1{core::unknown}, target2{core::unknown};
    double invalid_at{core::unknown};
    PatternKind kind{};
    bool bullish{};
    bool forming{};            ///< D is the running extreme, or the neckline still holds
    std::uint8_t timeframe{};  ///< index into Timeframes
};
inline constexpr std::size_t max_patterns = 4;

/// The instrument as it stands, shown on every tick of it.
struct TrendFace {
    double alignment{core::unknown};        ///< A, −1..1
    double known_share{};                   ///< of the weights
    double volatility_rank{core::unknown};  ///< of the regime timeframe
    Bias bias{};
    SlowRegime regime{};      ///< slow, of the regime timeframe
    std::int8_t run_sign{};   ///< of the longest stretch of neighbouring timeframes with one sign
    std::uint8_t run{};       ///< its length, from 3 on, else 0
    std::int8_t dominance{};  ///< +1 or −1 where one side has more than twice the other's steps
    friend bool operator==(const TrendFace&, const TrendFace&) = default;
};

/// Section written by TrendStage: what changed with this tick, and the face.
struct Trends {
    std::uint16_t mask{};  ///< bit i: frames[i] (i-th configured timeframe of the run) closed a bar with this tick
    bool changed{};        ///< the face differs from that of the tick before
    std::uint8_t pattern_count{};
    TrendFace now{};
    std::array<TimeframeTrend, max_timeframes> frames;  ///< valid where `mask` says so
    std::array<PatternEvent, max_patterns> patterns;    ///< first `pattern_count` are new with this tick
};

/// "High Volatility Bearish": the words for a display; "unknown" while rank or bias are.
std::string trend_label(double volatility_rank, Bias bias);

}  // namespace pipeline
