// Orders and fills as they are asked for and pushed. Source: "Order Book Trading / Trade" and "Algo Trading".
#include "tools/venue/okx/okx.hpp"

#include <algorithm>

namespace venue::okx {

Json Okx::order_json(const Order& order, const Fill* fill) {
    const auto& listing = rules(order.listing);
    const bool spot = listing.spot();
    const bool bought = order.side == core::Side::buy;
    const auto settings = engine().account(order.account).settings_of(order.listing);
    const auto average = average_price(listing, order.filled_quote, order.filled);
    const bool by_amount = order.quote_amount.units != 0;
    return {{"instType", spot ? "SPOT" : "SWAP"},
            {"instId", listing.instrument.symbol},
            {"ccy", ""},
            {"ordId", std::to_string(order.number)},
            {"clOrdId", order.client_id},
            {"tag", ""},
            {"px", px_if_any(listing, order.price)},
            {"sz", by_amount ? core::to_text(order.quote_amount) : sz(listing, order.quantity)},
            {"notionalUsd", core::to_text(order.filled_quote)},
            {"ordType", type_text(order)},
            {"side", side_text(order.side)},
            {"posSide", spot ? "" : position_side_text(order.position_side)},
            {"tdMode", spot                ? "cash"
                       : settings.isolated ? "isolated"
                                           : "cross"},
            {"tgtCcy", by_amount                         ? "quote_ccy"
                       : spot && market_kind(order.kind) ? "base_ccy"
                                                         : ""},
            {"accFillSz", sz(listing, order.filled)},
            {"fillPx", fill == nullptr ? "" : px_if_any(listing, fill->price)},
            {"tradeId", fill == nullptr ? "" : std::to_string(fill->trade)},
            {"fillSz", fill == nullptr ? "0" : sz(listing, fill->quantity)},
            {"fillTime", fill == nullptr ? "" : time_text(fill->time)},
            {"fillFee", fill == nullptr ? "0" : core::to_text(-fill->fee, 8)},
            {"fillFeeCcy", fill == nullptr ? "" : fill->fee_asset},
            {"execType", fill == nullptr ? ""
                         : fill->maker   ? "M"
                                         : "T"},
            {"avgPx", px_if_any(listing, average)},
            {"state", state_text(order)},
            {"lever", spot ? "" : std::to_string(settings.leverage)},
            {"feeCcy", spot && bought ? listing.base : listing.quote},
            {"fee", core::to_text(-order.fee, 8)},
            {"rebateCcy", ""},
            {"rebate", ""},
            {"pnl", core::to_text(order.realised)},
            {"category", order.liquidation ? "full_liquidation" : "normal"},
            {"reduceOnly", order.reduce_only ? "true" : "false"},
            {"cancelSource", order.state == OrderState::cancelled ? "1"
                             : order.state == OrderState::expired ? "31"
                                                                  : ""},
            {"stpMode", "cancel_maker"},
            {"algoId", triggered_kind(order.kind) ? std::to_string(order.number) : std::string{}},
            {"amendResult", ""},
            {"reqId", ""},
            {"code", "0"},
            {"msg", ""},
            {"cTime", time_text(order.created)},
            {"uTime", time_text(order.updated)}};
}

Json Okx::algo_json(const Order& order) {
    const auto& listing = rules(order.listing);
    const bool stop = stop_kind(order.kind), market = market_kind(order.kind);
    const auto trigger = px_if_any(listing, order.trigger);
    const auto limit = market ? std::string{"-1"} : px_if_any(listing, order.price);
    const auto settings = engine().account(order.account).settings_of(order.listing);
    return {{"instType", listing.spot() ? "SPOT" : "SWAP"},
            {"instId", listing.instrument.symbol},
            {"ordId", order.released ? std::to_string(order.number) : std::string{}},
            {"algoId", std::to_string(order.number)},
            {"algoClOrdId", order.client_id},
            {"clOrdId", ""},
            {"sz", sz(listing, order.quantity)},
            {"ordType", "conditional"},
            {"side", side_text(order.side)},
            {"posSide", listing.spot() ? "" : position_side_text(order.position_side)},
            {"tdMode", listing.spot()      ? "cash"
                       : settings.isolated ? "isolated"
                                           : "cross"},
            {"state", order.state == OrderState::untriggered ? "live"
                      : order.state == OrderState::rejected  ? "order_failed"
                      : order.released                       ? "effective"
                                                             : "canceled"},
            {"failCode", order.state == OrderState::rejected ? error_of(order.reason, listing).code : std::string{}},
            {"lever", listing.spot() ? "" : std::to_string(settings.leverage)},
            {"slTriggerPx", stop ? trigger : std::string{}},
            {"slTriggerPxType", stop ? (order.trigger_by == TriggerBy::mark ? "mark" : "last") : ""},
            {"slOrdPx", stop ? limit : std::string{}},
            {"tpTriggerPx", stop ? std::string{} : trigger},
            {"tpTriggerPxType", stop ? "" : (order.trigger_by == TriggerBy::mark ? "mark" : "last")},
            {"tpOrdPx", stop ? std::string{} : limit},
            {"triggerPx", ""},
            {"ordPx", ""},
            {"reduceOnly", order.reduce_only ? "true" : "false"},
            {"actualSz", sz(listing, order.filled)},
            {"triggerTime", order.released ? time_text(order.updated) : std::string{}},
            {"cTime", time_text(order.created)},
            {"uTime", time_text(order.updated)}};
}

Json Okx::fill_json(const Fill& fill) const {
    const auto& listing = rules(fill.listing);
    return {{"instType", listing.spot() ? "SPOT" : "SWAP"},
            {"instId", listing.instrument.symbol},
            {"tradeId", std::to_string(fill.trade)},
            {"ordId", std::to_string(fill.order)},
            {"clOrdId", engine().order(fill.order) == nullptr ? std::string{} : engine().order(fill.order)->client_id},
            {"billId", std::to_string(fill.trade)},
            {"tag", ""},
            {"fillPx", px_if_any(listing, fill.price)},
            {"fillSz", sz(listing, fill.quantity)},
            {"fillPnl", core::to_text(fill.realised)},
            {"side", side_text(fill.side)},
            {"posSide", listing.spot() ? "net" : position_side_text(fill.position_side)},
            {"execType", fill.maker ? "M" : "T"},
            {"feeCcy", fill.fee_asset},
            {"fee", core::to_text(-fill.fee, 8)},
            {"ts", time_text(fill.time)},
            {"fillTime", time_text(fill.time)}};
}

Answer Okx::order_details(Call& call) {
    Json name = Json::object();
    for (const auto& [key, value] : call.params.pairs()) name[key] = value;
    const auto* order = named(*call.account, name);
    if (order == nullptr || order->state == OrderState::untriggered) return ApiError{"51603", "Order does not exist."};
    return Data{Json::array({order_json(*order)})};
}

Answer Okx::orders_pending(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    const auto limit = call.params.limit(100, 100);
    const auto after = call.params.number("after").value_or(INT64_MAX);
    Json all = Json::array();
    const auto& open = call.account->open;
    for (auto number = open.rbegin(); number != open.rend() && all.size() < limit; ++number) {
        const auto* order = engine().order(*number);
        if (order->state != OrderState::untriggered && *number < static_cast<OrderNumber>(after) &&
            std::ranges::find(*ids, order->listing) != ids->end())
            all.push_back(order_json(*order));
    }
    return Data{std::move(all)};
}

Answer Okx::algo_details(Call& call) {
    Json name = Json::object();
    for (const auto& [key, value] : call.params.pairs()) name[key] = value;
    const auto* order = named(*call.account, name);
    if (order == nullptr || !triggered_kind(order->kind)) return ApiError{"51603", "Order does not exist."};
    return Data{Json::array({algo_json(*order)})};
}

Answer Okx::orders_history(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    const auto limit = call.params.limit(100, 100);
    Json all = Json::array();
    const auto orders = engine().orders(call.account->id);
    for (auto order = orders.rbegin(); order != orders.rend() && all.size() < limit; ++order)
        if (!live((*order)->state) && (!triggered_kind((*order)->kind) || (*order)->released) &&
            std::ranges::find(*ids, (*order)->listing) != ids->end())
            all.push_back(order_json(**order));
    return Data{std::move(all)};
}

Answer Okx::algos_pending(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    Json all = Json::array();
    for (const auto number : call.account->open) {
        const auto* order = engine().order(number);
        if (order->state == OrderState::untriggered && std::ranges::find(*ids, order->listing) != ids->end())
            all.push_back(algo_json(*order));
    }
    return Data{std::move(all)};
}

Answer Okx::algos_history(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    const auto wanted = call.params["algoId"];
    Json all = Json::array();
    for (const auto* order : engine().orders(call.account->id))
        if (triggered_kind(order->kind) && order->state != OrderState::untriggered &&
            (wanted.empty() || wanted == std::to_string(order->number)) &&
            std::ranges::find(*ids, order->listing) != ids->end())
            all.insert(all.begin(), algo_json(*order));
    return Data{std::move(all)};
}

Answer Okx::fills(Call& call) {
    const auto ids = chosen(call.params);
    if (!ids) return ids.error();
    const auto order = call.params.number("ordId");
    const auto limit = call.params.limit(100, 100);
    const auto after = call.params.number("after").value_or(INT64_MAX), from = call.params.number("begin").value_or(0);
    Json all = Json::array();
    const auto& past = call.account->fills;
    for (auto fill = past.rbegin(); fill != past.rend() && all.size() < limit; ++fill)
        if (std::ranges::find(*ids, fill->listing) != ids->end() &&
            (!order || fill->order == static_cast<OrderNumber>(*order)) &&
            fill->trade < static_cast<std::uint64_t>(after) && milliseconds(fill->time) >= from)
            all.push_back(fill_json(*fill));
    return Data{std::move(all)};
}

}  // namespace venue::okx
