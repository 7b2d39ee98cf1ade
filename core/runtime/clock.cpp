#include "core/runtime/clock.hpp"

#include <cpuid.h>
#include <time.h>
#include <algorithm>

namespace core {

namespace {

struct Sample {
    std::uint64_t cycles;
    Nanoseconds time;
    std::uint64_t width;  // cycles between the two stamps around the reading
};

Nanoseconds realtime() noexcept {
    timespec t{};
    ::clock_gettime(CLOCK_REALTIME, &t);
    return std::chrono::seconds{t.tv_sec} + Nanoseconds{t.tv_nsec};
}

/// The narrowest of several readings: an interrupt in the middle would shift the time against the cycles.
Sample sample() noexcept {
    Sample best{0, {}, ~std::uint64_t{}};
    for (int i = 0; i < 16; ++i) {
        const auto before = Tsc::now();
        const auto time = realtime();
        const auto width = Tsc::now() - before;
        if (width < best.width) best = {before + width / 2, time, width};
    }
    return best;
}

TscLine calibrate(Nanoseconds duration) noexcept {
    const auto first = sample();
    auto last = sample();
    while (last.time - first.time < duration) {
        __builtin_ia32_pause();
        last = sample();
    }
    return {first.cycles, first.time, last.cycles, last.time};
}

constexpr std::int64_t to_rate(Nanoseconds time, std::uint64_t cycles) noexcept {
    return static_cast<std::int64_t>((static_cast<Int128>(time.count()) << 32) / static_cast<Int128>(cycles));
}

}  // namespace

bool Tsc::invariant() noexcept {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1U << 8)) != 0;
}

TscLine::TscLine(std::uint64_t cycles0, Nanoseconds time0, std::uint64_t cycles1, Nanoseconds time1) noexcept
    : base_cycles_{cycles1},
      base_time_{time1},
      rate_{std::max<std::int64_t>(1, to_rate(time1 - time0, std::max<std::uint64_t>(1, cycles1 - cycles0)))},
      true_rate_{rate_},
      last_cycles_{cycles1} {}

void TscLine::adjust(std::uint64_t cycles, Nanoseconds time) noexcept {
    if (cycles <= last_cycles_) return;
    const auto interval = cycles - last_cycles_;
    error_ = at(cycles) - time;
    const auto most = true_rate_ / 1'000'000 * max_slew_ppm;
    const auto wanted = to_rate(error_, interval);
    const auto correction = std::clamp(wanted, -most, most);

    base_time_ = at(cycles);
    base_cycles_ = last_cycles_ = cycles;
    rate_ = true_rate_ - correction;
    // A lasting error is the rate's, a single one a step's: an eighth of each goes into what we believe of the rate,
    // but for those so large that only a step can have made them.
    if (correction == wanted) true_rate_ -= correction / 8;
}

Clock::Clock(Nanoseconds calibration) noexcept
    : tsc_{Tsc::invariant()}, line_{tsc_ ? calibrate(calibration) : TscLine{0, Nanoseconds{0}, 1, Nanoseconds{1}}} {}

void Clock::recalibrate() noexcept {
    if (!tsc_) return;
    const auto now = sample();
    constexpr std::uint64_t interrupted = 20'000;  // cycles: several microseconds
    if (now.width < interrupted) line_.adjust(now.cycles, now.time);
}

Nanoseconds Clock::system_now() noexcept {
    return newest_ = std::max(newest_, realtime());
}

}  // namespace core
