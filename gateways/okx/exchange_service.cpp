#include "gateways/okx/exchange_service.hpp"

#include "core/net/sign.hpp"
#include "gateways/okx/codes.hpp"
#include "gateways/okx/exchange_calls.hpp"

#include <algorithm>
namespace gateways::okx {

using namespace exchange;

namespace {

// The venue has no call that cancels all orders (its mass cancel is for market makers of options only).
constexpr auto handlers = handlers_of({
    {Call::fetch_time, build_time, read_time},
    {Call::fetch_markets, build_markets, read_markets},
    {Call::fetch_ticker, build_ticker, read_ticker},
    {Call::fetch_tickers, build_tickers, read_tickers},
    {Call::fetch_order_book, build_order_book, read_order_book},
    {Call::fetch_ohlcv, build_ohlcv, read_ohlcv},
    {Call::fetch_trades, build_trades, read_trades},
    {Call::fetch_funding_rate, build_funding, read_funding_rate},
    {Call::fetch_funding_rates, build_funding, read_funding_rates},
    {Call::fetch_funding_rate_history, build_funding_history, read_funding_rates},
    {Call::fetch_funding_interval, build_funding, read_funding_rate},
    {Call::fetch_funding_intervals, build_funding, read_funding_rates},
    {Call::fetch_open_interest, build_open_interest, read_open_interest},
    {Call::fetch_open_interests, build_open_interest, read_open_interests},
    {Call::fetch_balance, build_balance, read_balance},
    {Call::fetch_positions, build_positions, read_positions},
    {Call::create_order, build_order, read_placed},
    {Call::create_orders, build_orders, read_placed_list},
    {Call::create_market_buy_order_with_cost, build_order, read_placed},
    {Call::create_market_sell_order_with_cost, build_order, read_placed},
    {Call::create_stop_loss_order, build_order, read_placed},
    {Call::create_take_profit_order, build_order, read_placed},
    {Call::edit_order, build_edit, read_placed},
    {Call::edit_order_with_client_order_id, build_edit, read_placed},
    {Call::cancel_order, build_cancel, read_placed},
    {Call::cancel_order_with_client_order_id, build_cancel, read_placed},
    {Call::cancel_orders, build_cancels, read_placed_list},
    {Call::cancel_orders_with_client_order_ids, build_cancels, read_placed_list},
    {Call::cancel_all_orders_after, build_cancel_all_after, read_done},
    {Call::fetch_order, build_fetch_order, read_order},
    {Call::fetch_order_with_client_order_id, build_fetch_order, read_order},
    {Call::fetch_orders, build_fetch_orders, read_orders},
    {Call::fetch_open_orders, build_open_orders, read_orders},
    {Call::fetch_closed_orders, build_closed_orders, read_orders},
    {Call::fetch_my_trades, build_my_trades, read_my_trades},
    {Call::set_leverage, build_set_leverage, read_leverage},
    {Call::set_margin_mode, build_set_margin_mode, read_leverage},
    {Call::set_position_mode, build_set_position_mode, read_done},
});

/// 2020-12-08T09:08:57.715Z
std::string iso_ms(core::Nanoseconds time) {
    auto text = core::to_iso8601(time);
    const auto ms = std::to_string(time.count() / 1'000'000 % 1000);
    return text.substr(0, 19) + '.' + std::string(3 - ms.size(), '0') + ms + 'Z';
}

}  // namespace

namespace {

/// Only a code of the table refuses an order.
ErrorKind kind_of(Call call, std::int64_t code) noexcept {
    return makes_orders(call) ? exchange::of_order(meaning_of(code).kind) : family_of(code);
}

}  // namespace

std::optional<ApiError> order_error_of(Call call, const Value& row) {
    const auto code = row["sCode"].integer();
    if (!code || *code == 0) return std::nullopt;
    return ApiError{
        .kind = kind_of(call, *code), .code = row["sCode"].text(), .message = row["sMsg"].text(), .status = 200};
}

std::optional<ApiError> error_of(Call call, const Response& response, const Value& body) {
    const auto code = body["code"].integer();
    const bool of_orders = code && (*code == 1 || *code == 2) && body["data"].at(0).contains("sCode");
    if (response.status < 400 && code && (*code == 0 || of_orders)) return std::nullopt;
    ApiError error{.kind = ErrorKind::malformed,
                   .code = body["code"].text(),
                   .message = body["msg"].text(),
                   .status = response.status};
    if (code && *code != 0)
        error.kind = kind_of(call, *code);
    else if (response.status < 400)
        error.message = "the answer has no code";
    const bool writes = shape(call).access == Access::write;
    if (response.status == 429)
        error.kind = ErrorKind::rate_limited;
    else if (response.status >= 500 && (!code || error.kind == ErrorKind::other))
        error.kind = ErrorKind::unknown_outcome;
    if (error.kind == ErrorKind::malformed && writes) error.kind = ErrorKind::unknown_outcome;
    if (error.kind == ErrorKind::unknown_outcome && !writes) error.kind = ErrorKind::maintenance;
    return error;
}

ExchangeService::ExchangeService() noexcept : TableService{handlers} {}

std::optional<ApiError> ExchangeService::error_in(Call call, const Response& response, const Value& document) const {
    return error_of(call, response, document);
}

Expected<std::vector<Market>> ExchangeService::parse_markets(const Value& answer) const {
    return markets_of(answer["data"]);
}

const std::vector<Market>& ExchangeService::main_markets() const {
    return the_main_markets();
}

namespace {

/// What takes the header expTime. Source: OKX API v5, "Order Book Trading, Trade", "Place order" and "Amend order" (not
/// algo orders).
constexpr std::string_view dated[] = {"/api/v5/trade/order", "/api/v5/trade/batch-orders", "/api/v5/trade/amend-order",
                                      "/api/v5/trade/amend-batch-orders"};
constexpr core::Nanoseconds order_lives = std::chrono::seconds{5};

}  // namespace

WireRequest ExchangeService::prepare(const Request& request, const Credentials* keys, core::Nanoseconds timestamp,
                                     Environment environment) const {
    const auto query = query_string(request.query);
    WireRequest wire{.method = request.method,
                     .base = "https://www.okx.com",
                     .target = query.empty() ? request.path : request.path + '?' + query,
                     .headers = request.headers,
                     .body = request.body_kind == BodyKind::json ? request.body.write() : std::string{}};
    if (request.body_kind == BodyKind::json) wire.headers.push_back({"Content-Type", "application/json"});
    if (environment == Environment::testnet) wire.headers.push_back({"x-simulated-trading", "1"});
    if (!request.is_signed || keys == nullptr) return wire;
    const auto time = iso_ms(timestamp);
    std::string signature(core::base64_length, '=');
    const auto payload = time + std::string{name(wire.method)} + wire.target + wire.body;
    core::write_base64(signature.data(), core::Signer{keys->secret}.sign(payload));
    wire.headers.push_back({"OK-ACCESS-KEY", std::string{keys->key.reveal()}, true});
    wire.headers.push_back({"OK-ACCESS-SIGN", std::move(signature), true});
    wire.headers.push_back({"OK-ACCESS-TIMESTAMP", time});
    wire.headers.push_back({"OK-ACCESS-PASSPHRASE", std::string{keys->passphrase.reveal()}, true});
    // What was stuck on the way is not carried out later; without this the venue takes it for 30 s.
    if (request.method == Method::post &&
        std::find(std::begin(dated), std::end(dated), request.path) != std::end(dated))
        wire.headers.push_back({"expTime", std::to_string((timestamp + order_lives) / std::chrono::milliseconds{1})});
    return wire;
}

}  // namespace gateways::okx
