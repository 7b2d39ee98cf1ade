#include "gateways/binance/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <array>

/// Requests that place and change orders. Source: Binance Spot API, rest-api.md, "New order", "Cancel an Existing Order
/// and Send a New Order"; USDⓈ-M Futures, "New Order", "New Algo Order", "Modify Order", "Place Multiple Orders".
namespace gateways::binance {

using namespace exchange;

namespace {

ApiError bad(std::string message) {
    return refused(ErrorKind::bad_request, std::move(message));
}

/// What an order's type on the venue is, and which numbers it takes.
struct Shape {
    std::string type;
    std::string trigger;  ///< "" without one
    bool conditional{};   ///< of contracts: an algo order
};

/// By what triggers, then market or limit order: the venue's types of spot and of contracts.
struct ConditionalTypes {
    const char* option;
    std::array<const char*, 2> spot, contract;
};
constexpr ConditionalTypes conditional_types[] = {
    {"stopLossPrice", {"STOP_LOSS", "STOP_LOSS_LIMIT"}, {"STOP_MARKET", "STOP"}},
    {"triggerPrice", {"STOP_LOSS", "STOP_LOSS_LIMIT"}, {"STOP_MARKET", "STOP"}},
    {"stopPrice", {"STOP_LOSS", "STOP_LOSS_LIMIT"}, {"STOP_MARKET", "STOP"}},
    {"takeProfitPrice", {"TAKE_PROFIT", "TAKE_PROFIT_LIMIT"}, {"TAKE_PROFIT_MARKET", "TAKE_PROFIT"}},
};

Shape shape_of(const OrderWish& wish, const Market& market) {
    Shape shape{.type = upper_case(wish.type), .trigger = {}};
    const bool limit = wish.type == "limit";
    for (const auto& row : conditional_types) {
        const auto& trigger = wish.params[row.option].text();
        if (trigger.empty()) continue;
        shape.trigger = trigger;
        shape.conditional = market.is_contract();
        if (limit || wish.is_market()) shape.type = (market.is_contract() ? row.contract : row.spot)[limit ? 1 : 0];
        break;
    }
    const bool trailing = !wish.option({"trailingPercent", "callbackRate"}).empty();
    if (trailing && market.is_contract()) {
        shape.type = "TRAILING_STOP_MARKET";
        shape.conditional = true;
    }
    if (!market.is_contract() && wish.is_post_only()) shape.type = "LIMIT_MAKER";
    return shape;
}

constexpr bool has_price(std::string_view type, bool contract) noexcept {
    return type == "LIMIT" || type == "LIMIT_MAKER" || type == "STOP" || type.ends_with("_LIMIT") ||
           (contract && type == "TAKE_PROFIT");
}

/// Quantity, or what a market order of spot is to cost.
std::optional<ApiError> set_size(Value& to, const OrderWish& wish, const Market& market, std::string_view type) {
    if (!market.is_contract() && type == "MARKET") {
        auto cost = wish.option({"quoteOrderQty", "cost"});
        if (cost.empty() && !wish.price.empty()) cost = product(wish.amount, wish.price);
        if (!cost.empty()) {
            to.set("quoteOrderQty", to_amount(cost, market.price_step));
            return std::nullopt;
        }
    }
    if (wish.params["closePosition"].is_true()) return std::nullopt;
    const auto amount = market.amount(wish.amount);
    if (!is_nonzero(amount)) return bad("the amount " + wish.amount + " is nothing in steps of " + market.amount_step);
    to.set("quantity", amount);
    return std::nullopt;
}

void set_time_in_force(Value& to, const OrderWish& wish, std::string_view type, bool contract) {
    if (contract && wish.is_post_only())
        to.set("timeInForce", "GTX");
    else if (const auto& asked = wish.params["timeInForce"].text(); !asked.empty() && !wish.is_post_only())
        to.set("timeInForce", upper_case(asked));
    else if (type == "LIMIT" || (!contract && type.ends_with("_LIMIT")))
        to.set("timeInForce", "GTC");
}

void set_trailing(Value& to, const OrderWish& wish, const Market& market) {
    const auto& percent = wish.option({"trailingPercent", "callbackRate"});
    if (percent.empty()) return;
    if (market.is_contract()) {
        to.set("callbackRate", percent);
        const auto& from = wish.option({"trailingTriggerPrice", "activationPrice"});
        if (!from.empty()) to.set("activationPrice", market.price(from));
    } else {
        to.set("trailingDelta", product(percent, "100"));  // percent into basis points
    }
}

void set_hedge(Value& to, const OrderWish& wish, const Market& market) {
    if (!market.is_contract()) return;
    const bool reduces = wish.params["reduceOnly"].is_true();
    if (wish.params["hedged"].is_true())  // a position side takes the place of reduceOnly, which hedge mode refuses
        to.set("positionSide", (wish.side == "buy") != reduces ? "LONG" : "SHORT");
    else if (reduces)
        to.set("reduceOnly", "true");
}

constexpr std::string_view used_options[] = {"type",
                                             "clientOrderId",
                                             "newClientOrderId",
                                             "clientAlgoId",
                                             "postOnly",
                                             "stopLossPrice",
                                             "takeProfitPrice",
                                             "stopPrice",
                                             "triggerPrice",
                                             "trailingPercent",
                                             "callbackRate",
                                             "trailingTriggerPrice",
                                             "activationPrice",
                                             "quoteOrderQty",
                                             "cost",
                                             "test",
                                             "hedged",
                                             "timeInForce",
                                             "reduceOnly",
                                             "marginMode",
                                             "icebergAmount",
                                             "portfolioMargin",
                                             "selfTradePrevention"};

/// The parameters of one order.
Expected<Value> order_of(const OrderWish& wish, const Market& market, const Shape& shape, std::string_view fresh_id) {
    auto order = Value::object();
    order.set("symbol", market.id).set("side", upper_case(wish.side));
    const auto& given = wish.option({"clientAlgoId", "newClientOrderId", "clientOrderId"});
    if (!given.empty())
        order.set(shape.conditional ? "clientAlgoId" : "newClientOrderId", given);
    else if (!fresh_id.empty() && !shape.conditional)
        order.set("newClientOrderId", fresh_id);
    order.set("newOrderRespType",
              !market.is_contract() && (wish.type == "market" || wish.type == "limit") ? "FULL" : "RESULT");
    order.set("type", shape.type);
    if (auto problem = set_size(order, wish, market, shape.type)) return std::move(*problem);
    if (has_price(shape.type, market.is_contract()) && wish.params["priceMatch"].is_null()) {
        if (wish.price.empty()) return bad("an order of type " + shape.type + " needs a price");
        order.set("price", market.price(wish.price));
    }
    if (!shape.trigger.empty())
        order.set(market.is_contract() ? "triggerPrice" : "stopPrice", market.price(shape.trigger));
    set_trailing(order, wish, market);
    set_time_in_force(order, wish, shape.type, market.is_contract());
    set_hedge(order, wish, market);
    if (const auto& prevention = wish.params["selfTradePrevention"].text(); !prevention.empty())
        order.set("selfTradePreventionMode", upper_case(prevention));
    if (const auto& iceberg = wish.params["icebergAmount"].text(); !iceberg.empty())
        order.set("icebergQty", market.amount(iceberg));
    pass_on(order, wish.params, used_options);
    if (shape.conditional) order.set("algoType", "CONDITIONAL");
    return order;
}

}  // namespace

Requests build_order(const Ask& ask) {
    const auto wish = order_wish(ask);
    if (!wish) return wish.error();
    const auto market = market_named(ask.context, wish->symbol);
    if (!market) return market.error();
    const auto host = host_of(**market);
    if (is_contract(host) && !wish->params["cost"].is_null())
        return refused(ErrorKind::not_supported, "an order by its cost is one of spot");
    if (!wish->params["marginMode"].is_null() && !is_contract(host))
        return refused(ErrorKind::not_supported, "orders on borrowed spot margin");
    if (!is_contract(host) && wish->params["reduceOnly"].is_true())
        return refused(ErrorKind::not_supported, "a spot order that only reduces");
    if (!wish->params["stopLoss"].is_null() || !wish->params["takeProfit"].is_null())
        return refused(ErrorKind::not_supported, "brackets attached to an order: place stop and target by themselves");
    const auto shape = shape_of(*wish, **market);
    auto order = order_of(*wish, **market, shape, ask.context.fresh_id);
    if (!order) return order.error();
    const bool test = !is_contract(host) && wish->params["test"].is_true();
    auto request = signed_request(Method::post, host, shape.conditional ? "algoOrder" : test ? "order/test" : "order");
    request.body = std::move(*order);
    return only(std::move(request));
}

Requests build_orders(const Ask& ask) {
    constexpr std::size_t most = 5;  // "Place Multiple Orders": max 5
    const auto& members = ask.arguments["orders"];
    if (!members.is_array() || members.empty() || members.size() > most)
        return bad("create_orders takes a list of 1 to 5 orders");
    auto batch = Value::array();
    std::optional<Host> host;
    for (const auto& member : members.items()) {
        const auto wish = order_wish(member);
        if (!wish) return wish.error();
        const auto market = market_named(ask.context, wish->symbol);
        if (!market) return market.error();
        if (!(*market)->is_contract())
            return refused(ErrorKind::not_supported, "binance has no batches of spot orders");
        if (host && *host != host_of(**market)) return bad("the orders of a batch are all linear or all inverse");
        host = host_of(**market);
        const auto shape = shape_of(*wish, **market);
        if (shape.conditional) return bad("a batch takes no conditional orders");
        auto order = order_of(*wish, **market, shape, {});
        if (!order) return order.error();
        batch.push(std::move(*order));
    }
    auto request = signed_request(Method::post, *host, "batchOrders");
    request.weight = 5;
    request.body.set("batchOrders", std::move(batch));
    pass_on(request.body, ask.arguments.params(), steering);
    return only(std::move(request));
}

namespace {

/// A contract's order is modified in its place.
Expected<Value> modification(const Ask& ask, const OrderWish& wish, const Market& market) {
    if (wish.price.empty() && wish.params["priceMatch"].is_null()) return bad("a modified order needs a price");
    if (wish.side != "buy" && wish.side != "sell") return bad("a modified order needs its side");
    auto order = Value::object();
    order.set("symbol", market.id).set("side", upper_case(wish.side));
    const auto& client = wish.option({"newClientOrderId", "clientOrderId", "origClientOrderId"});
    if (client.empty())
        order.set("orderId", ask.text("id"));
    else
        order.set("origClientOrderId", client);
    order.set("quantity", market.amount(wish.amount));
    if (!wish.price.empty()) order.set("price", market.price(wish.price));
    pass_on(order, wish.params, {"clientOrderId", "newClientOrderId", "origClientOrderId", "type"});
    return order;
}

/// A spot order is cancelled and another one placed.
Expected<Value> replacement(const Ask& ask, OrderWish wish, const Market& market) {
    const auto original = wish.option({"cancelOrigClientOrderId", "origClientOrderId"});
    const bool by_client_id = ask.call == Call::edit_order_with_client_order_id;
    if (by_client_id) wish.params.remove("clientOrderId");
    const auto shape = shape_of(wish, market);
    auto order = order_of(wish, market, shape, ask.context.fresh_id);
    if (!order) return order;
    order->set("newOrderRespType", wish.is_market() || wish.type == "limit" ? "FULL" : "RESULT");
    order->set("cancelReplaceMode", "STOP_ON_FAILURE");
    if (by_client_id)
        order->set("cancelOrigClientOrderId", ask.text("clientOrderId"));
    else if (!original.empty())
        order->set("cancelOrigClientOrderId", original);
    else
        order->set("cancelOrderId", ask.text("id"));
    order->remove("origClientOrderId");
    return order;
}

}  // namespace

Requests build_edit(const Ask& ask) {
    auto wish = edit_wish(ask);
    if (!wish) return wish.error();
    const auto market = market_named(ask.context, wish->symbol);
    if (!market) return market.error();
    const auto host = host_of(**market);
    auto order = is_contract(host) ? modification(ask, *wish, **market) : replacement(ask, std::move(*wish), **market);
    if (!order) return order.error();
    auto request = is_contract(host) ? signed_request(Method::put, host, "order")
                                     : signed_request(Method::post, host, "order/cancelReplace");
    request.body = std::move(*order);
    return only(std::move(request));
}

}  // namespace gateways::binance
