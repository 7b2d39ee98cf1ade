#pragma once

#include "core/domain/time.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// Decayed combination of the recent traps of one expected direction (spec/traps.md section 8):
/// 1 − Π(1 − cᵢ·2^(−ageᵢ/120 s)) over the events of the last 900 s, the 32 newest at most.
class Pressure {
public:
    /// A new event; an upgrade (same `id`) raises the confidence of the event it revises and keeps its age.
    void note(std::uint64_t id, core::Nanoseconds time, double confidence) noexcept;
    [[nodiscard]] double at(core::Nanoseconds time) const noexcept;

private:
    struct Event {
        std::uint64_t id{};
        core::Nanoseconds time{};
        double confidence{};
    };
    static constexpr std::size_t remembered = 32;
    std::array<Event, remembered> events_{};
    std::uint64_t count_{};
};

}  // namespace pipeline::traps
