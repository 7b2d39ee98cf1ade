#pragma once

#include "core/domain/tick.hpp"
#include "core/runtime/clock.hpp"
#include "pipeline/flow/sequencer.hpp"

#include <cstdint>

namespace omega {

/// When a live tick's bytes left the socket, in cycles, from its receive time: the beginning of the waterfall. All
/// ticks of one message have one receive time, and of so many messages one is timed stage by stage.
class ReceiveStamps {
public:
    ReceiveStamps(std::uint32_t sample_every, double ns_per_cycle) noexcept
        : sample_every_{sample_every}, cycles_per_ns_{1 / ns_per_cycle} {}

    pipeline::Timing of(const core::Tick& tick, const core::Clock& clock) noexcept {
        const auto cycles = core::Tsc::now();
        if (tick.receive_time != newest_) {
            newest_ = tick.receive_time;
            const auto age = static_cast<double>((clock.line().at(cycles) - newest_).count());
            timing_ = {.taken = messages_++ % sample_every_ == 0,
                       .received = cycles - static_cast<std::uint64_t>(age > 0 ? age * cycles_per_ns_ : 0)};
        }
        timing_.decoded = cycles;
        return timing_;
    }

private:
    std::uint32_t sample_every_;
    double cycles_per_ns_;
    core::Nanoseconds newest_{core::Nanoseconds::min()};
    std::uint64_t messages_{};
    pipeline::Timing timing_{};
};

}  // namespace omega
