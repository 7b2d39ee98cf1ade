#pragma once

#include "gateways/orders/ledger.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

namespace test {

using namespace gateways;
using namespace core;

inline InstrumentTable two_instruments() {
    InstrumentTable table;
    Instrument btc;
    btc.venue = Venue::binance;
    btc.market = Market::linear;
    btc.symbol = "BTCUSDT";
    btc.price_decimals = 2;
    btc.quantity_decimals = 3;
    table.add(btc);
    btc.symbol = "ETHUSDT";
    table.add(btc);
    return table;
}

inline const InstrumentId btc{0}, eth{1};

/// Limit buy of `quantity` units at 60000.00; number n of epoch 1.
inline Order order_of(std::uint64_t n, std::int64_t quantity = 10, Side side = Side::buy,
                      InstrumentId instrument = btc) {
    Order order;
    order.id = OrderId::of(1, n);
    order.instrument = instrument;
    order.venue = Venue::binance;
    order.side = side;
    order.price = {6'000'000};
    order.quantity = {quantity};
    order.time = std::chrono::seconds{1000};
    return order;
}

inline VenueEvent event_of(VenueEventKind kind, const Order& order, EventSource source = EventSource::stream) {
    VenueEvent event;
    event.kind = kind;
    event.source = source;
    event.venue = order.venue;
    event.side = order.side;
    event.instrument = order.instrument;
    event.venue_time = event.receive_time = std::chrono::seconds{1001};
    event.order = order.id;
    event.venue_order = *VenueId::of("v" + std::to_string(order.id.value));
    return event;
}

inline VenueEvent acked(const Order& order) {
    return event_of(VenueEventKind::acknowledged, order);
}

inline VenueEvent fill_of(const Order& order, const std::string& trade, std::int64_t quantity,
                          std::int64_t cumulative = 0) {
    auto event = event_of(VenueEventKind::fill, order);
    event.fill = Fill{};
    event.fill.trade = *VenueId::of(trade);
    event.fill.price = order.price;
    event.fill.quantity = {quantity};
    event.fill.filled = {cumulative};
    event.fill.fee = {.units = 24, .decimals = 4};
    event.fill.fee_asset = *Asset::of("USDT");
    event.fill.liquidity = Liquidity::maker;
    return event;
}

inline VenueEvent update_of(const Order& order, VenueStatus status, std::int64_t filled,
                            EventSource source = EventSource::stream) {
    auto event = event_of(VenueEventKind::order_update, order, source);
    event.update = OrderUpdate{};
    event.update.status = status;
    event.update.quantity = order.quantity;
    event.update.price = order.price;
    event.update.filled = {filled};
    return event;
}

inline VenueEvent closed_of(VenueEventKind kind, const Order& order, std::int64_t filled) {
    auto event = event_of(kind, order);
    event.closed = Closed{.filled = {filled}, .filled_known = true, .refusal = {}};
    return event;
}

inline VenueEvent refused_of(VenueEventKind kind, const Order& order, Refusal refusal,
                             EventSource source = EventSource::answer) {
    auto event = event_of(kind, order, source);
    event.venue_order = {};
    event.rejected = Rejected{.refusal = refusal, .code = -1};
    return event;
}

/// What the pipeline was told, as words: "accepted filled_maker cancelled".
inline std::string told(const std::vector<Effect>& effects) {
    std::string text;
    for (const auto& effect : effects) {
        if (!text.empty()) text += ' ';
        text += effect.kind == EffectKind::execution ? name(static_cast<Execution>(effect.tick.code & 0xff))
                                                     : name(effect.kind);
    }
    return text;
}

/// A folder that goes away with the test.
struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "omega-orders-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

}  // namespace test
