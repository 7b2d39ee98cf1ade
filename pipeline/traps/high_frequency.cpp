#include "pipeline/traps/high_frequency.hpp"

#include <algorithm>

namespace pipeline::traps {

void HighFrequencyMode::note(core::Nanoseconds time, double confidence) noexcept {
    if (confidence >= .5) events_[event_count_++ % remembered] = time;
}

void HighFrequencyMode::evaluate(core::Nanoseconds time, const HighFrequencyInputs& inputs) noexcept {
    points_ = count_points(time, inputs);
    if (points_ >= 3) {
        state_ = HighFrequency::active;
        activation_ = time;
        return;
    }
    const bool still_active =
        state_ == HighFrequency::active && time - activation_ < std::chrono::seconds{settings_.cooldown_s};
    if (!still_active) state_ = points_ == 2 ? HighFrequency::elevated : HighFrequency::normal;
}

int HighFrequencyMode::count_points(core::Nanoseconds time, const HighFrequencyInputs& inputs) const noexcept {
    const auto from = time - std::chrono::seconds{settings_.window_s};
    const auto held = std::min<std::uint64_t>(event_count_, remembered);
    std::uint32_t recent = 0;
    for (std::uint64_t i = 0; i < held; ++i) recent += events_[i] > from && events_[i] <= time;

    int points = 0;
    points += inputs.move60 >= settings_.move_bps;
    points += inputs.move300 >= settings_.move_bps;
    points += inputs.sigma300 > 0 && inputs.sigma60 > settings_.volatility_ratio * inputs.sigma300;
    points += recent >= settings_.min_traps ? 2 : 0;
    points += inputs.sharp_event ? 2 : 0;
    points += settings_.schumann && inputs.schumann_hz >= 12 && inputs.move60 > 20 ? 2 : 0;
    return points;
}

}  // namespace pipeline::traps
