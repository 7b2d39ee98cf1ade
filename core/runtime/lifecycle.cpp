#include "core/runtime/lifecycle.hpp"

#include "core/rings/idle.hpp"

#include <unistd.h>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace core {

namespace {

// Lock-free, hence allowed in a signal handler; constant-initialised, hence safe before main.
constinit std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free);
constinit std::array<struct sigaction, 3> previous{};
constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};

extern "C" void on_stop_signal(int signal) {
    // Relaxed: a flag on its own, it publishes nothing. A terminal that goes away after Ctrl-C is no second wish.
    if (requested.exchange(true, std::memory_order_relaxed) && signal != SIGHUP) ::_exit(128 + signal);
}

}  // namespace

StopSignals::StopSignals() {
    requested.store(false, std::memory_order_relaxed);
    struct sigaction action {};
    action.sa_handler = on_stop_signal;
    action.sa_flags = SA_RESTART;
    for (std::size_t i = 0; i < signals.size(); ++i)
        if (::sigaction(signals[i], &action, &previous[i]) != 0)
            throw std::system_error(errno, std::generic_category(), "cannot handle SIGINT, SIGTERM and SIGHUP");
    // Who started it under nohup wants it to outlive the terminal.
    if (previous.back().sa_handler == SIG_IGN) ::sigaction(signals.back(), &previous.back(), nullptr);
}

StopSignals::~StopSignals() {
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &previous[i], nullptr);
}

bool StopSignals::stop_requested() noexcept {
    return requested.load(std::memory_order_relaxed);
}
void StopSignals::request_stop() noexcept {
    requested.store(true, std::memory_order_relaxed);
}

std::string_view name(Phase phase) noexcept {
    static constexpr std::array<std::string_view, 4> names{"created", "running", "draining", "stopped"};
    return names[static_cast<std::size_t>(phase)];
}

Lifecycle::~Lifecycle() {
    stop();
}

void Lifecycle::add(Service service) {
    services_.push_back(std::move(service));
}

void Lifecycle::start() {
    try {
        for (; started_ < services_.size(); ++started_)
            if (services_[started_].start) services_[started_].start();
    } catch (...) {
        stop();
        throw;
    }
    phase_ = Phase::running;
}

std::vector<std::string> Lifecycle::drain(Nanoseconds limit, const std::function<Nanoseconds()>& now) {
    phase_ = Phase::draining;
    const auto deadline = now() + limit;
    Idle idle{IdlePolicy::park};
    for (;;) {
        std::vector<std::string> busy;
        for (std::size_t i = 0; i < started_; ++i)
            if (services_[i].drain && !services_[i].drain()) busy.push_back(services_[i].name);
        if (busy.empty() || now() >= deadline) return busy;
        idle(0);
    }
}

void Lifecycle::stop() noexcept {
    while (started_ > 0) {
        --started_;
        if (services_[started_].stop) services_[started_].stop();
    }
    phase_ = Phase::stopped;
}

}  // namespace core
