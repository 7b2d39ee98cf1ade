#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace strategies {

/// Two ends of a confidence interval; unknown (NaN) where there is none.
struct Interval {
    double low, high;
};

/// The standard normal's 97.5 % point: intervals here are 95 % ones.
inline constexpr double z95 = 1.959963984540054;

/// How often something happened.
struct Share {
    std::uint64_t hits{}, n{};
    [[nodiscard]] double value() const noexcept;  ///< unknown when n = 0
};

/// The 95 % score interval of a share; unknown when n = 0.
/// Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (158), 1927.
Interval wilson(const Share& share) noexcept;

/// A share beside the share that chance has.
struct Lift {
    double value;     ///< precision/base; unknown without events or without a control hit
    Interval bounds;  ///< 95 %
    double p_value;   ///< two-sided, of "the lift is 1"; unknown where the lift is
};

/// The ratio of two shares: exp(ln lift ± z·sqrt((1 − p)/k + (1 − b)/h)) of k event hits and h control hits, which may
/// be fractional where the base is a mix. No event hit has no logarithm: the lift is 0, and the interval and the test
/// are those of half a hit more in one event more (Walter, Biometrika 62, 1975), so that a hundred misses in a row can
/// be told from nothing.
/// Source: Katz, Baptista, Azen, Pike, Biometrics 34 (3), 1978.
Lift katz_lift(const Share& events, double base, double control_hits) noexcept;

/// Mean squared error of probabilities: 0 perfect, .25 what a coin earns. Source: G. W. Brier, Mon. Weather Rev., 1950.
class Brier {
public:
    void add(double forecast, bool happened) noexcept {
        const double error = forecast - (happened ? 1 : 0);
        sum_ += error * error;
        ++n_;
    }
    [[nodiscard]] double value() const noexcept;  ///< unknown without forecasts

private:
    double sum_{};
    std::uint64_t n_{};
};

/// The standard normal's distribution function, and its inverse on (0, 1) to 1e-9; unknown outside.
double normal_below(double z) noexcept;
double normal_quantile(double p) noexcept;

/// What the daily returns of a strategy were, and how many were tried to find it.
struct SharpeRecord {
    double sharpe{};              ///< a day
    double days{};                ///< T, at least 2
    double skew{}, kurtosis{3};   ///< population moments; a normal's kurtosis is 3
    double trials{1};             ///< N: all that was ever run on the tape
    double variance_of_trials{};  ///< V, of their Sharpe ratios a day
};
/// The Sharpe ratio that the best of N trials without any worth is expected to show; 0 for one.
double expected_best_sharpe(double trials, double variance_of_trials) noexcept;
/// The probability that the true Sharpe ratio is above that; unknown with fewer than two days, or where the moments
/// leave the ratio without an error.
/// Source: Bailey and López de Prado, J. Portfolio Mgmt 40 (5), 2014.
double deflated_sharpe(const SharpeRecord& record) noexcept;

/// Benjamini and Hochberg's adjusted p-values, in the order given: all at or below q are discoveries at a false
/// discovery rate of q. Unknown p-values stay unknown and are no hypotheses: nothing was tested.
/// Source: J. R. Stat. Soc. B 57 (1), 1995.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace strategies
