#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/traps/reporter.hpp"

#include <array>
#include <cmath>
#include <cstdint>

namespace pipeline::traps {

/// The clock of trade arrivals: gaps between distinct trade times, their fast mean against a slow one.
class ArrivalClock {
public:
    /// z of the fast mean after an arrival at `time`; unknown until 500 gaps are known, when all gaps were alike, and
    /// for a trade of the same time. Times never fall.
    double arrive(core::Nanoseconds time) noexcept {
        if (!started_) {
            started_ = true;
            newest_ = time;
            return core::unknown;
        }
        const auto gap = time - newest_;
        if (gap <= core::Nanoseconds{0}) return core::unknown;
        newest_ = time;
        add(std::log(core::seconds(gap)));
        if (!settled()) return core::unknown;
        return score(fast_mean(), slow_mean_, std::sqrt(variance_));
    }
    void clear() noexcept { *this = {}; }

    /// Enough gaps are known, and they were not all alike.
    [[nodiscard]] bool settled() const noexcept { return count_ >= warm_up && variance_ > 0; }
    [[nodiscard]] double fast_mean() const noexcept { return fast_sum_ / fast; }
    [[nodiscard]] double slow_mean() const noexcept { return slow_mean_; }
    /// (fast − slow)/(std/√20): below 0 trades come quicker than usual.
    static double score(double fast_mean, double slow_mean, double deviation) noexcept {
        return (fast_mean - slow_mean) * 4.47213595499957939 / deviation;
    }

private:
    static constexpr std::uint32_t fast = 20, warm_up = 500;
    static constexpr double alpha = 1. / 500;

    void add(double u) noexcept {
        if (count_ == 0) slow_mean_ = u;
        const double delta = u - slow_mean_;
        slow_mean_ += alpha * delta;
        variance_ = (1 - alpha) * (variance_ + alpha * delta * delta);
        fast_sum_ += u - recent_[next_];
        recent_[next_] = u;
        if (++next_ == fast) {
            // Summed anew each time round, so that rounding never piles up.
            next_ = 0;
            fast_sum_ = 0;
            for (const double x : recent_) fast_sum_ += x;
        }
        if (count_ < warm_up) ++count_;
    }

    core::Nanoseconds newest_{};
    double slow_mean_{}, variance_{}, fast_sum_{};
    std::uint32_t count_{}, next_{};
    bool started_{};
    std::array<double, fast> recent_{};
};

/// The largest value of the last 60 seconds, the present one included.
class MinuteMaximum {
public:
    void add(std::int64_t second, double value) noexcept {
        expire(second);
        while (head_ != tail_ && entries_[(tail_ - 1) % capacity].value <= value) --tail_;
        // One entry a second is enough: within a second a smaller one never becomes the largest.
        if (head_ != tail_ && entries_[(tail_ - 1) % capacity].second == second) return;
        entries_[tail_++ % capacity] = {second, value};
    }
    /// 0 without any.
    [[nodiscard]] double at(std::int64_t second) noexcept {
        expire(second);
        return head_ != tail_ ? entries_[head_ % capacity].value : 0;
    }
    void clear() noexcept { head_ = tail_ = 0; }

private:
    static constexpr std::uint32_t capacity = 64;
    void expire(std::int64_t second) noexcept {
        while (head_ != tail_ && entries_[head_ % capacity].second <= second - 60) ++head_;
    }
    struct Entry {
        std::int64_t second{};
        double value{};
    };
    std::array<Entry, capacity> entries_{};  // values fall from head to tail
    std::uint32_t head_{}, tail_{};
};

/// time_dilation (spec/traps.md section 5, tape family): trades come much quicker or much slower than usual while the
/// price has not moved yet.
class TimeDilation {
public:
    TimeDilation(const TrapSettings& settings, const core::Instrument& /*instrument*/, const Timeframes& /*timeframes*/)
        : gate_{settings.dilation.z} {}

    void on_trade(const Senses& senses, const core::Tick& /*trade*/, Reporter& reporter) noexcept {
        const double z = clock_.arrive(reporter.time());
        if (!core::known(z)) {
            if (!clock_.settled()) reporter.note(Measure::arrivals, z);
            return;
        }
        const std::int64_t second = reporter.time() / std::chrono::seconds{1};
        (z < 0 ? quicker_ : slower_).add(second, std::abs(z));
        if (std::abs(z) >= gate_) [[unlikely]]
            judge(senses, z, second, reporter);
    }
    void clear() noexcept;

private:
    void judge(const Senses& senses, double z, std::int64_t second, Reporter& reporter) noexcept;

    double gate_;
    ArrivalClock clock_;
    MinuteMaximum quicker_, slower_;  // abs z by its sign
};

}  // namespace pipeline::traps
