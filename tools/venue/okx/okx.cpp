#include "tools/venue/okx/okx.hpp"

#include "tools/venue/dialect/sign.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace venue {

std::unique_ptr<Dialect> make_okx(Engine& engine, Outbox& out) {
    return std::make_unique<okx::Okx>(engine, out);
}

}  // namespace venue

namespace venue::okx {

namespace {

constexpr core::Nanoseconds signature_lives = std::chrono::seconds{30};

/// "2020-12-08T09:08:57.715Z".
std::optional<core::Nanoseconds> read_time(std::string_view text) {
    if (text.size() != 24 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' ||
        text[16] != ':' || text[19] != '.' || text[23] != 'Z')
        return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t count) {
        int value = -1;
        const auto* end = text.data() + at + count;
        const auto [stop, error] = std::from_chars(text.data() + at, end, value);
        return error == std::errc{} && stop == end ? value : -1;
    };
    using namespace std::chrono;
    const year_month_day day{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                             std::chrono::day{static_cast<unsigned>(number(8, 2))}};
    const int h = number(11, 2), m = number(14, 2), s = number(17, 2), ms = number(20, 3);
    if (!day.ok() || day.year() < year{1970} || day.year() > year{2200} || h < 0 || h > 23 || m < 0 || m > 59 ||
        s < 0 || s > 60 || ms < 0)
        return std::nullopt;
    return core::Nanoseconds{sys_days{day}.time_since_epoch() + hours{h} + minutes{m} + std::chrono::seconds{s} +
                             std::chrono::milliseconds{ms}};
}

}  // namespace

std::string_view side_text(core::Side side) noexcept {
    return side == core::Side::buy ? "buy" : "sell";
}

std::string_view state_text(const Order& order) noexcept {
    switch (order.state) {
        case OrderState::untriggered:
        case OrderState::open: return "live";
        case OrderState::partially_filled: return "partially_filled";
        case OrderState::filled: return "filled";
        case OrderState::cancelled:
        case OrderState::expired:
        case OrderState::rejected: return "canceled";
    }
    return "?";
}

std::string_view type_text(const Order& order) noexcept {
    if (market_kind(order.kind)) return "market";
    switch (order.time_in_force) {
        case TimeInForce::gtc: return "limit";
        case TimeInForce::ioc: return "ioc";
        case TimeInForce::fok: return "fok";
        case TimeInForce::post_only: return "post_only";
    }
    return "?";
}

std::string_view position_side_text(PositionSide side) noexcept {
    return side == PositionSide::net ? "net" : side == PositionSide::long_ ? "long" : "short";
}

// Source: "Error Code" of the documentation.
ApiError error_of(Refusal refusal, const Listing& listing) {
    switch (refusal) {
        case Refusal::unknown_listing: return {"51001", "Instrument ID doesn't exist."};
        case Refusal::unknown_order:
        case Refusal::finished:
            return {"51400", "Cancellation failed as the order has been filled, canceled or does not exist."};
        case Refusal::duplicate_client_id: return {"51016", "Duplicated client order ID."};
        case Refusal::bad_price:
        case Refusal::tick_size: return {"51000", "Parameter px error"};
        case Refusal::bad_trigger: return {"51000", "Parameter triggerPx error"};
        case Refusal::bad_quantity: return {"51000", "Parameter sz error"};
        case Refusal::lot_size:
            return {"51121", "Order quantity must be a multiple of the lot size and within its limits."};
        case Refusal::min_notional: return {"51020", "Your order should meet or exceed the minimum order amount."};
        case Refusal::too_large: return {"51202", "Market order amount exceeds the maximum amount."};
        case Refusal::would_trigger:
            return {"51280", "The trigger price of the order has been passed by the last price already."};
        case Refusal::balance:
        case Refusal::margin: return {"51008", "Order failed. Insufficient " + listing.quote + " balance in account."};
        case Refusal::reduce_only:
            return {"51169", "Order failed because you don't have any positions in this direction to reduce or close."};
        case Refusal::position_side: return {"51000", "Parameter posSide error"};
        case Refusal::leverage: return {"59102", "Leverage exceeds the maximum limit. Please lower the leverage."};
        case Refusal::open_positions:
            return {"59000", "Setting failed. Cancel any open orders, close positions, and stop trading bots first."};
        case Refusal::too_many_orders: return {"51022", "Contract suspended: too many open orders."};
        case Refusal::unchanged: return {"51000", "Nothing to change."};
        default: break;
    }
    return {"50026", "System error. Try again later."};
}

core::Nanoseconds bar_of(std::string_view text) noexcept {
    using namespace std::chrono_literals;
    if (text.ends_with("utc")) text.remove_suffix(3);
    constexpr std::array<std::pair<std::string_view, std::chrono::minutes>, 13> known{{{"1m", 1min},
                                                                                       {"3m", 3min},
                                                                                       {"5m", 5min},
                                                                                       {"15m", 15min},
                                                                                       {"30m", 30min},
                                                                                       {"1H", 60min},
                                                                                       {"2H", 120min},
                                                                                       {"4H", 240min},
                                                                                       {"6H", 360min},
                                                                                       {"12H", 720min},
                                                                                       {"1D", 1440min},
                                                                                       {"3D", 4320min},
                                                                                       {"1W", 10080min}}};
    for (const auto& [name, width] : known)
        if (name == text) return width;
    return {};
}

std::string time_text(core::Nanoseconds time) {
    return std::to_string(milliseconds(time));
}

std::string px(const Listing& listing, core::Price price) {
    return core::to_text(price, listing.instrument.price_decimals);
}

std::string px_if_any(const Listing& listing, core::Price price) {
    return price.units == 0 ? std::string{} : px(listing, price);
}

std::string sz(const Listing& listing, core::Quantity quantity) {
    return core::to_text(quantity, listing.instrument.quantity_decimals);
}

std::string field(const Json& object, std::string_view name) {
    if (!object.is_object()) return {};
    const auto found = object.find(std::string{name});
    if (found == object.end()) return {};
    if (found->is_string()) return found->get<std::string>();
    return found->is_number() || found->is_boolean() ? found->dump() : std::string{};
}

const std::map<std::string, Okx::Route, std::less<>>& Okx::routes() {
    using O = Okx;
    static const std::map<std::string, Route, std::less<>> all{
        {"GET public/time", {&O::time}},
        {"GET public/instruments", {&O::instruments}},
        {"GET public/funding-rate", {&O::funding_rate}},
        {"GET public/funding-rate-history", {&O::funding_history}},
        {"GET public/open-interest", {&O::open_interest}},
        {"GET public/mark-price", {&O::mark_price}},
        {"GET market/books", {&O::books, false, 40}},
        {"GET market/ticker", {&O::tickers}},
        {"GET market/tickers", {&O::tickers}},
        {"GET market/candles", {&O::candles, false, 40}},
        {"GET market/history-candles", {&O::candles}},
        {"GET market/trades", {&O::trades, false, 100}},
        {"GET market/history-trades", {&O::trades}},
        {"GET asset/currencies", {&O::nothing, true}},
        {"GET account/balance", {&O::balance, true}},
        {"GET account/positions", {&O::positions, true}},
        {"GET account/config", {&O::config, true}},
        {"GET account/instruments", {&O::instruments, true}},
        {"GET account/leverage-info", {&O::leverage_info, true}},
        {"GET account/trade-fee", {&O::trade_fee, true}},
        {"POST account/set-leverage", {&O::set_leverage, true, 40}},
        {"POST account/set-position-mode", {&O::set_position_mode, true}},
        {"POST trade/order", {&O::place, true, 60}},
        {"POST trade/batch-orders", {&O::place_batch, true, 300}},
        {"POST trade/cancel-order", {&O::cancel, true, 60}},
        {"POST trade/cancel-batch-orders", {&O::cancel_batch, true, 300}},
        {"POST trade/amend-order", {&O::amend, true, 60}},
        {"POST trade/amend-batch-orders", {&O::amend_batch, true, 300}},
        {"POST trade/order-algo", {&O::place_algo, true}},
        {"POST trade/cancel-all-after", {&O::cancel_all_after, true, 2}},
        {"POST trade/cancel-algos", {&O::cancel_algos, true}},
        {"POST trade/close-position", {&O::close_position, true}},
        {"GET trade/order", {&O::order_details, true, 60}},
        {"GET trade/orders-pending", {&O::orders_pending, true, 60}},
        {"GET trade/orders-history", {&O::orders_history, true, 40}},
        {"GET trade/orders-history-archive", {&O::orders_history, true}},
        {"GET trade/order-algo", {&O::algo_details, true}},
        {"GET trade/orders-algo-pending", {&O::algos_pending, true}},
        {"GET trade/orders-algo-history", {&O::algos_history, true}},
        {"GET trade/fills", {&O::fills, true, 60}},
        {"GET trade/fills-history", {&O::fills, true}},
    };
    return all;
}

core::Result<Account*, ApiError> Okx::verify(const HttpRequest& request) {
    const auto refused = [](const char* code, const char* message) { return ApiError{code, message, 401}; };
    const auto key = request.header("ok-access-key"), sign = request.header("ok-access-sign");
    const auto stamp = request.header("ok-access-timestamp"), phrase = request.header("ok-access-passphrase");
    if (key.empty()) return refused("50103", "Request header \"OK-ACCESS-KEY\" can't be empty.");
    if (phrase.empty()) return refused("50104", "Request header \"OK-ACCESS-PASSPHRASE\" can't be empty.");
    if (sign.empty()) return refused("50106", "Request header \"OK-ACCESS-SIGN\" can't be empty.");
    if (stamp.empty()) return refused("50107", "Request header \"OK-ACCESS-TIMESTAMP\" can't be empty.");
    auto* account = engine().account(key);
    if (account == nullptr) return refused("50111", "Invalid OK-ACCESS-KEY.");
    const auto time = read_time(stamp);
    if (!time) return refused("50112", "Invalid OK-ACCESS-TIMESTAMP.");
    const auto apart = *time < now() ? now() - *time : *time - now();
    if (apart > signature_lives) return refused("50102", "Timestamp request expired.");
    if (!same_signature(phrase, account->credentials.passphrase.reveal()))
        return refused("50105", "Request header \"OK-ACCESS-PASSPHRASE\" incorrect.");
    const auto payload = std::string{stamp} + request.method + request.target + request.body;
    if (!same_signature(sign, hmac_base64(account->credentials.secret, payload)))
        return refused("50113", "Invalid Sign.");
    return account;
}

HttpReply Okx::http(const HttpRequest& request) {
    constexpr std::string_view prefix = "/api/v5/";
    const auto found = request.path.starts_with(prefix)
                           ? routes().find(request.method + " " + request.path.substr(prefix.size()))
                           : routes().end();
    if (found == routes().end())
        return HttpReply{.status = 404, .body = R"({"code":"404","msg":"Not Found","data":[]})"};
    const auto& route = found->second;
    auto& limit = limits_.try_emplace(found->first, RateWindow{route.per_2s, std::chrono::seconds{2}}).first->second;
    if (!limit.take(now())) return refuse(HouseRefusal::too_many_requests);
    Call call;
    call.params = Params::parse(request.query);
    if (route.is_signed) {
        const auto account = verify(request);
        if (!account) return reply(account.error());
        call.account = *account;
    }
    if (request.method == "POST") {
        call.body = read_json(request.body);
        if (!call.body.is_object() && !call.body.is_array()) return reply(ApiError{"50002", "JSON syntax error", 400});
    }
    return reply((this->*route.handler)(call));
}

HttpReply Okx::reply(const Answer& answer) {
    HttpReply made;
    const auto micros = std::to_string(now().count() / 1'000);
    if (answer) {
        const bool failed = answer->outer != "0";
        made.body = Json{
            {"code", answer->outer},
            {"msg", failed ? "All operations failed" : ""},
            {"data", answer->data},
            {"inTime", micros},
            {"outTime",
             micros}}.dump();
    } else {
        made.status = answer.error().status;
        made.body =
            Json{{"code", answer.error().code}, {"msg", answer.error().message}, {"data", Json::array()}}.dump();
    }
    return made;
}

HttpReply Okx::refuse(HouseRefusal why) {
    const auto say = [&](const char* code, const char* message, int status) {
        return reply(ApiError{code, message, status});
    };
    switch (why) {
        case HouseRefusal::too_many_requests: return say("50011", "Too Many Requests", 429);
        case HouseRefusal::banned: return say("50011", "Too Many Requests", 403);
        case HouseRefusal::server_error: return say("50013", "Systems are busy. Please try again later.", 503);
        case HouseRefusal::unknown_outcome:
            return say("50004",
                       "API endpoint request timeout (does not mean that the request was successful or "
                       "failed, please check the request result).",
                       400);
        case HouseRefusal::maintenance: return say("50001", "Service temporarily unavailable. Try again later.", 503);
    }
    return {};
}

void Okx::expire_keys() {
    for (auto& [id, connection] : connections_) connection.account = 0;
}

}  // namespace venue::okx
