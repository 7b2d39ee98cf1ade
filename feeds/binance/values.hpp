#pragma once

#include "core/domain/result.hpp"

#include <cstdint>
#include <string_view>

namespace feeds::binance {

/// A JSON string's bytes from behind its opening quote to its closing one, escapes as they are (no number has any).
/// Precondition: the closing quote exists, as a parser that has seen the frame knows.
constexpr std::string_view string_text(const char* begin) noexcept {
    const char* at = begin;
    while (*at != '"') at += *at == '\\' ? 2 : 1;
    return {begin, static_cast<std::size_t>(at - begin)};
}

/// Plain decimal text in units of 10^-decimals, finer digits cut off: for marks and rates, which are statistics of the
/// venue and lie off the instrument's grid. Errors: malformed, negative, out_of_range.
core::Result<std::int64_t> parse_cut(std::string_view text, int decimals) noexcept;

/// A funding rate, which may be negative, in 1e-10, cut towards zero. Errors: malformed, out_of_range.
core::Result<std::int64_t> parse_rate(std::string_view text) noexcept;

/// "1m" → 60; a month counts 30 days. 0 if it is no interval.
std::uint32_t interval_seconds(std::string_view text) noexcept;

}  // namespace feeds::binance
