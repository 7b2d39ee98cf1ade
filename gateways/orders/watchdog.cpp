#include "gateways/orders/watchdog.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <new>
#include <system_error>

namespace gateways {

namespace {

core::Nanoseconds monotonic() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::chrono::seconds{now.tv_sec} + core::Nanoseconds{now.tv_nsec};
}

[[noreturn]] void watch(const Heartbeat& heartbeat, pid_t parent, core::Nanoseconds silence, core::Nanoseconds period,
                        const std::function<void()>& cancel_all) {
    // Who reads what the parent writes must not wait for us.
    if (const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC); nothing >= 0)
        for (const int stream : {STDIN_FILENO, STDOUT_FILENO}) ::dup2(nothing, stream);
    // What a terminal that goes away, or a person at it, sends to parent and child alike must not end both.
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
    WatchdogLogic logic{silence, monotonic()};
    const timespec pause{.tv_sec = period.count() / 1'000'000'000, .tv_nsec = period.count() % 1'000'000'000};
    for (;;) {
        switch (logic.step(heartbeat.beats(), heartbeat.left(), ::getppid() != parent, monotonic())) {
            case WatchdogLogic::Step::leave: ::_exit(0);
            case WatchdogLogic::Step::fire: try { cancel_all();
                } catch (...) {
                    ::_exit(2);
                }
                ::_exit(1);
            case WatchdogLogic::Step::wait: ::nanosleep(&pause, nullptr);
        }
    }
}

}  // namespace

Heartbeat::Heartbeat() {
    void* memory = ::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::system_error{errno, std::generic_category(), "heartbeat: mmap"};
    shared_ = new (memory) Shared;
}

Heartbeat::~Heartbeat() {
    ::munmap(shared_, sizeof(Shared));
}

WatchdogLogic::Step WatchdogLogic::step(std::uint64_t beats, bool left, bool orphan, core::Nanoseconds now) noexcept {
    if (left || (orphan && beats == 0)) return Step::leave;
    if (beats != beats_ || beats == 0) {
        beats_ = beats;
        changed_ = now;
    }
    return now - changed_ >= silence_ ? Step::fire : Step::wait;
}

pid_t start_watchdog(const Heartbeat& heartbeat, core::Nanoseconds silence, core::Nanoseconds period,
                     const std::function<void()>& cancel_all) {
    const pid_t parent = ::getpid();
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error{errno, std::generic_category(), "watchdog: fork"};
    if (child == 0) watch(heartbeat, parent, silence, period, cancel_all);
    return child;
}

}  // namespace gateways
