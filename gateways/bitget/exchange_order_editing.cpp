#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Requests that change an order. Source: Bitget API documents, "Future/Trade/Modify Order", "Future/Plan/Modify the
/// Trigger Plan Order", "… Modify the Stop-profit and Stop-loss Plan Order", "Spot/Trade/Cancel an Existing Order and
/// Send a New Order", "Unified/Trade/Modify Order".
namespace gateways::bitget {

using namespace exchange;

namespace {

ApiError bad(std::string message) {
    return refused(ErrorKind::bad_request, std::move(message));
}

constexpr std::string_view used_options[] = {"type",
                                             "stopPrice",
                                             "triggerType",
                                             "stopLossPrice",
                                             "takeProfitPrice",
                                             "stopLoss",
                                             "takeProfit",
                                             "clientOrderId",
                                             "trailingPercent",
                                             "trailingTriggerPrice",
                                             "uta",
                                             "productType",
                                             "category",
                                             "cost",
                                             "newClientOrderId",
                                             "marginMode",
                                             "postOnly"};

Request edit_of(const OrderWish& wish, std::string_view id, const char* path) {
    auto request = signed_post(path);
    const auto& client = wish.option({"clientOrderId", "clientOid"});
    if (client.empty())
        request.body.set("orderId", id);
    else
        request.body.set("clientOid", client);
    return request;
}

/// The new brackets of an order that is in the book, or of a plan; a bracket without trigger is left as it is.
struct BracketNames {
    std::string_view option, trigger, price, type;
};
constexpr BracketNames preset_names[] = {
    {"stopLoss", "newPresetStopLossPrice", "", ""},
    {"takeProfit", "newPresetStopSurplusPrice", "", ""},
};
constexpr BracketNames plan_names[] = {
    {"stopLoss", "newStopLossTriggerPrice", "newStopLossExecutePrice", "newStopLossTriggerType"},
    {"takeProfit", "newStopSurplusTriggerPrice", "newStopSurplusExecutePrice", "newStopSurplusTriggerType"},
};

void set_brackets(Value& to, const OrderWish& wish, const Market& market, std::span<const BracketNames> names) {
    for (const auto& row : names) {
        const auto& bracket = wish.params[row.option];
        if (bracket.is_null()) continue;
        to.set_known(row.trigger, market.price(bracket.first({"triggerPrice", "stopPrice"})));
        if (row.type.empty()) continue;
        to.set_known(row.price, market.price(bracket["price"].text()));
        to.set(row.type, bracket["type"].text().empty() ? "mark_price" : bracket["type"].text());
    }
}

Expected<Request> spot_edit(const OrderWish& wish, const Scope& scope, std::string_view id, std::string_view fresh_id) {
    const auto& market = *scope.market;
    const auto& trigger = wish.option({"triggerPrice", "stopPrice"});
    const bool plan = !trigger.empty();
    auto request =
        edit_of(wish, id, plan ? "/api/v2/spot/trade/modify-plan-order" : "/api/v2/spot/trade/cancel-replace-order");
    auto& body = request.body;
    if (wish.type == "market" && wish.side == "buy") {
        const auto& cost = wish.params["cost"].text();
        if (cost.empty() && wish.price.empty())
            return bad("a market order that buys needs the option cost, or a price");
        body.set("size", market.price(cost.empty() ? product(wish.amount, wish.price) : cost));
    } else {
        body.set_known("size", market.amount(wish.amount));
    }
    body.set_known("orderType", wish.type);
    if (plan) {
        body.set("triggerPrice", market.price(trigger));
        body.set_known("executePrice", market.price(wish.price));
    } else {
        if (wish.price.empty()) return bad("a replaced order needs a price");
        body.set("price", market.price(wish.price)).set("symbol", market.id);
        if (!fresh_id.empty() && wish.params["newClientOid"].is_null()) body.set("newClientOid", fresh_id);
    }
    pass_on(body, wish.params, used_options);
    return request;
}

Expected<Request> stop_or_target_edit(const OrderWish& wish, const Scope& scope, std::string_view id) {
    const auto& market = *scope.market;
    auto request = edit_of(wish, id, "/api/v2/mix/order/modify-tpsl-order");
    request.body.set("symbol", market.id)
        .set("productType", scope.product_type)
        .set("marginCoin", market.settle)
        .set("size", market.amount(wish.amount));
    request.body.set_known("executePrice", market.price(wish.price));
    request.body.set("triggerPrice", market.price(wish.option({"stopLossPrice", "takeProfitPrice"})));
    pass_on(request.body, wish.params, used_options);
    return request;
}

Expected<Request> plan_edit(const OrderWish& wish, const Scope& scope, std::string_view id) {
    const auto& market = *scope.market;
    auto request = edit_of(wish, id, "/api/v2/mix/order/modify-plan-order");
    auto& body = request.body;
    const auto& trailing = wish.option({"trailingPercent", "newCallbackRatio"});
    body.set("symbol", market.id).set("productType", scope.product_type);
    body.set_known("newSize", market.amount(wish.amount));
    if (trailing.empty()) {
        body.set_known("newPrice", market.price(wish.price));
        body.set("newTriggerPrice", market.price(wish.option({"triggerPrice", "stopPrice"})));
        set_brackets(body, wish, market, plan_names);
    } else {
        const auto& asked = wish.option({"trailingTriggerPrice"});
        body.set_known("newTriggerPrice", market.price(asked.empty() ? wish.price : asked));
        body.set("newCallbackRatio", trailing);
    }
    pass_on(body, wish.params, used_options);
    return request;
}

/// The venue cancels and creates again: the new order is known only by the new client order id.
Expected<Request> order_edit(const OrderWish& wish, const Scope& scope, std::string_view id,
                             std::string_view fresh_id) {
    const auto& market = *scope.market;
    auto request = edit_of(wish, id, "/api/v2/mix/order/modify-order");
    auto& body = request.body;
    body.set("symbol", market.id).set("productType", scope.product_type);
    body.set_known("newSize", market.amount(wish.amount));
    body.set_known("newPrice", market.price(wish.price));
    const auto& asked = wish.option({"newClientOid", "newClientOrderId"});
    if (asked.empty() && fresh_id.empty()) return bad("a modified order needs the option newClientOid");
    body.set("newClientOid", asked.empty() ? fresh_id : std::string_view{asked});
    set_brackets(body, wish, market, preset_names);
    pass_on(body, wish.params, used_options);
    return request;
}

}  // namespace

Requests build_edit(const Ask& ask) {
    const auto wish = edit_wish(ask);
    if (!wish) return wish.error();
    const auto market = market_named(ask.context, wish->symbol);
    if (!market) return market.error();
    const auto scope = scope_of(**market, wish->params);
    const auto& id = ask.text("id");
    if (scope.unified) {
        auto request = signed_post(is_stop_or_target(*wish) ? "/api/v3/trade/modify-strategy-order"
                                                            : "/api/v3/trade/modify-order");
        request.body = unified_change(*wish, scope, id);
        return only(std::move(request));
    }
    const bool plan = !wish->option({"triggerPrice", "stopPrice", "trailingPercent", "newCallbackRatio"}).empty();
    auto request = !scope.is_futures()        ? spot_edit(*wish, scope, id, ask.context.fresh_id)
                   : is_stop_or_target(*wish) ? stop_or_target_edit(*wish, scope, id)
                   : plan                     ? plan_edit(*wish, scope, id)
                                              : order_edit(*wish, scope, id, ask.context.fresh_id);
    if (!request) return request.error();
    return only(std::move(*request));
}

}  // namespace gateways::bitget
