// Orders and fills as they are asked for. Source: rest-api.md "Trading endpoints" and "Account endpoints"; USD-M
// "Trade".
#include "tools/venue/binance/binance.hpp"

#include <algorithm>

namespace venue::binance {

Answer Binance::query(Call& call) {
    if (const auto id = listing_of(call); !id) return id.error();
    const auto order = named(call, false);
    if (!order) return order.error();
    return Answer{order_json(**order)};
}

Answer Binance::query_algo(Call& call) {
    const auto order = named(call, true);
    if (!order) return order.error();
    return Answer{algo_order(**order)};
}

Answer Binance::open_orders(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto number : call.account->open) {
        const auto* order = engine().order(number);
        if (std::ranges::find(*listings, order->listing) == listings->end()) continue;
        if (call.market != core::Market::spot && order->state == OrderState::untriggered) continue;
        all.push_back(order_json(*order));
    }
    return Answer{std::move(all)};
}

Answer Binance::open_algo_orders(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    Json all = Json::array();
    for (const auto number : call.account->open) {
        const auto* order = engine().order(number);
        if (order->state == OrderState::untriggered && std::ranges::find(*listings, order->listing) != listings->end())
            all.push_back(algo_order(*order));
    }
    return Answer{std::move(all)};
}

Answer Binance::all_algo_orders(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto since = call.params.number("startTime").value_or(0);
    const auto limit = call.params.limit(500, 1'000);
    Json all = Json::array();
    for (const auto* order : engine().orders(call.account->id))
        if (order->listing == *id && triggered_kind(order->kind) && milliseconds(order->created) >= since &&
            all.size() < limit)
            all.push_back(algo_order(*order));
    return Answer{std::move(all)};
}

Answer Binance::all_orders(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto from = call.params.number("orderId").value_or(0);
    const auto since = call.params.number("startTime").value_or(0);
    std::vector<const Order*> chosen;
    for (const auto* order : engine().orders(call.account->id))
        if (order->listing == *id && order->number >= static_cast<OrderNumber>(std::max<std::int64_t>(0, from)) &&
            milliseconds(order->created) >= since)
            chosen.push_back(order);
    const auto limit = call.params.limit(500, 1'000);
    Json all = Json::array();
    for (std::size_t i = chosen.size() > limit ? chosen.size() - limit : 0; i < chosen.size(); ++i)
        all.push_back(order_json(*chosen[i]));
    return Answer{std::move(all)};
}

Answer Binance::my_trades(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const bool spot = call.market == core::Market::spot;
    const auto order_id = call.params.number("orderId");
    const auto from = call.params.number("fromId");
    const auto since = call.params.number("startTime").value_or(0);
    std::vector<const Fill*> chosen;
    for (const auto& fill : call.account->fills) {
        if (std::ranges::find(*listings, fill.listing) == listings->end()) continue;
        if (order_id && fill.order != static_cast<OrderNumber>(*order_id)) continue;
        if (from && fill.trade < static_cast<std::uint64_t>(*from)) continue;
        if (milliseconds(fill.time) >= since) chosen.push_back(&fill);
    }
    const auto limit = call.params.limit(500, 1'000);
    Json all = Json::array();
    for (std::size_t i = chosen.size() > limit ? chosen.size() - limit : 0; i < chosen.size(); ++i) {
        const auto& fill = *chosen[i];
        const auto& listing = rules(fill.listing);
        Json one{{"symbol", listing.instrument.symbol}, {"id", fill.trade}, {"orderId", fill.order}};
        if (spot) one["orderListId"] = -1;
        one["price"] = price_text(listing, fill.price);
        one["qty"] = quantity_text(listing, fill.quantity);
        one["quoteQty"] = fixed(fill.quote);
        one["commission"] = fixed(fill.fee, 8);
        one["commissionAsset"] = fill.fee_asset;
        one["time"] = milliseconds(fill.time);
        if (spot) {
            one["isBuyer"] = fill.side == core::Side::buy;
            one["isMaker"] = fill.maker;
            one["isBestMatch"] = true;
        } else {
            one["side"] = side_text(fill.side);
            one["positionSide"] = position_side_text(fill.position_side);
            one["realizedPnl"] = fixed(fill.realised);
            one["buyer"] = fill.side == core::Side::buy;
            one["maker"] = fill.maker;
        }
        all.push_back(std::move(one));
    }
    return Answer{std::move(all)};
}

}  // namespace venue::binance
