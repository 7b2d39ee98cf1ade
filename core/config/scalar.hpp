#pragma once

#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace core {

/// Text of a configuration into values and back, exactly: what `write_…` writes, `read_…` reads as the same value.
/// They take the whole text or nothing: no blanks, sign '+', hex, "nan" or "inf".

std::optional<bool> read_bool(std::string_view text) noexcept;  ///< "true" or "false"; yes, on and 1 are not bools here

template <class Number>
std::optional<Number> read_number(std::string_view text) noexcept {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if constexpr (std::is_floating_point_v<Number>)
        if (!std::isfinite(value)) return std::nullopt;
    return value;
}

std::string write_number(double value);  ///< the shortest text that reads back as the same double
std::string write_number(float value);

/// `text` counts units of `unit_ns` nanoseconds; a decimal is accepted when it is a whole number of nanoseconds.
std::optional<std::int64_t> read_duration(std::string_view text, std::int64_t unit_ns) noexcept;
std::string write_duration(std::int64_t nanoseconds, std::int64_t unit_ns);

/// The unit that a key's ending names: "timeout_ms" is 1'000'000 ns. 0 when it names none.
struct DurationUnit {
    std::int64_t nanoseconds{};
    std::string_view word;  ///< "milliseconds"
};
DurationUnit duration_unit(std::string_view key) noexcept;

/// The unit of any key that ends in one, for messages: those above and "basis points" (_bps). "" if none.
std::string_view unit_word(std::string_view key) noexcept;

/// `text` as a YAML double-quoted scalar (also a JSON string); bytes that are not UTF-8 become U+FFFD.
std::string quoted(std::string_view text);

}  // namespace core
