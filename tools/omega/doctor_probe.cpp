#include "tools/omega/doctor_probe.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>

namespace omega {

namespace {

constexpr std::size_t largest = 1 << 20;

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\n");
    if (first == text.npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(" \t\n") - first + 1)};
}

}  // namespace

std::optional<std::string> Probe::read(const std::string& path) const {
    std::ifstream file{root_ / path, std::ios::binary};
    if (!file) return std::nullopt;
    std::string text(largest, '\0');
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (file.bad() || (file.gcount() == 0 && !file.eof())) return std::nullopt;
    text.resize(static_cast<std::size_t>(file.gcount()));
    return trimmed(text);
}

bool Probe::exists(const std::string& path) const {
    std::error_code ignored;
    return std::filesystem::exists(root_ / path, ignored);
}

std::map<std::string, std::string> Probe::table(const std::string& path) const {
    std::map<std::string, std::string> entries;
    std::istringstream lines{read(path).value_or("")};
    for (std::string line; std::getline(lines, line);)
        if (const auto mark = line.find_first_of(":="); mark != line.npos)
            entries.emplace(trimmed(std::string_view{line}.substr(0, mark)),
                            trimmed(std::string_view{line}.substr(mark + 1)));
    return entries;
}

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
    std::int64_t value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<std::vector<int>> parse_cpu_list(std::string_view text) {
    std::vector<int> cpus;
    while (!text.empty()) {
        const auto comma = std::min(text.find(','), text.size());
        const auto part = text.substr(0, comma);
        const auto dash = std::min(part.find('-'), part.size());
        const auto first = parse_integer(part.substr(0, dash));
        const auto last = dash < part.size() ? parse_integer(part.substr(dash + 1)) : first;
        if (!first || !last || *first < 0 || *last < *first ||
            *last - *first + static_cast<std::int64_t>(cpus.size()) >= 4096)
            return std::nullopt;
        for (auto cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return cpus;
}

std::string bytes_text(std::uint64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "KiB", "MiB", "GiB", "TiB"};
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", value, units[unit]);
}

}  // namespace omega
