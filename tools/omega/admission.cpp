#include "tools/omega/admission.hpp"

#include "core/net/tls.hpp"
#include "feeds/synthetic/market.hpp"
#include "pipeline/flow/topology.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/session_file.hpp"
#include "tools/omega/live/folders.hpp"
#include "tools/omega/live/venue_objections.hpp"
#include "tools/omega/objections.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

namespace omega {

namespace {

void object_to_mode(Objections& all, const Settings& settings) {
    if (settings.mode == RunMode::paper) return;
    if (!settings.live.any())
        all.add("mode",
                "the synthetic market is traded on paper only; expected mode: paper, or venues in the "
                "configuration");
    if (settings.mode == RunMode::prod && !settings.risk.live_enabled)
        all.add("live.enabled", "expected live.enabled: true beside mode: prod, which trades real money");
}

/// Bars of a width that nobody makes never close: such a bot would stand there for ever.
void object_to_widths(Objections& all, const Settings& settings) {
    if (!settings.fibo.enabled) return;
    const auto& made = effective(settings).bars.timeframes;
    std::string widths;
    for (std::size_t i = 0; i < made.count; ++i) widths += fmt::format("{}{}", i == 0 ? "" : ", ", made.seconds[i]);
    for (const auto& [key, seconds] : {std::pair{"bots.strategic_fibo.leg_s", settings.fibo.leg_s},
                                       {"bots.strategic_fibo.trigger_s", settings.fibo.trigger_s}})
        if (made.index_of(static_cast<std::uint32_t>(seconds)) < 0)
            all.add(key, "expected one of " + widths + ": no other bars are made");
}

/// What only the stages, their threads and the market know to be impossible: the real ones are built, for no
/// instrument and without a journal.
void object_to_parts(Objections& all, const Settings& settings) {
    auto copy = settings;
    copy.journal.clear();
    all.ask([&] {
        const core::InstrumentTable none;
        const auto engine = std::make_unique<Engine>(copy, none, nullptr, nullptr);
    });
    if (settings.topology.kind == pipeline::TopologyKind::staged)
        all.ask([&] { (void)pipeline::plan_threads(settings.topology, Wiring::stage_names()); });
    if (!settings.live.any()) all.ask([&] { const feeds::synthetic::Market market{synthetic_market(settings)}; });
}

void object_to_places(Objections& all, const Settings& settings) {
    if (!settings.journal.empty()) {
        if (holds_session(settings.journal))
            all.add("journal.directory", "holds a session already; expected a directory without an older journal");
        else if (const auto why = why_no_folder(settings.journal))
            all.add("journal.directory", *why);
    }
    const auto& live = settings.live;
    if (!live.any()) return;
    if (!live.ca_file.empty())
        all.ask("net.ca_file", [&] {
            const core::TlsContext context{{.ca_file = live.ca_file, .ca_pem = {}, .system_authorities = false}};
        });
    if (settings.mode != RunMode::paper && !live.simulation.enabled && live.state.empty() && holds_old_ledgers())
        all.add("live.state",
                "./omega-state holds ledgers, which are not looked for there any more; expected "
                "live.state: its path, or its ledgers in the default folder");
    all.ask("live.state", [&] {
        if (const auto state = state_folder(live, settings.mode); !state.empty())
            if (const auto why = why_no_folder(state)) all.add("live.state", *why);
    });
    all.ask("record.folder", [&] {
        if (const auto folder = record_folder(live, settings.mode); !folder.empty())
            if (const auto why = why_no_folder(folder)) all.add("record.folder", *why);
    });
}

}  // namespace

std::vector<core::Problem> objections(const core::Schema& schema, const Settings& settings) {
    Objections all{schema};
    object_to_mode(all, settings);
    object_to_venues(all, settings);
    object_to_widths(all, settings);
    object_to_parts(all, settings);
    object_to_places(all, settings);
    return std::move(all).problems();
}

void load_admitted(core::Schema& schema, Settings& settings, const ConfigOptions& options) {
    load_settings(schema, settings, options);
    if (auto problems = objections(schema, settings); !problems.empty()) throw core::ConfigError{std::move(problems)};
}

}  // namespace omega
