#include "pipeline/traps/pressure.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {
namespace {

constexpr double half_life_s = 120;
constexpr core::Nanoseconds window = std::chrono::seconds{900};

}  // namespace

void Pressure::note(std::uint64_t id, core::Nanoseconds time, double confidence) noexcept {
    const auto held = std::min<std::uint64_t>(count_, remembered);
    for (std::uint64_t i = 0; i < held; ++i) {
        if (events_[i].id != id) continue;
        events_[i].confidence = confidence;
        return;
    }
    events_[count_++ % remembered] = {id, time, confidence};
}

double Pressure::at(core::Nanoseconds time) const noexcept {
    // A product of at most 32 factors is exact enough to need no logarithms, and survives c = 1.
    double calm = 1;
    for (std::uint64_t n = std::min<std::uint64_t>(count_, remembered); n > 0; --n) {
        const Event& event = events_[(count_ - n) % remembered];
        const auto age = time - event.time;
        if (age > window) continue;
        calm *= 1 - event.confidence * std::exp2(-core::seconds(age) / half_life_s);
    }
    return 1 - calm;
}

}  // namespace pipeline::traps
