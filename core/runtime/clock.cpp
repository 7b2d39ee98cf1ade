#include "core/runtime/clock.hpp"

#include <cpuid.h>
#include <time.h>

#include <algorithm>
#include <array>

namespace core {

namespace {

std::int64_t read(clockid_t clock) noexcept {
    timespec t{};
    ::clock_gettime(clock, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
}

struct Pair {
    std::uint64_t cycles;
    std::int64_t ns;
};

/// Counter and clock at (nearly) the same moment: the tightest of a few tries.
Pair both(clockid_t clock) noexcept {
    Pair best{};
    std::uint64_t width = ~std::uint64_t{};
    for (int i = 0; i < 8; ++i) {
        const auto before = Tsc::now();
        const auto ns = read(clock);
        const auto after = Tsc::now();
        if (after - before >= width) continue;
        width = after - before;
        best = {before + width / 2, ns};
    }
    return best;
}

double measure() noexcept {
    std::array<double, 3> rates{};
    for (auto& rate : rates) {
        const auto from = both(CLOCK_MONOTONIC_RAW);
        while (read(CLOCK_MONOTONIC_RAW) - from.ns < 3'500'000) {}
        const auto to = both(CLOCK_MONOTONIC_RAW);
        rate = static_cast<double>(to.ns - from.ns) / static_cast<double>(to.cycles - from.cycles);
    }
    std::sort(rates.begin(), rates.end());
    return rates[1];
}

}  // namespace

double Tsc::ns_per_cycle() noexcept {
    static const double rate = measure();
    return rate;
}

bool Tsc::invariant() noexcept {
    unsigned a{}, b{}, c{}, d{};
    return __get_cpuid(0x80000007, &a, &b, &c, &d) != 0 && (d & (1u << 8)) != 0;
}

WallClock::WallClock() noexcept : rate_{Tsc::ns_per_cycle()} {
    const auto start = both(CLOCK_REALTIME);
    anchor_cycles_ = start.cycles;
    anchor_ns_ = last_ = start.ns;
}

Nanoseconds WallClock::now() noexcept {
    const auto passed = static_cast<double>(Tsc::now() - anchor_cycles_) * rate_;
    last_ = std::max(last_, anchor_ns_ + static_cast<std::int64_t>(passed));
    return Nanoseconds{last_};
}

void WallClock::recalibrate() noexcept {
    const auto truth = both(CLOCK_REALTIME);
    const auto ours = anchor_ns_ + static_cast<std::int64_t>(static_cast<double>(truth.cycles - anchor_cycles_) * rate_);
    const double error_per_s = std::clamp(static_cast<double>(truth.ns - ours) * 1e-9, -1e-3, 1e-3);
    anchor_cycles_ = truth.cycles;
    anchor_ns_ = ours;
    rate_ = Tsc::ns_per_cycle() * (1 + error_per_s);
}

}  // namespace core
