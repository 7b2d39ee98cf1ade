#include "pipeline/traps/finding.hpp"
#include "pipeline/traps/traps.hpp"

#include <utility>

namespace pipeline {
namespace {

constexpr std::size_t longest_name = 40;  // of what is asked for; no kind is longer
constexpr std::string_view potential = "potential_";

/// Other names of a kind: spec/traps.md section 1.
constexpr std::array<std::pair<std::string_view, TrapKind>, 6> aliases{{
    {"stop_hunt", TrapKind::stop_hunt_up},
    {"liquidity_accumulation", TrapKind::liquidity_accumulation_up},
    {"volatility_liquidity_grab", TrapKind::volatility_grab},
    {"order_spoofing", TrapKind::spoofing},
    {"cross_exchange", TrapKind::cross_venue_divergence},
    {"time_dilation_trap", TrapKind::time_dilation},
}};

}  // namespace

std::optional<TrapKind> parse_trap_kind(std::string_view text) noexcept {
    std::array<char, longest_name> folded{};
    if (text.size() > folded.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        folded[i] = c == '-' || c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    std::string_view wanted{folded.data(), text.size()};
    if (wanted.starts_with(potential)) wanted.remove_prefix(potential.size());

    for (std::size_t i = 0; i < trap_kind_count; ++i)
        if (const auto kind = static_cast<TrapKind>(i); wanted == name(kind)) return kind;
    for (const auto& [alias, kind] : aliases)
        if (wanted == alias) return kind;
    return std::nullopt;
}

namespace traps {

std::string_view name(Measure measure) noexcept {
    static constexpr std::array<std::string_view, measure_count> names{
        "run_w",      "run_p",     "volume_z",     "level_distance",     "flow",           "sigma_ratio",
        "suspicion",  "depth",     "bar_volume_z", "size_concentration", "wash_share",     "book",
        "level_size", "consensus", "gap_mean",     "arrivals",           "stealth_minutes"};
    return names[static_cast<std::size_t>(measure)];
}

}  // namespace traps
}  // namespace pipeline
