#pragma once

#include "core/domain/time.hpp"

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>

namespace gateways {

/// A counter in memory that parent and watchdog share. Survives the death of either; no lock, so nobody can hold one.
class Heartbeat {
public:
    /// Throws std::system_error when there is no memory to share.
    Heartbeat();
    ~Heartbeat();
    Heartbeat(const Heartbeat&) = delete;
    Heartbeat& operator=(const Heartbeat&) = delete;

    /// The one thread that sends orders, a few times a second or as often as it likes: one writer needs no atomic
    /// addition. Relaxed: the number itself is all the news.
    void beat() noexcept {
        shared_->beats.store(shared_->beats.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    /// All orders are cancelled and the process ends as it should: the watchdog leaves without a word.
    void leave() noexcept { shared_->left.store(true, std::memory_order_relaxed); }

    [[nodiscard]] std::uint64_t beats() const noexcept { return shared_->beats.load(std::memory_order_relaxed); }
    [[nodiscard]] bool left() const noexcept { return shared_->left.load(std::memory_order_relaxed); }

private:
    struct Shared {
        std::atomic<std::uint64_t> beats{0};
        std::atomic<bool> left{false};
    };
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    Shared* shared_;
};

/// The watchdog's whole mind: fires once when the beats stand still for `silence` of its own monotonic time. Before the
/// first nothing was sent: it waits, and leaves when the parent is gone.
class WatchdogLogic {
public:
    enum class Step : std::uint8_t { wait, fire, leave };
    WatchdogLogic(core::Nanoseconds silence, core::Nanoseconds now) noexcept : silence_{silence}, changed_{now} {}

    Step step(std::uint64_t beats, bool left, bool orphan, core::Nanoseconds now) noexcept;

private:
    core::Nanoseconds silence_, changed_;
    std::uint64_t beats_{};
};

/// Starts a process of its own (fork, before any thread is started) that looks at the heartbeat every `period` and
/// calls `cancel_all` when it has been silent for `silence`, also if the parent was killed. It ignores SIGINT,
/// SIGTERM, SIGHUP and SIGQUIT, for a terminal sends them to both, and ends by itself: with 0 when the parent left in
/// order, 1 after it fired. Returns its process id. Throws std::system_error.
pid_t start_watchdog(const Heartbeat& heartbeat, core::Nanoseconds silence, core::Nanoseconds period,
                     const std::function<void()>& cancel_all);

}  // namespace gateways
