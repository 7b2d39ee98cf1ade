#include "tools/omega/resume.hpp"

#include "tools/omega/live/risk_keeper.hpp"
#include "tools/omega/settings.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <exception>
#include <filesystem>
#include <iostream>
#include <ostream>
#include <stdexcept>

namespace omega {

int resume_command(const ResumeOptions& options, std::ostream& out, std::ostream& err) try {
    Settings settings;
    auto schema = make_schema(settings);
    load_settings(schema, settings, options.config);
    const std::filesystem::path state{settings.live.state.empty() ? "omega-state" : settings.live.state};
    const auto memory = RiskMemory::load(state / "risk", core::InstrumentTable{});
    if (!memory) throw std::runtime_error{fmt::format("{}: damaged, or of another version", (state / "risk").string())};
    if (!memory->account)
        throw std::runtime_error{
            fmt::format("live.state {}: no engine that trades has kept anything there", state.string())};
    const auto& account = *memory->account;
    const bool asks = account.halted && options.yes;
    if (asks) request_resume(state);
    if (options.json)
        out << nlohmann::ordered_json{{"halted", account.halted},
                                      {"reduce_only", account.daily_reduce || account.drawdown_reduce},
                                      {"peak", account.peak.value()},
                                      {"day_start", account.day_start.value()},
                                      {"resume_requested", asks}}
                   .dump()
            << '\n';
    else if (!account.halted)
        out << "nothing is halted\n";
    else
        fmt::print(out, "halted; peak equity {:.2f}, equity of the day's start {:.2f}\n{}\n", account.peak.value(),
                   account.day_start.value(),
                   asks ? "resume is requested: a running engine takes it up within a second, else the next start does"
                        : "the peak becomes the equity of that moment: say --yes to resume");
    return account.halted && !asks ? 1 : 0;
} catch (const std::exception& error) {
    err << "omega resume: " << error.what() << '\n';
    return 2;
}

void add_resume(CLI::App& app, int& exit_code) {
    auto* verb = app.add_subcommand("resume", "Ends a halt that a loss brought about");
    verb->footer(
        "Examples:\n  omega resume --config omega.yaml\n  omega resume --config omega.yaml --yes\n"
        "Exit codes: 0 done or nothing is halted, 1 halted and not confirmed, 2 wrong usage.");
    static ResumeOptions options;
    add_config_options(*verb, options.config);
    verb->add_flag("--yes", options.yes, "do it");
    verb->add_flag("--json", options.json, "one JSON object");
    verb->callback([&exit_code] { exit_code = resume_command(options, std::cout, std::cerr); });
}

}  // namespace omega
