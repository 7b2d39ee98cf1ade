#include "gateways/streams/fields.hpp"

#include "gateways/orders/client_id.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <limits>

namespace gateways::streams {

namespace {

constexpr std::size_t most_digits = 18;  // of a number that 64 bits surely hold
constexpr std::int64_t last_ms = std::numeric_limits<std::int64_t>::max() / 1'000'000;

/// Decimal text without the digits behind the point that are past the 18th of the number, and without zeros at its end.
/// Error: malformed (what is cut off are no digits).
core::Result<std::string_view> within_64_bits(std::string_view text) noexcept {
    const auto point = text.find('.');
    if (point == text.npos) return text;
    const auto whole = text.substr(0, point);
    const auto zeros = std::min(whole.find_first_not_of('0'), whole.size());
    const auto room = most_digits - std::min(most_digits, whole.size() - zeros);
    const auto kept = std::min(text.size(), point + 1 + room);
    if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(kept), text.end(),
                     [](char c) { return c >= '0' && c <= '9'; }))
        return core::Error::malformed;
    text = text.substr(0, kept);
    while (text.ends_with('0')) text.remove_suffix(1);
    return text;
}

bool scale(std::int64_t& units, int by) noexcept {
    for (; by > 0; --by)
        if (__builtin_mul_overflow(units, std::int64_t{10}, &units)) return false;
    return true;
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
    std::int64_t number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

core::Result<Amount> amount(std::string_view text) noexcept {
    if (text.empty()) return Amount{};
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto shortened = within_64_bits(text);
    if (!shortened) return shortened.error();
    text = *shortened;
    int decimals = 0;
    if (const auto point = text.find('.'); point != text.npos) {
        decimals = static_cast<int>(text.size() - point - 1);
        if (decimals == 0) text.remove_suffix(1);
    }
    const auto units = core::parse_decimal(text, decimals);
    if (!units) return units.error() == core::Error::negative ? core::Error::malformed : units.error();
    return Amount{.units = negative ? -*units : *units, .decimals = static_cast<std::uint8_t>(decimals)};
}

core::Result<core::Price> price(std::string_view text, const core::Instrument& instrument) noexcept {
    if (text.empty()) return core::Price{};
    return core::parse_price(text, instrument.price_decimals);
}

core::Result<core::Quantity> quantity(std::string_view text, const core::Instrument& instrument) noexcept {
    if (text.empty()) return core::Quantity{};
    return core::parse_quantity(text, instrument.quantity_decimals);
}

core::Result<core::Quantity> signed_quantity(std::string_view text, const core::Instrument& instrument) noexcept {
    const bool negative = text.starts_with('-');
    if (negative) text.remove_prefix(1);
    const auto size = quantity(text, instrument);
    if (!size) return size.error() == core::Error::negative ? core::Error::malformed : size.error();
    return negative ? -*size : *size;
}

core::Result<Amount> rest(Amount from, std::initializer_list<Amount> taken) noexcept {
    int decimals = from.decimals;
    for (const auto& one : taken) decimals = one.decimals > decimals ? one.decimals : decimals;
    auto left = from.units;
    if (!scale(left, decimals - from.decimals)) return core::Error::out_of_range;
    for (const auto& one : taken) {
        auto units = one.units;
        if (!scale(units, decimals - one.decimals) || __builtin_sub_overflow(left, units, &left))
            return core::Error::out_of_range;
    }
    if (left < 0) left = 0;
    while (decimals > 0 && left % 10 == 0) {
        left /= 10;
        --decimals;
    }
    return Amount{.units = left, .decimals = static_cast<std::uint8_t>(decimals)};
}

core::Nanoseconds time_of_ms(std::optional<std::int64_t> ms, core::Nanoseconds otherwise) noexcept {
    if (!ms || *ms <= 0 || *ms > last_ms) return otherwise;
    return std::chrono::milliseconds{*ms};
}

core::OrderId order_id(std::string_view client_id) noexcept {
    return parse_client_id(client_id.substr(0, client_id_length)).value_or(core::OrderId{});
}

}  // namespace gateways::streams
