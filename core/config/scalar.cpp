#include "core/config/scalar.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdlib>

namespace core {

namespace {

struct Ending {
    std::string_view suffix;
    DurationUnit unit;
};
constexpr std::array<Ending, 6> endings{{{"_ns", {1, "nanoseconds"}},
                                         {"_us", {1'000, "microseconds"}},
                                         {"_ms", {1'000'000, "milliseconds"}},
                                         {"_s", {1'000'000'000, "seconds"}},
                                         {"_min", {60'000'000'000, "minutes"}},
                                         {"_h", {3'600'000'000'000, "hours"}}}};

/// Durations given as decimals go through a double; up to here every nanosecond has its own.
constexpr double exact_limit = 9007199254740992.0;

}  // namespace

std::optional<bool> read_bool(std::string_view text) noexcept {
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
}

std::string write_number(double value) {
    return fmt::format("{}", value);
}
std::string write_number(float value) {
    return fmt::format("{}", value);
}

std::optional<std::int64_t> read_duration(std::string_view text, std::int64_t unit_ns) noexcept {
    if (const auto whole = read_number<std::int64_t>(text)) {
        std::int64_t nanoseconds{};
        if (__builtin_mul_overflow(*whole, unit_ns, &nanoseconds)) return std::nullopt;
        return nanoseconds;
    }
    const auto decimal = read_number<double>(text);
    if (!decimal) return std::nullopt;
    const double nanoseconds = *decimal * static_cast<double>(unit_ns);
    if (std::fabs(nanoseconds) > exact_limit) return std::nullopt;
    // A decimal such as 0.1 is not a binary fraction: allow what the two roundings of the product can add, not more.
    const double nearest = std::nearbyint(nanoseconds);
    if (std::fabs(nanoseconds - nearest) > std::fabs(nanoseconds) * 4e-16) return std::nullopt;
    return static_cast<std::int64_t>(nearest);
}

std::string write_duration(std::int64_t nanoseconds, std::int64_t unit_ns) {
    if (nanoseconds % unit_ns == 0) return fmt::format("{}", nanoseconds / unit_ns);
    return write_number(static_cast<double>(nanoseconds) / static_cast<double>(unit_ns));
}

DurationUnit duration_unit(std::string_view key) noexcept {
    for (const auto& [suffix, unit] : endings)
        if (key.ends_with(suffix)) return unit;
    return {};
}

std::string_view unit_word(std::string_view key) noexcept {
    if (key.ends_with("_bps")) return "basis points";
    return duration_unit(key).word;
}

std::string quoted(std::string_view text) {
    using nlohmann::json;
    return json(text).dump(-1, ' ', true, json::error_handler_t::replace);
}

}  // namespace core
