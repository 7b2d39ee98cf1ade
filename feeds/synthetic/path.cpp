#include "feeds/synthetic/path.hpp"

#include <algorithm>
#include <cmath>

namespace feeds::synthetic {

namespace {

// Hours: what the 15-minute legs of a bot need (three bars without a new extreme confirm a pivot, so a retracement must
// last).
constexpr Swings hours{150, 300, 3600, 7200, 0.75, 900};
// Minutes: legs on 1-minute bars.
constexpr Swings minutes{45, 90, 480, 1200, 0.5, 200};
// Seconds: legs on 1-second bars.
constexpr Swings seconds{9, 20, 20, 60, 0.5, 40};

constexpr std::size_t index(Mood mood) noexcept {
    return static_cast<std::size_t>(mood);
}

/// bps per square root of a second.
constexpr std::array<double, 4> noise_of{0.3, 0.6, 1.6, 0.8};
/// How fast noise is pulled back, per second.
constexpr std::array<double, 4> pull_of{1.0 / 90, 1.0 / 120, 1.0 / 60, 1.0 / 12};
constexpr std::array<double, 4> activity_of{0.6, 1.1, 1.8, 1.0};
constexpr std::array<double, 4> weight_of{0.3, 0.6, 0.75, 1.0};  // cumulative

}  // namespace

std::string_view name(Mood mood) noexcept {
    constexpr std::array<std::string_view, 4> names{"quiet", "trending", "volatile", "mean_reverting"};
    return names[index(mood)];
}

Wave::Wave(const Swings& swings, double scale, core::Nanoseconds start, Chance& chance) noexcept
    : swings_{swings}, scale_{scale}, start_{start}, end_{start} {
    next_leg(chance);
}

double Wave::at(core::Nanoseconds now, Chance& chance) noexcept {
    while (now >= end_) next_leg(chance);
    const double done = core::seconds(now - start_) * inverse_length_;
    return from_ + (to_ - from_) * done * done * (3 - 2 * done);
}

void Wave::next_leg(Chance& chance) noexcept {
    from_ = to_;
    retracing_ = !retracing_;
    if (retracing_) {
        const double kind = chance.uniform();
        const double share = kind < 0.7    ? chance.between(0.52, 0.76)
                             : kind < 0.85 ? chance.between(0.25, 0.45)
                                           : chance.between(0.9, 1.15);
        to_ = from_ - impulse_ * share;
        seconds_ = impulse_s_ * chance.between(swings_.pause, swings_.pause * 1.6);
    } else {
        // Onward more often than back, less so the further out: the day stays near its start.
        const double before = impulse_ < 0 ? -1 : 1;
        const double out = std::clamp(before * from_ / (swings_.reach_bps * scale_), -1.0, 1.0);
        const double direction = chance.happens(0.65 - 0.6 * out) ? before : -before;
        impulse_ = direction * chance.between(swings_.low_bps, swings_.high_bps) * scale_;
        impulse_s_ = seconds_ = chance.between(swings_.low_s, swings_.high_s);
        to_ = from_ + impulse_;
    }
    inverse_length_ = 1 / seconds_;
    start_ = end_;
    end_ = start_ + core::Nanoseconds{static_cast<std::int64_t>(seconds_ * 1e9)};
}

Path::Path(double volatility, core::Nanoseconds start, std::uint64_t seed) noexcept
    : chance_{seed},
      volatility_{volatility},
      waves_{Wave{hours, volatility, start, chance_}, Wave{minutes, volatility, start, chance_},
             Wave{seconds, volatility, start, chance_}},
      now_{start},
      mood_ends_{start} {
    change_mood(start);
}

double Path::activity() const noexcept {
    return activity_of[index(mood_)];
}

void Path::change_mood(core::Nanoseconds now) noexcept {
    const double draw = chance_.uniform();
    std::size_t mood = 0;
    while (draw >= weight_of[mood]) ++mood;
    mood_ = static_cast<Mood>(mood);
    const double length = chance_.between(480, 1800);
    mood_ends_ = now + core::Nanoseconds{static_cast<std::int64_t>(length * 1e9)};
    // A trend carries the price 20 to 60 bps, outward or back with a bias to the start.
    const double total = chance_.between(20, 60) * (chance_.happens(drift_ > 0 ? 0.35 : 0.65) ? 1 : -1);
    trend_ = mood_ == Mood::trending ? total * volatility_ / length : 0;
}

double Path::at(core::Nanoseconds now) noexcept {
    const double elapsed = core::seconds(now - now_);
    now_ = now;
    if (now >= mood_ends_) change_mood(now);
    drift_ += trend_ * elapsed;
    noise_ += std::sqrt(elapsed) * noise_of[index(mood_)] * volatility_ * chance_.normal() -
              noise_ * std::min(1.0, elapsed * pull_of[index(mood_)]);
    double level = drift_ + noise_;
    for (auto& wave : waves_) level += wave.at(now, chance_);
    return level;
}

}  // namespace feeds::synthetic
