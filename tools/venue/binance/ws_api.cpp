// The WebSocket API: the same calls as REST, and user data. Source: web-socket-api.md.
#include "tools/venue/binance/binance.hpp"

#include <algorithm>
#include <vector>

namespace venue::binance {

namespace {

/// Parameters sorted by name, without the signature: what is signed.
std::string payload_of(const Params& params) {
    std::vector<std::pair<std::string, std::string>> pairs = params.pairs();
    std::erase_if(pairs, [](const auto& pair) { return pair.first == "signature"; });
    std::ranges::sort(pairs);
    std::string text;
    for (const auto& [name, value] : pairs) {
        if (!text.empty()) text += '&';
        text.append(name).append(1, '=').append(value);
    }
    return text;
}

}  // namespace

const std::map<std::string, Binance::Route, std::less<>>& Binance::methods(core::Market market) {
    using B = Binance;
    constexpr auto none = Security::none;
    constexpr auto sign = Security::signed_;
    static const std::map<std::string, Route, std::less<>> spot{
        {"ping", {&B::empty_object}},
        {"time", {&B::server_time}},
        {"exchangeInfo", {&B::exchange_info, none, 20}},
        {"depth", {&B::depth, none, 5}},
        {"trades.recent", {&B::trades, none, 25}},
        {"klines", {&B::klines, none, 2}},
        {"ticker.24hr", {&B::ticker_24h, none, 2}},
        {"ticker.price", {&B::ticker_price, none, 2}},
        {"ticker.book", {&B::ticker_book, none, 2}},
        {"order.place", {&B::place, sign, 1, true}},
        {"order.test", {&B::test_order, sign}},
        {"order.status", {&B::query, sign, 4}},
        {"order.cancel", {&B::cancel, sign}},
        {"order.cancelReplace", {&B::cancel_replace, sign, 1, true}},
        {"order.amend.keepPriority", {&B::amend_keep_priority, sign, 4}},
        {"openOrders.status", {&B::open_orders, sign, 6}},
        {"openOrders.cancelAll", {&B::cancel_all, sign}},
        {"allOrders", {&B::all_orders, sign, 20}},
        {"myTrades", {&B::my_trades, sign, 20}},
        {"account.status", {&B::spot_account, sign, 20}}};
    static const std::map<std::string, Route, std::less<>> futures{
        {"depth", {&B::depth, none, 5}},
        {"ticker.price", {&B::ticker_price, none, 2}},
        {"ticker.book", {&B::ticker_book, none, 2}},
        {"order.place", {&B::place, sign, 1, true}},
        {"order.modify", {&B::modify, sign, 1, true}},
        {"order.cancel", {&B::cancel, sign}},
        {"order.status", {&B::query, sign}},
        {"algoOrder.place", {&B::place_algo, sign, 1, true}},
        {"algoOrder.cancel", {&B::cancel_algo, sign}},
        {"account.status", {&B::futures_account, sign, 5}},
        {"v2/account.status", {&B::futures_account, sign, 5}},
        {"account.balance", {&B::futures_balance, sign, 5}},
        {"v2/account.balance", {&B::futures_balance, sign, 5}},
        {"account.position", {&B::position_risk, sign, 5}},
        {"v2/account.position", {&B::position_risk, sign, 5}}};
    return market == core::Market::spot ? spot : futures;
}

Answer Binance::api_method(Connection& connection, const std::string& method, Call& call) {
    const bool subscribes = method == "userDataStream.subscribe.signature";
    if (subscribes) {
        if (connection.market != core::Market::spot) return ApiError{-1000, "Unknown method."};
        const auto account = verify(call.params["apiKey"], payload_of(call.params), call.params);
        if (!account) return account.error();
        const auto number = connection.next_subscription++;
        connection.subscriptions[number] = (*account)->id;
        return Answer{Json{{"subscriptionId", number}}};
    }
    if (method == "userDataStream.unsubscribe") {
        if (const auto number = call.params.number("subscriptionId"))
            connection.subscriptions.erase(static_cast<std::uint64_t>(*number));
        else
            connection.subscriptions.clear();
        return Answer{Json::object()};
    }
    if (method == "session.subscriptions") {
        Json all = Json::array();
        for (const auto& [number, account] : connection.subscriptions) all.push_back({{"subscriptionId", number}});
        return Answer{std::move(all)};
    }
    if (method == "session.logon") return ApiError{-4056, "HMAC_SHA256 API key is not supported.", 400};
    const auto found = methods(connection.market).find(method);
    if (found == methods(connection.market).end()) return ApiError{-1000, "Unknown method."};
    const auto& route = found->second;
    auto& weight = connection.market == core::Market::spot ? spot_weight_ : futures_weight_;
    if (!weight.take(now(), route.weight)) return ApiError{-1003, "Too many requests.", 429};
    if (route.security == Security::signed_) {
        const auto account = verify(call.params["apiKey"], payload_of(call.params), call.params);
        if (!account) return account.error();
        call.account = *account;
    }
    auto& orders = connection.market == core::Market::spot ? spot_orders_ : futures_orders_;
    if (route.counts_order && !orders.take(now())) return ApiError{-1015, "Too many new orders.", 429};
    return (this->*route.handler)(call);
}

void Binance::api_message(ConnectionId id, Connection& connection, std::string_view text) {
    const auto request = read_json(text);
    const bool whole = request.is_object() && request.contains("method") && request["method"].is_string();
    const auto request_id = request.is_object() && request.contains("id") ? request["id"] : Json{};
    Json reply{{"id", request_id}};
    Call call;
    call.market = connection.market;
    if (whole && request.contains("params") && request["params"].is_object())
        for (const auto& [key, value] : request["params"].items())
            if (call.params.pairs().size() < Params::max_count)
                call.params.set(key, value.is_string() ? value.get<std::string>() : value.dump());
    const auto answer = whole ? api_method(connection, request["method"].get<std::string>(), call)
                              : Answer{ApiError{-1135, "Invalid JSON Request", 400}};
    if (answer) {
        reply["status"] = 200;
        reply["result"] = *answer;
    } else {
        reply["status"] = answer.error().status;
        reply["error"] = {{"code", answer.error().code}, {"msg", answer.error().message}};
    }
    if (!request.is_object() || call.params["returnRateLimits"] != "false") {
        const bool spot = connection.market == core::Market::spot;
        auto& weight = spot ? spot_weight_ : futures_weight_;
        reply["rateLimits"] = Json::array({{{"rateLimitType", "REQUEST_WEIGHT"},
                                            {"interval", "MINUTE"},
                                            {"intervalNum", 1},
                                            {"limit", weight.limit()},
                                            {"count", weight.used(now())}}});
    }
    send(id, Topic::ack, reply.dump());
}

}  // namespace venue::binance
