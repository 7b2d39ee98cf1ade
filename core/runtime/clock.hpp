#pragma once

#include "core/domain/time.hpp"

#include <cstdint>

namespace core {

/// The CPU's time-stamp counter: the cheapest clock there is, for durations. Calibrated once against the system's clock.
/// On a CPU whose counter does not tick at a constant rate, or stops, the durations are wrong: `invariant()` tells.
struct Tsc {
    [[nodiscard]] static std::uint64_t now() noexcept { return __builtin_ia32_rdtsc(); }
    /// Measured at the first call (10 ms), cheap afterwards.
    [[nodiscard]] static double ns_per_cycle() noexcept;
    [[nodiscard]] static bool invariant() noexcept;
};

/// Wall time from the counter: nanoseconds since the epoch, never going back. Anchored to CLOCK_REALTIME when made; `recalibrate`
/// (cold, every few seconds) bends the rate so that the error heals within about a second, without a step.
class WallClock {
public:
    WallClock() noexcept;
    [[nodiscard]] Nanoseconds now() noexcept;
    void recalibrate() noexcept;

private:
    std::uint64_t anchor_cycles_{};
    std::int64_t anchor_ns_{};
    double rate_{};              // ns per cycle, bent
    std::int64_t last_{};
};

}  // namespace core
