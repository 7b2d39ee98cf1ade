#include "gateways/bybit/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Questions and orders about orders. Source: Bybit v5, "Trade".
namespace gateways::bybit {

using namespace exchange;

namespace {

/// How many orders one batch may have. Source: Bybit v5, "Batch Place Order".
constexpr std::size_t batch_of(Host host) noexcept {
    return host == Host::spot ? 10 : 20;
}

bool is_trigger(const Ask& ask) noexcept {
    return ask.param("trigger").is_true() || ask.param("stop").is_true();
}

Request batch_request(Host host, std::string_view path, Value members) {
    auto request = post_request({.host = host}, path);
    request.body.set("request", std::move(members));
    return request;
}

/// Splits a list of orders into requests that the venue takes.
std::vector<Request> batches(Host host, std::string_view path, const std::vector<Value>& members) {
    std::vector<Request> all;
    auto part = Value::array();
    for (const auto& member : members) {
        part.push(member);
        if (part.size() < batch_of(host)) continue;
        all.push_back(batch_request(host, path, std::exchange(part, Value::array())));
    }
    if (!part.empty()) all.push_back(batch_request(host, path, std::move(part)));
    return all;
}

/// A list of an account's orders or fills: by market, or of one settlement coin where the venue demands one of the two.
Expected<Request> list_request(const Ask& ask, std::string_view path, bool needs_coin) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    auto request = get_request(*scope, path, true);
    const auto& params = ask.arguments.params();
    if (needs_coin && scope->market == nullptr && scope->host == Host::linear && !params.contains("settleCoin") &&
        !params.contains("baseCoin"))
        request.query.set("settleCoin", "USDT");
    if (is_trigger(ask)) request.query.set("orderFilter", "StopOrder");
    request.query.set_known("limit", ask.text("limit"));
    return request;
}

void set_times(Value& query, const Ask& ask) {
    query.set_known("startTime", ask.text("since"));
    query.set_known("endTime", ask.param("until").text());
}

}  // namespace

Requests build_order(const Ask& ask) {
    const auto wish = order_wish(ask);
    if (!wish) return wish.error();
    auto body = order_body(ask.context, *wish);
    if (!body) return body.error();
    const auto market = market_named(ask.context, wish->symbol);
    if (!market) return market.error();
    auto request = post_request({.host = host_of(**market)}, "/v5/order/create");
    request.body = std::move(*body);
    return only(std::move(request));
}

Requests build_orders(const Ask& ask) {
    std::vector<Value> members;
    std::optional<Host> host;
    for (const auto& order : ask.arguments["orders"].items()) {
        const auto wish = order_wish(order);
        if (!wish) return wish.error();
        auto body = order_body(ask.context, *wish);
        if (!body) return body.error();
        const auto market = market_named(ask.context, wish->symbol);
        if (!market) return market.error();
        if (host && *host != host_of(**market))
            return refused(ErrorKind::bad_request, "the orders of one batch are all spot, all linear or all inverse");
        host = host_of(**market);
        body->remove("category");
        members.push_back(std::move(*body));
    }
    if (!host) return refused(ErrorKind::bad_request, "create_orders needs a list of orders");
    return batches(*host, "/v5/order/create-batch", members);
}

Requests build_edit(const Ask& ask) {
    const auto wish = edit_wish(ask);
    if (!wish) return wish.error();
    auto body = edit_body(ask.context, *wish, ask.text("id"));
    if (!body) return body.error();
    const auto market = market_named(ask.context, wish->symbol);
    if (!market) return market.error();
    auto request = post_request({.host = host_of(**market)}, "/v5/order/amend");
    request.body = std::move(*body);
    return only(std::move(request));
}

Requests build_cancel(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = post_request(*scope, "/v5/order/cancel");
    const auto client_id = client_order_id(ask, "orderLinkId");
    if (client_id.empty())
        request.body.set("orderId", ask.text("id"));
    else
        request.body.set("orderLinkId", client_id);
    if (scope->host == Host::spot) request.body.set("orderFilter", is_trigger(ask) ? "StopOrder" : "Order");
    pass_options(request.body, ask);
    return only(std::move(request));
}

Requests build_cancels(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    const bool by_client = ask.call == Call::cancel_orders_with_client_order_ids;
    std::vector<Value> members;
    for (const auto& id : texts_of(ask.arguments[by_client ? "clientOrderIds" : "ids"])) {
        auto member = Value::object();
        member.set("symbol", scope->market->id).set(by_client ? "orderLinkId" : "orderId", id);
        members.push_back(std::move(member));
    }
    if (members.empty()) return refused(ErrorKind::bad_request, "a list of ids is needed");
    return batches(scope->host, "/v5/order/cancel-batch", members);
}

Requests build_cancel_all(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    auto request = post_request(*scope, "/v5/order/cancel-all");
    const auto& params = ask.arguments.params();
    if (scope->market == nullptr && scope->host != Host::spot && !params.contains("settleCoin") &&
        !params.contains("baseCoin")) {
        if (scope->host == Host::inverse)
            return refused(ErrorKind::bad_request, "name a symbol, or settleCoin or baseCoin in the options");
        request.body.set("settleCoin", "USDT");
    }
    if (is_trigger(ask)) request.body.set("orderFilter", "StopOrder");
    pass_options(request.body, ask);
    return only(std::move(request));
}

/// It counts from the loss of a private stream that subscribed to `dcp`, of one product: the option, else that of the
/// market. Source: Bybit v5, "Set Disconnect Cancel All".
Requests build_cancel_all_after(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    const auto seconds = to_amount(quotient(ask.text("timeout"), "1000"), "1");
    if (!is_nonzero(seconds)) return refused(ErrorKind::bad_request, "the timeout is 3000 to 300000 ms");
    Request request{.method = Method::post, .host = scope->host, .path = "/v5/order/disconnected-cancel-all"};
    request.is_signed = true;
    request.body_kind = BodyKind::json;
    request.body = Value::object();
    request.body.set("product", scope->host == Host::spot ? "SPOT" : "DERIVATIVES");
    request.body.set("timeWindow", Value::number(seconds));
    pass_options(request.body, ask);
    return only(std::move(request));
}

Requests build_fetch_order(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    // also tells of the last 500 that are closed; older ones: fetch_orders
    auto request = get_request(*scope, "/v5/order/realtime", true);
    const auto client_id = client_order_id(ask, "orderLinkId");
    if (client_id.empty())
        request.query.set("orderId", ask.text("id"));
    else
        request.query.set("orderLinkId", client_id);
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_open_orders(const Ask& ask) {
    auto request = list_request(ask, "/v5/order/realtime", true);
    if (!request) return request.error();
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_closed_orders(const Ask& ask) {
    auto request = list_request(ask, "/v5/order/history", false);
    if (!request) return request.error();
    request->query.set("orderStatus", "Filled");
    set_times(request->query, ask);
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_fetch_orders(const Ask& ask) {
    auto open = build_open_orders(ask);
    if (!open) return open.error();
    auto history = list_request(ask, "/v5/order/history", false);
    if (!history) return history.error();
    set_times(history->query, ask);
    pass_options(history->query, ask);
    open->push_back(std::move(*history));
    return open;
}

Requests build_my_trades(const Ask& ask) {
    auto request = list_request(ask, "/v5/execution/list", false);
    if (!request) return request.error();
    set_times(request->query, ask);
    pass_options(request->query, ask);
    return only(std::move(*request));
}

}  // namespace gateways::bybit
