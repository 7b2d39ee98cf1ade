#pragma once

#include "core/domain/time.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// SIGINT and SIGTERM: the first asks for a graceful end, the second ends the process at once (exit code 128 + signal).
/// SIGHUP, a terminal that went away, asks for a graceful end, too, unless it was ignored before (nohup).
/// One per process; the handlers it replaced come back with its end.
class StopSignals {
public:
    /// Throws std::system_error when the handlers cannot be installed.
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    /// Any thread, as often as you like: a relaxed load.
    [[nodiscard]] static bool stop_requested() noexcept;
    /// The same as the first signal, for `--for 30s` and tests.
    static void request_stop() noexcept;
};

/// A part of the program with a life: what it does when everything starts, drains and stops. Any may be empty.
struct Service {
    std::string name{};
    std::function<void()> start{};  ///< may throw: what was started before it is stopped again, and the start fails
    std::function<bool()>
        drain{};  ///< asked again and again: true = nothing of it is under way any more; takes in nothing new
    std::function<void()> stop{};  ///< must not throw
};

enum class Phase : std::uint8_t { created, running, draining, stopped };
std::string_view name(Phase phase) noexcept;

/// start → drain → stop. Services start in the order they were added (those that consume before those that produce),
/// drain all together, and stop in the opposite order. The destructor stops what still runs.
class Lifecycle {
public:
    Lifecycle() = default;
    ~Lifecycle();
    Lifecycle(const Lifecycle&) = delete;
    Lifecycle& operator=(const Lifecycle&) = delete;

    void add(Service service);

    /// Starts all. When one throws, those before it are stopped and the exception goes on.
    void start();

    /// Drains until nothing is under way or `limit` has passed by `now`; returns the names of those not done.
    std::vector<std::string> drain(Nanoseconds limit, const std::function<Nanoseconds()>& now);

    void stop() noexcept;

    [[nodiscard]] Phase phase() const noexcept { return phase_; }

private:
    std::vector<Service> services_;
    std::size_t started_{};
    Phase phase_{Phase::created};
};

}  // namespace core
