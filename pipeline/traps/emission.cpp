#include "pipeline/traps/emission.hpp"

#include <algorithm>

namespace pipeline::traps {

Emission::Ticket Emission::admit(const Candidate& candidate, const TrapSettings& settings,
                                 TrapCounters& counters) noexcept {
    const auto index = static_cast<std::size_t>(candidate.kind);
    Last& last = last_[index];
    // In nanoseconds, so that an event exactly one cooldown later is outside it.
    const auto configured = core::Nanoseconds{static_cast<std::int64_t>(settings.of(candidate.kind).cooldown_s * 1e9)};
    const auto bar = core::Nanoseconds{std::chrono::seconds{std::min(candidate.bar_s, last.bar_s)}};
    const auto since = candidate.time - last.time;
    if (last.any && since < std::max(configured, bar)) {
        const bool upgrade =
            candidate.expect == last.expect && candidate.confidence >= last.confidence + settings.upgrade_step;
        if (!upgrade || last.revision == 0xff) {
            ++counters.in_cooldown[index];
            return {};
        }
        last.confidence = candidate.confidence;
        ++last.revision;
        ++counters.upgraded[index];
        return {true, last.id, last.revision};
    }
    last = {candidate.time, next_id_++, candidate.confidence, candidate.bar_s, candidate.expect, 0, true};
    ++counters.emitted[index];
    return {true, last.id, 0};
}

}  // namespace pipeline::traps
