#include "tools/omega/live/folders.hpp"

#include "tools/omega/live/account_binding.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

namespace omega {

namespace fs = std::filesystem;

fs::path state_folder(const LiveSettings& live, RunMode mode) {
    if (!live.state.empty()) return live.state;
    return mode == RunMode::paper || live.simulation.enabled ? fs::path{} : default_state(mode);
}

fs::path record_folder(const LiveSettings& live, RunMode mode) {
    if (!live.record_enabled) return {};
    if (!live.record.empty()) return live.record;
    if (live.simulation.enabled) return {};
    return (live.state.empty() ? default_state(mode) : fs::path{live.state}) / "captures";
}

std::uint64_t record_budget(const fs::path& folder, std::uint64_t wanted) {
    std::error_code failed;
    const auto room = fs::space(folder, failed);
    if (failed) return wanted;
    std::uint64_t kept = 0;
    for (fs::recursive_directory_iterator at{folder, failed}, end; !failed && at != end; at.increment(failed)) {
        std::error_code gone;
        const auto size = at->path().extension() == ".ocap" ? at->file_size(gone) : 0;
        if (!gone) kept += size;
    }
    return std::min(wanted, (static_cast<std::uint64_t>(room.available) + kept) / 2);
}

std::optional<std::string> why_no_folder(const fs::path& folder) {
    auto place = fs::absolute(folder).lexically_normal();
    std::error_code failed;
    while (!fs::exists(place, failed) && place.has_relative_path()) place = place.parent_path();
    if (!fs::is_directory(place, failed)) return fmt::format("expected a folder; {} is none", place.string());
    if (::access(place.c_str(), W_OK | X_OK) != 0)
        return fmt::format("expected a folder that can be written; {} cannot", place.string());
    return std::nullopt;
}

bool holds_old_ledgers() {
    std::error_code failed;
    return fs::exists("omega-state/starts", failed);
}

}  // namespace omega
