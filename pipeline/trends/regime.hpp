#pragma once

#include "pipeline/trends/trends.hpp"

#include <cstdint>
#include <span>

/// The slow regime of one timeframe (spec/trends.md section 2).
namespace pipeline::trends {

struct RegimeInputs {
    double adx{core::unknown}, plus_di{core::unknown}, minus_di{core::unknown};
    double choppiness{core::unknown};
    double volatility_rank{core::unknown};
};

/// First match of the table. Sources: Wilder 1978 (ADX 20 and 25), Dreiss (choppiness 61.8).
[[nodiscard]] SlowRegime classify(const RegimeInputs& in) noexcept;

/// What the bars' own regime does to the size of a trade on `side` (+1 long, −1 short).
[[nodiscard]] double size_factor(SlowRegime regime, double volatility_rank, int side) noexcept;

/// Shows a change only after `hold` equal candidates in a row. The first known one shows at once, and so does unknown:
/// an input that is missing must not hide behind what it once said.
class RegimeHold {
public:
    SlowRegime add(SlowRegime candidate, std::uint32_t hold) noexcept {
        if (candidate == SlowRegime::unknown || shown_ == SlowRegime::unknown || candidate == shown_) {
            shown_ = candidate;
            equal_ = 0;
            return shown_;
        }
        equal_ = candidate == candidate_ && equal_ != 0 ? equal_ + 1 : 1;
        candidate_ = candidate;
        if (equal_ >= hold) shown_ = candidate, equal_ = 0;
        return shown_;
    }
    void restart() noexcept { *this = {}; }

private:
    SlowRegime shown_{}, candidate_{};
    std::uint32_t equal_{};
};

/// Percentile rank of the newest of a ring of values: (count below + ½ count equal)/n, itself included. The ring lives
/// in the stage's flat array; one bar costs one pass over it.
class RingRank {
public:
    /// Unknown values are not remembered. Unknown until `least` values have come.
    double add(std::span<double> ring, double value, std::uint32_t least) noexcept;
    void restart() noexcept { next_ = count_ = 0; }

private:
    std::uint32_t next_{}, count_{};
};

}  // namespace pipeline::trends
