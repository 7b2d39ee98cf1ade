#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace omega {

/// Small files of the kernel, read without complaint.
class Probe {
public:
    explicit Probe(std::filesystem::path root) : root_{std::move(root)} {}

    /// The file's text without its last line end, at most 1 MiB; nullopt if it cannot be read.
    [[nodiscard]] std::optional<std::string> read(const std::string& path) const;
    [[nodiscard]] bool exists(const std::string& path) const;
    /// "key: value" or "key = value" lines, keys and values trimmed; of a key twice the first.
    [[nodiscard]] std::map<std::string, std::string> table(const std::string& path) const;

private:
    std::filesystem::path root_;
};

/// "0-3,8" as 0, 1, 2, 3, 8; nullopt if it is not such a list. At most 4096 entries.
std::optional<std::vector<int>> parse_cpu_list(std::string_view text);

std::optional<std::int64_t> parse_integer(std::string_view text) noexcept;

/// "1.5 GiB".
std::string bytes_text(std::uint64_t bytes);

}  // namespace omega
