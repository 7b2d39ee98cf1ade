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

/// Benjamini and Hochberg's adjusted p-values, in the order given: all at or below q are discoveries at a false
/// discovery rate of q. Unknown p-values stay unknown and are no hypotheses: nothing was tested.
/// Source: J. R. Stat. Soc. B 57 (1), 1995.
std::vector<double> benjamini_hochberg(std::span<const double> p_values);

}  // namespace strategies
