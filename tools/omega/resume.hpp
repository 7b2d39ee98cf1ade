#pragma once

#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <iosfwd>

namespace omega {

/// `omega resume`: ends a halt that a loss brought about (spec/risk.md section 2). The engine that runs on the
/// configuration's live.state takes it up within a second, one that does not run at its next start.
struct ResumeOptions {
    ConfigOptions config;
    bool yes{};  ///< without it nothing is done but told
    bool json{};
};

/// Exit code: 0 done (or nothing is halted), 1 it is halted and was not confirmed, 2 wrong usage or configuration.
int resume_command(const ResumeOptions& options, std::ostream& out, std::ostream& err);

void add_resume(CLI::App& app, int& exit_code);

}  // namespace omega
