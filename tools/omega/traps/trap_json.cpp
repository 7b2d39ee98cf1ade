#include "tools/omega/traps/trap_json.hpp"

#include "core/domain/unknown.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>

namespace omega {

namespace {

using pipeline::TrapKind;
using json = nlohmann::ordered_json;

json number(double value) {
    return std::isfinite(value) ? json(value) : json();
}

json interval(const strategies::Interval& bounds) {
    return json::array({number(bounds.low), number(bounds.high)});
}

}  // namespace

std::span<const std::string_view> evidence_names(TrapKind kind) noexcept {
    using Names = std::span<const std::string_view>;
    static constexpr std::string_view flash[]{"m1", "trades", "depletion"};
    static constexpr std::string_view fake[]{"m", "R", "S", "z_v", "d", "I(P)"};
    static constexpr std::string_view grab[]{"m", "z_v", "R", "d", "base", "extreme", "S"};
    static constexpr std::string_view volatility[]{"rho", "m", "z_v", "sigma(60)", "sigma(300)"};
    static constexpr std::string_view accumulation[]{"sum", "I", "depth ratio"};
    static constexpr std::string_view hunt[]{"swept level", "sweep", "wick ratio", "body ratio", "z"};
    static constexpr std::string_view reversal[]{"level", "ext", "back", "bars", "z_break", "strength", "timeframe"};
    static constexpr std::string_view fractal[]{"fractal", "ext", "overshoot", "bars", "back"};
    static constexpr std::string_view spoof[]{"price",   "size",       "multiple", "cancelled",
                                              "life ms", "fill ratio", "push bps"};
    static constexpr std::string_view layers[]{"levels", "share", "cancelled", "spread ms", "nearest price"};
    static constexpr std::string_view hidden[]{"price", "ratio", "refills", "cv", "traded"};
    static constexpr std::string_view wash[]{"price", "size", "run", "H", "share"};
    static constexpr std::string_view divergence[]{"gap", "EMA of gap", "held ms", "fresh venues", "consensus"};
    static constexpr std::string_view stealth[]{"I", "range", "p", "volume"};
    static constexpr std::string_view dilation[]{"z", "opposite z", "fast mean gap s", "slow mean gap s", "a/T"};
    switch (kind) {
        case TrapKind::liquidity_grab:
        case TrapKind::half_liquidity_grab: return grab;
        case TrapKind::fake_pump:
        case TrapKind::fake_dump:
        case TrapKind::half_fake_pump:
        case TrapKind::half_fake_dump: return fake;
        case TrapKind::stop_hunt_up:
        case TrapKind::stop_hunt_down: return hunt;
        case TrapKind::liquidity_accumulation_up:
        case TrapKind::liquidity_accumulation_down: return accumulation;
        case TrapKind::volatility_grab: return volatility;
        case TrapKind::bull_trap:
        case TrapKind::bear_trap: return reversal;
        case TrapKind::spoofing: return spoof;
        case TrapKind::layering: return layers;
        case TrapKind::hidden_liquidity: return hidden;
        case TrapKind::wash_trading: return wash;
        case TrapKind::cross_venue_divergence: return divergence;
        case TrapKind::flash_pump:
        case TrapKind::flash_dump: return flash;
        case TrapKind::stealth_accumulation:
        case TrapKind::stealth_distribution: return stealth;
        case TrapKind::fractal_trap: return fractal;
        case TrapKind::time_dilation: return dilation;
    }
    return Names{};
}

std::string price_text(double price, const core::Instrument& instrument) {
    const double units = price * std::pow(10., instrument.price_decimals);
    if (std::abs(units) < 9e15 && std::abs(units - std::round(units)) < 1e-4)
        return core::to_text(core::Price{std::llround(units)}, instrument.price_decimals);
    return fmt::format("{}", price);
}

std::string event_json(const SeenTrap& seen, const core::Instrument& instrument) {
    const pipeline::TrapEvent& event = seen.event;
    const auto reported = seen.reported();
    json evidence = json::array();
    for (const double value : event.evidence) evidence.push_back(number(value));
    const json line{{"id", event.id},
                    {"revision", event.revision},
                    {"kind", name(event.kind)},
                    {"instrument", instrument.symbol},
                    {"market", name(instrument.market)},
                    {"venue", name(event.venue)},
                    {"time", event.time.count()},
                    {"price", price_text(event.price, instrument)},
                    {"expect", name(event.expect)},
                    {"confidence", number(event.confidence)},
                    {"severity", name(event.severity)},
                    {"impact", number(event.impact)},
                    {"threshold_bps", number(event.threshold_bps)},
                    {"hf_multiplier", number(event.hf_multiplier)},
                    {"boost", number(event.boost)},
                    {"evidence", std::move(evidence)},
                    {"pressure_up", number(seen.pressure_up)},
                    {"pressure_down", number(seen.pressure_down)},
                    {"meter", number(seen.meter)},
                    {"reported", reported ? json(*reported) : json()},
                    {"potential", event.potential()},
                    {"notable", event.notable}};
    // A symbol comes from outside, a file name even: what is not UTF-8 is replaced.
    return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

nlohmann::ordered_json to_json(const strategies::TrapScore& score, const core::InstrumentTable& instruments) {
    json row{{"kind", name(score.kind)}};
    if (score.instrument != core::no_instrument) row["instrument"] = instruments[score.instrument].name();
    row["n"] = score.share.n;
    row["hits"] = score.share.hits;
    row["unresolved"] = score.unresolved;
    row["precision"] = number(score.share.value());
    row["precision_interval"] = interval(score.precision_interval);
    row["base_rate"] = number(score.base_rate);
    row["lift"] = number(score.lift.value);
    row["lift_interval"] = interval(score.lift.bounds);
    row["brier"] = number(score.brier);
    row["verdict"] = name(score.verdict);
    row["events"] = score.events;
    row["overlapping"] = score.overlapping;
    row["against"] = score.against;
    row["controls"] = number(score.controls);
    row["control_hits"] = number(score.control_hits);
    row["p_value"] = number(score.lift.p_value);
    row["adjusted_p_value"] = number(score.adjusted_p_value);
    return row;
}

}  // namespace omega
