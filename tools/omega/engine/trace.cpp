#include "tools/omega/engine/trace.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <string_view>

namespace omega {

namespace {

/// The first of two lists' fields that differs, in the order of their declaration; "" when none does.
struct Compare {
    std::string field;
    template <class T>
    Compare& operator()(std::string_view name, const T& a, const T& b) {
        if (field.empty() && !(a == b)) field = name;
        return *this;
    }
    /// Bit for bit: NaN equals itself.
    Compare& operator()(std::string_view name, double a, double b) {
        return (*this)(name, std::bit_cast<std::uint64_t>(a), std::bit_cast<std::uint64_t>(b));
    }
};

std::string compare(const Trace::Trap& x, const Trace::Trap& y) {
    const auto &a = x.event, &b = y.event;
    Compare c;
    c("kind", a.kind, b.kind)("id", a.id, b.id)("revision", a.revision, b.revision)(
        "instrument", a.instrument, b.instrument)("time", a.time, b.time)("price", a.price, b.price)(
        "confidence", a.confidence, b.confidence)("impact", a.impact, b.impact)(
        "threshold_bps", a.threshold_bps, b.threshold_bps)("hf_multiplier", a.hf_multiplier, b.hf_multiplier)(
        "boost", a.boost, b.boost)("severity", a.severity, b.severity)("expect", a.expect, b.expect);
    for (std::size_t i = 0; i < a.evidence.size(); ++i)
        c("evidence[" + std::to_string(i) + "]", a.evidence[i], b.evidence[i]);
    return c.field;
}

std::string compare(const Trace::Sensed& a, const Trace::Sensed& b) {
    Compare c;
    c("values", a.hash, b.hash);  // both of one section
    return c.field;
}

std::string compare(const Trace::Decided& x, const Trace::Decided& y) {
    const auto &a = x.decision, &b = y.decision;
    Compare c;
    c("bot", a.bot, b.bot)("instrument", a.instrument, b.instrument)("action", a.action, b.action)(
        "side", a.side, b.side)("reasons", a.reasons, b.reasons)("score", a.score, b.score)(
        "entry_threshold", a.entry_threshold, b.entry_threshold)("size_fraction", a.size_fraction, b.size_fraction)(
        "stop_bps", a.stop_bps, b.stop_bps)("exit_impulse", a.exit_impulse, b.exit_impulse)(
        "target_count", a.target_count, b.target_count);
    for (std::size_t i = 0; i < std::min<std::size_t>(a.target_count, b.target_count); ++i)
        c("targets[" + std::to_string(i) + "].bps", a.targets[i].bps, b.targets[i].bps);
    return c.field;
}

std::string compare(const core::Order& a, const core::Order& b) {
    Compare c;
    c("id", a.id, b.id)("instrument", a.instrument, b.instrument)("side", a.side, b.side)("type", a.type, b.type)(
        "time_in_force", a.time_in_force, b.time_in_force)("purpose", a.purpose, b.purpose)("bot", a.bot, b.bot)(
        "reduce_only", a.reduce_only, b.reduce_only)("price", a.price, b.price)("trigger", a.trigger, b.trigger)(
        "quantity", a.quantity, b.quantity)("time", a.time, b.time);
    return c.field;
}

std::uint64_t sequence_of(const core::Order& order) {
    return order.sequence;
}
template <class T>
std::uint64_t sequence_of(const T& entry) {
    return entry.sequence;
}

template <class T>
void keep_first(std::optional<Difference>& first, std::string_view section, const std::vector<T>& a,
                const std::vector<T>& b) {
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
        Difference found;
        found.section = section;
        if (i >= a.size() || i >= b.size()) {
            found.sequence = sequence_of(i < a.size() ? a[i] : b[i]);
            found.field = i < a.size() ? "missing in the second run" : "missing in the first run";
        } else if (sequence_of(a[i]) != sequence_of(b[i])) {
            found.sequence = std::min(sequence_of(a[i]), sequence_of(b[i]));
            found.field = "sequence";
        } else if (auto field = compare(a[i], b[i]); !field.empty()) {
            found.sequence = sequence_of(a[i]);
            found.field = std::move(field);
        } else {
            continue;
        }
        if (!first || found.sequence < first->sequence) first = std::move(found);
        return;
    }
}

}  // namespace

std::string_view name(Trace::Section section) noexcept {
    static constexpr std::array<std::string_view, 6> names{"regime", "indicators",  "levels",
                                                           "trends", "predictions", "weights"};
    return names[static_cast<std::size_t>(section)];
}

std::optional<Difference> first_difference(const Trace& a, const Trace& b) {
    std::optional<Difference> first;
    // One section's at a time, so that a difference is named after where it began.
    for (std::size_t i = 0; i < 6; ++i) {
        const auto section = static_cast<Trace::Section>(i);
        const auto of = [&](const Trace& trace) {
            std::vector<Trace::Sensed> some;
            std::ranges::copy_if(trace.senses, std::back_inserter(some),
                                 [&](const Trace::Sensed& one) { return one.section == section; });
            return some;
        };
        keep_first(first, name(section), of(a), of(b));
    }
    keep_first(first, "traps", a.traps, b.traps);
    keep_first(first, "decisions", a.decisions, b.decisions);
    keep_first(first, "orders", a.orders, b.orders);
    return first;
}

std::optional<Difference> first_difference(const std::vector<core::Order>& a, const std::vector<core::Order>& b) {
    std::optional<Difference> first;
    keep_first(first, "orders", a, b);
    return first;
}

}  // namespace omega
