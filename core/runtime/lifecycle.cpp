#include "core/runtime/lifecycle.hpp"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cassert>

namespace core {

namespace {

constexpr std::array<int, 2> signals{SIGINT, SIGTERM};
std::array<struct sigaction, signals.size()> before;
bool alive = false;

}  // namespace

// A flag and nothing else, so that the signal handler may set it.
std::atomic<bool> Lifecycle::asked_{false};
static_assert(std::atomic<bool>::is_always_lock_free);

Lifecycle::Lifecycle() {
    assert(!alive);
    alive = true;
    asked_ = false;
    struct sigaction action {};
    action.sa_handler = [](int signal) {
        if (asked_.exchange(true)) ::_exit(128 + signal);   // asked twice: whoever asks means it
    };
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &action, &before[i]);
}

Lifecycle::~Lifecycle() {
    for (std::size_t i = 0; i < signals.size(); ++i) ::sigaction(signals[i], &before[i], nullptr);
    alive = false;
}

}  // namespace core
