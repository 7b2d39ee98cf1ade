#include "gateways/bitget/exchange_service.hpp"

#include "core/net/sign.hpp"
#include "gateways/bitget/exchange_calls.hpp"

#include <algorithm>

namespace gateways::bitget {

using namespace exchange;

namespace {

constexpr auto handlers = handlers_of({
    {Call::fetch_time, build_time, read_time},
    {Call::fetch_markets, build_markets, read_markets},
    {Call::fetch_ticker, build_tickers, read_ticker},
    {Call::fetch_tickers, build_tickers, read_tickers},
    {Call::fetch_order_book, build_order_book, read_order_book},
    {Call::fetch_ohlcv, build_ohlcv, read_ohlcv},
    {Call::fetch_trades, build_trades, read_trades},
    {Call::fetch_funding_rate, build_funding_rate, read_funding_rate},
    {Call::fetch_funding_rates, build_funding_rates, read_funding_rates},
    {Call::fetch_funding_rate_history, build_funding_history, read_funding_rates},
    {Call::fetch_funding_interval, build_funding_rate, read_funding_rate},
    {Call::fetch_funding_intervals, build_funding_intervals, read_funding_rates},
    {Call::fetch_open_interest, build_open_interest, read_open_interest},
    {Call::fetch_open_interests, build_open_interests, read_open_interests},
    {Call::fetch_balance, build_balance, read_balance},
    {Call::fetch_positions, build_positions, read_positions},
    {Call::create_order, build_order, read_order},
    {Call::create_orders, build_orders, read_orders},
    {Call::create_market_buy_order_with_cost, build_order, read_order},
    {Call::create_stop_loss_order, build_order, read_order},
    {Call::create_take_profit_order, build_order, read_order},
    {Call::edit_order, build_edit, read_order},
    {Call::edit_order_with_client_order_id, build_edit, read_order},
    {Call::cancel_order, build_cancel, read_order},
    {Call::cancel_order_with_client_order_id, build_cancel, read_order},
    {Call::cancel_orders, build_cancels, read_orders},
    {Call::cancel_orders_with_client_order_ids, build_cancels, read_orders},
    {Call::cancel_all_orders, build_cancel_all, read_orders},
    {Call::fetch_order, build_fetch_order, read_order},
    {Call::fetch_order_with_client_order_id, build_fetch_order, read_order},
    {Call::fetch_open_orders, build_open_orders, read_orders},
    {Call::fetch_closed_orders, build_closed_orders, read_closed_orders},
    {Call::fetch_my_trades, build_my_trades, read_my_trades},
    {Call::set_leverage, build_set_leverage, read_leverage},
    {Call::set_margin_mode, build_set_margin_mode, read_done},
    {Call::set_position_mode, build_set_position_mode, read_done},
});

std::string signature_of(const Credentials& keys, std::string_view payload) {
    std::string text(core::base64_length, '0');
    core::write_base64(text.data(), core::Signer{keys.secret}.sign(payload));
    return text;
}

std::string product_type_of(const Market& market) {
    if (!market.is_contract()) return "SPOT";
    if (market.settle == "USDT" || market.settle == "USDC") return market.settle + "-FUTURES";
    return "COIN-FUTURES";
}

/// Members sorted by name, as the documents want the query of a signature.
Value sorted(const Value& members) {
    auto names = members.keys();
    std::sort(names.begin(), names.end());
    auto all = Value::object();
    for (const auto& name : names) all.set(name, members[name]);
    return all;
}

Area margin_area(const Value& params) {
    const auto& mode = params["marginMode"].text();
    if (mode == "isolated") return Area::isolated_margin;
    return mode == "cross" || mode == "crossed" ? Area::cross_margin : Area::spot;
}

}  // namespace

std::string Scope::margin_coin() const {
    if (market != nullptr) return market->settle;
    return product_type == "USDC-FUTURES" ? "USDC" : "USDT";
}

Scope scope_of(const Market& market, const Value& params) {
    Scope scope{.area = market.is_contract() ? Area::futures : margin_area(params),
                .unified = params["uta"].is_true(),
                .product_type = params.first({"productType", "category"}),
                .market = &market};
    if (scope.product_type.empty()) scope.product_type = scope.is_margin() ? "MARGIN" : product_type_of(market);
    return scope;
}

Expected<Scope> scope_of(const Ask& ask, bool needs_symbol) {
    auto symbol = ask.text("symbol");
    if (const auto symbols = texts_of(ask.arguments["symbols"]); symbol.empty() && !symbols.empty())
        symbol = symbols.front();
    const auto& params = ask.arguments.params();
    if (!symbol.empty() || needs_symbol) {
        const auto market = market_named(ask.context, symbol);
        if (!market) return market.error();
        return scope_of(**market, params);
    }
    Scope scope{.area = margin_area(params),
                .unified = params["uta"].is_true(),
                .product_type = params.first({"productType", "category"}),
                .market = nullptr};
    const auto& type = params["type"].text();
    const auto& sub_type = params["subType"].text();
    if (type == "swap" || type == "future" || !sub_type.empty() || scope.product_type.ends_with("-FUTURES")) {
        scope.area = Area::futures;
        if (scope.product_type.empty()) scope.product_type = sub_type == "inverse" ? "COIN-FUTURES" : "USDT-FUTURES";
    } else if (scope.product_type.empty()) {
        scope.product_type = scope.is_margin() ? "MARGIN" : "SPOT";
    }
    return scope;
}

Expected<Scope> futures_scope_of(const Ask& ask, bool needs_symbol) {
    auto scope = scope_of(ask, needs_symbol);
    if (!scope) return scope;
    if (scope->market != nullptr && !scope->is_futures())
        return refused(ErrorKind::bad_request, scope->market->symbol + " is no contract");
    if (!scope->is_futures()) {
        scope->area = Area::futures;
        scope->product_type = "USDT-FUTURES";
    }
    return scope;
}

Request open_request(std::string path) {
    return {.method = Method::get, .path = std::move(path)};
}

Request signed_get(std::string path) {
    auto request = open_request(std::move(path));
    request.is_signed = true;
    return request;
}

Request signed_post(std::string path) {
    auto request = signed_get(std::move(path));
    request.method = Method::post;
    request.body_kind = BodyKind::json;
    request.body = Value::object();
    return request;
}

ExchangeService::ExchangeService() noexcept : TableService{handlers} {}

std::optional<ApiError> ExchangeService::error_in(Call call, const Response& response, const Value& document) const {
    return error_of(call, response, document);
}

const Value& ExchangeService::inside(const Value& document) const noexcept {
    return document["data"];
}

Expected<std::vector<Market>> ExchangeService::parse_markets(const Value& answer) const {
    return markets_of(answer.contains("data") ? answer["data"] : answer);
}

const std::vector<Market>& ExchangeService::main_markets() const {
    return the_main_markets();
}

namespace {

/// What was stuck on the way is not carried out later; without these two the venue takes it for 30 s. Source: Bitget
/// API documents, "Spot/Trade/Place Order"; futures and plan orders have no such parameters.
constexpr std::string_view dated = "/api/v2/spot/trade/place-order", receive_window_ms = "5000";

}  // namespace

WireRequest ExchangeService::prepare(const Request& request, const Credentials* keys, core::Nanoseconds timestamp,
                                     Environment environment) const {
    WireRequest wire{.method = request.method,
                     .base = "https://api.bitget.com",
                     .target = request.path,
                     .headers = request.headers,
                     .body = {}};
    const bool signs = request.is_signed && keys != nullptr;
    const auto time = std::to_string(timestamp / std::chrono::milliseconds{1});
    if (request.body_kind == BodyKind::json && signs && request.path == dated) {
        auto body = request.body;
        body.set("requestTime", time).set("receiveWindow", receive_window_ms);
        wire.body = body.write();
    } else if (request.body_kind == BodyKind::json) {
        wire.body = request.body.write();
    }
    if (const auto query = query_string(sorted(request.query)); !query.empty()) wire.target += '?' + query;
    if (request.method == Method::post) wire.headers.push_back({"Content-Type", "application/json"});
    if (environment == Environment::testnet) wire.headers.push_back({"paptrading", "1"});
    if (signs) {
        const auto payload = time + std::string{name(wire.method)} + wire.target + wire.body;
        wire.headers.push_back({"ACCESS-KEY", std::string{keys->key.reveal()}, true});
        wire.headers.push_back({"ACCESS-SIGN", signature_of(*keys, payload), true});
        wire.headers.push_back({"ACCESS-TIMESTAMP", time});
        wire.headers.push_back({"ACCESS-PASSPHRASE", std::string{keys->passphrase.reveal()}, true});
    }
    return wire;
}

}  // namespace gateways::bitget
