#include "tools/venue/faults/fault.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace venue {

namespace {

constexpr std::array<std::pair<FaultKind, std::string_view>, fault_kind_count> names{
    {{FaultKind::drop, "drop"},
     {FaultKind::delay, "delay"},
     {FaultKind::duplicate, "duplicate"},
     {FaultKind::reorder, "reorder"},
     {FaultKind::gap, "gap"},
     {FaultKind::corrupt_checksum, "corrupt_checksum"},
     {FaultKind::lost_ack, "lost_ack"},
     {FaultKind::lost_fill, "lost_fill"},
     {FaultKind::duplicate_fill, "duplicate_fill"},
     {FaultKind::late_fill, "late_fill"},
     {FaultKind::too_many_requests, "429"},
     {FaultKind::banned, "418"},
     {FaultKind::server_error, "5xx"},
     {FaultKind::unknown_outcome, "unknown_outcome"},
     {FaultKind::maintenance, "maintenance"},
     {FaultKind::clock_jump, "clock_jump"},
     {FaultKind::listen_key_expiry, "listen_key_expiry"},
     {FaultKind::silent_socket, "silent_socket"},
     {FaultKind::half_open, "half_open"},
     {FaultKind::id_reuse, "id_reuse"},
     {FaultKind::slow_reader, "slow_reader"},
     {FaultKind::disconnect, "disconnect"},
     {FaultKind::refused_subscribe, "refused_subscribe"},
     {FaultKind::stale_answer, "stale_answer"},
     {FaultKind::shutdown_notice, "shutdown_notice"}}};

}  // namespace

std::string_view name(FaultKind kind) noexcept {
    return std::ranges::find(names, kind, [](const auto& one) { return one.first; })->second;
}

std::optional<FaultKind> parse_fault_kind(std::string_view text) noexcept {
    const auto found = std::ranges::find(names, text, [](const auto& one) { return one.second; });
    return found == names.end() ? std::nullopt : std::optional{found->first};
}

std::optional<Topic> parse_topic(std::string_view text) noexcept {
    for (std::size_t i = 0; i < topic_count; ++i)
        if (name(static_cast<Topic>(i)) == text) return static_cast<Topic>(i);
    return std::nullopt;
}

void Faults::add(const FaultSpec& spec, core::Nanoseconds now) {
    if (active_.size() == max_specs) throw std::length_error{"venue simulator: at most 256 faults"};
    const auto from = now + spec.after;
    const auto until = spec.lasting.count() == 0 ? core::Nanoseconds::max() : from + spec.lasting;
    active_.push_back({spec, from, until, spec.count == 0 ? -1 : spec.count, from, 0});
}

std::optional<Faults::Stroke> Faults::strike(core::Nanoseconds now, std::initializer_list<FaultKind> kinds,
                                             std::optional<Topic> topic, std::string_view text) {
    for (auto& one : active_) {
        const auto& spec = one.spec;
        if (!due(one, now) || std::ranges::find(kinds, spec.kind) == kinds.end()) continue;
        if (spec.topic && topic && *spec.topic != *topic) continue;
        if (!spec.match.empty() && text.find(spec.match) == std::string_view::npos) continue;
        if (spec.parts_per_million < 1'000'000 &&
            static_cast<std::int64_t>(chance_.below(1'000'000)) >= spec.parts_per_million)
            continue;
        if (one.left > 0) --one.left;
        if (spec.kind == FaultKind::disconnect) one.next = now + spec.every;
        ++one.struck;
        ++struck_[static_cast<std::size_t>(spec.kind)];
        return Stroke{spec.kind, spec.delay};
    }
    return std::nullopt;
}

bool Faults::on(core::Nanoseconds now, FaultKind kind) const noexcept {
    return std::ranges::any_of(active_, [&](const Active& one) { return one.spec.kind == kind && due(one, now); });
}

bool Faults::met(core::Nanoseconds now, FaultKind kind) noexcept {
    const auto found =
        std::ranges::find_if(active_, [&](const Active& one) { return one.spec.kind == kind && due(one, now); });
    if (found == active_.end()) return false;
    ++found->struck;
    ++struck_[static_cast<std::size_t>(kind)];
    return true;
}

std::vector<Faults::Standing> Faults::standing() const {
    std::vector<Standing> all;
    for (const auto& one : active_) all.push_back({one.spec.kind, one.struck, one.left});
    return all;
}

}  // namespace venue
