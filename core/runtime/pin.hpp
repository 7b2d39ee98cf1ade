#pragma once

#include "core/domain/result.hpp"

#include <functional>
#include <string>
#include <thread>

namespace core {

/// Where a thread runs. From `topology:` in the configuration.
struct ThreadSettings {
    std::string name{};    ///< shown by top and gdb; the kernel keeps 15 characters
    int cpu{-1};           ///< the core it is bound to; -1 = any
    bool must_pin{false};  ///< start_thread throws when it cannot be bound
};

/// What became of them. Trading on an unpinned thread is slower, not wrong: it is reported, not fatal.
struct ThreadReport {
    bool named{};
    bool pinned{};          ///< true also when no core was asked for
    std::string problem{};  ///< "" or what is wrong and what to do about it
};

/// Names and binds the calling thread.
ThreadReport settle_thread(const ThreadSettings& settings);

/// Starts a thread that is named and bound before `work` begins; `report`, if given, is filled before this returns.
/// Throws std::runtime_error, without having started `work`, when it must be pinned and cannot be.
std::jthread start_thread(const ThreadSettings& settings, std::function<void(std::stop_token)> work,
                          ThreadReport* report = nullptr);

/// Keeps all present and future memory of the process from being paged out. Error: refused (raise RLIMIT_MEMLOCK).
Result<bool> lock_memory() noexcept;

}  // namespace core
