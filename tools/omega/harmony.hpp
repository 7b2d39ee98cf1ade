#pragma once

#include <CLI/App.hpp>

#include <filesystem>
#include <iosfwd>

namespace omega {

/// `omega harmony`: positions in, harmony, levels, changes and recommendations out. Reads a file, trades nothing.
struct HarmonyOptions {
    std::filesystem::path positions;
    bool json{};
};

/// Exit code: 0 done, 2 wrong usage or unreadable input.
int harmony_command(const HarmonyOptions& options, std::ostream& out, std::ostream& err);

void add_harmony(CLI::App& app, int& exit_code);

}  // namespace omega
