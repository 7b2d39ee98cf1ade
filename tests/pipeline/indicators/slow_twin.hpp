#pragma once

#include "core/domain/unknown.hpp"
#include "tests/pipeline/indicators/series.hpp"

#include <cmath>
#include <span>
#include <vector>

/// Every indicator from its formula over the whole series, at index i; nothing is carried from call to call.
namespace test::slow {

using Closes = std::span<const double>;
using Series = std::span<const SeriesBar>;

inline double mean(Closes x, std::size_t first, std::size_t n) {
    double sum = 0;
    for (std::size_t i = first; i < first + n; ++i) sum += x[i];
    return sum / static_cast<double>(n);
}

inline double sma(Closes x, std::size_t i, std::size_t n) {
    return i + 1 < n ? core::unknown : mean(x, i + 1 - n, n);
}

inline double deviation(Closes x, std::size_t i, std::size_t n) {
    if (i + 1 < n) return core::unknown;
    const double m = mean(x, i + 1 - n, n);
    double sum = 0;
    for (std::size_t j = i + 1 - n; j <= i; ++j) sum += (x[j] - m) * (x[j] - m);
    return std::sqrt(sum / static_cast<double>(n));
}

inline double ema(Closes x, std::size_t i, std::size_t n) {
    if (i + 1 < n) return core::unknown;
    if (i + 1 == n) return mean(x, 0, n);
    const double k = 2 / (static_cast<double>(n) + 1);
    return k * x[i] + (1 - k) * ema(x, i - 1, n);
}

/// Wilder's average of y[1..i]: the mean of the first n, then (a(n − 1) + y)/n.
inline double wilder(Closes y, std::size_t i, std::size_t n) {
    if (i < n) return core::unknown;
    const double size = static_cast<double>(n);
    return i == n ? mean(y, 1, n) : (wilder(y, i - 1, n) * (size - 1) + y[i]) / size;
}

inline double rsi(Closes x, std::size_t i, std::size_t n) {
    std::vector<double> gains(x.size()), losses(x.size());
    for (std::size_t j = 1; j < x.size(); ++j) {
        gains[j] = std::max(0.0, x[j] - x[j - 1]);
        losses[j] = std::max(0.0, x[j - 1] - x[j]);
    }
    const double g = wilder(gains, i, n), l = wilder(losses, i, n);
    return 100 * g / (g + l);
}

inline std::vector<double> true_ranges(Series bars) {
    std::vector<double> out(bars.size());
    for (std::size_t i = 1; i < bars.size(); ++i)
        out[i] = std::max({bars[i].high - bars[i].low, std::abs(bars[i].high - bars[i - 1].close),
                           std::abs(bars[i].low - bars[i - 1].close)});
    return out;
}

inline double atr(Series bars, std::size_t i, std::size_t n) {
    return wilder(true_ranges(bars), i, n);
}

/// Wilder's running sum of y: the plain sum of y[1..n − 1], then S − S/n + y.
inline double running_sum(Closes y, std::size_t i, std::size_t n) {
    if (i + 1 <= n) {
        double sum = 0;
        for (std::size_t j = 1; j <= i; ++j) sum += y[j];
        return sum;
    }
    const double before = running_sum(y, i - 1, n);
    return before - before / static_cast<double>(n) + y[i];
}

struct Directional {
    double plus_di, minus_di, dx;
};

inline Directional directional(Series bars, std::size_t i, std::size_t n) {
    std::vector<double> plus(bars.size()), minus(bars.size());
    for (std::size_t j = 1; j < bars.size(); ++j) {
        const double up = bars[j].high - bars[j - 1].high, down = bars[j - 1].low - bars[j].low;
        if (up > down && up > 0) plus[j] = up;
        if (down > up && down > 0) minus[j] = down;
    }
    const double range = running_sum(true_ranges(bars), i, n);
    if (i < n || range <= 0) return {core::unknown, core::unknown, core::unknown};
    const double plus_di = 100 * running_sum(plus, i, n) / range, minus_di = 100 * running_sum(minus, i, n) / range;
    return {plus_di, minus_di, 100 * std::abs(plus_di - minus_di) / (plus_di + minus_di)};
}

inline double adx(Series bars, std::size_t i, std::size_t n) {
    const double size = static_cast<double>(n);
    if (i + 1 < 2 * n) return core::unknown;
    if (i + 1 == 2 * n) {
        double sum = 0;
        for (std::size_t j = n; j < 2 * n; ++j)
            if (const double dx = directional(bars, j, n).dx; core::known(dx)) sum += dx;
        return sum / size;
    }
    const double before = adx(bars, i - 1, n), dx = directional(bars, i, n).dx;
    return core::known(dx) ? (before * (size - 1) + dx) / size : before;
}

}  // namespace test::slow
