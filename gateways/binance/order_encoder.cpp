#include "gateways/binance/order_encoder.hpp"

#include "gateways/orders/client_id.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <string>

namespace gateways::binance {

namespace {

using core::Market;
using core::OrderType;
using core::Side;

constexpr std::array<std::string_view, 3> order_paths{"/api/v3/order", "/fapi/v1/order", "/dapi/v1/order"};
constexpr std::string_view algo_path = "/fapi/v1/algoOrder";

/// Copies a literal of up to 32 characters in one store; what is behind it is overwritten next.
template <std::size_t n>
char* put(char* to, const char (&text)[n]) noexcept {
    static_assert(n <= 33);
    std::memcpy(to, text, n - 1);
    return to + n - 1;
}

/// Percent-encoding of everything but unreserved characters (RFC 3986): some symbols are Chinese.
std::string encoded(std::string_view symbol) {
    std::string text;
    for (const char c : symbol) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           std::string_view{"-._~"}.find(c) != std::string_view::npos;
        if (plain) {
            text += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        text += '%';
        text += "0123456789ABCDEF"[byte >> 4];
        text += "0123456789ABCDEF"[byte & 15];
    }
    return text;
}

/// Type and time in force of each kind of order, as each market writes them.
std::string kind_text(Market market, std::size_t kind) {
    static constexpr std::array<std::string_view, 4> limits{
        "&type=LIMIT&timeInForce=GTC", "&type=LIMIT&timeInForce=IOC", "&type=LIMIT&timeInForce=FOK",
        "&type=LIMIT&timeInForce=GTX"};
    if (kind == 3 && market == Market::spot) return "&type=LIMIT_MAKER";
    if (kind < limits.size()) return std::string{limits[kind]};
    if (kind == 4) return "&type=MARKET";
    if (market == Market::spot) return "&type=STOP_LOSS";
    const std::string stop = "&type=STOP_MARKET&workingType=CONTRACT_PRICE";
    return market == Market::linear ? "&algoType=CONDITIONAL" + stop : stop;
}

std::size_t kind_of(const core::Order& order) noexcept {
    if (order.type == OrderType::market) return 4;
    if (order.type == OrderType::stop_market) return 5;
    return static_cast<std::size_t>(order.time_in_force);
}

/// True for orders that USD-M keeps apart, and for their cancels.
bool is_algo(const core::Order& order, Market market) noexcept {
    if (market != Market::linear) return false;
    if (order.type == OrderType::cancel) return order.trigger.units != 0;
    return order.type == OrderType::stop_market;
}

}  // namespace

std::string_view name(Method method) noexcept {
    return method == Method::post ? "POST" : "DELETE";
}

OrderEncoder::OrderEncoder(const core::InstrumentTable& instruments, core::Signer signer) : signer_{std::move(signer)} {
    for (const auto& instrument : instruments) {
        rules_.push_back(
            {instrument.market, static_cast<std::uint8_t>(instrument.price_decimals),
             static_cast<std::uint8_t>(instrument.quantity_decimals),
             instrument.venue == core::Venue::binance ? static_cast<std::uint32_t>(templates_.size()) : none});
        if (rules_.back().first != none) prepare(instrument);
    }
}

void OrderEncoder::prepare(const core::Instrument& instrument) {
    // What never changes comes first, the receive window included: so the first block of the signature is known.
    const auto head = "recvWindow=" + std::string{receive_window_ms} + "&symbol=" + encoded(instrument.symbol);
    const auto add = [&](const std::string& text) {
        auto& made = templates_.emplace_back();
        made.text = {};
        std::ranges::copy(text, made.text.begin());
        made.size = static_cast<std::uint16_t>(text.size());
        made.started = static_cast<std::uint16_t>(text.size() / 64 * 64);
        made.start = signer_.start(std::string_view{text}.substr(0, made.started));
    };
    for (const auto* const side : {"&side=BUY", "&side=SELL"})
        for (std::size_t kind = 0; kind < kinds; ++kind)
            add(head + side + kind_text(instrument.market, kind) + "&quantity=");
    add(head + "&origClientOrderId=");
    add(head + "&clientAlgoId=");
}

const OrderEncoder::Template& OrderEncoder::template_of(const core::Order& order, const Rules& rules) const noexcept {
    const auto* const all = templates_.data() + rules.first;
    if (order.type == OrderType::cancel) return all[2 * kinds + (is_algo(order, rules.market) ? 1 : 0)];
    return all[(order.side == Side::buy ? 0 : kinds) + kind_of(order)];
}

char* OrderEncoder::write_numbers(char* to, const core::Order& order, const Rules& rules) const noexcept {
    if (order.type == OrderType::cancel) return write_client_id(to, order.id);
    to = core::write_decimal(to, order.quantity.units, rules.quantity_decimals);
    const bool algo = is_algo(order, rules.market);
    if (order.type == OrderType::limit)
        to = core::write_decimal(put(to, "&price="), order.price.units, rules.price_decimals);
    else if (order.type == OrderType::stop_market)
        to = core::write_decimal(algo ? put(to, "&triggerPrice=") : put(to, "&stopPrice="), order.trigger.units,
                                 rules.price_decimals);
    to = write_client_id(algo ? put(to, "&clientAlgoId=") : put(to, "&newClientOrderId="), order.id);
    return order.reduce_only && rules.market != Market::spot ? put(to, "&reduceOnly=true") : to;
}

Request OrderEncoder::write(const core::Order& order, core::Nanoseconds timestamp) noexcept {
    assert(order.instrument.value < rules_.size() && rules_[order.instrument.value].first != none);
    if (order.instrument.value >= rules_.size()) return {};
    const auto& rules = rules_[order.instrument.value];
    if (rules.first == none) return {};

    used_ = &template_of(order, rules);
    std::memcpy(buffer_.data(), used_->text.data(), 128);
    if (used_->size > 128) std::memcpy(buffer_.data() + 128, used_->text.data() + 128, 128);
    auto* to = write_numbers(buffer_.data() + used_->size, order, rules);
    to = core::write_decimal(put(to, "&timestamp="), timestamp / std::chrono::milliseconds{1}, 0);
    return {order.type == OrderType::cancel ? Method::del : Method::post,
            is_algo(order, rules.market) ? algo_path : order_paths[static_cast<std::size_t>(rules.market)],
            {buffer_.data(), static_cast<std::size_t>(to - buffer_.data())}};
}

Request OrderEncoder::encode(const core::Order& order, core::Nanoseconds timestamp) noexcept {
    auto request = write(order, timestamp);
    if (request.query.empty()) return request;
    const auto digest = signer_.sign(used_->start, request.query.substr(used_->started));
    auto* to = put(buffer_.data() + request.query.size(), "&signature=");
    to = core::write_hex(to, digest);
    request.query = {buffer_.data(), static_cast<std::size_t>(to - buffer_.data())};
    return request;
}

}  // namespace gateways::binance
