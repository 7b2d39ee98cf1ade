#pragma once

#include "core/domain/time.hpp"

#include <chrono>
#include <thread>

namespace omega {

/// Holds recorded time to a multiple of real time.
class Pace {
public:
    /// `factor` of real time; 0: as fast as it goes.
    explicit Pace(double factor) noexcept : factor_{factor} {}

    /// Sleeps until `time` of the recording is due.
    void until(core::Nanoseconds time) {
        if (factor_ == 0) [[likely]]
            return;
        if (!begun_) {
            begun_ = true;
            first_ = time;
            start_ = std::chrono::steady_clock::now();
        }
        const auto due =
            start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>((time - first_) / factor_);
        if (due > std::chrono::steady_clock::now() + std::chrono::microseconds{200}) std::this_thread::sleep_until(due);
    }

private:
    double factor_;
    bool begun_{};
    core::Nanoseconds first_{};
    std::chrono::steady_clock::time_point start_{};
};

}  // namespace omega
