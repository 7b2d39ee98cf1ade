#include "tools/venue/binance/binance.hpp"

#include "tools/venue/dialect/sign.hpp"

#include <utility>

namespace venue {

std::unique_ptr<Dialect> make_binance(Engine& engine, Outbox& out) {
    return std::make_unique<binance::Binance>(engine, out);
}

}  // namespace venue

namespace venue::binance {

namespace {

/// Query and body as they were sent, without the signature.
std::string signed_payload(const HttpRequest& request) {
    std::string payload;
    for (const std::string_view part : {std::string_view{request.query}, std::string_view{request.body}}) {
        const auto at = part.find("signature=");
        if (at == std::string_view::npos || (at != 0 && part[at - 1] != '&')) {
            payload += part;
            continue;
        }
        payload += part.substr(0, at == 0 ? 0 : at - 1);
        const auto end = part.find('&', at);
        if (end != std::string_view::npos) payload += part.substr(at == 0 ? end + 1 : end);
    }
    return payload;
}

core::Market market_of(std::string_view path) noexcept {
    return path.starts_with("/fapi") || path.starts_with("/futures") ? core::Market::linear : core::Market::spot;
}

}  // namespace

Binance::Binance(Engine& engine, Outbox& out) : Dialect{engine, out} {}

const std::map<std::string, Binance::Route, std::less<>>& Binance::routes() {
    using B = Binance;
    constexpr auto key = Security::key;
    constexpr auto sign = Security::signed_;
    constexpr auto none = Security::none;
    static const std::map<std::string, Route, std::less<>> all{
        {"GET /api/v3/ping", {&B::empty_object}},
        {"GET /api/v3/time", {&B::server_time}},
        {"GET /api/v3/exchangeInfo", {&B::exchange_info, none, 20}},
        {"GET /api/v3/depth", {&B::depth, none, 5}},
        {"GET /api/v3/trades", {&B::trades, none, 25}},
        {"GET /api/v3/aggTrades", {&B::agg_trades, none, 4}},
        {"GET /api/v3/klines", {&B::klines, none, 2}},
        {"GET /api/v3/ticker/24hr", {&B::ticker_24h, none, 2}},
        {"GET /api/v3/ticker/price", {&B::ticker_price, none, 2}},
        {"GET /api/v3/ticker/bookTicker", {&B::ticker_book, none, 2}},
        {"POST /api/v3/order", {&B::place, sign, 1, true}},
        {"POST /api/v3/order/test", {&B::test_order, sign}},
        {"GET /api/v3/order", {&B::query, sign, 4}},
        {"DELETE /api/v3/order", {&B::cancel, sign}},
        {"POST /api/v3/order/cancelReplace", {&B::cancel_replace, sign, 1, true}},
        {"PUT /api/v3/order/amend/keepPriority", {&B::amend_keep_priority, sign, 4}},
        {"GET /api/v3/openOrders", {&B::open_orders, sign, 6}},
        {"DELETE /api/v3/openOrders", {&B::cancel_all, sign}},
        {"GET /api/v3/allOrders", {&B::all_orders, sign, 20}},
        {"GET /api/v3/account", {&B::spot_account, sign, 20}},
        {"GET /api/v3/myTrades", {&B::my_trades, sign, 20}},
        {"GET /sapi/v1/capital/config/getall", {&B::coins, sign, 10}},
        {"GET /sapi/v1/margin/allPairs", {&B::empty_list, key}},
        {"GET /sapi/v1/margin/isolated/allPairs", {&B::empty_list, sign, 10}},
        {"GET /dapi/v1/exchangeInfo", {&B::no_instruments}},
        {"GET /eapi/v1/exchangeInfo", {&B::no_instruments}},
        {"GET /fapi/v1/ping", {&B::empty_object}},
        {"GET /fapi/v1/time", {&B::server_time}},
        {"GET /fapi/v1/exchangeInfo", {&B::exchange_info, none, 1}},
        {"GET /fapi/v1/depth", {&B::depth, none, 5}},
        {"GET /fapi/v1/trades", {&B::trades, none, 5}},
        {"GET /fapi/v1/aggTrades", {&B::agg_trades, none, 20}},
        {"GET /fapi/v1/klines", {&B::klines, none, 5}},
        {"GET /fapi/v1/ticker/24hr", {&B::ticker_24h, none, 1}},
        {"GET /fapi/v1/ticker/price", {&B::ticker_price, none, 1}},
        {"GET /fapi/v1/ticker/bookTicker", {&B::ticker_book, none, 2}},
        {"GET /fapi/v1/premiumIndex", {&B::premium_index, none, 1}},
        {"GET /fapi/v1/fundingRate", {&B::funding_rate, none, 1}},
        {"GET /fapi/v1/openInterest", {&B::open_interest, none, 1}},
        {"GET /futures/data/openInterestHist", {&B::open_interest_history, none, 1}},
        {"POST /fapi/v1/order", {&B::place, sign, 1, true}},
        {"POST /fapi/v1/order/test", {&B::test_order, sign}},
        {"PUT /fapi/v1/order", {&B::modify, sign, 1, true}},
        {"GET /fapi/v1/order", {&B::query, sign}},
        {"DELETE /fapi/v1/order", {&B::cancel, sign}},
        {"POST /fapi/v1/batchOrders", {&B::place_batch, sign, 5, true}},
        {"DELETE /fapi/v1/batchOrders", {&B::cancel_batch, sign}},
        {"DELETE /fapi/v1/allOpenOrders", {&B::cancel_all, sign}},
        {"POST /fapi/v1/countdownCancelAll", {&B::countdown_cancel_all, sign, 10}},
        {"GET /fapi/v1/openOrders", {&B::open_orders, sign}},
        {"GET /fapi/v1/allOrders", {&B::all_orders, sign, 5}},
        {"GET /fapi/v1/userTrades", {&B::my_trades, sign, 5}},
        {"POST /fapi/v1/algoOrder", {&B::place_algo, sign, 1, true}},
        {"GET /fapi/v1/algoOrder", {&B::query_algo, sign}},
        {"DELETE /fapi/v1/algoOrder", {&B::cancel_algo, sign}},
        {"GET /fapi/v1/openAlgoOrders", {&B::open_algo_orders, sign}},
        {"GET /fapi/v1/allAlgoOrders", {&B::all_algo_orders, sign, 5}},
        {"DELETE /fapi/v1/algoOpenOrders", {&B::cancel_all_algo, sign}},
        {"GET /fapi/v2/account", {&B::futures_account, sign, 5}},
        {"GET /fapi/v3/account", {&B::futures_account, sign, 5}},
        {"GET /fapi/v2/balance", {&B::futures_balance, sign, 5}},
        {"GET /fapi/v3/balance", {&B::futures_balance, sign, 5}},
        {"GET /fapi/v2/positionRisk", {&B::position_risk, sign, 5}},
        {"GET /fapi/v3/positionRisk", {&B::position_risk, sign, 5}},
        {"GET /fapi/v1/leverageBracket", {&B::leverage_bracket, sign}},
        {"POST /fapi/v1/leverage", {&B::set_leverage, sign}},
        {"POST /fapi/v1/marginType", {&B::set_margin_type, sign}},
        {"GET /fapi/v1/positionSide/dual", {&B::get_dual_side, sign, 30}},
        {"POST /fapi/v1/positionSide/dual", {&B::set_dual_side, sign}},
        {"GET /fapi/v1/symbolConfig", {&B::symbol_config, sign, 5}},
        {"GET /fapi/v1/commissionRate", {&B::commission_rate, sign, 20}},
        {"POST /fapi/v1/listenKey", {&B::new_listen_key, key}},
        {"PUT /fapi/v1/listenKey", {&B::keep_listen_key, key}},
        {"DELETE /fapi/v1/listenKey", {&B::end_listen_key, key}},
    };
    return all;
}

core::Result<Account*, ApiError> Binance::authenticate(std::string_view key) {
    if (key.empty()) return ApiError{-2014, "API-key format invalid.", 401};
    auto* account = engine().account(key);
    if (account == nullptr) return ApiError{-2015, "Invalid API-key, IP, or permissions for action.", 401};
    return account;
}

core::Result<Account*, ApiError> Binance::verify(std::string_view key, std::string_view payload, const Params& params) {
    auto account = authenticate(key);
    if (!account) return account.error();
    const auto missing = [](std::string_view name) {
        return ApiError{-1102,
                        "Mandatory parameter '" + std::string{name} + "' was not sent, was empty/null, or malformed."};
    };
    if (params["signature"].empty()) return missing("signature");
    const auto timestamp = params.number("timestamp");
    if (!timestamp || *timestamp < 0) return missing("timestamp");
    const auto window = params.has("recvWindow") ? params.number("recvWindow") : std::optional<std::int64_t>{5'000};
    if (!window || *window < 0 || *window > 60'000) return ApiError{-1131, "recvWindow must be less than 60000."};
    if (!same_signature(params["signature"], hmac_hex((*account)->credentials.secret, payload), true))
        return ApiError{-1022, "Signature for this request is not valid."};
    const auto time = milliseconds(now());
    if (*timestamp >= time + 1'000)
        return ApiError{-1021, "Timestamp for this request was 1000ms ahead of the server's time."};
    if (time - *timestamp > *window) return ApiError{-1021, "Timestamp for this request is outside of the recvWindow."};
    return account;
}

HttpReply Binance::http(const HttpRequest& request) {
    const auto found = routes().find(request.method + " " + request.path);
    if (found == routes().end()) return HttpReply{.status = 404, .body = R"({"code":-1000,"msg":"Path not found."})"};
    const auto& route = found->second;
    Call call;
    call.market = market_of(request.path);
    call.params = Params::parse(request.query);
    if (!request.body.empty()) call.params.append(Params::parse(request.body));

    const bool spot = call.market == core::Market::spot;
    auto& weight = spot ? spot_weight_ : futures_weight_;
    auto& orders = spot ? spot_orders_ : futures_orders_;
    if (!weight.take(now(), route.weight)) return refuse(HouseRefusal::too_many_requests);
    if (route.security != Security::none) {
        const auto key = request.header("x-mbx-apikey");
        const auto account =
            route.security == Security::key ? authenticate(key) : verify(key, signed_payload(request), call.params);
        if (!account) return reply(account.error(), call.market);
        call.account = *account;
    }
    if (route.counts_order && !orders.take(now()))
        return reply(ApiError{-1015,
                              "Too many new orders; current limit is " + std::to_string(orders.limit()) +
                                  " orders per 10 SECOND.",
                              429},
                     call.market);
    return reply((this->*route.handler)(call), call.market);
}

HttpReply Binance::reply(const Answer& answer, core::Market market) {
    HttpReply made;
    if (answer) {
        made.body = answer->dump();
    } else {
        made.status = answer.error().status;
        made.body = Json{{"code", answer.error().code}, {"msg", answer.error().message}}.dump();
    }
    rate_headers(made, market);
    return made;
}

void Binance::rate_headers(HttpReply& made, core::Market market) {
    const bool spot = market == core::Market::spot;
    made.headers.emplace_back("X-MBX-USED-WEIGHT-1M",
                              std::to_string((spot ? spot_weight_ : futures_weight_).used(now())));
    made.headers.emplace_back("X-MBX-ORDER-COUNT-10S",
                              std::to_string((spot ? spot_orders_ : futures_orders_).used(now())));
}

HttpReply Binance::refuse(HouseRefusal why) {
    HttpReply made;
    const auto say = [&](int status, int code, const char* message) {
        made.status = status;
        made.body = Json{{"code", code}, {"msg", message}}.dump();
    };
    const auto wait = std::to_string(spot_weight_.wait(now()).count() / 1'000'000'000 + 1);
    switch (why) {
        case HouseRefusal::too_many_requests:
            say(429, -1003, "Too many requests; please use the websocket for live updates.");
            made.headers.emplace_back("Retry-After", wait);
            break;
        case HouseRefusal::banned:
            say(418, -1003,
                "Way too many requests; IP banned. Please use the websocket for live updates to avoid bans.");
            made.headers.emplace_back("Retry-After", "120");
            break;
        case HouseRefusal::server_error:
            say(503, -1008, "Server is currently overloaded with other requests. Please try again in a few minutes.");
            break;
        case HouseRefusal::unknown_outcome:
            say(503, -1007,
                "Timeout waiting for response from backend server. Send status unknown; execution status unknown.");
            break;
        case HouseRefusal::maintenance: say(503, -1016, "This service is no longer available."); break;
    }
    return made;
}

core::Result<ListingId, ApiError> Binance::listing_of(const Call& call) const {
    const auto symbol = call.params["symbol"];
    if (symbol.empty())
        return ApiError{-1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed."};
    const auto found = engine().find(symbol, call.market);
    if (!found) return ApiError{-1121, "Invalid symbol."};
    return *found;
}

core::Result<std::vector<ListingId>, ApiError> Binance::listings_of(const Call& call) const {
    std::vector<ListingId> all;
    if (call.params.has("symbol")) {
        const auto one = listing_of(call);
        if (!one) return one.error();
        all.push_back(*one);
        return all;
    }
    const auto wanted = call.params["symbols"];
    for (ListingId id = 0; id < engine().listings(); ++id) {
        const auto& i = rules(id).instrument;
        if (i.market != call.market) continue;
        if (!wanted.empty() && wanted.find('"' + i.symbol + '"') == std::string_view::npos) continue;
        all.push_back(id);
    }
    return all;
}

}  // namespace venue::binance
