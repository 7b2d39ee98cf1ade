#pragma once

#include <atomic>

namespace core {

/// Start, drain, stop: while one lives, SIGINT and SIGTERM ask for a graceful end; a second one ends the process at once (exit code
/// 128 + signal). One at a time in a process; the handlers before it come back with its end.
class Lifecycle {
public:
    Lifecycle();
    ~Lifecycle();
    Lifecycle(const Lifecycle&) = delete;
    Lifecycle& operator=(const Lifecycle&) = delete;

    /// True once a signal or stop() asked for the end. Cheap enough for a hot loop.
    [[nodiscard]] bool stopping() const noexcept { return asked_.load(std::memory_order_relaxed); }
    void stop() noexcept { asked_.store(true, std::memory_order_relaxed); }

private:
    static std::atomic<bool> asked_;
};

}  // namespace core
