#include "gateways/bybit/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// What one order is told the venue. Source: Bybit v5, "Place Order", "Amend Order".
namespace gateways::bybit {

using namespace exchange;

namespace {

constexpr std::string_view used[] = {
    "type",         "subType",    "category",   "timeInForce", "postOnly",      "clientOrderId",   "stopPrice",
    "triggerPrice", "stopLoss",   "takeProfit", "cost",        "stopLossPrice", "takeProfitPrice", "triggerDirection",
    "hedged",       "reduceOnly", "marginMode", "trigger",     "stop",          "loanType",        "orderLinkId"};

ApiError bad(std::string message) {
    return refused(ErrorKind::bad_request, std::move(message));
}

/// The order's market in its venue steps; a number that is cut to nothing would be another order.
Expected<std::string> amount_of(const Market& market, std::string_view text) {
    auto amount = market.amount(text);
    if (!is_nonzero(amount))
        return refused(ErrorKind::invalid_order, "the amount '" + std::string{text} + "' of " + market.symbol +
                                                     " is less than its step " + market.amount_step);
    return amount;
}
Expected<std::string> price_of(const Market& market, std::string_view text) {
    auto price = market.price(text);
    if (!is_nonzero(price)) return bad("'" + std::string{text} + "' is no price of " + market.symbol);
    return price;
}

/// Sets a member to a price in the market's steps. Nothing is set by an empty text.
std::optional<ApiError> set_price(Value& body, std::string_view key, const Market& market, std::string_view text) {
    if (text.empty()) return std::nullopt;
    auto price = price_of(market, text);
    if (!price) return price.error();
    body.set(key, std::move(*price));
    return std::nullopt;
}

std::string capitalised(std::string_view word) {
    std::string text{word};
    if (!text.empty()) text[0] = upper_case(text.substr(0, 1))[0];
    return text;
}

/// Bybit's spelling of a time in force; the texts it does not know are the caller's mistake.
Expected<std::string> time_in_force(const OrderWish& wish) {
    if (wish.is_post_only()) {
        if (wish.is_market()) return bad("a market order cannot be post-only");
        return std::string{"PostOnly"};
    }
    const auto force = upper_case(wish.params["timeInForce"].text());
    if (force.empty() || force == "GTC" || force == "IOC" || force == "FOK" || force == "RPI") return force;
    return bad("timeInForce is GTC, IOC, FOK or PO, not '" + force + "'");
}

/// Quantity, and of a spot market order the currency it is counted in: a buy with a known cost is told in quote
/// currency, which is what the venue takes it for anyway; of all others the unit is said.
std::optional<ApiError> set_quantity(Value& body, const Market& market, const OrderWish& wish) {
    const auto& cost = wish.option({"cost"});
    if (!market.is_contract() && wish.is_market()) {
        if (!cost.empty() || !wish.price.empty()) {
            auto quantity = cost.empty() ? product(wish.amount, wish.price) : to_amount(cost, "");
            if (!is_nonzero(quantity)) return bad("the cost of a market order is a number above zero");
            if (wish.side != "buy") body.set("marketUnit", "quoteCoin");
            body.set("qty", std::move(quantity));
            return std::nullopt;
        }
        body.set("marketUnit", "baseCoin");
    } else if (!cost.empty()) {
        return bad("only spot market orders can be ordered by cost");
    }
    auto amount = amount_of(market, wish.amount);
    if (!amount) return amount.error();
    body.set("qty", std::move(*amount));
    return std::nullopt;
}

/// Of a contract the venue wants to be told from which side the price comes.
std::optional<ApiError> set_trigger(Value& body, const Market& market, const OrderWish& wish) {
    const auto& trigger = wish.option({"triggerPrice", "stopPrice"});
    const auto& direction = wish.params["triggerDirection"].text();
    const auto& stop_loss = wish.params["stopLossPrice"].text();
    const auto& take_profit = wish.params["takeProfitPrice"].text();
    if (!stop_loss.empty() && !take_profit.empty())
        return bad("stopLossPrice and takeProfitPrice together are two orders; or attach stopLoss and takeProfit");
    const auto& price = !trigger.empty() ? trigger : !stop_loss.empty() ? stop_loss : take_profit;
    if (price.empty()) return std::nullopt;
    if (market.is_contract()) {
        if (!trigger.empty()) {
            const bool above = direction == "above" || direction == "ascending" || direction == "1";
            const bool below = direction == "below" || direction == "descending" || direction == "2";
            if (!above && !below) return bad("the triggerPrice of a contract needs triggerDirection above or below");
            body.set("triggerDirection", above ? 1 : 2);
        } else {
            body.set("triggerDirection", (wish.side == "buy") == !stop_loss.empty() ? 1 : 2);
        }
    } else if (!direction.empty()) {
        return bad("spot trigger orders have no triggerDirection");
    }
    if (auto error = set_price(body, "triggerPrice", market, price)) return error;
    if (!market.is_contract())
        body.set("orderFilter", "StopOrder");
    else if (trigger.empty())
        body.set("reduceOnly", true);
    return std::nullopt;
}

/// An attached stop loss or take profit: a price, or {"triggerPrice": …, "price": …} where the latter makes it a limit
/// order.
std::optional<ApiError> set_attached(Value& body, const Market& market, const OrderWish& wish, bool is_stop) {
    const auto& attached = wish.params[is_stop ? "stopLoss" : "takeProfit"];
    if (attached.is_null()) return std::nullopt;
    const auto& trigger = attached.is_object() ? attached.first({"triggerPrice", "stopPrice"}) : attached.text();
    if (trigger.empty()) return bad("an attached stopLoss or takeProfit needs a triggerPrice");
    if (!market.is_contract() && wish.is_market())
        return refused(ErrorKind::not_supported, "spot market orders take no attached stopLoss or takeProfit");
    if (auto error = set_price(body, is_stop ? "stopLoss" : "takeProfit", market, trigger)) return error;
    const auto& limit = attached["price"].text();
    if (!limit.empty()) {
        if (market.is_contract()) body.set("tpslMode", "Partial");
        body.set(is_stop ? "slOrderType" : "tpOrderType", "Limit");
        return set_price(body, is_stop ? "slLimitPrice" : "tpLimitPrice", market, limit);
    }
    if (!market.is_contract()) body.set(is_stop ? "slOrderType" : "tpOrderType", "Market");
    return std::nullopt;
}

/// In hedge mode every order names its position; one that reduces names the opposite one.
void set_position(Value& body, const Market& market, const OrderWish& wish) {
    const bool reduces = wish.params["reduceOnly"].is_true() || body["reduceOnly"].is_true();
    if (market.is_contract() && wish.params["hedged"].is_true())
        body.set("positionIdx", (wish.side == "buy") != reduces ? 1 : 2);
    if (!wish.params["reduceOnly"].is_null() && market.is_contract())
        body.set("reduceOnly", wish.params["reduceOnly"].is_true() || reduces);
}

}  // namespace

Expected<Value> order_body(const Context& context, const OrderWish& wish) {
    const auto found = market_named(context, wish.symbol);
    if (!found) return found.error();
    const Market& market = **found;
    if (!wish.is_market() && wish.type != "limit") return bad("the type is limit or market, not '" + wish.type + "'");
    if (!wish.is_market() && wish.price.empty()) return bad("a limit order needs a price");
    const auto force = time_in_force(wish);
    if (!force) return force.error();

    auto body = Value::object();
    body.set("symbol", market.id)
        .set("side", capitalised(wish.side))
        .set("orderType", capitalised(wish.type))
        .set("category", category(host_of(market)));
    if (auto error = set_quantity(body, market, wish)) return std::move(*error);
    if (!wish.is_market())
        if (auto error = set_price(body, "price", market, wish.price)) return std::move(*error);
    body.set_known("timeInForce", *force);
    body.set_known("orderLinkId", wish.option({"orderLinkId", "clientOrderId"}));
    if (auto error = set_trigger(body, market, wish)) return std::move(*error);
    for (const bool is_stop : {true, false})
        if (auto error = set_attached(body, market, wish, is_stop)) return std::move(*error);
    set_position(body, market, wish);
    pass_on(body, wish.params, used);
    return body;
}

Expected<Value> edit_body(const Context& context, const OrderWish& wish, std::string_view id) {
    const auto found = market_named(context, wish.symbol);
    if (!found) return found.error();
    const Market& market = **found;
    auto body = Value::object();
    body.set("symbol", market.id);
    const auto& client_id = wish.option({"orderLinkId", "clientOrderId"});
    if (client_id.empty())
        body.set("orderId", id);
    else
        body.set("orderLinkId", client_id);
    body.set("category", category(host_of(market)));
    if (!wish.amount.empty()) {
        auto amount = amount_of(market, wish.amount);
        if (!amount) return amount.error();
        body.set("qty", std::move(*amount));
    }
    const auto& trigger = wish.option({"triggerPrice", "stopPrice", "stopLossPrice", "takeProfitPrice"});
    if (auto error = set_price(body, "price", market, wish.price)) return std::move(*error);
    if (auto error = set_price(body, "triggerPrice", market, trigger)) return std::move(*error);
    for (const auto* name : {"stopLoss", "takeProfit"}) {
        const auto& attached = wish.params[name];
        const auto& price = attached.is_object() ? attached.first({"triggerPrice", "stopPrice"}) : attached.text();
        if (!price.empty() && !is_nonzero(price))
            body.set(name, "0");  // takes it away
        else if (auto error = set_price(body, name, market, price))
            return std::move(*error);
    }
    pass_on(body, wish.params, used);
    if (body.size() <= 3) return bad("an edit changes amount, price, triggerPrice, stopLoss or takeProfit");
    return body;
}

}  // namespace gateways::bybit
