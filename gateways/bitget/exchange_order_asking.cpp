#include "gateways/bitget/exchange_calls.hpp"

/// Requests that cancel and ask for orders. Source: Bitget API documents, "Spot/Trade", "Margin/…/Trade",
/// "Future/Trade", "Future/Plan", "Unified/Trade".
namespace gateways::bitget {

using namespace exchange;

namespace {

bool is_trigger(const Ask& ask) noexcept {
    return ask.param("trigger").is_true() || ask.param("stop").is_true() || ask.param("trailing").is_true() ||
           !ask.param("planType").is_null();
}
const char* plan_type_of(const Ask& ask) noexcept {
    return ask.param("trailing").is_true() ? "track_plan" : "normal_plan";
}

/// The path of an endpoint in the families of areas.
struct Paths {
    std::string_view spot, crossed, isolated, futures, unified;
};
std::string path_of(const Scope& scope, const Paths& paths) {
    if (scope.unified) return std::string{paths.unified};
    switch (scope.area) {
        case Area::futures: return std::string{paths.futures};
        case Area::isolated_margin: return std::string{paths.isolated};
        case Area::cross_margin: return std::string{paths.crossed};
        case Area::spot: break;
    }
    return std::string{paths.spot};
}

void set_id(Value& to, const Ask& ask) {
    const auto client = client_order_id(ask, "clientOid");
    if (client.empty())
        to.set("orderId", ask.text("id"));
    else
        to.set("clientOid", client);
}

bool has_id(const Ask& ask) {
    return !ask.text("id").empty() || !client_order_id(ask, "clientOid").empty();
}

Requests finish(Request request, const Ask& ask) {
    pass_on(request.method == Method::get ? request.query : request.body, ask.arguments.params(), steering);
    return only(std::move(request));
}

void set_range(Value& to, const Ask& ask) {
    to.set_known("startTime", ask.text("since"));
    to.set_known("limit", ask.text("limit"));
    to.set_known("endTime", ask.param("until").text());
}

}  // namespace

Requests build_cancel(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (!has_id(ask)) return refused(ErrorKind::bad_request, "the call needs the id of an order");
    const bool trigger = is_trigger(ask);
    const auto path =
        trigger ? path_of(*scope, {"/api/v2/spot/trade/cancel-plan-order", "", "",
                                   "/api/v2/mix/order/cancel-plan-order", "/api/v3/trade/cancel-strategy-order"})
                : path_of(*scope, {"/api/v2/spot/trade/cancel-order", "/api/v2/margin/crossed/cancel-order",
                                   "/api/v2/margin/isolated/cancel-order", "/api/v2/mix/order/cancel-order",
                                   "/api/v3/trade/cancel-order"});
    if (path.empty()) return refused(ErrorKind::not_supported, "trigger orders on borrowed spot margin");
    auto request = signed_post(path);
    auto& body = request.body;
    if (scope->is_futures() || !trigger) body.set("symbol", scope->market->id);
    if (scope->is_futures() && trigger && !scope->unified) {
        auto order = Value::object();
        set_id(order, ask);
        auto list = Value::array();
        list.push(std::move(order));
        body.set("orderIdList", std::move(list));
    } else {
        set_id(body, ask);
    }
    if (scope->is_futures() && !scope->unified) body.set("productType", scope->product_type);
    if (ask.param("trailing").is_true() && ask.param("planType").is_null()) body.set("planType", "track_plan");
    return finish(std::move(request), ask);
}

Requests build_cancels(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    const bool by_client = !ask.arguments["clientOrderIds"].is_null() || !ask.param("clientOrderIds").is_null();
    const auto& ids = !ask.arguments["clientOrderIds"].is_null() ? ask.arguments["clientOrderIds"]
                      : by_client                                ? ask.param("clientOrderIds")
                                                                 : ask.arguments["ids"];
    auto list = Value::array();
    for (const auto& id : texts_of(ids)) {
        auto order = Value::object();
        order.set(by_client ? "clientOid" : "orderId", id);
        if (scope->unified) order.set("symbol", scope->market->id).set("category", scope->product_type);
        list.push(std::move(order));
    }
    if (list.empty()) return refused(ErrorKind::bad_request, "the call needs ids of orders");
    const bool plan = scope->is_futures() && is_trigger(ask);
    auto request = signed_post(
        path_of(*scope, {"/api/v2/spot/trade/batch-cancel-order", "/api/v2/margin/crossed/batch-cancel-order",
                         "/api/v2/margin/isolated/batch-cancel-order",
                         plan ? "/api/v2/mix/order/cancel-plan-order" : "/api/v2/mix/order/batch-cancel-orders",
                         "/api/v3/trade/cancel-batch"}));
    if (scope->unified) {
        request.body = std::move(list);
        return only(std::move(request));
    }
    request.body.set("symbol", scope->market->id);
    request.body.set(scope->area == Area::spot ? "orderList" : "orderIdList", std::move(list));
    if (scope->is_futures()) request.body.set("productType", scope->product_type);
    request.body.remove("clientOrderIds");
    return only(std::move(request));
}

Requests build_cancel_all(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (scope->is_margin() && !scope->unified)
        return refused(ErrorKind::not_supported, "bitget cancels margin orders by their ids: use cancel_orders");
    const bool trigger = is_trigger(ask);
    if (trigger && scope->area == Area::spot && !scope->unified) {
        auto request = signed_post("/api/v2/spot/trade/batch-cancel-plan-order");
        auto list = Value::array();
        list.push(scope->market->id);
        request.body.set("symbolList", std::move(list));
        return finish(std::move(request), ask);
    }
    auto request = signed_post(
        path_of(*scope, {"/api/v2/spot/trade/cancel-symbol-order", "", "",
                         trigger ? "/api/v2/mix/order/cancel-plan-order" : "/api/v2/mix/order/batch-cancel-orders",
                         "/api/v3/trade/cancel-symbol-order"}));
    request.body.set("symbol", scope->market->id);
    if (scope->unified)
        request.body.set("category", scope->product_type);
    else if (scope->is_futures())
        request.body.set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Requests build_fetch_order(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (!has_id(ask)) return refused(ErrorKind::bad_request, "the call needs the id of an order");
    if (scope->is_margin() && !scope->unified)
        return refused(ErrorKind::not_supported, "bitget has no question for one margin order");
    auto request = signed_get(path_of(
        *scope, {"/api/v2/spot/trade/orderInfo", "", "", "/api/v2/mix/order/detail", "/api/v3/trade/order-info"}));
    set_id(request.query, ask);
    if (scope->is_futures() && !scope->unified)
        request.query.set("symbol", scope->market->id).set("productType", scope->product_type);
    return finish(std::move(request), ask);
}

Requests build_open_orders(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    const bool trigger = is_trigger(ask);
    auto request = signed_get(
        path_of(*scope, {trigger ? "/api/v2/spot/trade/current-plan-order" : "/api/v2/spot/trade/unfilled-orders",
                         "/api/v2/margin/crossed/open-orders", "/api/v2/margin/isolated/open-orders",
                         trigger ? "/api/v2/mix/order/orders-plan-pending" : "/api/v2/mix/order/orders-pending",
                         trigger ? "/api/v3/trade/unfilled-strategy-orders" : "/api/v3/trade/unfilled-orders"}));
    if (scope->unified)
        request.query.set("category", scope->product_type);
    else if (scope->is_futures())
        request.query.set("productType", scope->product_type);
    if (scope->market != nullptr) request.query.set("symbol", scope->market->id);
    set_range(request.query, ask);
    if (trigger && scope->is_futures() && !scope->unified) request.query.set("planType", plan_type_of(ask));
    return finish(std::move(request), ask);
}

Requests build_closed_orders(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    const bool trigger = is_trigger(ask);
    if (scope->is_margin() && !scope->unified && ask.text("since").empty())
        return refused(ErrorKind::bad_request, "closed margin orders need the argument since");
    auto request = signed_get(
        path_of(*scope, {trigger ? "/api/v2/spot/trade/history-plan-order" : "/api/v2/spot/trade/history-orders",
                         "/api/v2/margin/crossed/history-orders", "/api/v2/margin/isolated/history-orders",
                         trigger ? "/api/v2/mix/order/orders-plan-history" : "/api/v2/mix/order/orders-history",
                         trigger ? "/api/v3/trade/history-strategy-orders" : "/api/v3/trade/history-orders"}));
    if (scope->unified)
        request.query.set("category", scope->product_type);
    else if (scope->is_futures())
        request.query.set("productType", scope->product_type);
    if (scope->market != nullptr) request.query.set("symbol", scope->market->id);
    set_range(request.query, ask);
    if (trigger && scope->is_futures() && !scope->unified) request.query.set("planType", plan_type_of(ask));
    return finish(std::move(request), ask);
}

Requests build_my_trades(const Ask& ask) {
    const auto scope = scope_of(ask, !ask.param("uta").is_true());
    if (!scope) return scope.error();
    auto request = signed_get(
        path_of(*scope, {"/api/v2/spot/trade/fills", "/api/v2/margin/crossed/fills", "/api/v2/margin/isolated/fills",
                         "/api/v2/mix/order/fills", "/api/v3/trade/fills"}));
    if (!scope->unified) {
        request.query.set("symbol", scope->market->id);
        if (scope->is_futures()) request.query.set("productType", scope->product_type);
    }
    set_range(request.query, ask);
    return finish(std::move(request), ask);
}

}  // namespace gateways::bitget
