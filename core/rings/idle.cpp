#include "core/rings/idle.hpp"

#include <sched.h>
#include <time.h>
#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::array<std::string_view, 3> names{"spin", "yield", "park"};
constexpr std::uint32_t yields_before_sleep = 64;
constexpr std::uint32_t shortest_sleep_ns = 50'000;  // below it the kernel's timer slack (50 µs) decides anyway

}  // namespace

std::string_view name(IdlePolicy policy) noexcept {
    return names[static_cast<std::size_t>(policy)];
}

std::optional<IdlePolicy> parse_idle(std::string_view text) noexcept {
    const auto* found = std::find(names.begin(), names.end(), text);
    if (found == names.end()) return std::nullopt;
    return static_cast<IdlePolicy>(found - names.begin());
}

std::uint32_t Idle::sleep_ns(std::uint32_t empty_rounds) noexcept {
    if (empty_rounds <= yields_before_sleep) return 0;
    const auto doublings = std::min<std::uint32_t>(empty_rounds - yields_before_sleep - 1, 10);
    return std::min(shortest_sleep_ns << doublings, longest_sleep_ns);
}

void Idle::rest() noexcept {
    if (policy_ == IdlePolicy::park) {
        if (empty_rounds_ != ~0U) ++empty_rounds_;
        if (const auto sleep = sleep_ns(empty_rounds_); sleep != 0) {
            const timespec duration{.tv_sec = 0, .tv_nsec = sleep};
            ::nanosleep(&duration, nullptr);
            return;
        }
    }
    ::sched_yield();
}

}  // namespace core
