#include "gateways/exchange/stream_reading.hpp"

#include "gateways/exchange/times.hpp"
#include "gateways/orders/client_id.hpp"

#include <array>

namespace gateways::exchange {

std::string_view name(StreamFrame frame) noexcept {
    static constexpr std::array<std::string_view, 6> names{"events", "answer", "refused", "alive", "notice", "ended"};
    const auto index = static_cast<std::size_t>(frame);
    return index < names.size() ? names[index] : std::string_view{"?"};
}

VenueEvent EventMaker::event(VenueEventKind kind, EventSource source, core::Nanoseconds receive_time,
                             const Value& time_ms) const noexcept {
    VenueEvent event;
    event.kind = kind;
    event.source = source;
    event.venue = venue_;
    event.receive_time = receive_time;
    event.venue_time = time_of_ms(time_ms).value_or(receive_time);
    return event;
}

core::Result<core::Price> price_of(const std::string& text, const core::Instrument& instrument) noexcept {
    if (text.empty()) return core::Price{};
    return core::parse_price(text, instrument.price_decimals);
}

core::Result<core::Quantity> quantity_of(const std::string& text, const core::Instrument& instrument) noexcept {
    if (text.empty()) return core::Quantity{};
    return core::parse_quantity(text, instrument.quantity_decimals);
}

core::Result<Amount> amount_of(const std::string& text) noexcept {
    if (text.empty()) return Amount{};
    std::string_view digits{text};
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    if (const auto point = digits.find('.'); point != digits.npos) {
        while (digits.ends_with('0')) digits.remove_suffix(1);
        if (digits.ends_with('.')) digits.remove_suffix(1);
    }
    const auto point = digits.find('.');
    const auto decimals = point == digits.npos ? 0 : digits.size() - point - 1;
    constexpr std::size_t most = 18;
    if (decimals > most) return core::Error::too_precise;
    const auto units = core::parse_decimal(digits, static_cast<int>(decimals));
    if (!units) return units.error();
    return Amount{.units = negative ? -*units : *units, .decimals = static_cast<std::uint8_t>(decimals)};
}

Amount negated(Amount amount) noexcept {
    return {.units = -amount.units, .decimals = amount.decimals};
}

core::Result<VenueId> venue_id_of(const std::string& text) noexcept {
    return VenueId::of(text);
}

core::OrderId order_id_of(std::string_view client_order_id) noexcept {
    return parse_client_id(client_order_id).value_or(core::OrderId{});
}

}  // namespace gateways::exchange
