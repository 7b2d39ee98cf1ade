#include "pipeline/traps/threshold.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {

MoveStatistics statistics_of(std::span<const double> moves) noexcept {
    const double n = static_cast<double>(moves.size());
    double sum = 0, sizes = 0;
    int up = 0, down = 0;
    for (const double d : moves) {
        sum += d;
        sizes += std::abs(d);
        up += d > 0;
        down += d < 0;
    }
    const double mean = sum / n;
    double squares = 0;
    for (const double d : moves) squares += (d - mean) * (d - mean);
    return {.sigma = std::sqrt(squares / n), .direction = std::abs(up - down) / n, .size = sizes / n};
}

Regime classify(std::span<const double> moves, const TrapSettings::Regime& settings) noexcept {
    if (moves.size() < settings.minimum) return Regime::unknown;
    const auto [sigma, direction, size] = statistics_of(moves);
    if (direction > settings.dir_hi && size > .5 * sigma) return Regime::trending;
    if (direction < settings.dir_lo && sigma > 2 * size) return Regime::volatile_;
    return Regime::normal;
}

double volatility_threshold(std::span<const double> sizes, double gain) noexcept {
    if (sizes.size() < 5) return 0;
    const double n = static_cast<double>(sizes.size() - 1);
    const double mean = (sizes.back() - sizes.front()) / n;  // the differences telescope
    double squares = 0;
    for (std::size_t i = 1; i < sizes.size(); ++i) {
        const double difference = sizes[i] - sizes[i - 1] - mean;
        squares += difference * difference;
    }
    return gain * std::sqrt(squares / n);
}

Threshold::Threshold(const TrapSettings& settings) noexcept
    : settings_{settings.regime}, base_{settings.base_threshold_bps}, gain_{settings.volatility_gain} {}

void Threshold::close(double price, std::int64_t index) noexcept {
    if ((index + 1) % settings_.bucket_s != 0) return;
    if (core::known(previous_)) add(core::bps(price, previous_));
    previous_ = price;
}

void Threshold::clear() noexcept {
    count_ = 0;
    volatility_ = 0;
    regime_ = Regime::unknown;
    previous_ = core::unknown;
}

void Threshold::add(double move) noexcept {
    if (count_ == capacity) {
        std::copy(moves_.begin() + 1, moves_.end(), moves_.begin());  // once in 15 s
        --count_;
    }
    moves_[count_++] = move;

    const std::size_t window = std::min<std::size_t>(count_, settings_.window);
    regime_ = classify({moves_.data() + count_ - window, window}, settings_);
    std::array<double, capacity> sizes;
    for (std::uint32_t i = 0; i < count_; ++i) sizes[i] = std::abs(moves_[i]);
    volatility_ = volatility_threshold({sizes.data(), count_}, gain_) * multiplier(regime_, settings_);
}

}  // namespace pipeline::traps
