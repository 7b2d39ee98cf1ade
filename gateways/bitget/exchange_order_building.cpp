#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Requests that place orders of the classic account. Source: Bitget API documents, "Spot/Trade/Place Order",
/// "Future/Trade/Place Order", "Future/Plan/Trigger", "Future/Plan/TP & SL", "Margin/…/Place Order".
namespace gateways::bitget {

using namespace exchange;

namespace {

ApiError bad(std::string message) {
    return refused(ErrorKind::bad_request, std::move(message));
}

const std::string& trigger_of(const OrderWish& wish) noexcept {
    return wish.option({"triggerPrice", "stopPrice"});
}
const std::string& trailing_of(const OrderWish& wish) noexcept {
    return wish.option({"trailingPercent", "callbackRatio"});
}
const std::string& stop_or_target_of(const OrderWish& wish) noexcept {
    return wish.option({"stopLossPrice", "takeProfitPrice"});
}
bool is_hedged(const OrderWish& wish) noexcept {
    if (!wish.params["oneWayMode"].is_null()) return !wish.params["oneWayMode"].is_true();
    return wish.params["hedged"].is_true();
}

std::string force_of(const OrderWish& wish) {
    if (wish.is_post_only()) return "post_only";
    const auto asked = upper_case(wish.params["timeInForce"].text());
    return asked == "IOC" || asked == "FOK" ? asked : "GTC";
}

/// Brackets of an order: what it is to do once it is filled. The names differ by kind of order.
struct BracketNames {
    std::string_view option, trigger, price, type;
};
constexpr BracketNames preset_names[] = {
    {"stopLoss", "presetStopLossPrice", "presetStopLossExecutePrice", ""},
    {"takeProfit", "presetStopSurplusPrice", "presetStopSurplusExecutePrice", ""},
};
constexpr BracketNames plan_names[] = {
    {"stopLoss", "stopLossTriggerPrice", "stopLossExecutePrice", "stopLossTriggerType"},
    {"takeProfit", "stopSurplusTriggerPrice", "stopSurplusExecutePrice", "stopSurplusTriggerType"},
};

std::optional<ApiError> set_brackets(Value& to, const OrderWish& wish, const Market& market,
                                     std::span<const BracketNames> names) {
    for (const auto& row : names) {
        const auto& bracket = wish.params[row.option];
        if (bracket.is_null()) continue;
        const auto& trigger = bracket.first({"triggerPrice", "stopPrice"});
        if (trigger.empty()) return bad(std::string{row.option} + " needs a triggerPrice");
        to.set(row.trigger, market.price(trigger));
        to.set_known(row.price, market.price(bracket["price"].text()));
        if (!row.type.empty()) to.set(row.type, bracket["type"].text().empty() ? "mark_price" : bracket["type"].text());
    }
    return std::nullopt;
}

constexpr std::string_view used_options[] = {"type",
                                             "stopPrice",
                                             "triggerType",
                                             "triggerPriceType",
                                             "stopLossPrice",
                                             "takeProfitPrice",
                                             "stopLoss",
                                             "takeProfit",
                                             "postOnly",
                                             "reduceOnly",
                                             "clientOrderId",
                                             "trailingPercent",
                                             "hedged",
                                             "oneWayMode",
                                             "trailingTriggerPrice",
                                             "timeInForce",
                                             "marginMode",
                                             "uta",
                                             "cost",
                                             "productType",
                                             "category",
                                             "createMarketBuyOrderRequiresPrice"};

/// What both spot and futures begin with.
Expected<Value> beginning_of(const OrderWish& wish, const Market& market) {
    auto order = Value::object();
    order.set("symbol", market.id).set("orderType", wish.type);
    if (wish.type == "limit") {
        if (wish.price.empty()) return bad("a limit order needs a price");
        order.set("price", market.price(wish.price));
    } else if (!wish.is_market()) {
        return bad("the type is limit or market, not '" + wish.type + "'");
    }
    order.set("force", force_of(wish));
    order.set_known("clientOid", wish.option({"clientOid", "clientOrderId"}));
    return order;
}

void set_trigger_type(Value& to, const OrderWish& wish) {
    const auto& asked = wish.option({"triggerPriceType", "triggerType"});
    to.set("triggerType", asked.empty() ? "mark_price" : asked);
}

/// Side, and what the position modes want beside it. In hedge mode the side is that of the position: closing a long
/// position is side buy.
void set_side(Value& to, const OrderWish& wish) {
    const bool reduces = wish.params["reduceOnly"].is_true(), hedged = is_hedged(wish);
    const bool turned = hedged && reduces;
    to.set("side", (wish.side == "buy") != turned ? "buy" : "sell");
    if (hedged)
        to.set("tradeSide", reduces ? "Close" : "Open");
    else if (reduces)
        to.set("reduceOnly", "YES");
}

std::optional<ApiError> set_stop_or_target(Value& to, const OrderWish& wish, const Market& market) {
    if (!wish.price.empty()) {
        to.set("executePrice", market.price(wish.price));
        to.remove("price");
    }
    const bool sells = wish.side == "sell";  // the order closes: a selling one a long position
    to.set("holdSide", is_hedged(wish) ? (sells ? "long" : "short") : (sells ? "buy" : "sell"));
    to.set("triggerPrice", market.price(stop_or_target_of(wish)));
    to.set("planType", wish.params["stopLossPrice"].is_null() ? "pos_profit" : "pos_loss");
    return std::nullopt;
}

std::optional<ApiError> set_plan(Value& to, const OrderWish& wish, const Market& market) {
    to.set("planType", "normal_plan").set("triggerPrice", market.price(trigger_of(wish)));
    if (!wish.price.empty()) to.set("executePrice", market.price(wish.price));
    return set_brackets(to, wish, market, plan_names);
}

std::optional<ApiError> set_trailing(Value& to, const OrderWish& wish, const Market& market) {
    if (!wish.is_market()) return bad("a trailing order is a market order");
    const auto& asked = wish.option({"trailingTriggerPrice"});
    const auto& from = asked.empty() ? wish.price : asked;
    if (from.empty()) return bad("a trailing order needs the option trailingTriggerPrice");
    to.set("planType", "track_plan").set("triggerPrice", market.price(from)).set("callbackRatio", trailing_of(wish));
    return std::nullopt;
}

Expected<Value> futures_order(const OrderWish& wish, const Scope& scope) {
    const auto& market = *scope.market;
    auto begun = beginning_of(wish, market);
    if (!begun) return begun;
    auto& order = *begun;
    const auto size = market.amount(wish.amount);
    if (!is_nonzero(size)) return bad("the amount " + wish.amount + " is nothing in steps of " + market.amount_step);
    order.set("marginCoin", market.settle).set("size", size).set("productType", scope.product_type);
    const bool plan = !trigger_of(wish).empty(), trails = !trailing_of(wish).empty(), closes = is_stop_or_target(wish);
    if (plan + trails + closes > 1)
        return bad("only one of triggerPrice, stopLossPrice, takeProfitPrice, trailingPercent");
    if (plan || trails || closes) set_trigger_type(order, wish);
    auto problem = trails   ? set_trailing(order, wish, market)
                   : plan   ? set_plan(order, wish, market)
                   : closes ? set_stop_or_target(order, wish, market)
                            : set_brackets(order, wish, market, preset_names);
    if (problem) return std::move(*problem);
    if (!closes) {
        order.set("marginMode", wish.params["marginMode"].text() == "isolated" ? "isolated" : "crossed");
        set_side(order, wish);
    }
    pass_on(order, wish.params, used_options);
    return begun;
}

/// What a spot order is to move: a market order that buys is measured in the quote coin.
Expected<std::string> spot_size(const OrderWish& wish, const Market& market) {
    if (!wish.is_market() || wish.side != "buy") return market.amount(wish.amount);
    const auto& cost = wish.params["cost"].text();
    if (!cost.empty()) return to_price(cost, market.price_step);
    const auto& requires_price = wish.params["createMarketBuyOrderRequiresPrice"];
    if (!requires_price.is_null() && !requires_price.is_true()) return to_price(wish.amount, market.price_step);
    if (wish.price.empty()) return bad("a market order that buys needs the option cost, or a price to compute it");
    return to_price(product(wish.amount, wish.price), market.price_step);
}

Expected<Value> spot_order(const OrderWish& wish, const Scope& scope) {
    const auto& market = *scope.market;
    if (is_stop_or_target(wish) || !wish.params["stopLoss"].is_null() || !wish.params["takeProfit"].is_null())
        return refused(ErrorKind::not_supported, "stop loss and take profit orders of spot markets");
    auto begun = beginning_of(wish, market);
    if (!begun) return begun;
    auto& order = *begun;
    const auto size = spot_size(wish, market);
    if (!size) return size.error();
    if (!is_nonzero(*size)) return bad("the order's size is nothing in the market's steps");
    order.set("side", wish.side);
    const bool in_quote = wish.is_market() && wish.side == "buy";
    if (scope.is_margin()) {
        order.set("loanType", "normal").set(in_quote ? "quoteSize" : "baseSize", *size);
    } else {
        order.set("size", *size);
        if (!trigger_of(wish).empty()) {
            order.set("planType", in_quote ? "total" : "amount").set("triggerPrice", market.price(trigger_of(wish)));
            set_trigger_type(order, wish);
            if (!wish.price.empty()) order.set("executePrice", market.price(wish.price));
        }
    }
    pass_on(order, wish.params, used_options);
    return begun;
}

Expected<Value> classic_order(const OrderWish& wish, const Scope& scope) {
    return scope.is_futures() ? futures_order(wish, scope) : spot_order(wish, scope);
}

std::string path_of(const OrderWish& wish, const Scope& scope) {
    if (scope.unified)
        return is_stop_or_target(wish) ? "/api/v3/trade/place-strategy-order" : "/api/v3/trade/place-order";
    if (scope.is_futures()) {
        if (!trigger_of(wish).empty() || !trailing_of(wish).empty()) return "/api/v2/mix/order/place-plan-order";
        return is_stop_or_target(wish) ? "/api/v2/mix/order/place-tpsl-order" : "/api/v2/mix/order/place-order";
    }
    if (!trigger_of(wish).empty()) return "/api/v2/spot/trade/place-plan-order";
    if (scope.area == Area::isolated_margin) return "/api/v2/margin/isolated/place-order";
    if (scope.area == Area::cross_margin) return "/api/v2/margin/crossed/place-order";
    return "/api/v2/spot/trade/place-order";
}

std::string batch_path_of(const Scope& scope) {
    if (scope.unified) return "/api/v3/trade/place-batch";
    switch (scope.area) {
        case Area::futures: return "/api/v2/mix/order/batch-place-order";
        case Area::isolated_margin: return "/api/v2/margin/isolated/batch-place-order";
        case Area::cross_margin: return "/api/v2/margin/crossed/batch-place-order";
        case Area::spot: break;
    }
    return "/api/v2/spot/trade/batch-orders";
}

}  // namespace

bool is_stop_or_target(const OrderWish& wish) noexcept {
    return !stop_or_target_of(wish).empty();
}

Requests build_order(const Ask& ask) {
    const auto wish = order_wish(ask);
    if (!wish) return wish.error();
    const auto market = market_named(ask.context, wish->symbol);
    if (!market) return market.error();
    const auto scope = scope_of(**market, wish->params);
    auto order = scope.unified ? unified_order(*wish, scope) : classic_order(*wish, scope);
    if (!order) return order.error();
    auto request = signed_post(path_of(*wish, scope));
    request.body = std::move(*order);
    return only(std::move(request));
}

Requests build_orders(const Ask& ask) {
    constexpr std::size_t most = 50;
    const auto& members = ask.arguments["orders"];
    if (!members.is_array() || members.empty() || members.size() > most)
        return bad("create_orders takes a list of 1 to 50 orders");
    auto list = Value::array();
    std::optional<Scope> scope;
    for (const auto& member : members.items()) {
        const auto wish = order_wish(member);
        if (!wish) return wish.error();
        const auto market = market_named(ask.context, wish->symbol);
        if (!market) return market.error();
        auto own = scope_of(**market, wish->params);
        own.unified = own.unified || ask.param("uta").is_true();
        if (scope && (scope->market != own.market || scope->area != own.area))
            return bad("the orders of a batch have one symbol and one margin mode");
        auto order = own.unified ? unified_order(*wish, own) : classic_order(*wish, own);
        if (!order) return order.error();
        list.push(std::move(*order));
        scope = std::move(own);
    }
    auto request = signed_post(batch_path_of(*scope));
    if (scope->unified) {
        request.body = std::move(list);
        return only(std::move(request));
    }
    request.body.set("symbol", scope->market->id);
    if (scope->is_futures()) {
        const bool isolated = members.at(0)["params"]["marginMode"].text() == "isolated";
        request.body.set("productType", scope->product_type)
            .set("marginMode", isolated ? "isolated" : "crossed")
            .set("marginCoin", scope->margin_coin());
    }
    request.body.set("orderList", std::move(list));
    return only(std::move(request));
}

}  // namespace gateways::bitget
