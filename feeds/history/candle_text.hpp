#pragma once

#include "core/domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace feeds::history {

/// A decimal number exactly as written: digits·10^-decimals, without trailing zeros; 0 <= decimals.
struct Exact {
    std::int64_t digits{};
    int decimals{};

    friend constexpr bool operator==(const Exact&, const Exact&) = default;
};

enum class NumberFault : std::uint8_t { malformed, out_of_range };

/// Reads all of `text`: [-]digits[.digits][e[+-]digits]. Nothing if it is not that; `fault` says why. Digits that
/// 64 bits do not hold, or more than 18 decimals, are out_of_range.
std::optional<Exact> read_exact(std::string_view text, NumberFault& fault) noexcept;

/// `number` as whole units of 10^-decimals (not below its own decimals); nothing if 64 bits do not hold it.
std::optional<std::int64_t> scaled(Exact number, int decimals) noexcept;

/// A point in time, all of `text`: seconds, ms, us or ns since the epoch, told by their size (below 1e11, 1e14, 1e17),
/// or ISO 8601: date, 'T' or blank, hours:minutes[:seconds[.fraction]], 'Z', an offset (+hh:mm, +hhmm, +hh), or none:
/// UTC. A date alone is its midnight. Times outside 1970..2261 are nothing.
std::optional<core::Nanoseconds> read_stamp(std::string_view text) noexcept;

}  // namespace feeds::history
