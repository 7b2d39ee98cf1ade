#pragma once

#include "core/domain/time.hpp"
#include "tools/omega/options.hpp"

#include <CLI/App.hpp>

#include <iosfwd>
#include <string>
#include <string_view>

namespace omega {

/// `omega cosmic`: the sky, every factor and what they would come to, at a moment; or the calendar of a year.
struct CosmicOptions {
    ConfigOptions config;
    std::string at;    ///< empty: now
    int calendar{};    ///< a year; 0: none
    std::string plot;  ///< .svg or .html of the calendar
    bool json{};
};

/// Exit code: 0 done, 2 wrong usage, configuration or unwritable plot.
int cosmic_command(const CosmicOptions& options, std::ostream& out, std::ostream& err);

void add_cosmic(CLI::App& app, int& exit_code);

/// The calendar part of it. Throws std::invalid_argument (year), std::runtime_error (plot).
void print_calendar(std::ostream& out, int year, bool json, const std::string& plot);

/// "2025-03-14T06:55:00Z", with a space for the T, without seconds, time or Z, or with an offset such as +02:00.
/// Throws std::invalid_argument, naming what was expected; years 1970 to 2200.
core::Nanoseconds parse_moment(std::string_view text);

}  // namespace omega
