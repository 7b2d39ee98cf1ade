#include "tools/omega/config_verb.hpp"
#include "tools/omega/cosmic.hpp"
#include "tools/omega/decode.hpp"
#include "tools/omega/doctor.hpp"
#include "tools/omega/exchange.hpp"
#include "tools/omega/harmony.hpp"
#include "tools/omega/indicators.hpp"
#include "tools/omega/key_permissions.hpp"
#include "tools/omega/keys.hpp"
#include "tools/omega/latency.hpp"
#include "tools/omega/replay.hpp"
#include "tools/omega/resume.hpp"
#include "tools/omega/run.hpp"
#include "tools/omega/train.hpp"
#include "tools/omega/traps.hpp"
#include "tools/omega/trends.hpp"
#include "tools/omega/venue.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <exception>
#include <iostream>

namespace {

void add_doctor(CLI::App& app, int& exit_code) {
    auto* verb = app.add_subcommand("doctor", "What this machine is good for, and what to do about it");
    verb->footer(
        "Examples:\n  omega doctor\n  omega doctor --json --journal /var/lib/omega\nExit codes: 0 fine or only "
        "warnings, 1 something is bad.");
    static omega::DoctorOptions options;
    static bool json = false;
    verb->add_option("--journal", options.journal, "directory of the journal, for its disk");
    verb->add_flag("--json", json, "one JSON object");
    verb->callback([&exit_code] {
        auto report = omega::run_doctor(options);
        omega::check_keys(omega::default_keystore(), omega::venue_permission_check(), report);
        if (json)
            std::cout << omega::to_json(report).dump() << '\n';
        else
            omega::print(std::cout, report);
        exit_code = report.exit_code();
    });
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app{"Omega: a low-latency trading engine for crypto venues"};
    app.set_version_flag("--version", "omega " OMEGA_VERSION);
    app.require_subcommand(1);
    app.footer(
        "Begin with:\n"
        "  omega run --for 30s                 a synthetic market, traded on paper\n"
        "  omega replay FILE.gz                recorded frames through the same pipeline\n"
        "  omega VERB --help                   examples of every verb\n"
        "Exit codes: 0 done, 1 found a problem, 2 wrong usage or unreadable input, 3 could not reach the service.");
    int exit_code = 0;
    omega::add_run(app, exit_code);
    omega::add_replay(app, exit_code);
    omega::add_resume(app, exit_code);
    omega::add_decode(app, exit_code);
    omega::add_traps(app, exit_code);
    omega::add_trends(app, exit_code);
    omega::add_train(app, exit_code);
    omega::add_indicators(app, exit_code);
    omega::add_latency(app, exit_code);
    omega::add_exchange(app, exit_code);
    omega::add_config(app, exit_code);
    omega::add_cosmic(app, exit_code);
    omega::add_harmony(app, exit_code);
    omega::add_keys(app, exit_code, omega::venue_permission_check());
    omega::add_venue(app, exit_code);
    add_doctor(app, exit_code);
    try {
        app.parse(argc, argv);
        return exit_code;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        std::cerr << "omega: " << error.what() << '\n';
        return 2;
    }
}
