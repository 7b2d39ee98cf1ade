#include "gateways/exchange/decimal_text.hpp"

#include <algorithm>
#include <charconv>

namespace gateways::exchange {

namespace {

using Wide = core::Int128;
constexpr int most_digits = 38;
constexpr Wide power(int exponent) noexcept {
    Wide result = 1;
    for (int i = 0; i < exponent; ++i) result *= 10;
    return result;
}
constexpr Wide limit = power(most_digits);

std::optional<Wide> times(Wide a, Wide b) noexcept {
    Wide result{};
    if (__builtin_mul_overflow(a, b, &result) || result >= limit || result <= -limit) return std::nullopt;
    return result;
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) noexcept {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    int exponent = 0;
    if (const auto e = text.find_first_of("eE"); e != text.npos) {
        auto digits = text.substr(e + 1);
        if (digits.starts_with('+')) digits.remove_prefix(1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
        if (error != std::errc{} || end != digits.data() + digits.size() || exponent > 99 || exponent < -99)
            return std::nullopt;
        text = text.substr(0, e);
    }
    Wide digits = 0;
    int scale = 0, read = 0;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return std::nullopt;
        ++read;
        if (digits >= limit / 10) {
            if (c != '0' || !point) return std::nullopt;  // zeros behind the point can be left out
            continue;
        }
        digits = digits * 10 + (c - '0');
        scale += point ? 1 : 0;
    }
    if (read == 0) return std::nullopt;
    scale -= exponent;
    while (scale < 0 && digits != 0) {
        const auto more = times(digits, 10);
        if (!more) return std::nullopt;
        digits = *more;
        ++scale;
    }
    return Decimal{negative ? -digits : digits, digits == 0 ? 0 : scale}.reduced();
}

Decimal Decimal::reduced() const noexcept {
    auto result = *this;
    while (result.scale_ > 0 && result.digits_ % 10 == 0 && result.digits_ != 0) {
        result.digits_ /= 10;
        --result.scale_;
    }
    if (result.digits_ == 0) result.scale_ = 0;
    return result;
}

std::string Decimal::text() const {
    const auto plain = reduced();
    auto rest = plain.digits_ < 0 ? -plain.digits_ : plain.digits_;
    std::string backwards;
    for (int i = 0; rest != 0 || i <= plain.scale_; ++i) {
        if (i == plain.scale_ && i > 0) backwards += '.';
        backwards += static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    }
    if (plain.digits_ < 0) backwards += '-';
    std::reverse(backwards.begin(), backwards.end());
    return backwards;
}

Decimal Decimal::absolute() const noexcept {
    return {digits_ < 0 ? -digits_ : digits_, scale_};
}

bool Decimal::align(Decimal& a, Decimal& b) noexcept {
    for (auto* coarse : {&a, &b}) {
        const int more = std::max(a.scale_, b.scale_) - coarse->scale_;
        if (more > most_digits) return coarse->digits_ == 0;
        const auto digits = times(coarse->digits_, power(more));
        if (!digits) return false;
        *coarse = {*digits, coarse->scale_ + more};
    }
    return true;
}

std::optional<Decimal> Decimal::truncated_to(const Decimal& step) const noexcept {
    if (step.sign() <= 0) return *this;
    auto a = *this, b = step;
    if (!align(a, b)) return std::nullopt;
    return Decimal{a.digits_ - a.digits_ % b.digits_, a.scale_}.reduced();
}

std::optional<Decimal> Decimal::rounded_to(const Decimal& step) const noexcept {
    if (step.sign() <= 0) return *this;
    auto a = *this, b = step;
    if (!align(a, b)) return std::nullopt;
    const auto rest = a.digits_ % b.digits_;
    auto down = a.digits_ - rest;
    const auto size = rest < 0 ? -rest : rest;
    if (size >= b.digits_ - size) down += rest < 0 ? -b.digits_ : b.digits_;
    return Decimal{down, a.scale_}.reduced();
}

std::optional<Decimal> add(const Decimal& x, const Decimal& y) noexcept {
    auto a = x, b = y;
    if (!Decimal::align(a, b)) return std::nullopt;
    const auto digits = a.digits_ + b.digits_;  // two below 10^38 fit
    if (digits >= limit || digits <= -limit) return std::nullopt;
    return Decimal{digits, a.scale_}.reduced();
}

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) noexcept {
    return add(a, Decimal{-b.digits_, b.scale_});
}

std::optional<Decimal> multiply(const Decimal& x, const Decimal& y) noexcept {
    const auto a = x.reduced(), b = y.reduced();
    const auto digits = times(a.digits_, b.digits_);
    if (!digits) return std::nullopt;
    return Decimal{*digits, a.scale_ + b.scale_}.reduced();
}

std::optional<Decimal> divide(const Decimal& x, const Decimal& y) noexcept {
    const auto a = x.reduced(), b = y.reduced();
    if (b.digits_ == 0) return std::nullopt;
    // digits/digits, then as many tens as are missing for 18 decimals, as far as they fit
    constexpr int decimals = 18;
    Wide rest = a.digits_ % b.digits_;
    Wide digits = a.digits_ / b.digits_;
    int scale = a.scale_ - b.scale_;
    while (scale < decimals && (rest != 0 || scale < 0)) {
        const auto more = times(digits, 10);
        const auto more_rest = times(rest, 10);
        if (!more || !more_rest) {
            if (scale < 0) return std::nullopt;
            break;
        }
        digits = *more + *more_rest / b.digits_;
        rest = *more_rest % b.digits_;
        ++scale;
    }
    return Decimal{digits, scale}.reduced();
}

bool same(const Decimal& x, const Decimal& y) noexcept {
    const auto a = x.reduced(), b = y.reduced();
    return a.digits_ == b.digits_ && a.scale_ == b.scale_;
}

namespace {

template <class F>
std::string both(std::string_view a, std::string_view b, F&& f) {
    const auto x = Decimal::parse(a), y = Decimal::parse(b);
    if (!x || !y) return {};
    const std::optional<Decimal> result = f(*x, *y);
    return result ? result->text() : std::string{};
}

}  // namespace

std::string sum(std::string_view a, std::string_view b) {
    return both(a, b, [](const auto& x, const auto& y) { return add(x, y); });
}
std::string difference(std::string_view a, std::string_view b) {
    return both(a, b, [](const auto& x, const auto& y) { return subtract(x, y); });
}
std::string product(std::string_view a, std::string_view b) {
    return both(a, b, [](const auto& x, const auto& y) { return multiply(x, y); });
}
std::string quotient(std::string_view a, std::string_view b) {
    return both(a, b, [](const auto& x, const auto& y) { return divide(x, y); });
}
std::string absolute(std::string_view text) {
    const auto number = Decimal::parse(text);
    return number ? number->absolute().text() : std::string{};
}
std::string negated(std::string_view text) {
    return difference("0", text);
}

std::string to_amount(std::string_view text, std::string_view step) {
    if (step.empty()) step = "0";
    return both(text, step, [](const auto& x, const auto& y) { return x.truncated_to(y); });
}
std::string to_price(std::string_view text, std::string_view step) {
    if (step.empty()) step = "0";
    return both(text, step, [](const auto& x, const auto& y) { return x.rounded_to(y); });
}

std::string step_of_decimals(std::int64_t decimals) {
    if (decimals < 0 || decimals > most_digits) return {};
    if (decimals == 0) return "1";
    return "0." + std::string(static_cast<std::size_t>(decimals - 1), '0') + "1";
}

bool is_nonzero(std::string_view text) noexcept {
    const auto number = Decimal::parse(text);
    return number && !number->is_zero();
}

}  // namespace gateways::exchange
