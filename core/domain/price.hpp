#pragma once

#include "core/domain/result.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace core {

/// A price of one instrument: a whole number of its price units, 10^-price_decimals of the quote currency.
/// Exact. Text with more digits or more range than the instrument allows is an error, never a rounding.
struct Price {
    std::int64_t units{};

    friend constexpr auto operator<=>(Price, Price) = default;
    friend constexpr Price operator+(Price a, Price b) noexcept { return {a.units + b.units}; }
    friend constexpr Price operator-(Price a, Price b) noexcept { return {a.units - b.units}; }
};

/// An amount of one instrument: a whole number of its quantity units, 10^-quantity_decimals of the base
/// currency (or of one contract, where the venue counts contracts).
struct Quantity {
    std::int64_t units{};

    friend constexpr auto operator<=>(Quantity, Quantity) = default;
    friend constexpr Quantity operator+(Quantity a, Quantity b) noexcept { return {a.units + b.units}; }
    friend constexpr Quantity operator-(Quantity a, Quantity b) noexcept { return {a.units - b.units}; }
    friend constexpr Quantity operator-(Quantity a) noexcept { return {-a.units}; }
};

/// Money: a whole number of 10^-8 of the quote currency, so that amounts of different instruments add up.
struct Notional {
    static constexpr int decimals = 8;
    std::int64_t units{};

    friend constexpr auto operator<=>(Notional, Notional) = default;
    friend constexpr Notional operator+(Notional a, Notional b) noexcept { return {a.units + b.units}; }
    friend constexpr Notional operator-(Notional a, Notional b) noexcept { return {a.units - b.units}; }
    friend constexpr Notional operator-(Notional a) noexcept { return {-a.units}; }
    /// For statistics only.
    [[nodiscard]] constexpr double value() const noexcept { return static_cast<double>(units) * 1e-8; }
};

/// Reads plain decimal text such as "27579.99" as a whole number of 10^-decimals (0 <= decimals <= 18).
/// Grammar: digits, optionally '.' and digits; a leading '-' is `negative`; no sign, exponent, blank or "nan".
/// Digits beyond `decimals` are accepted only when they are zeros ("1.500" with 1 decimal is 15).
/// Errors: malformed, negative, too_precise, out_of_range.
Result<std::int64_t> parse_decimal(std::string_view text, int decimals) noexcept;

/// Reads plain decimal text for an instrument with `decimals` decimals. Errors as parse_decimal.
inline Result<Price> parse_price(std::string_view text, int decimals) noexcept {
    const auto units = parse_decimal(text, decimals);
    if (!units) return units.error();
    return Price{*units};
}

/// The twin of parse_price.
inline Result<Quantity> parse_quantity(std::string_view text, int decimals) noexcept {
    const auto units = parse_decimal(text, decimals);
    if (!units) return units.error();
    return Quantity{*units};
}

/// The most characters write_decimal can write: sign, 19 digits, point, leading zero.
inline constexpr std::size_t max_decimal_text = 24;

/// Writes `units`·10^-decimals as plain decimal text with exactly `decimals` digits after the point (no point
/// when 0) and returns one past the last character. `to` has room for max_decimal_text. Never allocates.
char* write_decimal(char* to, std::int64_t units, int decimals) noexcept;

/// The same as a string without trailing zeros ("0.5", "12", "-0.001"), for the cold side.
std::string to_text(std::int64_t units, int decimals);
inline std::string to_text(Price price, int decimals) {
    return to_text(price.units, decimals);
}
inline std::string to_text(Quantity quantity, int decimals) {
    return to_text(quantity.units, decimals);
}
inline std::string to_text(Notional money) {
    return to_text(money.units, Notional::decimals);
}

}  // namespace core
