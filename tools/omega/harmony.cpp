#include "tools/omega/harmony.hpp"

#include "strategies/analysis/position_levels.hpp"
#include "tools/omega/harmony_input.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <iostream>

namespace omega {

namespace {

using nlohmann::json;
using strategies::PositionLevels;
using strategies::PositionView;

json number(double x) {
    return core::known(x) ? json(x) : json(nullptr);
}

std::string_view side_name(core::Side side) {
    return side == core::Side::buy ? "long" : "short";
}

std::optional<PositionLevels> levels_of(const HarmonyInput& input, const PositionView& position) {
    const auto leg = input.legs.find(position.instrument);
    if (leg == input.legs.end()) return std::nullopt;
    return strategies::levels_for(leg->second, position.side, position.mark);
}

json to_json(const strategies::PositionLevel& level) {
    return {{"level", strategies::label(level.ratio)}, {"price", level.price}};
}
json to_json(const std::optional<strategies::PositionLevel>& level) {
    return level ? to_json(*level) : json(nullptr);
}
json to_json(const std::vector<strategies::PositionLevel>& levels) {
    json list = json::array();
    for (const auto& level : levels) list.push_back(to_json(level));
    return list;
}
json to_json(const std::optional<PositionLevels>& levels) {
    if (!levels) return nullptr;
    return {{"favourable", to_json(levels->favourable)},
            {"adverse", to_json(levels->adverse)},
            {"target", to_json(levels->target)},
            {"stop", to_json(levels->stop)}};
}

double harmony_of(const PositionView& p, double equity) {
    return strategies::position_harmony(p.notional(), equity, p.leverage, p.pnl);
}

json to_json(const HarmonyInput& input) {
    const auto exposure = strategies::expose(input.positions);
    const auto gains = strategies::gain_share(exposure.gains, exposure.losses);
    const double harmony = strategies::portfolio_harmony(exposure, input.equity);
    json positions = json::array(), advice = json::array(), changes = nullptr;
    for (const auto& p : input.positions)
        positions.push_back({{"instrument", p.instrument},
                             {"side", side_name(p.side)},
                             {"notional", p.notional()},
                             {"leverage", p.leverage},
                             {"pnl", p.pnl},
                             {"return_on_margin", p.return_on_margin()},
                             {"harmony", number(harmony_of(p, input.equity))},
                             {"levels", to_json(levels_of(input, p))}});
    for (const auto& r : strategies::recommend(input.positions, input.equity))
        advice.push_back({{"advice", name(r.advice)},
                          {"instrument", r.instrument.empty() ? json(nullptr) : json(r.instrument)},
                          {"value", number(r.value)},
                          {"text", text(r.advice)}});
    if (input.previous) {
        changes = json::array();
        for (const auto& c : strategies::changes(*input.previous, input.positions))
            changes.push_back({{"change", name(c.kind)},
                               {"instrument", c.instrument},
                               {"side", side_name(c.side)},
                               {"contracts_before", c.contracts_before},
                               {"contracts", c.contracts},
                               {"pnl_before", c.pnl_before},
                               {"pnl", c.pnl}});
    }
    return {
        {"equity", input.equity},
        {"portfolio",
         {{"harmony", number(harmony)},
          {"alert", harmony < strategies::harmony_alert},
          {"resonance", strategies::phi_resonance(exposure.long_contracts, exposure.short_contracts)},
          {"long_notional", exposure.long_notional},
          {"short_notional", exposure.short_notional},
          {"long_short", number(exposure.long_short())},
          {"exposure", exposure.share_of(input.equity)},
          {"pnl", exposure.pnl},
          {"gain_share", {{"ratio", number(gains.ratio)}, {"balance", gains.balance}, {"state", name(gains.state)}}}}},
        {"positions", positions},
        {"changes", changes},
        {"recommendations", advice}};
}

std::string shown(const std::optional<strategies::PositionLevel>& level) {
    return level ? fmt::format("{:.8g} ({})", level->price, strategies::label(level->ratio)) : "unknown";
}

void print(std::ostream& out, const HarmonyInput& input) {
    const auto exposure = strategies::expose(input.positions);
    const auto gains = strategies::gain_share(exposure.gains, exposure.losses);
    const double harmony = strategies::portfolio_harmony(exposure, input.equity);
    fmt::print(out, "\n  portfolio   harmony {:.4f}{}   resonance {:.4f}   gains {}\n", harmony,
               harmony < strategies::harmony_alert ? " ALERT" : "",
               strategies::phi_resonance(exposure.long_contracts, exposure.short_contracts), name(gains.state));
    fmt::print(out, "              equity {:.2f}   exposure {:.3f}   long {:.2f}   short {:.2f}   pnl {:+.2f}\n",
               input.equity, exposure.share_of(input.equity), exposure.long_notional, exposure.short_notional,
               exposure.pnl);
    if (!input.positions.empty())
        fmt::print(out, "\n  {:<20} {:<5} {:>12} {:>8} {:>10} {:>8} {:>8}  {:<22} {}\n", "instrument", "side",
                   "notional", "leverage", "pnl", "return", "harmony", "target", "stop");
    for (const auto& p : input.positions) {
        const auto levels = levels_of(input, p);
        fmt::print(out, "  {:<20} {:<5} {:>12.2f} {:>8.4g} {:>+10.2f} {:>+7.1f}% {:>8.4f}  {:<22} {}\n", p.instrument,
                   side_name(p.side), p.notional(), p.leverage, p.pnl, 100 * p.return_on_margin(),
                   harmony_of(p, input.equity), levels ? shown(levels->target) : "unknown",
                   levels ? shown(levels->stop) : "unknown");
    }
    if (input.previous) {
        fmt::print(out, "\n  since the snapshot before\n");
        const auto changes = strategies::changes(*input.previous, input.positions);
        if (changes.empty()) fmt::print(out, "    nothing changed\n");
        for (const auto& c : changes)
            fmt::print(out, "    {:<8} {} {}   contracts {:.8g} -> {:.8g}   pnl {:+.2f} -> {:+.2f}\n", name(c.kind),
                       c.instrument, side_name(c.side), c.contracts_before, c.contracts, c.pnl_before, c.pnl);
    }
    fmt::print(out, "\n  recommendations\n");
    const auto list = strategies::recommend(input.positions, input.equity);
    if (list.empty()) fmt::print(out, "    none\n");
    for (std::size_t i = 0; i < list.size(); ++i)
        fmt::print(out, "    {}. {}{}{}\n", i + 1, list[i].instrument, list[i].instrument.empty() ? "" : ": ",
                   text(list[i].advice));
    fmt::print(out, "\n");
}

}  // namespace

int harmony_command(const HarmonyOptions& options, std::ostream& out, std::ostream& err) {
    try {
        const auto input = read_harmony_input(options.positions);
        if (options.json)
            out << to_json(input).dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
        else
            print(out, input);
        return 0;
    } catch (const HarmonyInputError& error) {
        fmt::print(err, "omega harmony: {} [{}]\n", error.what(), name(error.kind()));
        return 2;
    }
}

void add_harmony(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<HarmonyOptions>();
    auto* verb = app.add_subcommand("harmony", "Positions: harmony, levels, changes, recommendations; trades nothing");
    verb->footer(
        "Example file:\n"
        "  {\"equity\": 10000,\n"
        "   \"positions\": [{\"instrument\": \"BTCUSDT\", \"side\": \"long\", \"contracts\": 0.1, \"entry\": 60000,\n"
        "                  \"mark\": 60500, \"leverage\": 5, \"pnl\": 50}],\n"
        "   \"previous\": [], \"legs\": {\"BTCUSDT\": {\"from\": 60000, \"to\": 61000}}}\n"
        "Optional: leverage, pnl, contract_size of a position; previous (the snapshot before); legs, from the older "
        "to\n"
        "the newer pivot, for level advice. Numbers may be decimal strings.\n"
        "Examples:\n  omega harmony --positions positions.json\n  omega harmony --positions positions.json --json\n"
        "Exit codes: 0 done, 2 unreadable input or wrong usage.");
    verb->add_option("--positions", options->positions, "JSON file of positions (shape below)")->required();
    verb->add_flag("--json", options->json, "one JSON object");
    verb->callback([options, &exit_code] { exit_code = harmony_command(*options, std::cout, std::cerr); });
}

}  // namespace omega
