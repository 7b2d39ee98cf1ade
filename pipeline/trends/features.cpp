#include "pipeline/trends/features.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace pipeline::ai {

namespace {

using core::known;
using core::unknown;

constexpr std::size_t quarter = 1;  // index of the 15 s buckets
constexpr std::uint64_t fewest_buckets = 20;

double ratio(double a, double b) noexcept {
    return b != 0 ? a / b : unknown;
}
/// Whatever is not a number we can calculate with is unknown.
double finite(double x) noexcept {
    return std::isfinite(x) ? x : unknown;
}

}  // namespace

void FeatureSource::follow_levels(const Market& market, const Levels& levels) noexcept {
    if (levels.changed) {
        level_count_ = levels.active_count;
        std::copy_n(levels.active.begin(), level_count_, levels_.begin());
    }
    if (levels.golden) {
        golden_ = levels.confluence.confluence;
        golden_time_ = market.time;
    }
}

void FeatureSource::follow_volume(const Bars& bars, core::Nanoseconds until, bool rest) noexcept {
    // The closed bucket and the empty ones behind it: those that end by `until`, or (rest) those that end later.
    const ClosedBucket& closed = bars.buckets[quarter];
    const core::Nanoseconds width = std::chrono::seconds{bucket_widths_s[quarter]};
    const auto all = std::int64_t{closed.empties_after} + 1;
    const auto early = std::clamp<std::int64_t>((until - closed.bucket.start) / width, 0, all);
    const auto from = rest ? early : 0, to = rest ? all : early;
    // More than a window of empty ones says nothing that a window of them does not.
    for (auto i = std::max(from, to - static_cast<std::int64_t>(volume_window)); i < to; ++i)
        volumes_[buckets_++ % volume_window] = i == 0 ? static_cast<double>(closed.bucket.volume().units) : 0.0;
}

double FeatureSource::volume_z() const noexcept {
    if (buckets_ < fewest_buckets) return unknown;
    const double newest = volumes_[(buckets_ - 1) % volume_window];
    const auto n = std::min<std::uint64_t>(buckets_, volume_window);
    double sum = 0, squares = 0;
    for (std::uint64_t i = 0; i < n; ++i) {  // about the newest: equal volumes have variance 0 exactly
        const double d = volumes_[i] - newest;
        sum += d;
        squares += d * d;
    }
    const double mean = sum / static_cast<double>(n);
    const double variance = squares / static_cast<double>(n) - mean * mean;
    return variance > 0 ? -mean / std::sqrt(variance) : unknown;
}

double FeatureSource::fibonacci_proximity(double close) const noexcept {
    const ActiveLevel* const level = nearest(std::span<const ActiveLevel>{levels_.data(), level_count_}, close);
    return level == nullptr ? unknown : proximity(close, level->price);
}

void FeatureSource::moments(double close, Features& f) const noexcept {
    constexpr std::array<std::size_t, 7> returns{1, 2, 3, 5, 8, 13, 21};
    for (std::size_t i = 0; i < returns.size(); ++i) f[i] = core::bps(close, close_before(returns[i]));
    constexpr std::array<std::size_t, 5> windows{8, 13, 21, 34, 55};
    for (std::size_t i = 0; i < windows.size(); ++i) {
        const std::size_t n = windows[i];
        double& z = f[7 + i];
        double& s = f[12 + i];
        z = s = unknown;
        if (closes_count_ < n) continue;
        // About the newest close, so that a series that stands still has variance 0 exactly.
        double sum = 0, squares = 0;
        for (std::size_t k = 0; k < n; ++k) {
            const double d = close_before(k) - close;
            sum += d;
            squares += d * d;
        }
        const auto count = static_cast<double>(n);
        const double mean = sum / count;
        const double deviation = std::sqrt(std::max(0.0, squares / count - mean * mean));
        z = deviation > 0 ? -mean / deviation : unknown;
        s = 1e4 * deviation / close;
    }
}

bool FeatureSource::add(const Market& market, const Bars& bars, const Indicators& indicators, const Levels& levels,
                        const Traps& traps, const Trends& trends, std::size_t minute, PriceScale scale,
                        Minute& out) noexcept {
    follow_levels(market, levels);
    const bool closed = bars.bar_closed(minute);
    const bool bucket = bars.bucket_closed(quarter);
    const core::Nanoseconds end = closed ? bars.bars[minute].end() : core::Nanoseconds::max();
    if (bucket) follow_volume(bars, end, false);
    if (closed) {
        if ((bars.gap_mask >> minute & 1) != 0) next_ = closes_count_ = 0;
        const Bar& bar = bars.bars[minute];
        const double close = scale(bar.close);
        closes_[next_ & (memory - 1)] = close;
        ++next_;
        closes_count_ = std::min(closes_count_ + 1, memory);
        out.time = end;
        out.high = scale(bar.high);
        out.low = scale(bar.low);
        out.close = close;
        out.x_bps = traps.threshold_bps / 2;

        static constexpr IndicatorValues nothing{};
        const IndicatorValues& v = (indicators.mask >> minute & 1) != 0 ? indicators.values[minute] : nothing;
        Features& f = out.features;
        moments(close, f);
        f[17] = (v.rsi14 - 50) / 50;
        f[18] = ratio(v.macd_histogram, v.atr14);
        f[19] = 1e4 * v.atr14 / close;
        f[20] = v.adx14 / 100;
        f[21] = (v.plus_di14 - v.minus_di14) / 100;
        f[22] = ratio(close - v.bollinger_lower, v.bollinger_upper - v.bollinger_lower) - .5;
        f[23] = v.choppiness14 / 100;
        f[24] = market.imbalance5;
        f[25] = indicators.ofi_normalised;
        f[26] = indicators.flow60;
        f[27] = std::log(indicators.intensity_ratio);
        f[28] = fibonacci_proximity(close);
        f[29] = golden_ > 0 && core::seconds(market.time - golden_time_) <= golden_age_s_ ? golden_ : 0;
        f[30] = trends.now.alignment;
        f[31] = traps.pressure_up - traps.pressure_down;
        f[32] = volume_z();
        const double day = core::seconds(end - core::floor_to(end, std::chrono::hours{24})) / 86400;
        f[33] = std::sin(2 * std::numbers::pi * day);
        f[34] = std::cos(2 * std::numbers::pi * day);
        for (double& x : f) x = finite(x);
    }
    if (bucket) follow_volume(bars, end, true);
    if (bars.cleared) buckets_ = 0;  // a feed gap: whatever lives on ticks begins anew
    return closed;
}

}  // namespace pipeline::ai
