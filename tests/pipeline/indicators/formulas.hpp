#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/settings.hpp"
#include "tests/pipeline/indicators/series.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numbers>
#include <string>
#include <vector>

/// Every bar indicator over a whole series, from its formula, in long doubles: every window is summed anew at every
/// bar. Shares nothing with the pipeline but the settings' names.
namespace test::formula {

using Real = long double;
using Line = std::vector<Real>;  // NaN: unknown
constexpr Real none = std::numeric_limits<Real>::quiet_NaN();

/// f(i) at every index from `first` on.
inline Line from(std::size_t size, std::size_t first, const std::function<Real(std::size_t)>& f) {
    Line out(size, none);
    for (std::size_t i = first; i < size; ++i) out[i] = f(i);
    return out;
}

/// Σ f(j) over the n indices that end with i.
inline Real sum(std::size_t i, std::size_t n, const std::function<Real(std::size_t)>& f) {
    Real total = 0;
    for (std::size_t j = i + 1 - n; j <= i; ++j) total += f(j);
    return total;
}

inline Line mean(const Line& x, std::size_t n, std::size_t begin = 0) {
    return from(x.size(), begin + n - 1,
                [&](std::size_t i) { return sum(i, n, [&](std::size_t j) { return x[j]; }) / Real(n); });
}

inline Line deviation(const Line& x, std::size_t n) {
    const auto m = mean(x, n);
    return from(x.size(), n - 1, [&](std::size_t i) {
        return std::sqrt(sum(i, n, [&](std::size_t j) { return (x[j] - m[i]) * (x[j] - m[i]); }) / Real(n));
    });
}

/// Seeded with the mean of the n values from `begin` on, then e ← e + k(x − e).
inline Line ema(const Line& x, std::size_t n, std::size_t begin = 0) {
    const Real k = Real(2) / (Real(n) + 1);
    Line out(x.size(), none);
    for (std::size_t i = begin + n - 1; i < x.size(); ++i)
        out[i] = i == begin + n - 1 ? sum(i, n, [&](std::size_t j) { return x[j]; }) / Real(n)
                                    : k * x[i] + (1 - k) * out[i - 1];
    return out;
}

inline Line wma(const Line& x, std::size_t n) {
    return from(x.size(), n - 1, [&](std::size_t i) {
        return sum(i, n, [&](std::size_t j) { return Real(j + n - i) * x[j]; }) / (Real(n) * Real(n + 1) / 2);
    });
}

/// The mean of y[1..n], then (a(n − 1) + y)/n.
inline Line wilder(const Line& y, std::size_t n) {
    Line out(y.size(), none);
    for (std::size_t i = n; i < y.size(); ++i)
        out[i] = i == n ? sum(i, n, [&](std::size_t j) { return y[j]; }) / Real(n)
                        : (out[i - 1] * Real(n - 1) + y[i]) / Real(n);
    return out;
}

inline Line changes(const Line& x, bool up) {
    return from(x.size(), 1, [&](std::size_t i) { return std::max(Real(0), up ? x[i] - x[i - 1] : x[i - 1] - x[i]); });
}

inline Line share(const Line& gain, const Line& loss) {
    return from(gain.size(), 0, [&](std::size_t i) {
        const Real all = gain[i] + loss[i];
        return all > 0 ? 100 * gain[i] / all : none;
    });
}

struct Bars {
    Line high, low, close, volume;
    explicit Bars(const std::vector<SeriesBar>& bars) {
        for (const auto& bar : bars) {
            high.push_back(bar.high);
            low.push_back(bar.low);
            close.push_back(bar.close);
            volume.push_back(bar.volume);
        }
    }
    [[nodiscard]] std::size_t size() const { return close.size(); }
    [[nodiscard]] Real typical(std::size_t i) const { return (high[i] + low[i] + close[i]) / 3; }
    [[nodiscard]] Real highest(std::size_t i, std::size_t n) const {
        Real best = high[i];
        for (std::size_t j = i + 1 - n; j <= i; ++j) best = std::max(best, high[j]);
        return best;
    }
    [[nodiscard]] Real lowest(std::size_t i, std::size_t n) const {
        Real best = low[i];
        for (std::size_t j = i + 1 - n; j <= i; ++j) best = std::min(best, low[j]);
        return best;
    }
};

inline Line true_range(const Bars& b) {
    return from(b.size(), 1, [&](std::size_t i) {
        return std::max(
            {b.high[i] - b.low[i], std::abs(b.high[i] - b.close[i - 1]), std::abs(b.low[i] - b.close[i - 1])});
    });
}

struct Directional {
    Line plus_di, minus_di, adx;
};
inline Directional directional(const Bars& b, std::size_t n) {
    const auto range = true_range(b);
    Directional out{Line(b.size(), none), Line(b.size(), none), Line(b.size(), none)};
    Real plus = 0, minus = 0, total = 0, adx = 0;
    for (std::size_t i = 1; i < b.size(); ++i) {
        const Real up = b.high[i] - b.high[i - 1], down = b.low[i - 1] - b.low[i];
        const Real forward = up > down && up > 0 ? up : 0, backward = down > up && down > 0 ? down : 0;
        const Real keep = i < n ? 1 : 1 - 1 / Real(n);
        plus = plus * keep + forward;
        minus = minus * keep + backward;
        total = total * keep + range[i];
        if (i < n) continue;
        Real dx = none;
        if (total > 0) {
            out.plus_di[i] = 100 * plus / total;
            out.minus_di[i] = 100 * minus / total;
            if (plus + minus > 0)
                dx = 100 * std::abs(out.plus_di[i] - out.minus_di[i]) / (out.plus_di[i] + out.minus_di[i]);
        }
        const bool moved = dx == dx;
        if (i < 2 * n)
            adx += moved ? dx / Real(n) : 0;
        else if (moved)
            adx = (adx * Real(n - 1) + dx) / Real(n);
        if (i + 1 >= 2 * n) out.adx[i] = adx;
    }
    return out;
}

/// Every field of IndicatorValues but vwap_session, by name.
inline std::map<std::string, Line> all(const std::vector<SeriesBar>& series, const pipeline::IndicatorSettings& s,
                                       double bar_s) {
    const Bars b{series};
    const auto size = b.size();
    const auto& c = b.close;
    const auto period = [](int n) { return static_cast<std::size_t>(n); };
    std::map<std::string, Line> out;

    out["sma20"] = mean(c, period(s.sma));
    out["ema12"] = ema(c, period(s.ema_fast));
    out["ema26"] = ema(c, period(s.ema_slow));
    out["wma10"] = wma(c, period(s.wma));
    out["rsi14"] = share(wilder(changes(c, true), period(s.rsi)), wilder(changes(c, false), period(s.rsi)));
    out["rsi_cutler14"] = share(mean(changes(c, true), period(s.rsi), 1), mean(changes(c, false), period(s.rsi), 1));

    const auto slow = ema(c, period(s.macd_slow)),
               fast = ema(c, period(s.macd_fast), period(s.macd_slow - s.macd_fast));
    auto& macd = out["macd"] = from(size, period(s.macd_slow) - 1, [&](std::size_t i) { return fast[i] - slow[i]; });
    auto& signal = out["macd_signal"] = ema(macd, period(s.macd_signal), period(s.macd_slow) - 1);
    out["macd_histogram"] = from(size, 0, [&](std::size_t i) { return macd[i] - signal[i]; });

    const auto range = out["tr"] = true_range(b);
    out["atr14"] = wilder(range, period(s.atr));
    const auto middle = mean(c, period(s.bollinger)), width = deviation(c, period(s.bollinger));
    out["bollinger_middle"] = middle;
    out["bollinger_upper"] = from(size, 0, [&](std::size_t i) { return middle[i] + Real(s.bollinger_k) * width[i]; });
    out["bollinger_lower"] = from(size, 0, [&](std::size_t i) { return middle[i] - Real(s.bollinger_k) * width[i]; });
    const auto di = directional(b, period(s.adx));
    out["plus_di14"] = di.plus_di;
    out["minus_di14"] = di.minus_di;
    out["adx14"] = di.adx;

    const auto n = period(s.stochastic);
    auto& k = out["stochastic_k"] = from(size, n - 1, [&](std::size_t i) {
        const Real top = b.highest(i, n), bottom = b.lowest(i, n);
        return top > bottom ? 100 * (c[i] - bottom) / (top - bottom) : 0;
    });
    auto& slow_k = out["stochastic_slow_k"] = mean(k, period(s.stochastic_slow_k), n - 1);
    out["stochastic_slow_d"] = mean(slow_k, period(s.stochastic_slow_d), n - 1 + period(s.stochastic_slow_k) - 1);

    Real obv = 0;
    out["obv"] = from(size, 0, [&](std::size_t i) {
        const Real sign = i == 0 || c[i] > c[i - 1] ? 1 : c[i] < c[i - 1] ? -1 : 0;
        return obv += sign * b.volume[i];
    });

    Line typical;
    for (std::size_t i = 0; i < size; ++i) typical.push_back(b.typical(i));
    const auto typical_mean = mean(typical, period(s.cci));
    out["cci20"] = from(size, period(s.cci) - 1, [&](std::size_t i) {
        const Real away =
            sum(i, period(s.cci), [&](std::size_t j) { return std::abs(typical[j] - typical_mean[i]); }) / Real(s.cci);
        // What doubles that mean the same number differ by is no deviation.
        if (away <= Real(1e-14L) * std::abs(typical_mean[i])) return Real(0);
        return (typical[i] - typical_mean[i]) / (Real(.015L) * away);
    });

    const auto chop = period(s.choppiness);
    out["choppiness14"] = from(size, chop, [&](std::size_t i) {
        const Real span = b.highest(i, chop) - b.lowest(i, chop);
        const Real path = sum(i, chop, [&](std::size_t j) { return range[j]; });
        return span > 0 ? 100 * std::log10(path / span) / std::log10(Real(chop)) : none;
    });
    out["donchian_high20"] =
        from(size, period(s.donchian), [&](std::size_t i) { return b.highest(i - 1, period(s.donchian)); });
    out["donchian_low20"] =
        from(size, period(s.donchian), [&](std::size_t i) { return b.lowest(i - 1, period(s.donchian)); });
    const auto er = period(s.efficiency);
    out["efficiency10"] = from(size, er, [&](std::size_t i) {
        const Real path = sum(i, er, [&](std::size_t j) { return std::abs(c[j] - c[j - 1]); });
        return path > 0 ? std::abs(c[i] - c[i - er]) / path : none;
    });
    const auto back = period(s.momentum);
    out["momentum10"] = from(size, back, [&](std::size_t i) { return c[i] - c[i - back]; });
    out["roc10_bps"] = from(size, back, [&](std::size_t i) { return 10000 * (c[i] - c[i - back]) / c[i - back]; });

    const auto vw = period(s.vwap);
    out["vwap20"] = from(size, vw - 1, [&](std::size_t i) {
        const Real volume = sum(i, vw, [&](std::size_t j) { return b.volume[j]; });
        return volume > 0 ? sum(i, vw, [&](std::size_t j) { return b.typical(j) * b.volume[j]; }) / volume : none;
    });
    const auto squares = from(size, 1, [&](std::size_t i) {
        const Real r = std::log(c[i] / c[i - 1]);
        return r * r;
    });
    const auto vol = period(s.volatility);
    const auto total =
        from(size, vol, [&](std::size_t i) { return sum(i, vol, [&](std::size_t j) { return squares[j]; }); });
    out["volatility20_bps"] = from(size, vol, [&](std::size_t i) { return 10000 * std::sqrt(total[i]); });
    out["volatility20_annual"] =
        from(size, vol, [&](std::size_t i) { return std::sqrt(total[i] / Real(vol) * (365 * 86400 / Real(bar_s))); });
    out["parkinson20_bps"] = from(size, period(s.parkinson) - 1, [&](std::size_t i) {
        const Real all_squares = sum(i, period(s.parkinson), [&](std::size_t j) {
            const Real r = std::log(b.high[j] / b.low[j]);
            return r * r;
        });
        return 10000 * std::sqrt(all_squares / Real(s.parkinson) / (4 * std::numbers::ln2_v<Real>));
    });
    const auto z_mean = mean(c, period(s.z_score)), z_width = deviation(c, period(s.z_score));
    out["z_score20"] = from(size, period(s.z_score) - 1, [&](std::size_t i) {
        const bool still = sum(i, period(s.z_score), [&](std::size_t j) { return Real(c[j] != c[i]); }) == 0;
        return still ? none : (c[i] - z_mean[i]) / z_width[i];
    });
    const auto pr = period(s.percentile);
    out["percentile_rank20"] = from(size, pr, [&](std::size_t i) {
        return sum(i - 1, pr,
                   [&](std::size_t j) { return c[j] < c[i]   ? Real(1)
                                               : c[j] > c[i] ? Real(0)
                                                             : Real(.5L); }) /
               Real(pr);
    });
    return out;
}

/// What "relative" is relative to where a value may cross 0: the size such values usually have. Others: 0.
inline double natural_size(const std::string& field, double price) {
    const bool of_price = field.starts_with("macd") || field == "momentum10" || field == "tr" || field == "atr14";
    const bool of_hundred = field == "cci20" || field.starts_with("stochastic") || field.ends_with("di14") ||
                            field == "adx14" || field.starts_with("rsi") || field == "choppiness14";
    if (of_price) return 1e-4 * price;
    if (of_hundred || field == "roc10_bps" || field == "obv") return 1;
    return field == "z_score20" || field == "efficiency10" ? .01 : 0;
}

}  // namespace test::formula
