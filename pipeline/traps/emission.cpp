#include "pipeline/traps/emission.hpp"

#include <algorithm>

namespace pipeline::traps {

Emission::Last& Emission::last_of(const Candidate& candidate) noexcept {
    Last& any = last_[static_cast<std::size_t>(candidate.kind)];
    if (candidate.bar_s == 0) return any;
    for (std::size_t i = 0; i < barred_count_; ++i)
        if (barred_[i].kind == candidate.kind && barred_[i].last.bar_s == candidate.bar_s) return barred_[i].last;
    if (barred_count_ == barred_.size()) return any;
    barred_[barred_count_] = {candidate.kind, {.bar_s = candidate.bar_s}};
    return barred_[barred_count_++].last;
}

Emission::Ticket Emission::admit(const Candidate& candidate, const TrapSettings& settings,
                                 TrapCounters& counters) noexcept {
    const auto index = static_cast<std::size_t>(candidate.kind);
    Last& last = last_of(candidate);
    // In nanoseconds, so that an event exactly one cooldown later is outside it.
    const auto configured = core::Nanoseconds{static_cast<std::int64_t>(settings.of(candidate.kind).cooldown_s * 1e9)};
    const auto bar = core::Nanoseconds{std::chrono::seconds{candidate.bar_s}};
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
