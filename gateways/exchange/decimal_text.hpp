#pragma once

#include "core/domain/wide.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateways::exchange {

/// An exact decimal of up to 38 digits: digits · 10^-scale. For amounts and prices as text on the cold side, where the
/// instrument's own units are not known or not enough. Sums, products and quotients keep every digit or say so.
class Decimal {
public:
    constexpr Decimal() noexcept = default;
    /// Reads "12", "-0.50", "1e-7", "1.2E+3"; nothing for any other text or more than 38 digits.
    static std::optional<Decimal> parse(std::string_view text) noexcept;

    /// Plain text without trailing zeros: "0.0000001", "-1.5", "0".
    [[nodiscard]] std::string text() const;
    [[nodiscard]] constexpr int sign() const noexcept { return digits_ < 0 ? -1 : digits_ > 0 ? 1 : 0; }
    [[nodiscard]] constexpr bool is_zero() const noexcept { return digits_ == 0; }
    [[nodiscard]] Decimal absolute() const noexcept;

    /// The multiple of `step` next to it towards zero; itself if the step is not above zero. Nothing past 38 digits.
    [[nodiscard]] std::optional<Decimal> truncated_to(const Decimal& step) const noexcept;
    /// The nearest multiple of `step`, half away from zero. Nothing past 38 digits.
    [[nodiscard]] std::optional<Decimal> rounded_to(const Decimal& step) const noexcept;

    /// Exact, or nothing past 38 digits.
    friend std::optional<Decimal> add(const Decimal& a, const Decimal& b) noexcept;
    friend std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) noexcept;
    friend std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) noexcept;
    /// To 18 significant decimals behind the point, cut towards zero; nothing when `b` is zero or past 38 digits.
    friend std::optional<Decimal> divide(const Decimal& a, const Decimal& b) noexcept;
    /// Whether they are the same number, however written; false when they cannot be compared within 38 digits.
    friend bool same(const Decimal& a, const Decimal& b) noexcept;

private:
    using Wide = core::Int128;
    constexpr Decimal(Wide digits, int scale) noexcept : digits_{digits}, scale_{scale} {}
    [[nodiscard]] Decimal reduced() const noexcept;
    static bool align(Decimal& a, Decimal& b) noexcept;

    Wide digits_{};
    int scale_{};
};

std::optional<Decimal> add(const Decimal& a, const Decimal& b) noexcept;
std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) noexcept;
std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) noexcept;
std::optional<Decimal> divide(const Decimal& a, const Decimal& b) noexcept;
bool same(const Decimal& a, const Decimal& b) noexcept;

/// The same on texts, with "" for unknown: any unknown or unreadable operand makes the result unknown.
std::string sum(std::string_view a, std::string_view b);
std::string difference(std::string_view a, std::string_view b);
std::string product(std::string_view a, std::string_view b);
std::string quotient(std::string_view a, std::string_view b);
std::string absolute(std::string_view text);
std::string negated(std::string_view text);
/// A multiple of `step` towards zero (amounts) or the nearest (prices); the plain number itself when the step is
/// unknown; "" when the text is no number.
std::string to_amount(std::string_view text, std::string_view step);
std::string to_price(std::string_view text, std::string_view step);
/// 10^-decimals as text: 2 → "0.01".
std::string step_of_decimals(std::int64_t decimals);
/// Whether the text is a number and not zero.
bool is_nonzero(std::string_view text) noexcept;

}  // namespace gateways::exchange
