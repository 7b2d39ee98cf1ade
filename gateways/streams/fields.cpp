#include "gateways/streams/fields.hpp"

#include "gateways/orders/client_id.hpp"

#include <charconv>
#include <limits>

namespace gateways::streams {

namespace {

constexpr int most_decimals = 18;
constexpr std::int64_t last_ms = std::numeric_limits<std::int64_t>::max() / 1'000'000;

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
    int decimals = 0;
    if (const auto point = text.find('.'); point != text.npos) {
        while (text.ends_with('0')) text.remove_suffix(1);
        decimals = static_cast<int>(text.size() - point - 1);
        if (decimals == 0) text.remove_suffix(1);
    }
    if (decimals > most_decimals) return core::Error::too_precise;
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
