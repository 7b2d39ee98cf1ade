#include "pipeline/traps/emission.hpp"

namespace pipeline::traps {

Emission::Ticket Emission::admit(TrapKind kind, Expect expect, core::Nanoseconds time, double confidence,
                                 const TrapSettings& settings, TrapCounters& counters) noexcept {
    const auto index = static_cast<std::size_t>(kind);
    Last& last = last_[index];
    // In nanoseconds, so that an event exactly one cooldown later is outside it.
    const auto cooldown = core::Nanoseconds{static_cast<std::int64_t>(settings.of(kind).cooldown_s * 1e9)};
    if (last.any && time - last.time < cooldown) {
        const bool upgrade = expect == last.expect && confidence >= last.confidence + settings.upgrade_step;
        if (!upgrade || last.revision == 0xff) {
            ++counters.in_cooldown[index];
            return {};
        }
        last.confidence = confidence;
        ++last.revision;
        ++counters.upgraded[index];
        return {true, last.id, last.revision};
    }
    last = {time, next_id_++, confidence, expect, 0, true};
    ++counters.emitted[index];
    return {true, last.id, 0};
}

}  // namespace pipeline::traps
