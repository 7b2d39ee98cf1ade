#pragma once

#include "core/runtime/clock.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace core {

/// A cold thread (a Boost.Asio io_context) on which connections that need not be polled wait for their bytes. What runs
/// on it must not block and must not throw.
class NetThread {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// What a task waits for.
    struct Wait {
        int descriptor{-1};  ///< -1: none, only the time
        bool write{};        ///< for room, too
        Time until{Time::max()};
    };
    /// Something that goes on step by step. `step` is called when what it waited for came, or when it was woken;
    /// nothing: it is over, and let go.
    class Task {
    public:
        virtual ~Task() = default;
        virtual std::optional<Wait> step(Time now) = 0;
    };

    NetThread();
    /// Stops: what still waits is dropped.
    ~NetThread();
    NetThread(const NetThread&) = delete;
    NetThread& operator=(const NetThread&) = delete;

    /// Has the thread call `work`, soon and once. From any thread.
    void post(std::function<void()> work);
    /// Has the thread step the task, soon: a new one, or one that waits. From any thread.
    void wake(std::shared_ptr<Task> task);
    [[nodiscard]] bool is_current() const noexcept;
    /// The thread's clock, kept calibrated, for what runs on it.
    [[nodiscard]] Clock& clock() noexcept;

    struct Impl;

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace core
