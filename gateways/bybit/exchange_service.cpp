#include "gateways/bybit/exchange_service.hpp"

#include "core/net/sign.hpp"
#include "gateways/bybit/codes.hpp"
#include "gateways/bybit/exchange_calls.hpp"

namespace gateways::bybit {

using namespace exchange;

namespace {

constexpr auto handlers = handlers_of({
    {Call::fetch_time, build_time, read_time},
    {Call::fetch_markets, build_markets, read_markets},
    {Call::fetch_ticker, build_ticker, read_ticker},
    {Call::fetch_tickers, build_tickers, read_tickers},
    {Call::fetch_order_book, build_order_book, read_order_book},
    {Call::fetch_ohlcv, build_ohlcv, read_ohlcv},
    {Call::fetch_trades, build_trades, read_trades},
    {Call::fetch_funding_rate, build_ticker, read_funding_rate},
    {Call::fetch_funding_rates, build_tickers, read_funding_rates},
    {Call::fetch_funding_rate_history, build_funding_history, read_funding_rates},
    {Call::fetch_funding_interval, build_funding_intervals, read_funding_rate},
    {Call::fetch_funding_intervals, build_funding_intervals, read_funding_rates},
    {Call::fetch_open_interest, build_open_interest, read_open_interest},
    {Call::fetch_open_interests, build_tickers, read_open_interests},
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
    {Call::cancel_all_orders, build_cancel_all, read_placed_list},
    {Call::cancel_all_orders_after, build_cancel_all_after, read_done},
    {Call::fetch_order, build_fetch_order, read_order},
    {Call::fetch_order_with_client_order_id, build_fetch_order, read_order},
    {Call::fetch_orders, build_fetch_orders, read_orders},
    {Call::fetch_open_orders, build_open_orders, read_orders},
    {Call::fetch_closed_orders, build_closed_orders, read_orders},
    {Call::fetch_my_trades, build_my_trades, read_my_trades},
    {Call::set_leverage, build_set_leverage, read_leverage},
    {Call::set_margin_mode, build_set_margin_mode, read_done},
    {Call::set_position_mode, build_set_position_mode, read_done},
});

std::string_view base_of(Environment environment, Practice practice) noexcept {
    if (environment == Environment::live) return "https://api.bybit.com";
    return practice == Practice::demo ? "https://api-demo.bybit.com" : "https://api-testnet.bybit.com";
}

/// After this the venue lets the address in again. Source: Bybit v5, "Rate Limit", IP limit.
constexpr std::int64_t ip_ban_s = 600;

}  // namespace

ErrorKind kind_of(Call call, std::int64_t code) noexcept {
    return makes_orders(call) ? exchange::of_order(meaning_of(code).kind) : family_of(code);
}

std::optional<ApiError> error_of(Call call, const Response& response, const Value& body) {
    const auto code = body["retCode"].integer();
    if (response.status < 400 && code && *code == 0) return std::nullopt;
    ApiError error{.kind = ErrorKind::malformed,
                   .code = body["retCode"].text(),
                   .message = body["retMsg"].text(),
                   .status = response.status};
    if (code && *code != 0)
        error.kind = kind_of(call, *code);
    else if (response.status < 400)
        error.message = "the answer has no retCode";
    // What went wrong inside of a refused change of the margin mode stands one level deeper.
    for (const auto& reason : body["result"]["reasons"].items()) error.message += "; " + reason["reasonMsg"].text();
    const bool writes = shape(call).access == Access::write;
    if (response.status == 403) {
        error.kind = ErrorKind::banned;
        error.retry_after_s = ip_ban_s;
    } else if (response.status == 429) {
        error.kind = ErrorKind::rate_limited;
    } else if (response.status >= 500 && (!code || error.kind == ErrorKind::other)) {
        error.kind = ErrorKind::unknown_outcome;
    }
    if (error.kind == ErrorKind::malformed && writes) error.kind = ErrorKind::unknown_outcome;
    if (error.kind == ErrorKind::unknown_outcome && !writes) error.kind = ErrorKind::maintenance;
    return error;
}

ExchangeService::ExchangeService(Practice practice) noexcept : TableService{handlers}, practice_{practice} {}

std::optional<ApiError> ExchangeService::error_in(Call call, const Response& response, const Value& document) const {
    return error_of(call, response, document);
}

std::optional<ApiError> ExchangeService::error_without_document(Call call, const Response& response) const {
    // "access too frequent": too many requests from one address are answered without a document
    return response.status == 403 ? error_of(call, response, Value{}) : std::nullopt;
}

Expected<std::vector<Market>> ExchangeService::parse_markets(const Value& answer) const {
    return markets_of(answer["result"]);
}

const std::vector<Market>& ExchangeService::main_markets() const {
    return the_main_markets();
}

WireRequest ExchangeService::prepare(const Request& request, const Credentials* keys, core::Nanoseconds timestamp,
                                     Environment environment) const {
    const auto query = query_string(request.query);
    WireRequest wire{.method = request.method,
                     .base = std::string{base_of(environment, practice_)},
                     .target = query.empty() ? request.path : request.path + '?' + query,
                     .headers = request.headers,
                     .body = request.body_kind == BodyKind::json ? request.body.write() : std::string{}};
    if (request.body_kind == BodyKind::json) wire.headers.push_back({"Content-Type", "application/json"});
    if (!request.is_signed || keys == nullptr) return wire;
    const auto time = std::to_string(timestamp.count() / 1'000'000);
    std::string payload = time;
    payload += keys->key.reveal();
    payload += receive_window_ms;
    payload += request.method == Method::get ? query : wire.body;
    std::string signature(core::hex_length, '0');
    core::write_hex(signature.data(), core::Signer{keys->secret}.sign(payload));
    wire.headers.push_back({"X-BAPI-API-KEY", std::string{keys->key.reveal()}, true});
    wire.headers.push_back({"X-BAPI-TIMESTAMP", time});
    wire.headers.push_back({"X-BAPI-RECV-WINDOW", std::string{receive_window_ms}});
    wire.headers.push_back({"X-BAPI-SIGN", std::move(signature), true});
    return wire;
}

}  // namespace gateways::bybit
