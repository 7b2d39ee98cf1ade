#include "pipeline/flow/topology.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pthread.h>

#include <algorithm>
#include <stdexcept>

namespace pipeline {

std::string_view name(TopologyKind kind) noexcept {
    return kind == TopologyKind::fused ? "fused" : "staged";
}

void enter_thread(const ThreadPlan& plan) noexcept {
    pthread_setname_np(pthread_self(), plan.name.substr(0, 15).c_str());
    if (plan.cpu < 0) return;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(plan.cpu), &set);
    pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

std::vector<ThreadPlan> plan_threads(const TopologySettings& settings, const std::vector<std::string_view>& stages) {
    std::vector<ThreadPlan> plan;
    std::size_t first = 0;
    const auto add = [&](std::size_t end) {
        const auto i = plan.size();
        plan.push_back({.name = fmt::format("omega-{}", stages[first]),
                        .cpu = i < settings.cpus.size() ? settings.cpus[i] : -1,
                        .idle = settings.idle,
                        .first_stage = first,
                        .end_stage = end});
        first = end;
    };
    for (const auto& cut : settings.cuts) {
        const auto at = std::find(stages.begin(), stages.end(), cut);
        const auto index = static_cast<std::size_t>(at - stages.begin());
        if (at == stages.end() || index <= first)
            throw std::invalid_argument{fmt::format(
                "topology.cuts: '{}' cannot start a thread; expected stages after the first, in order, of: {}", cut,
                fmt::join(stages, ", "))};
        add(index);
    }
    add(stages.size());
    return plan;
}

}  // namespace pipeline
