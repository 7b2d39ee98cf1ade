#pragma once

#include "pipeline/trends/trends.hpp"

#include <cstdint>

/// Double tops and bottoms (spec/trends.md section 4).
namespace pipeline::patterns {

struct DoubleMatch {
    bool found{};
    double difference_bps{}, height_bps{};
    double score{};
    double target{};      ///< neckline − height: as far beyond the neckline as the extremes are before it
    double invalid_at{};  ///< the farther of the two extremes
};

/// Two highs with the low between them (`top`), or two lows with the high between. Found if they differ by at most
/// `double_bps` of their mean and the neckline is at least three times that width away.
[[nodiscard]] DoubleMatch match_double(double first, double neckline, double second, bool top,
                                       double double_bps) noexcept;

/// Follows one candidate until its neckline breaks on a close or its bars have passed.
class DoubleWatch {
public:
    struct Candidate {
        DoubleMatch match{};
        double first{}, neckline{}, second{};
        bool top{};
        std::int64_t bar{};  ///< of the second extreme
    };
    void watch(const Candidate& candidate) noexcept {
        candidate_ = candidate;
        watching_ = true;
    }
    void restart() noexcept { watching_ = false; }
    [[nodiscard]] bool watching() const noexcept { return watching_; }
    [[nodiscard]] const Candidate& candidate() const noexcept { return candidate_; }

    /// The close of bar `bar`; true once, when it confirms the candidate.
    bool close(double close, std::int64_t bar, std::int64_t within_bars) noexcept {
        if (!watching_) return false;
        if (bar - candidate_.bar > within_bars) {
            watching_ = false;
            return false;
        }
        const bool broken = candidate_.top ? close < candidate_.neckline : close > candidate_.neckline;
        if (broken) watching_ = false;
        return broken;
    }

private:
    Candidate candidate_{};
    bool watching_{};
};

}  // namespace pipeline::patterns
