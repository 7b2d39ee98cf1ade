#include "tools/venue/bybit/bybit.hpp"

#include "tools/venue/dialect/sign.hpp"

#include <charconv>
#include <utility>

namespace venue {

std::unique_ptr<Dialect> make_bybit(Engine& engine, Outbox& out) {
    return std::make_unique<bybit::Bybit>(engine, out);
}

}  // namespace venue

namespace venue::bybit {

namespace {

std::optional<std::int64_t> number(std::string_view text) noexcept {
    std::int64_t value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Bybit::Bybit(Engine& engine, Outbox& out) : Dialect{engine, out} {}

const std::map<std::string, Bybit::Route, std::less<>>& Bybit::routes() {
    using B = Bybit;
    static const std::map<std::string, Route, std::less<>> all{
        {"GET /v5/market/time", {&B::server_time, false, false}},
        {"GET /v5/market/instruments-info", {&B::instruments}},
        {"GET /v5/market/tickers", {&B::tickers}},
        {"GET /v5/market/orderbook", {&B::order_book}},
        {"GET /v5/market/kline", {&B::kline}},
        {"GET /v5/market/recent-trade", {&B::recent_trades}},
        {"GET /v5/market/funding/history", {&B::funding_history}},
        {"GET /v5/market/open-interest", {&B::open_interest}},

        {"GET /v5/asset/coin/query-info", {&B::coins, true, false, 5}},
        {"GET /v5/user/query-api", {&B::query_api, true, false, 10}},
        {"GET /v5/account/info", {&B::account_info, true, false}},
        {"GET /v5/account/wallet-balance", {&B::wallet_balance, true, false}},
        {"GET /v5/account/fee-rate", {&B::fee_rate, true, true, 10}},
        {"POST /v5/account/set-margin-mode", {&B::set_margin_mode, true, false, 5}},
        {"GET /v5/position/list", {&B::positions, true}},
        {"POST /v5/position/set-leverage", {&B::set_leverage, true, true, 10}},
        {"POST /v5/position/switch-mode", {&B::switch_mode, true, true, 10}},
        {"POST /v5/position/trading-stop", {&B::trading_stop, true, true, 10}},
        {"POST /v5/order/create", {&B::create, true, true, 10, 20}},
        {"POST /v5/order/amend", {&B::amend, true, true, 10, 20}},
        {"POST /v5/order/cancel", {&B::cancel, true, true, 10, 20}},
        {"POST /v5/order/cancel-all", {&B::cancel_all, true, true, 10, 20}},
        {"POST /v5/order/disconnected-cancel-all", {&B::disconnected_cancel_all, true, false, 5}},
        {"POST /v5/order/create-batch", {&B::create_batch, true, true, 10, 20}},
        {"POST /v5/order/amend-batch", {&B::amend_batch, true, true, 10, 20}},
        {"POST /v5/order/cancel-batch", {&B::cancel_batch, true, true, 10, 20}},
        {"GET /v5/order/realtime", {&B::realtime, true}},
        {"GET /v5/order/history", {&B::order_history, true}},
        {"GET /v5/execution/list", {&B::executions, true}},
    };
    return all;
}

core::Result<Account*, ApiError> Bybit::verify(const HttpRequest& request) const {
    const auto key = request.header("x-bapi-api-key"), stamp = request.header("x-bapi-timestamp");
    const auto sign = request.header("x-bapi-sign");
    auto window = request.header("x-bapi-recv-window");
    if (key.empty() || stamp.empty() || sign.empty())
        return ApiError{10001, "empty value: apiTimestamp[" + std::string{stamp} + "] apiKey[" + std::string{key} +
                                   "] apiSignature[" + std::string{sign} + "]"};
    auto* account = const_cast<Engine&>(engine()).account(key);
    if (account == nullptr) return ApiError{10003, "API key is invalid."};
    const auto time = number(stamp), allowed = number(window.empty() ? "5000" : window);
    const auto server = milliseconds(now());
    if (!time || !allowed || *allowed < 0 || *time < server - *allowed || *time >= server + 1'000)
        return ApiError{10002,
                        "invalid request, please check your server timestamp or recv_window param. req_timestamp[" +
                            std::string{stamp} + "],server_timestamp[" + std::to_string(server) + "],recv_window[" +
                            std::string{window.empty() ? "5000" : window} + "]"};
    const std::string payload = std::string{stamp} + std::string{key} + std::string{window} +
                                (request.method == "POST" ? request.body : request.query);
    if (!same_signature(sign, hmac_hex(account->credentials.secret, payload), true))
        return ApiError{10004, "error sign! origin_string[" + payload + "]"};
    return account;
}

bool Bybit::read_category(Call& call) const {
    const auto category = call.params["category"];
    call.market = category == "spot" ? core::Market::spot : core::Market::linear;
    call.listed = category == "spot" || category == "linear";
    return call.listed || category == "inverse" || category == "option";
}

RateWindow& Bybit::limit_of(const std::string& what, const Call& call, int per_second) {
    return limits_
        .try_emplace({what + (call.market == core::Market::spot ? " spot" : ""), call.account->id}, per_second,
                     std::chrono::seconds{1})
        .first->second;
}

HttpReply Bybit::http(const HttpRequest& request) {
    if (!address_.take(now())) return refuse(HouseRefusal::banned);
    const auto found = routes().find(request.method + " " + request.path);
    if (found == routes().end()) return reply(ApiError{10017, "request path not found", 404}, Json::object());
    const auto& route = found->second;
    Call call;
    if (request.method == "POST") {
        call.body = read_json(request.body);
        if (!call.body.is_object()) return reply(bad_parameter("invalid json"), Json::object());
        call.params = params_of(call.body);
    } else {
        call.params = Params::parse(request.query);
    }
    if (route.signed_) {
        const auto account = verify(request);
        if (!account) return reply(account.error(), Json::object());
        call.account = *account;
    }
    if (route.by_category && !read_category(call)) return reply(ApiError{10001, "Illegal category"}, Json::object());
    if (!route.signed_) {
        const auto answer = (this->*route.handler)(call);
        return reply(answer, call.info);
    }
    const bool spot_rate = route.by_category && call.market == core::Market::spot && route.spot_per_second != 0;
    auto& limit = limit_of(found->first, call, spot_rate ? route.spot_per_second : route.per_second);
    const bool within = limit.take(now());
    auto made = within ? reply((this->*route.handler)(call), call.info)
                       : reply(ApiError{10006, "Too many visits. Exceeded the API Rate Limit."}, Json::object());
    flush_presets();
    made.headers.emplace_back("X-Bapi-Limit", std::to_string(limit.limit()));
    made.headers.emplace_back("X-Bapi-Limit-Status",
                              std::to_string(std::max<std::int64_t>(0, limit.limit() - limit.used(now()))));
    made.headers.emplace_back("X-Bapi-Limit-Reset-Timestamp", time_text(now() + limit.wait(now())));
    return made;
}

HttpReply Bybit::reply(const Answer& answer, const Json& info) const {
    HttpReply made;
    if (!answer) made.status = answer.error().status;
    made.body = Json{{"retCode", answer ? 0 : answer.error().code},
                     {"retMsg", answer ? std::string{"OK"} : answer.error().message},
                     {"result", answer ? *answer : Json::object()},
                     {"retExtInfo", info},
                     {"time", milliseconds(now())}}
                    .dump();
    return made;
}

HttpReply Bybit::refuse(HouseRefusal why) {
    switch (why) {
        case HouseRefusal::too_many_requests:
            return reply(ApiError{10006, "Too many visits. Exceeded the API Rate Limit."}, Json::object());
        case HouseRefusal::banned: return reply(ApiError{10018, "access too frequent", 403}, Json::object());
        case HouseRefusal::server_error: return reply(ApiError{10016, "Internal System Error", 500}, Json::object());
        case HouseRefusal::unknown_outcome: return reply(ApiError{10000, "Server Timeout", 504}, Json::object());
        case HouseRefusal::maintenance: break;
    }
    return reply(ApiError{10016, "Service is restarting. Please try again later.", 503}, Json::object());
}

void Bybit::expire_keys() {
    for (auto& [id, connection] : connections_) {
        connection.account = 0;
        if (connection.role == Role::account) connection.topics.clear();
    }
}

core::Result<ListingId, ApiError> Bybit::listing_of(const Call& call) const {
    const auto symbol = call.params["symbol"];
    if (symbol.empty()) return bad_parameter("symbol invalid");
    const auto found = call.listed ? engine().find(symbol, call.market) : std::nullopt;
    if (!found) return ApiError{10001, "Not supported symbols"};
    return *found;
}

core::Result<std::vector<ListingId>, ApiError> Bybit::listings_of(const Call& call) const {
    std::vector<ListingId> all;
    if (!call.params["symbol"].empty()) {
        const auto one = listing_of(call);
        if (!one) return one.error();
        all.push_back(*one);
        return all;
    }
    if (!call.listed) return all;
    const auto base = call.params["baseCoin"], settle = call.params["settleCoin"];
    for (ListingId id = 0; id < engine().listings(); ++id) {
        if (rules(id).instrument.market != call.market) continue;
        if ((base.empty() || base == rules(id).base) && (settle.empty() || settle == rules(id).quote))
            all.push_back(id);
    }
    return all;
}

}  // namespace venue::bybit
