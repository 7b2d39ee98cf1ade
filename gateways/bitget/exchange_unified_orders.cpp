#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <array>

/// Orders of a unified account. Source: Bitget API documents, "Unified/Trade/Place Order", "Modify Order", "Place
/// Strategy Order".
namespace gateways::bitget {

using namespace exchange;

namespace {

struct TriggerNames {
    std::string_view option, bracket, price, by, limit_price, order_type;
};
constexpr std::array<TriggerNames, 2> triggers{{
    {"stopLossPrice", "stopLoss", "stopLoss", "slTriggerBy", "slLimitPrice", "slOrderType"},
    {"takeProfitPrice", "takeProfit", "takeProfit", "tpTriggerBy", "tpLimitPrice", "tpOrderType"},
}};

constexpr std::string_view used_options[] = {
    "stopLossPrice", "takeProfitPrice", "stopLoss",    "takeProfit", "postOnly",
    "reduceOnly",    "hedged",          "uta",         "category",   "productType",
    "marginMode",    "clientOrderId",   "timeInForce", "type",       "oneWayMode",
    "cost"};

void set_trigger(Value& to, const TriggerNames& row, const OrderWish& wish, const Market& market,
                 const std::string& trigger, const std::string& limit) {
    to.set(row.price, market.price(trigger));
    to.set_known(row.limit_price, market.price(limit));
    const auto& asked = wish.params[row.order_type].text();
    to.set(row.order_type, !asked.empty() ? asked : limit.empty() ? "market" : "limit");
}

/// A strategy order: stop loss or take profit of a position.
void set_strategy(Value& to, const OrderWish& wish, const Market& market) {
    for (const auto& row : triggers) {
        const auto& trigger = wish.params[row.option].text();
        if (trigger.empty()) continue;
        to.set(row.by, wish.params[row.by].text().empty() ? "mark" : wish.params[row.by].text());
        set_trigger(to, row, wish, market, trigger, wish.price);
        return;
    }
}

std::optional<ApiError> set_brackets(Value& to, const OrderWish& wish, const Market& market) {
    for (const auto& row : triggers) {
        const auto& bracket = wish.params[row.bracket];
        if (bracket.is_null()) continue;
        const auto& trigger = bracket.first({"triggerPrice", "stopPrice"});
        if (trigger.empty()) return refused(ErrorKind::bad_request, std::string{row.bracket} + " needs a triggerPrice");
        set_trigger(to, row, wish, market, trigger, bracket["price"].text());
    }
    return std::nullopt;
}

std::string time_in_force_of(const OrderWish& wish) {
    if (wish.is_post_only()) return "post_only";
    const auto asked = lower_case(wish.params["timeInForce"].text());
    return asked == "ioc" || asked == "fok" ? asked : "gtc";
}

}  // namespace

Expected<Value> unified_order(const OrderWish& wish, const Scope& scope) {
    const auto& market = *scope.market;
    auto order = Value::object();
    // A market order of spot that buys is measured in the quote coin.
    const auto& cost = wish.params["cost"].text();
    const bool by_cost = !market.is_contract() && wish.is_market() && wish.side == "buy" && !cost.empty();
    const auto quantity = by_cost ? to_price(cost, market.price_step) : market.amount(wish.amount);
    if (!is_nonzero(quantity))
        return refused(ErrorKind::bad_request, "the amount " + wish.amount + " is nothing in the market's steps");
    order.set("category", scope.product_type).set("symbol", market.id).set("qty", quantity).set("side", wish.side);
    order.set_known("clientOid", wish.option({"clientOid", "clientOrderId"}));
    const bool strategy = is_stop_or_target(wish);
    if (strategy) {
        set_strategy(order, wish, market);
    } else {
        if (auto problem = set_brackets(order, wish, market)) return std::move(*problem);
        if (!wish.is_market()) {
            if (wish.price.empty()) return refused(ErrorKind::bad_request, "a limit order needs a price");
            order.set("price", market.price(wish.price));
        }
        order.set("orderType", wish.type).set("timeInForce", time_in_force_of(wish));
    }
    const bool reduces = wish.params["reduceOnly"].is_true(), hedged = wish.params["hedged"].is_true();
    if (reduces && (hedged || strategy))
        order.set("posSide", wish.side == "sell" ? "long" : "short");
    else if (reduces)
        order.set("reduceOnly", "yes");
    else if (hedged)
        order.set("posSide", wish.side == "buy" ? "long" : "short");
    pass_on(order, wish.params, used_options);
    return order;
}

Value unified_change(const OrderWish& wish, const Scope& scope, std::string_view id) {
    const auto& market = *scope.market;
    auto change = Value::object();
    const auto& client = wish.option({"clientOrderId", "clientOid"});
    change.set(client.empty() ? "orderId" : "clientOid", client.empty() ? id : std::string_view{client});
    change.set_known("qty", market.amount(wish.amount));
    if (is_stop_or_target(wish))
        set_strategy(change, wish, market);
    else
        change.set_known("price", market.price(wish.price));
    pass_on(change, wish.params, used_options);
    return change;
}

}  // namespace gateways::bitget
