#include "gateways/exchange/decimal_text.hpp"
#include "gateways/okx/exchange_calls.hpp"

/// What one order is told the venue. Source: OKX API v5, "Place order", "Place algo order", "Amend order".
namespace gateways::okx {

using namespace exchange;

namespace {

constexpr std::string_view used[] = {
    "type",         "timeInForce",     "postOnly",        "clientOrderId", "clOrdId",          "stopPrice",
    "triggerPrice", "stopLoss",        "takeProfit",      "cost",          "stopLossPrice",    "takeProfitPrice",
    "hedged",       "reduceOnly",      "marginMode",      "tdMode",        "positionSide",     "trigger",
    "stop",         "margin",          "triggerPx",       "slTriggerPx",   "tpTriggerPx",      "slOrdPx",
    "tpOrdPx",      "slTriggerPxType", "tpTriggerPxType", "tgtCcy",        "triggerDirection", "algoClOrdId"};

ApiError bad(std::string message) {
    return refused(ErrorKind::bad_request, std::move(message));
}

/// A number cut to nothing would be another order.
Expected<std::string> amount_of(const Market& market, std::string_view text) {
    auto amount = market.amount(text);
    if (!is_nonzero(amount))
        return refused(ErrorKind::invalid_order, "the amount '" + std::string{text} + "' of " + market.symbol +
                                                     " is less than its step " + market.amount_step);
    return amount;
}

/// Sets a member to a price in the market's steps.
std::optional<ApiError> set_price(Value& body, std::string_view key, const Market& market, std::string_view text) {
    auto price = market.price(text);
    if (!is_nonzero(price)) return bad("'" + std::string{text} + "' is no price of " + market.symbol);
    body.set(key, std::move(price));
    return std::nullopt;
}

/// The three members of a stop loss ("sl") or take profit ("tp"): when it triggers, at what price it then stands (""
/// for the market's, which the venue writes as -1), and which price is watched.
std::optional<ApiError> set_protection(Value& body, const std::string& prefix, const Market& market,
                                       std::string_view trigger, std::string_view limit, const std::string& watched) {
    if (auto error = set_price(body, prefix + "TriggerPx", market, trigger)) return error;
    if (limit.empty() || limit == "-1") {
        body.set(prefix + "OrdPx", "-1");
    } else if (auto error = set_price(body, prefix + "OrdPx", market, limit)) {
        return error;
    }
    body.set(prefix + "TriggerPxType", watched.empty() ? "last" : watched);
    return std::nullopt;
}

/// What an order is, and which of the venue's two kinds of orders it has to be.
struct Kind {
    std::string trigger, stop_loss, take_profit;

    explicit Kind(const OrderWish& wish)
        : trigger{wish.option({"triggerPrice", "stopPrice", "triggerPx"})},
          stop_loss{wish.option({"stopLossPrice", "slTriggerPx"})},
          take_profit{wish.option({"takeProfitPrice", "tpTriggerPx"})} {}
    [[nodiscard]] bool is_protective() const noexcept { return !stop_loss.empty() || !take_profit.empty(); }
    [[nodiscard]] bool is_algo() const noexcept { return !trigger.empty() || is_protective(); }
};

/// Cash, cross or isolated; spot orders are paid in cash unless a margin mode is named, but those that wait for a price
/// are placed across the account, as ccxt does: an account in spot mode names tdMode cash.
std::string trade_mode(const Market& market, const OrderWish& wish, const Kind& kind) {
    const auto& named = wish.option({"marginMode", "tdMode"});
    if (!named.empty()) return named;
    return market.is_contract() || kind.is_algo() || wish.params["margin"].is_true() ? "cross" : "cash";
}

/// In long/short mode every order names its position; one that reduces or protects names the opposite one.
void set_position(Value& body, const Market& market, const OrderWish& wish, const Kind& kind) {
    if (!market.is_contract()) return;
    if (const auto& side = wish.params["positionSide"].text(); !side.empty()) {
        body.set("posSide", side);
    } else if (wish.params["hedged"].is_true() && !wish.params.contains("posSide")) {
        const bool reduces = kind.is_protective() || wish.params["reduceOnly"].is_true();
        body.set("posSide", (wish.side == "buy") != reduces ? "long" : "short");
    }
}

/// Quantity; of a spot order also its currency, where the venue asks: for algo orders of buys alone.
std::optional<ApiError> set_quantity(Value& body, const Market& market, const OrderWish& wish, const Kind& kind) {
    const auto& cost = wish.option({"cost"});
    const auto& unit = wish.params["tgtCcy"].text();
    const bool by_cost = !cost.empty() || unit == "quote_ccy";
    if (by_cost) {
        if (market.is_contract() || !wish.is_market()) return bad("only spot market orders can be ordered by cost");
        const auto quantity = to_amount(!cost.empty()        ? cost
                                        : wish.price.empty() ? wish.amount
                                                             : product(wish.amount, wish.price),
                                        "");
        if (!is_nonzero(quantity)) return bad("the cost of a market order is a number above zero");
        body.set("sz", quantity);
    } else {
        auto amount = amount_of(market, wish.amount);
        if (!amount) return amount.error();
        body.set("sz", std::move(*amount));
    }
    const bool in_cash = body["tdMode"].text() == "cash";
    if (!market.is_contract() && (by_cost || in_cash || kind.is_algo()) && (!kind.is_algo() || wish.side == "buy"))
        body.set("tgtCcy", by_cost ? "quote_ccy" : "base_ccy");
    return std::nullopt;
}

/// The venue's order type of a plain order, from type and time in force.
Expected<std::string> order_type(const Market& market, const OrderWish& wish) {
    const auto force = upper_case(wish.params["timeInForce"].text());
    const auto type = wish.is_post_only() ? "post_only" : wish.type;
    if (wish.is_market()) {
        if (wish.is_post_only()) return bad("a market order cannot be post-only");
        return std::string{force == "IOC" && market.is_contract() ? "optimal_limit_ioc" : "market"};
    }
    if (type == "limit" && (force == "IOC" || force == "FOK")) return lower_case(force);
    if (type == "limit" && !force.empty() && force != "GTC")
        return bad("timeInForce is GTC, IOC, FOK or PO, not '" + force + "'");
    for (const auto* known : {"limit", "post_only", "ioc", "fok"})
        if (type == known) return std::string{type};
    return bad("the type is limit, market, post_only, ioc or fok, not '" + wish.type + "'");
}

std::optional<ApiError> set_algo(Value& body, const Market& market, const OrderWish& wish, const Kind& kind) {
    const auto& limit = wish.is_market() ? std::string{} : wish.price;
    if (!kind.trigger.empty()) {
        if (kind.is_protective()) return bad("triggerPrice and stopLossPrice or takeProfitPrice are two orders");
        body.set("ordType", "trigger");
        if (auto error = set_price(body, "triggerPx", market, kind.trigger)) return error;
        if (!limit.empty()) return set_price(body, "orderPx", market, limit);
        body.set("orderPx", "-1");
        return std::nullopt;
    }
    const bool both = !kind.stop_loss.empty() && !kind.take_profit.empty();
    body.set("ordType", both ? "oco" : "conditional");
    for (const bool is_stop : {true, false}) {
        const std::string prefix = is_stop ? "sl" : "tp";
        const auto& trigger = is_stop ? kind.stop_loss : kind.take_profit;
        if (trigger.empty()) continue;
        const auto& own = wish.params[prefix + "OrdPx"].text();
        if (auto error = set_protection(body, prefix, market, trigger, own.empty() ? limit : own,
                                        wish.params[prefix + "TriggerPxType"].text()))
            return error;
    }
    return std::nullopt;
}

/// Stop loss and take profit that come to life with the order: a price, or {"triggerPrice": …, "price": …}.
std::optional<ApiError> set_attached(Value& body, const Market& market, const OrderWish& wish) {
    auto attached = Value::object();
    for (const bool is_stop : {true, false}) {
        const std::string prefix = is_stop ? "sl" : "tp";
        const auto& given = wish.params[is_stop ? "stopLoss" : "takeProfit"];
        if (given.is_null()) continue;
        const auto& trigger =
            given.is_object() ? given.first({"triggerPrice", "stopPrice", prefix + "TriggerPx"}) : given.text();
        if (trigger.empty()) return bad("an attached stopLoss or takeProfit needs a triggerPrice");
        const auto limit = given["type"].text() == "market" ? std::string{} : given.first({"price", prefix + "OrdPx"});
        if (auto error = set_protection(attached, prefix, market, trigger, limit,
                                        given.first({"triggerPriceType", prefix + "TriggerPxType"})))
            return error;
    }
    if (attached.empty()) return std::nullopt;
    auto list = Value::array();
    list.push(std::move(attached));
    body.set("attachAlgoOrds", std::move(list));
    return std::nullopt;
}

}  // namespace

Expected<OrderBody> order_body(const Context& context, const OrderWish& wish) {
    const auto found = market_named(context, wish.symbol);
    if (!found) return found.error();
    const Market& market = **found;
    const Kind kind{wish};
    if (!wish.is_market() && wish.price.empty()) return bad("a limit order needs a price");
    const auto type = order_type(market, wish);
    if (!type) return type.error();

    OrderBody order{.body = Value::object(), .is_algo = kind.is_algo()};
    auto& body = order.body;
    body.set("instId", market.id).set("side", wish.side).set("ordType", *type);
    body.set("tdMode", trade_mode(market, wish, kind));
    if (!market.is_contract() && wish.params["margin"].is_true())
        body.set("ccy", wish.side == "buy" ? market.quote : market.base);
    if (auto error = set_quantity(body, market, wish, kind)) return std::move(*error);
    set_position(body, market, wish, kind);
    if (kind.is_algo()) {
        if (auto error = set_algo(body, market, wish, kind)) return std::move(*error);
    } else if (!wish.is_market()) {
        if (auto error = set_price(body, "px", market, wish.price)) return std::move(*error);
    }
    if (auto error = set_attached(body, market, wish)) return std::move(*error);
    if (!wish.params["reduceOnly"].is_null()) body.set("reduceOnly", wish.params["reduceOnly"].is_true());
    body.set_known(kind.is_algo() ? "algoClOrdId" : "clOrdId",
                   wish.option({"algoClOrdId", "clOrdId", "clientOrderId"}));
    pass_on(body, wish.params, used);
    return order;
}

Expected<OrderBody> edit_body(const Context& context, const OrderWish& wish, std::string_view id) {
    const auto found = market_named(context, wish.symbol);
    if (!found) return found.error();
    const Market& market = **found;
    const Kind kind{wish};
    OrderBody edit{.body = Value::object(), .is_algo = kind.is_algo() || wish.params["trigger"].is_true()};
    auto& body = edit.body;
    body.set("instId", market.id);
    const auto& client_id = wish.option({"clOrdId", "clientOrderId", "algoClOrdId"});
    if (client_id.empty())
        body.set(edit.is_algo ? "algoId" : "ordId", id);
    else
        body.set(edit.is_algo ? "algoClOrdId" : "clOrdId", client_id);
    if (!wish.amount.empty()) {
        auto amount = amount_of(market, wish.amount);
        if (!amount) return amount.error();
        body.set("newSz", std::move(*amount));
    }
    const std::pair<const char*, const std::string&> triggers[] = {
        {"newTriggerPx", kind.trigger}, {"newSlTriggerPx", kind.stop_loss}, {"newTpTriggerPx", kind.take_profit}};
    for (const auto& [key, text] : triggers) {
        if (text.empty()) continue;
        if (auto error = set_price(body, key, market, text)) return std::move(*error);
    }
    if (!wish.price.empty()) {
        const auto* key = !edit.is_algo               ? "newPx"
                          : !kind.stop_loss.empty()   ? "newSlOrdPx"
                          : !kind.take_profit.empty() ? "newTpOrdPx"
                                                      : "newOrdPx";
        if (auto error = set_price(body, key, market, wish.price)) return std::move(*error);
    }
    pass_on(body, wish.params, used);
    if (body.size() <= 2) return bad("an edit changes amount, price or triggerPrice");
    return edit;
}

}  // namespace gateways::okx
