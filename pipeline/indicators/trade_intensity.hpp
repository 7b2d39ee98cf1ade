#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/indicators/second_buckets.hpp"

#include <cmath>

namespace pipeline {

/// Arrivals of trades per second over the last 10 s, and against the last 300 s.
/// In: every trade. The rate is unknown before 10 s have been seen, the ratio before 300 s have, or while nothing
/// traded in them.
class TradeIntensity {
public:
    static constexpr int short_s = 10, long_s = 300;

    explicit TradeIntensity(Memory memory = default_memory()) : short_(short_s, memory), long_(long_s, memory) {}

    void add(std::int64_t second) noexcept {
        advance(second);
        short_.add(1);
        long_.add(1);
    }

    [[nodiscard]] double rate(std::int64_t second) noexcept {
        advance(second);
        return seen(second, short_s) ? per_second(short_) : core::unknown;
    }

    [[nodiscard]] double ratio(std::int64_t second) noexcept {
        advance(second);
        return seen(second, long_s) && long_.total() > 0 ? per_second(short_) / per_second(long_) : core::unknown;
    }

    void reset() noexcept {
        short_.clear();
        long_.clear();
        first_ = none;
    }

private:
    static constexpr std::int64_t none = -1;

    void advance(std::int64_t second) noexcept {
        if (first_ == none) [[unlikely]]
            first_ = second;
        short_.advance(second);
        long_.advance(second);
    }

    /// The window that ends with `second` holds no second that began before the first trade.
    [[nodiscard]] bool seen(std::int64_t second, int width_s) const noexcept { return second - first_ >= width_s; }
    static double per_second(const SecondBuckets& buckets) noexcept {
        return static_cast<double>(buckets.total()) / buckets.width_s();
    }

    SecondBuckets short_, long_;
    std::int64_t first_{none};
};

/// The exponential form: λ ← λ·e^(−Δt/τ) + 1/τ with every arrival, arrivals per second.
class ExponentialIntensity {
public:
    explicit ExponentialIntensity(double tau_s = 10) noexcept : tau_s_(tau_s) {}

    void add(core::Nanoseconds time) noexcept {
        lambda_ = value(time) + 1 / tau_s_;
        newest_ = std::max(newest_, time);
    }

    /// λ at `time`; 0 before the first arrival. A time before the newest arrival decays nothing.
    [[nodiscard]] double value(core::Nanoseconds time) const noexcept {
        if (lambda_ == 0) return 0;
        return lambda_ * std::exp(-std::max(0.0, core::seconds(time - newest_)) / tau_s_);
    }

private:
    double tau_s_, lambda_{};
    core::Nanoseconds newest_{};
};

}  // namespace pipeline
