#include "gateways/exchange/decimal_text.hpp"
#include "gateways/okx/exchange_calls.hpp"

#include <utility>

/// Questions and orders about orders. Source: OKX API v5, "Order Book Trading".
namespace gateways::okx {

using namespace exchange;

namespace {

constexpr std::size_t batch = 20;       ///< orders of one batch
constexpr std::size_t algo_batch = 10;  ///< algo orders of one cancel

/// Splits a list of orders into requests that the venue takes.
std::vector<Request> batches(std::string_view path, const std::vector<Value>& members, std::size_t most) {
    std::vector<Request> all;
    auto part = Value::array();
    for (const auto& member : members) {
        part.push(member);
        if (part.size() < most) continue;
        all.push_back(post_request(path, std::exchange(part, Value::array())));
    }
    if (!part.empty()) all.push_back(post_request(path, std::move(part)));
    return all;
}

/// A list of an account's orders or fills; the history wants the type of instruments always.
Expected<Request> list_request(const Ask& ask, std::string_view path, bool needs_type) {
    const auto scope = scope_of(ask, false, MarketType::spot);
    if (!scope) return scope.error();
    auto request = get_request(path, true);
    const auto& params = ask.arguments.params();
    if (needs_type || scope->market != nullptr || params.contains("type"))
        request.query.set("instType", scope->instrument_type);
    if (scope->market != nullptr) request.query.set("instId", scope->market->id);
    if (is_trigger(ask) && !params.contains("ordType")) request.query.set("ordType", "trigger");
    request.query.set_known("begin", ask.text("since"));
    request.query.set_known("end", ask.param("until").text());
    request.query.set_known("limit", ask.text("limit"));
    return request;
}

}  // namespace

Requests build_order(const Ask& ask) {
    const auto wish = order_wish(ask);
    if (!wish) return wish.error();
    auto order = order_body(ask.context, *wish);
    if (!order) return order.error();
    if (order->is_algo) return only(post_request("/trade/order-algo", std::move(order->body)));
    auto list = Value::array();
    list.push(std::move(order->body));
    return only(post_request("/trade/batch-orders", std::move(list)));
}

Requests build_orders(const Ask& ask) {
    std::vector<Value> members;
    for (const auto& member : ask.arguments["orders"].items()) {
        const auto wish = order_wish(member);
        if (!wish) return wish.error();
        auto order = order_body(ask.context, *wish);
        if (!order) return order.error();
        if (order->is_algo)
            return refused(ErrorKind::not_supported, "okx takes no batch of orders that wait for a price");
        members.push_back(std::move(order->body));
    }
    if (members.empty()) return refused(ErrorKind::bad_request, "create_orders needs a list of orders");
    return batches("/trade/batch-orders", members, batch);
}

Requests build_edit(const Ask& ask) {
    const auto wish = edit_wish(ask);
    if (!wish) return wish.error();
    auto edit = edit_body(ask.context, *wish, ask.text("id"));
    if (!edit) return edit.error();
    return only(post_request(edit->is_algo ? "/trade/amend-algos" : "/trade/amend-order", std::move(edit->body)));
}

Requests build_cancel(const Ask& ask) {
    const auto scope = scope_of(ask, true, MarketType::spot);
    if (!scope) return scope.error();
    const auto client_id = client_order_id(ask, "clOrdId");
    auto body = Value::object();
    body.set("instId", scope->market->id);
    if (is_trigger(ask)) {
        if (client_id.empty())
            body.set("algoId", ask.text("id"));
        else
            body.set("algoClOrdId", client_id);
        return only(post_request("/trade/cancel-algos", [&] {
            auto list = Value::array();
            list.push(std::move(body));
            return list;
        }()));
    }
    if (client_id.empty())
        body.set("ordId", ask.text("id"));
    else
        body.set("clOrdId", client_id);
    pass_on(body, ask.arguments.params(), {"clientOrderId", "clOrdId", "trigger", "stop"});
    return only(post_request("/trade/cancel-order", std::move(body)));
}

Requests build_cancels(const Ask& ask) {
    const auto scope = scope_of(ask, true, MarketType::spot);
    if (!scope) return scope.error();
    const bool by_client = ask.call == Call::cancel_orders_with_client_order_ids;
    const bool algo = is_trigger(ask);
    const std::string_view key = algo ? (by_client ? "algoClOrdId" : "algoId") : (by_client ? "clOrdId" : "ordId");
    std::vector<Value> members;
    for (const auto& id : texts_of(ask.arguments[by_client ? "clientOrderIds" : "ids"])) {
        auto member = Value::object();
        member.set("instId", scope->market->id).set(key, id);
        members.push_back(std::move(member));
    }
    if (members.empty()) return refused(ErrorKind::bad_request, "a list of ids is needed");
    if (algo) return batches("/trade/cancel-algos", members, algo_batch);
    return batches("/trade/cancel-batch-orders", members, batch);
}

/// Source: OKX API v5, "Cancel All After": 10 to 120 seconds, 0 ends it.
Requests build_cancel_all_after(const Ask& ask) {
    const auto seconds = to_amount(quotient(ask.text("timeout"), "1000"), "1");
    if (seconds.empty()) return refused(ErrorKind::bad_request, "the timeout is a number of milliseconds");
    auto body = Value::object();
    body.set("timeOut", seconds);
    pass_options(body, ask);
    return only(post_request("/trade/cancel-all-after", std::move(body)));
}

Requests build_fetch_order(const Ask& ask) {
    const auto client_id = client_order_id(ask, "clOrdId");
    if (is_trigger(ask)) {
        auto request = get_request("/trade/order-algo", true);
        if (client_id.empty())
            request.query.set("algoId", ask.text("id"));
        else
            request.query.set("algoClOrdId", client_id);
        return only(std::move(request));
    }
    const auto scope = scope_of(ask, true, MarketType::spot);
    if (!scope) return scope.error();
    auto request = get_request("/trade/order", true);
    request.query.set("instId", scope->market->id);
    if (client_id.empty())
        request.query.set("ordId", ask.text("id"));
    else
        request.query.set("clOrdId", client_id);
    pass_on(request.query, ask.arguments.params(), {"clientOrderId", "clOrdId", "trigger", "stop"});
    return only(std::move(request));
}

Requests build_open_orders(const Ask& ask) {
    auto request = list_request(ask, is_trigger(ask) ? "/trade/orders-algo-pending" : "/trade/orders-pending", false);
    if (!request) return request.error();
    request->query.remove("begin");  // the pending ones are not asked for by time
    request->query.remove("end");
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_closed_orders(const Ask& ask) {
    const bool algo = is_trigger(ask);
    auto request = list_request(ask, algo ? "/trade/orders-algo-history" : "/trade/orders-history", true);
    if (!request) return request.error();
    request->query.set("state", algo ? "effective" : "filled");
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_fetch_orders(const Ask& ask) {
    auto open = build_open_orders(ask);
    if (!open) return open.error();
    if (is_trigger(ask)) return refused(ErrorKind::not_supported, "ask for open or for closed trigger orders");
    auto history = list_request(ask, "/trade/orders-history", true);
    if (!history) return history.error();
    pass_options(history->query, ask);
    open->push_back(std::move(*history));
    return open;
}

Requests build_my_trades(const Ask& ask) {
    auto request = list_request(ask, "/trade/fills-history", true);
    if (!request) return request.error();
    pass_options(request->query, ask);
    return only(std::move(*request));
}

}  // namespace gateways::okx
