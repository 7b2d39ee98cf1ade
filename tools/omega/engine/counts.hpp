#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/traps/traps.hpp"
#include "strategies/decision.hpp"

#include <array>
#include <cstdint>

namespace omega {

/// What went through a session, counted by the thread that finishes slots.
struct Counts {
    std::uint64_t ticks{}, decisions{}, wishes{}, orders{}, cancels{}, fills{}, rejects{};
    std::array<std::uint64_t, core::tick_kind_count> kinds{};
    std::array<std::uint64_t, pipeline::trap_kind_count> traps{};  ///< first emissions, by kind
    std::array<std::uint64_t, strategies::denial_count> denials{};
    std::array<std::uint64_t, strategies::reason::count>
        reasons{};  ///< of decisions, by bit: why nothing was done, too

    [[nodiscard]] std::uint64_t all_traps() const noexcept {
        std::uint64_t sum = 0;
        for (const auto n : traps) sum += n;
        return sum;
    }
};

}  // namespace omega
