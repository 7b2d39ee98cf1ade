#include "tools/venue/bitget/bitget.hpp"

#include "tools/venue/dialect/sign.hpp"

#include <charconv>
#include <utility>

namespace venue {

std::unique_ptr<Dialect> make_bitget(Engine& engine, Outbox& out) {
    return std::make_unique<bitget::Bitget>(engine, out);
}

}  // namespace venue

namespace venue::bitget {

namespace {

/// A query as clients sign it: its values as they are, not as they travel.
std::string plain_query(const std::string& query) {
    const auto params = Params::parse(query);
    std::string plain;
    for (const auto& [name, value] : params.pairs())
        plain.append(plain.empty() ? "" : "&").append(name).append(1, '=').append(value);
    return plain;
}

std::string envelope(std::string_view code, std::string_view message, core::Nanoseconds now, const Json& data) {
    return Json{{"code", code}, {"msg", message}, {"requestTime", milliseconds(now)}, {"data", data}}.dump();
}

core::Market market_of(std::string_view path) noexcept {
    return path.starts_with("/api/v2/mix") ? core::Market::linear : core::Market::spot;
}

}  // namespace

Bitget::Bitget(Engine& engine, Outbox& out) : Dialect{engine, out} {}

const std::map<std::string, Bitget::Route, std::less<>>& Bitget::routes() {
    using B = Bitget;
    static const std::map<std::string, Route, std::less<>> all{
        {"GET /api/v2/public/time", {&B::server_time}},
        {"GET /api/v2/spot/public/coins", {&B::coins, false, 3}},
        {"GET /api/v2/spot/public/symbols", {&B::spot_symbols}},
        {"GET /api/v2/margin/currencies", {&B::empty_list, false, 10}},
        {"GET /api/v2/spot/market/tickers", {&B::tickers}},
        {"GET /api/v2/spot/market/orderbook", {&B::order_book}},
        {"GET /api/v2/spot/market/merge-depth", {&B::order_book}},
        {"GET /api/v2/spot/market/candles", {&B::candles}},
        {"GET /api/v2/spot/market/history-candles", {&B::history_candles}},
        {"GET /api/v2/spot/market/fills", {&B::public_fills, false, 10}},
        {"GET /api/v2/spot/market/fills-history", {&B::public_fills, false, 10}},
        {"GET /api/v2/mix/market/contracts", {&B::contracts}},
        {"GET /api/v2/mix/market/tickers", {&B::tickers}},
        {"GET /api/v2/mix/market/ticker", {&B::tickers}},
        {"GET /api/v2/mix/market/candles", {&B::candles}},
        {"GET /api/v2/mix/market/history-candles", {&B::history_candles}},
        {"GET /api/v2/mix/market/merge-depth", {&B::order_book}},
        {"GET /api/v2/mix/market/orderbook", {&B::order_book}},
        {"GET /api/v2/mix/market/fills", {&B::public_fills}},
        {"GET /api/v2/mix/market/fills-history", {&B::public_fills, false, 10}},
        {"GET /api/v2/mix/market/open-interest", {&B::open_interest}},
        {"GET /api/v2/mix/market/current-fund-rate", {&B::fund_rate}},
        {"GET /api/v2/mix/market/history-fund-rate", {&B::fund_rate_history}},
        {"GET /api/v2/mix/market/funding-time", {&B::funding_time}},
        {"GET /api/v2/mix/market/symbol-price", {&B::symbol_price}},

        {"GET /api/v2/common/trade-rate", {&B::trade_rate, true, 10}},
        {"GET /api/v2/spot/account/assets", {&B::spot_assets, true, 10}},
        {"POST /api/v2/spot/trade/place-order", {&B::place, true, 10}},
        {"POST /api/v2/spot/trade/batch-orders", {&B::place_batch, true, 5}},
        {"POST /api/v2/spot/trade/cancel-order", {&B::cancel, true, 10}},
        {"POST /api/v2/spot/trade/cancel-replace-order", {&B::cancel_replace, true, 5}},
        {"POST /api/v2/spot/trade/batch-cancel-order", {&B::cancel_batch, true, 10}},
        {"POST /api/v2/spot/trade/cancel-symbol-order", {&B::cancel_all, true, 5}},
        {"GET /api/v2/spot/trade/orderInfo", {&B::order_detail, true, 20}},
        {"GET /api/v2/spot/trade/unfilled-orders", {&B::open_orders, true, 20}},
        {"GET /api/v2/spot/trade/history-orders", {&B::order_history, true, 20}},
        {"GET /api/v2/spot/trade/fills", {&B::my_fills, true, 10}},
        {"POST /api/v2/spot/trade/place-plan-order", {&B::place_plan, true, 20}},
        {"POST /api/v2/spot/trade/modify-plan-order", {&B::modify_plan, true, 20}},
        {"POST /api/v2/spot/trade/cancel-plan-order", {&B::cancel_plan, true, 20}},
        {"POST /api/v2/spot/trade/batch-cancel-plan-order", {&B::cancel_plans, true, 5}},
        {"GET /api/v2/spot/trade/current-plan-order", {&B::pending_plans, true, 20}},
        {"GET /api/v2/spot/trade/history-plan-order", {&B::plan_history, true, 20}},

        {"GET /api/v2/mix/account/account", {&B::futures_account, true, 10}},
        {"GET /api/v2/mix/account/accounts", {&B::futures_accounts, true, 10}},
        {"POST /api/v2/mix/account/set-leverage", {&B::set_leverage, true, 5}},
        {"POST /api/v2/mix/account/set-margin-mode", {&B::set_margin_mode, true, 5}},
        {"POST /api/v2/mix/account/set-position-mode", {&B::set_position_mode, true, 5}},
        {"GET /api/v2/mix/position/all-position", {&B::all_positions, true, 5}},
        {"GET /api/v2/mix/position/single-position", {&B::single_position, true, 10}},
        {"POST /api/v2/mix/order/place-order", {&B::place, true, 10}},
        {"POST /api/v2/mix/order/batch-place-order", {&B::place_batch, true, 5}},
        {"POST /api/v2/mix/order/modify-order", {&B::modify, true, 10}},
        {"POST /api/v2/mix/order/cancel-order", {&B::cancel, true, 10}},
        {"POST /api/v2/mix/order/batch-cancel-orders", {&B::cancel_batch, true, 10}},
        {"POST /api/v2/mix/order/cancel-all-orders", {&B::cancel_all, true, 10}},
        {"POST /api/v2/mix/order/close-positions", {&B::close_positions, true, 1}},
        {"GET /api/v2/mix/order/detail", {&B::order_detail, true, 10}},
        {"GET /api/v2/mix/order/orders-pending", {&B::open_orders, true, 10}},
        {"GET /api/v2/mix/order/orders-history", {&B::order_history, true, 10}},
        {"GET /api/v2/mix/order/fills", {&B::my_fills, true, 10}},
        {"GET /api/v2/mix/order/fill-history", {&B::my_fills, true, 10}},
        {"POST /api/v2/mix/order/place-plan-order", {&B::place_plan, true, 10}},
        {"POST /api/v2/mix/order/place-tpsl-order", {&B::place_tpsl, true, 10}},
        {"POST /api/v2/mix/order/place-pos-tpsl", {&B::place_position_tpsl, true, 10}},
        {"POST /api/v2/mix/order/modify-tpsl-order", {&B::modify_plan, true, 10}},
        {"POST /api/v2/mix/order/modify-plan-order", {&B::modify_plan, true, 10}},
        {"POST /api/v2/mix/order/cancel-plan-order", {&B::cancel_plans, true, 10}},
        {"GET /api/v2/mix/order/orders-plan-pending", {&B::pending_plans, true, 10}},
        {"GET /api/v2/mix/order/orders-plan-history", {&B::plan_history, true, 10}},
    };
    return all;
}

core::Result<Account*, ApiError> Bitget::verify(const HttpRequest& request) const {
    const auto key = request.header("access-key"), sign = request.header("access-sign");
    const auto stamp = request.header("access-timestamp"), phrase = request.header("access-passphrase");
    if (key.empty()) return ApiError{"40001", "ACCESS_KEY cannot be empty"};
    if (sign.empty()) return ApiError{"40003", "Signature cannot be empty"};
    std::int64_t time{};
    const auto [end, error] = std::from_chars(stamp.data(), stamp.data() + stamp.size(), time);
    if (stamp.empty() || error != std::errc{} || end != stamp.data() + stamp.size())
        return ApiError{"40005", "Invalid ACCESS_TIMESTAMP"};
    if (phrase.empty()) return ApiError{"40011", "ACCESS_PASSPHRASE cannot be empty"};
    auto* account = const_cast<Engine&>(engine()).account(key);
    if (account == nullptr) return ApiError{"40037", "Apikey does not exist"};
    if (!same_signature(phrase, account->credentials.passphrase.reveal()))
        return ApiError{"40012", "apikey/password is incorrect"};
    const auto age = milliseconds(now()) - time;
    if (age > 30'000 || age < -30'000) return ApiError{"40008", "Request timestamp expired"};

    const std::string head = std::string{stamp} + request.method + request.path;
    const auto signed_as = [&](const std::string& query) {
        const auto payload = head + (query.empty() ? "" : "?" + query) + request.body;
        return same_signature(sign, hmac_base64(account->credentials.secret, payload));
    };
    if (!signed_as(request.query) && !signed_as(plain_query(request.query)))
        return ApiError{"40009", "sign signature error"};
    return account;
}

HttpReply Bitget::http(const HttpRequest& request) {
    const auto found = routes().find(request.method + " " + request.path);
    if (found == routes().end()) return reply(ApiError{"40404", "Request URL NOT FOUND", 404});
    const auto& route = found->second;
    Call call;
    call.market = market_of(request.path);
    if (request.method == "POST") {
        call.body = read_json(request.body);
        if (!call.body.is_object()) return reply(ApiError{"40017", "Parameter verification failed"});
        call.params = params_of(call.body);
    } else {
        call.params = Params::parse(request.query);
    }
    if (!address_.take(now())) return refuse(HouseRefusal::too_many_requests);
    if (route.signed_) {
        const auto account = verify(request);
        if (!account) return reply(account.error());
        call.account = *account;
        const auto sent = call.params.number("requestTime"), window = call.params.number("receiveWindow");
        if (sent && window && milliseconds(now()) - *sent > *window)
            return reply(ApiError{"40008", "Request timestamp expired"});
    }
    const AccountId whose = call.account == nullptr ? 0 : call.account->id;
    auto& limit = limits_.try_emplace({found->first, whose}, route.per_second, std::chrono::seconds{1}).first->second;
    if (!limit.take(now())) return refuse(HouseRefusal::too_many_requests);
    if (call.market == core::Market::linear) {
        const auto product = upper(call.params["productType"]);
        if (product.empty()) return reply(missing("productType"));
        call.no_product = product != "USDT-FUTURES";
        if (call.no_product && !product.ends_with("-FUTURES"))
            return reply(ApiError{"40020", "Parameter productType error"});
    }
    auto made = reply((this->*route.handler)(call));
    flush_presets();
    made.headers.emplace_back("x-mbx-used-remain-limit", std::to_string(limit.limit() - limit.used(now())));
    return made;
}

HttpReply Bitget::reply(const Answer& answer) const {
    HttpReply made;
    if (answer) {
        made.body = envelope("00000", "success", now(), *answer);
    } else {
        made.status = answer.error().status;
        made.body = envelope(answer.error().code, answer.error().message, now(), nullptr);
    }
    return made;
}

HttpReply Bitget::refuse(HouseRefusal why) {
    const auto say = [&](int status, const char* code, const char* message) {
        return HttpReply{.status = status, .body = envelope(code, message, now(), nullptr)};
    };
    switch (why) {
        case HouseRefusal::too_many_requests: return say(429, "429", "Too Many Requests");
        case HouseRefusal::banned: return say(403, "40018", "Invalid IP");
        case HouseRefusal::server_error: return say(500, "40725", "service return an error");
        case HouseRefusal::unknown_outcome: return say(500, "40015", "System is abnormal, please try again later");
        case HouseRefusal::maintenance: break;
    }
    return say(503, "45001", "Unknown error, matching system is being upgraded");
}

void Bitget::expire_keys() {
    for (auto& [id, connection] : connections_) {
        if (connection.account == 0) continue;
        connection.account = 0;
        std::erase_if(connection.channels, [](const Channel& channel) { return channel.kind >= Kind::orders; });
    }
}

core::Result<ListingId, ApiError> Bitget::listing_of(const Call& call) const {
    const auto symbol = call.params["symbol"];
    if (symbol.empty()) return missing("symbol");
    const auto found = call.no_product ? std::nullopt : engine().find(upper(symbol), call.market);
    if (!found) return ApiError{"40034", "Parameter " + std::string{symbol} + " does not exist"};
    return *found;
}

core::Result<std::vector<ListingId>, ApiError> Bitget::listings_of(const Call& call) const {
    std::vector<ListingId> all;
    if (!call.params["symbol"].empty()) {
        const auto one = listing_of(call);
        if (!one) return one.error();
        all.push_back(*one);
        return all;
    }
    if (call.no_product) return all;
    for (ListingId id = 0; id < engine().listings(); ++id)
        if (rules(id).instrument.market == call.market) all.push_back(id);
    return all;
}

}  // namespace venue::bitget
