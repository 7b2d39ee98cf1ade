#pragma once

#include "core/rings/idle.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline {

enum class TopologyKind : std::uint8_t { fused, staged };
std::string_view name(TopologyKind kind) noexcept;

/// A thread of a staged topology: which stages it runs, where, and how it waits.
struct ThreadPlan {
    std::string name;
    int cpu{-1};  ///< -1: not pinned
    core::IdlePolicy idle{core::IdlePolicy::spin};
    std::size_t first_stage{}, end_stage{};  ///< [first, end) of the chain
};

/// Keys `topology.*`.
struct TopologySettings {
    TopologyKind kind{TopologyKind::fused};
    std::size_t ring_slots{1024};                    ///< of a staged topology; a power of two
    int cpu{-1};                                     ///< of the sequencer's thread (the only one when fused)
    core::IdlePolicy idle{core::IdlePolicy::yield};  ///< of the stage threads
    std::vector<std::string> cuts{};  ///< a new thread starts before each of these stages; none: one thread for all
    std::vector<int> cpus{};          ///< of the stage threads, in order; missing: not pinned
};

/// Cuts a chain of named stages into threads. Throws std::invalid_argument naming a cut that is no stage, out of order,
/// or the first.
std::vector<ThreadPlan> plan_threads(const TopologySettings& settings, const std::vector<std::string_view>& stages);

/// Names and pins the calling thread as planned; a refusal by the system is not an error.
void enter_thread(const ThreadPlan& plan) noexcept;

}  // namespace pipeline
