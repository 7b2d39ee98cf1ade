#include "strategies/analysis/statistics.hpp"

#include "core/domain/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace strategies {

namespace {

constexpr Interval no_interval{core::unknown, core::unknown};

double number(std::uint64_t count) noexcept {
    return static_cast<double>(count);
}

/// Probability that a standard normal lies further from 0 than z, either way.
double two_sided(double z) noexcept {
    return std::erfc(std::abs(z) / std::numbers::sqrt2);
}

}  // namespace

double normal_below(double z) noexcept {
    return std::erfc(-z / std::numbers::sqrt2) / 2;
}

double normal_quantile(double p) noexcept {
    if (!(p > 0 && p < 1)) return core::unknown;
    if (p > .5) return -normal_quantile(1 - p);  // the tail that keeps its digits
    double low = -40, high = 0;
    for (int i = 0; i < 100; ++i) {
        const double middle = (low + high) / 2;
        (normal_below(middle) < p ? low : high) = middle;
    }
    return (low + high) / 2;
}

double expected_best_sharpe(double trials, double variance_of_trials) noexcept {
    if (!(trials > 1)) return 0;
    constexpr double gamma = std::numbers::egamma;
    return std::sqrt(variance_of_trials) * ((1 - gamma) * normal_quantile(1 - 1 / trials) +
                                            gamma * normal_quantile(1 - 1 / (trials * std::numbers::e)));
}

double deflated_sharpe(const SharpeRecord& r) noexcept {
    const double variance = 1 - r.skew * r.sharpe + (r.kurtosis - 1) / 4 * r.sharpe * r.sharpe;
    if (!(r.days >= 2) || !(variance > 0)) return core::unknown;
    const double excess = r.sharpe - expected_best_sharpe(r.trials, r.variance_of_trials);
    return normal_below(excess * std::sqrt(r.days - 1) / std::sqrt(variance));
}

double Share::value() const noexcept {
    return n == 0 ? core::unknown : number(hits) / number(n);
}

Interval wilson(const Share& share) noexcept {
    if (share.n == 0) return no_interval;
    const double n = number(share.n), p = share.value(), zz = z95 * z95;
    const double centre = (p + zz / (2 * n)) / (1 + zz / n);
    const double half = z95 * std::sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n);
    // The ends of nothing and of everything are exact; rounding must not put them outside.
    return {share.hits == 0 ? 0 : std::max(0., centre - half), share.hits == share.n ? 1 : std::min(1., centre + half)};
}

Lift katz_lift(const Share& events, double base, double control_hits) noexcept {
    if (events.n == 0 || !(base > 0) || !(control_hits > 0)) return {core::unknown, no_interval, core::unknown};
    const double value = events.value() / base;
    const double more = events.hits == 0 ? 1 : 0;
    const double k = number(events.hits) + more / 2, n = number(events.n) + more;
    const double log_lift = std::log(k / n / base);
    const double error = std::sqrt(1 / k - 1 / n + (1 - base) / control_hits);
    // Everything hit, and every control: there is no doubt and no difference.
    const double p_value = error > 0 ? two_sided(log_lift / error) : 1;
    const Interval bounds{events.hits == 0 ? 0 : std::exp(log_lift - z95 * error), std::exp(log_lift + z95 * error)};
    return {value, bounds, p_value};
}

double Brier::value() const noexcept {
    return n_ == 0 ? core::unknown : sum_ / number(n_);
}

std::vector<double> benjamini_hochberg(std::span<const double> p_values) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p_values.size(); ++i)
        if (core::known(p_values[i])) order.push_back(i);
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return p_values[a] < p_values[b]; });

    std::vector<double> adjusted(p_values.size(), core::unknown);
    const double tested = number(order.size());
    double smallest = 1;
    for (std::size_t rank = order.size(); rank > 0; --rank) {
        const std::size_t i = order[rank - 1];
        smallest = std::min(smallest, p_values[i] * tested / number(rank));
        adjusted[i] = smallest;
    }
    return adjusted;
}

}  // namespace strategies
