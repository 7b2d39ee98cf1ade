#pragma once

#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>

namespace bench {

inline double now_ns() noexcept {
    timespec t{};
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_nsec);
}

inline void pin_to(unsigned cpu) noexcept {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
}

/// Runs `near` on core 0 and `far` on core 1 at the same time, the same two threads for every measurement of a run,
/// and returns how long `near` took, ns, counted from when both were there.
template <class Near, class Far>
double together(Near&& near, Far&& far) {
    std::atomic<int> arrived{};
    double elapsed = 0;
    std::thread there{[&] {
        pin_to(1);
        arrived.fetch_add(1);
        while (arrived.load() < 2) continue;
        far();
    }};
    std::thread here{[&] {
        pin_to(0);
        arrived.fetch_add(1);
        while (arrived.load() < 2) continue;
        const double start = now_ns();
        near();
        elapsed = now_ns() - start;
    }};
    here.join();
    there.join();
    return elapsed;
}

/// One cache line thrown to and fro between the cores: the physical floor of any hand-over. Nanoseconds a round trip.
inline double ping_pong(std::uint64_t rounds) {
    // Always the same line: how far the cores are apart depends on which slice of the last-level cache it maps to.
    struct alignas(128) Line {
        std::atomic<std::uint64_t> value{};
    };
    static Line ball;
    ball.value.store(0);
    return together(
               [&] {
                   for (std::uint64_t i = 0; i < rounds; ++i) {
                       ball.value.store(2 * i + 1, std::memory_order_release);
                       while (ball.value.load(std::memory_order_acquire) != 2 * i + 2)
                           ;
                   }
               },
               [&] {
                   for (std::uint64_t i = 0; i < rounds; ++i) {
                       while (ball.value.load(std::memory_order_acquire) != 2 * i + 1)
                           ;
                       ball.value.store(2 * i + 2, std::memory_order_release);
                   }
               }) /
           static_cast<double>(rounds);
}

}  // namespace bench
