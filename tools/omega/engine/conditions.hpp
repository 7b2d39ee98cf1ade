#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/cosmic/conditions.hpp"
#include "pipeline/cosmic/settings.hpp"

#include <array>

namespace omega {

/// Makes the condition ticks of every bucket that event time enters: a pure function of the bucket's start, so live and
/// replayed runs know the same. Nothing is computed while the cosmic master switch is off.
class ConditionSource {
public:
    explicit ConditionSource(const pipeline::CosmicSettings& settings)
        : settings_{settings}, width_{std::chrono::seconds{settings.update_s}} {
        if (!settings.active()) next_ = core::Nanoseconds::max();
    }

    /// Calls publish(tick) for each condition of the bucket of `tick`, when it is the first tick in it.
    template <class Publish>
    void before(const core::Tick& tick, Publish&& publish) noexcept {
        if (tick.venue_time >= next_) [[unlikely]]
            enter(tick, publish);
    }

private:
    template <class Publish>
    [[gnu::noinline]] void enter(const core::Tick& tick, Publish&& publish) noexcept {
        const auto start = core::floor_to(tick.venue_time, width_);
        next_ = start + width_;
        std::array<core::Tick, pipeline::max_conditions> ticks;
        const auto count = pipeline::make_conditions(start, settings_, {}, ticks);
        for (std::size_t i = 0; i < count; ++i) {
            ticks[i].receive_time = tick.receive_time;
            publish(ticks[i]);
        }
    }

    pipeline::CosmicSettings settings_;
    core::Nanoseconds width_, next_{core::Nanoseconds::min()};
};

}  // namespace omega
