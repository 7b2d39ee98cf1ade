#include "gateways/binance/exchange_calls.hpp"

/// Requests that cancel and ask for orders. Source: Binance Spot API, rest-api.md, "Trading endpoints", "Account
/// endpoints"; USDⓈ-M and COIN-M Futures, Trade REST.
namespace gateways::binance {

using namespace exchange;

namespace {

constexpr std::string_view id_options[] = {
    "type",           "subType",           "trigger",      "stop",           "conditional",           "marginMode",
    "clientOrderId",  "origClientOrderId", "clientAlgoId", "clientOrderIds", "origClientOrderIdList", "until",
    "portfolioMargin"};

/// Conditional orders of contracts are algo orders: another endpoint, other names of ids.
bool is_algo(const Ask& ask, Host host) noexcept {
    return is_contract(host) &&
           (ask.param("trigger").is_true() || ask.param("stop").is_true() || ask.param("conditional").is_true());
}

Expected<Request> with_symbol(const Ask& ask, Method method, std::string_view name, std::string_view algo_name,
                              bool needs_symbol) {
    const auto scope = scope_of(ask, needs_symbol);
    if (!scope) return scope.error();
    auto request = signed_request(method, scope->host, is_algo(ask, scope->host) ? algo_name : name);
    if (scope->market != nullptr) request.query.set("symbol", scope->market->id);
    return request;
}

/// One order by its id, or by ours.
Requests about_order(const Ask& ask, Method method) {
    auto request = with_symbol(ask, method, "order", "algoOrder", true);
    if (!request) return request.error();
    const bool algo = is_algo(ask, request->host);
    auto client = client_order_id(ask, "origClientOrderId");
    if (client.empty()) client = ask.param("clientAlgoId").text();
    if (!client.empty())
        request->query.set(algo ? "clientAlgoId" : "origClientOrderId", client);
    else if (!ask.text("id").empty())
        request->query.set(algo ? "algoId" : "orderId", ask.text("id"));
    else
        return refused(ErrorKind::bad_request, "the call needs the id of an order");
    pass_on(request->query, ask.arguments.params(), id_options);
    return only(std::move(*request));
}

Requests listing(const Ask& ask, Request request) {
    request.query.set_known("startTime", ask.text("since"));
    request.query.set_known("limit", ask.text("limit"));
    request.query.set_known("endTime", ask.param("until").text());
    pass_on(request.query, ask.arguments.params(), id_options);
    return only(std::move(request));
}

}  // namespace

Requests build_cancel(const Ask& ask) {
    return about_order(ask, Method::del);
}

Requests build_fetch_order(const Ask& ask) {
    return about_order(ask, Method::get);
}

Requests build_cancels(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (!is_contract(scope->host))
        return refused(ErrorKind::not_supported, "binance cancels spot orders one by one, or all of a symbol");
    auto request = signed_request(Method::del, scope->host, "batchOrders");
    request.query.set("symbol", scope->market->id);
    const auto* clients = &ask.arguments["clientOrderIds"];
    if (clients->is_null()) clients = &ask.param("clientOrderIds");
    if (clients->is_null()) clients = &ask.param("origClientOrderIdList");
    if (!clients->is_null()) {
        request.query.set("origclientorderidlist", *clients);
    } else {
        auto numbers = Value::array();  // the venue wants them as numbers
        for (const auto& id : texts_of(ask.arguments["ids"])) numbers.push(Value::number(id));
        if (numbers.empty()) return refused(ErrorKind::bad_request, "the call needs ids of orders");
        request.query.set("orderidlist", std::move(numbers));
    }
    pass_on(request.query, ask.arguments.params(), id_options);
    return only(std::move(request));
}

Requests build_cancel_all(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = with_symbol(ask, Method::del, is_contract(scope->host) ? "allOpenOrders" : "openOrders",
                               "algoOpenOrders", true);
    if (!request) return request.error();
    pass_on(request->query, ask.arguments.params(), id_options);
    return only(std::move(*request));
}

/// Source: USDⓈ-M Futures, "Auto-Cancel All Open Orders".
Requests build_cancel_all_after(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (!is_contract(scope->host)) return refused(ErrorKind::not_supported, "a timer that cancels spot orders");
    auto request = signed_request(Method::post, scope->host, "countdownCancelAll");
    request.weight = 10;
    request.body.set("symbol", scope->market->id).set("countdownTime", ask.text("timeout"));
    pass_on(request.body, ask.arguments.params(), id_options);
    return only(std::move(request));
}

Requests build_fetch_orders(const Ask& ask) {
    auto request = with_symbol(ask, Method::get, "allOrders", "allAlgoOrders", true);
    if (!request) return request.error();
    request->weight = is_contract(request->host) ? 5 : 20;
    auto requests = listing(ask, std::move(*request));
    // The venue lists orders of every status: a limit of closed ones is kept when they are read.
    if (requests && ask.call == Call::fetch_closed_orders) requests->front().query.remove("limit");
    return requests;
}

Requests build_open_orders(const Ask& ask) {
    auto request = with_symbol(ask, Method::get, "openOrders", "openAlgoOrders", false);
    if (!request) return request.error();
    const bool all = ask.text("symbol").empty();
    request->weight = is_contract(request->host) ? (all ? 40 : 1) : (all ? 80 : 6);
    pass_on(request->query, ask.arguments.params(), id_options);
    return only(std::move(*request));
}

Requests build_my_trades(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = signed_request(Method::get, scope->host, is_contract(scope->host) ? "userTrades" : "myTrades");
    request.query.set("symbol", scope->market->id);
    request.weight = is_contract(scope->host) ? 5 : 20;
    // USD-M answers for a week at most, and refuses a longer time, which one without an end is.
    constexpr std::int64_t a_week_ms = 7 * 24 * 3'600'000LL;
    const auto since = ask.arguments["since"].integer();
    auto requests = listing(ask, std::move(request));
    if (requests && scope->host == Host::linear && since && !requests->front().query.contains("endTime"))
        requests->front().query.set("endTime", *since + a_week_ms);
    return requests;
}

}  // namespace gateways::binance
