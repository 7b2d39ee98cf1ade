#pragma once

#include "core/domain/time.hpp"
#include "core/domain/wide.hpp"

#include <cstdint>

namespace core {

/// The processor's time stamp counter.
struct Tsc {
    /// Raw cycles; about 10 ns. Not serialising: a stamp may move by the few instructions in flight.
    static std::uint64_t now() noexcept { return __builtin_ia32_rdtsc(); }

    /// True when it runs at one rate through all power states.
    static bool invariant() noexcept;
};

/// The straight line from cycles to time of day: time = base_time + (cycles − base_cycles)·rate.
/// Pure arithmetic, so that tests need no clock. The rate is a 32.32 fixed-point number of nanoseconds per cycle.
class TscLine {
public:
    /// Through two samples taken some milliseconds apart.
    TscLine(std::uint64_t cycles0, Nanoseconds time0, std::uint64_t cycles1, Nanoseconds time1) noexcept;

    [[nodiscard]] Nanoseconds at(std::uint64_t cycles) const noexcept {
        const auto elapsed = static_cast<std::int64_t>(cycles - base_cycles_);
        return base_time_ + Nanoseconds{static_cast<std::int64_t>(static_cast<Int128>(elapsed) * rate_ >> 32)};
    }

    /// Bends the line towards a new sample: from here it runs so that it would meet the truth one interval later, but
    /// never faster or slower than the rate by more than max_slew_ppm. It never jumps, so time never goes back.
    /// After a step of the system clock it therefore creeps: a second is made good in about half an hour.
    void adjust(std::uint64_t cycles, Nanoseconds time) noexcept;

    [[nodiscard]] double cycles_per_second() const noexcept { return 1e9 * 4294967296.0 / static_cast<double>(rate_); }
    /// How far the line lay from the newest sample (line − truth).
    [[nodiscard]] Nanoseconds error() const noexcept { return error_; }

    static constexpr std::int64_t max_slew_ppm = 500;

private:
    std::uint64_t base_cycles_;
    Nanoseconds base_time_;
    std::int64_t rate_;
    std::int64_t true_rate_;  // without the present correction
    std::uint64_t last_cycles_;
    Nanoseconds error_{};
};

/// Time of day in nanoseconds for one thread: rdtsc on a calibrated line, or clock_gettime where the TSC is not
/// invariant. Each thread that stamps has its own; now() never goes back.
class Clock {
public:
    /// Calibrates for `calibration` (it waits that long); throws nothing.
    explicit Clock(Nanoseconds calibration = 20ms) noexcept;

    [[nodiscard]] Nanoseconds now() noexcept { return tsc_ ? line_.at(Tsc::now()) : system_now(); }

    /// One comparison with CLOCK_REALTIME, for whenever the owner is idle: about once a second. A sample whose reading
    /// was interrupted is thrown away.
    void recalibrate() noexcept;

    [[nodiscard]] bool uses_tsc() const noexcept { return tsc_; }
    [[nodiscard]] const TscLine& line() const noexcept { return line_; }

private:
    Nanoseconds system_now() noexcept;

    bool tsc_;
    Nanoseconds newest_{};  // without TSC: so that a step of the system clock does not turn time back
    TscLine line_;
};

}  // namespace core
