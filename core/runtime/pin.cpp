#include "core/runtime/pin.hpp"

#include <fmt/format.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <future>
#include <stdexcept>
#include <system_error>

namespace core {

ThreadReport settle_thread(const ThreadSettings& settings) {
    ThreadReport report{.named = true, .pinned = true};
    if (!settings.name.empty())
        report.named = ::pthread_setname_np(::pthread_self(), settings.name.substr(0, 15).c_str()) == 0;
    if (settings.cpu < 0) return report;

    int error = EINVAL;
    if (settings.cpu < CPU_SETSIZE) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(static_cast<std::size_t>(settings.cpu), &set);
        error = ::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
    }
    report.pinned = error == 0;
    if (!report.pinned)
        report.problem = fmt::format(
            "thread '{}' cannot be bound to cpu {} ({}): this machine has cpus 0 to {}, the process may use fewer",
            settings.name, settings.cpu, std::generic_category().message(error),
            std::thread::hardware_concurrency() - 1);
    return report;
}

std::jthread start_thread(const ThreadSettings& settings, std::function<void(std::stop_token)> work,
                          ThreadReport* report) {
    std::promise<ThreadReport> settled;
    auto future = settled.get_future();
    std::jthread thread{[settings, work = std::move(work), settled = std::move(settled)](std::stop_token stop) mutable {
        auto result = settle_thread(settings);
        const bool go = result.pinned || !settings.must_pin;
        settled.set_value(std::move(result));
        if (go) work(std::move(stop));
    }};
    auto result = future.get();
    if (!result.pinned && settings.must_pin) throw std::runtime_error(result.problem);
    if (report != nullptr) *report = std::move(result);
    return thread;
}

Result<bool> lock_memory() noexcept {
    if (::mlockall(MCL_CURRENT | MCL_FUTURE) != 0) return Error::refused;
    return true;
}

}  // namespace core
