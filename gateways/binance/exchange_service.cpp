#include "gateways/binance/exchange_service.hpp"

#include "core/net/sign.hpp"
#include "gateways/binance/exchange_calls.hpp"

#include <array>

namespace gateways::binance {

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
    {Call::fetch_funding_rate, build_funding_rates, read_funding_rate},
    {Call::fetch_funding_rates, build_funding_rates, read_funding_rates},
    {Call::fetch_funding_rate_history, build_funding_history, read_funding_rates},
    {Call::fetch_funding_interval, build_funding_intervals, read_funding_rate},
    {Call::fetch_funding_intervals, build_funding_intervals, read_funding_rates},
    {Call::fetch_open_interest, build_open_interest, read_open_interest},
    {Call::fetch_balance, build_balance, read_balance},
    {Call::fetch_positions, build_positions, read_positions},
    {Call::create_order, build_order, read_order},
    {Call::create_orders, build_orders, read_orders},
    {Call::create_market_buy_order_with_cost, build_order, read_order},
    {Call::create_market_sell_order_with_cost, build_order, read_order},
    {Call::create_stop_loss_order, build_order, read_order},
    {Call::create_take_profit_order, build_order, read_order},
    {Call::edit_order, build_edit, read_order},
    {Call::edit_order_with_client_order_id, build_edit, read_order},
    {Call::cancel_order, build_cancel, read_order},
    {Call::cancel_order_with_client_order_id, build_cancel, read_order},
    {Call::cancel_orders, build_cancels, read_orders},
    {Call::cancel_orders_with_client_order_ids, build_cancels, read_orders},
    {Call::cancel_all_orders, build_cancel_all, read_orders},
    {Call::cancel_all_orders_after, build_cancel_all_after, read_done},
    {Call::fetch_order, build_fetch_order, read_order},
    {Call::fetch_order_with_client_order_id, build_fetch_order, read_order},
    {Call::fetch_orders, build_fetch_orders, read_orders},
    {Call::fetch_open_orders, build_open_orders, read_orders},
    {Call::fetch_closed_orders, build_fetch_orders, read_closed_orders},
    {Call::fetch_my_trades, build_my_trades, read_my_trades},
    {Call::set_leverage, build_set_leverage, read_leverage},
    {Call::set_margin_mode, build_set_margin_mode, read_done},
    {Call::set_position_mode, build_set_position_mode, read_done},
});

/// By environment, then host.
constexpr std::array<std::array<std::string_view, 3>, 2> bases{{
    {"https://api.binance.com", "https://fapi.binance.com", "https://dapi.binance.com"},
    {"https://testnet.binance.vision", "https://testnet.binancefuture.com", "https://testnet.binancefuture.com"},
}};

std::string signature_of(const Credentials& keys, std::string_view payload) {
    std::string text(core::hex_length, '0');
    core::write_hex(text.data(), core::Signer{keys.secret}.sign(payload));
    return text;
}

}  // namespace

Host host_of(const Market& market) noexcept {
    if (!market.is_contract()) return Host::spot;
    return market.is_inverse() ? Host::inverse : Host::linear;
}

Host host_of(const Ask& ask) noexcept {
    const auto& type = ask.param("type").text();
    const auto& sub_type = ask.param("subType").text();
    if (type == "inverse" || type == "delivery" || sub_type == "inverse") return Host::inverse;
    if (type == "swap" || type == "future" || type == "linear" || sub_type == "linear") return Host::linear;
    return Host::spot;
}

Expected<Scope> scope_of(const Ask& ask, bool needs_symbol) {
    auto symbol = ask.text("symbol");
    if (const auto symbols = texts_of(ask.arguments["symbols"]); symbol.empty() && !symbols.empty())
        symbol = symbols.front();
    if (symbol.empty() && !needs_symbol) return Scope{.host = host_of(ask), .market = nullptr};
    const auto market = market_named(ask.context, symbol);
    if (!market) return market.error();
    return Scope{.host = host_of(**market), .market = *market};
}

Request open_request(Host host, std::string_view name) {
    return {.method = Method::get, .host = host, .path = std::string{prefix(host)} + '/' + std::string{name}};
}

Request signed_request(Method method, Host host, std::string_view name) {
    auto request = open_request(host, name);
    request.method = method;
    request.is_signed = true;
    if (method == Method::post || method == Method::put) {
        request.body_kind = BodyKind::form;
        request.body = Value::object();
    }
    return request;
}

Value& parameters(Request& request) noexcept {
    return request.body_kind == BodyKind::form ? request.body : request.query;
}

std::string_view prefix(Host host) noexcept {
    constexpr std::array<std::string_view, 3> prefixes{"/api/v3", "/fapi/v1", "/dapi/v1"};
    return prefixes[static_cast<std::size_t>(host)];
}

ExchangeService::ExchangeService() noexcept : TableService{handlers} {}

std::optional<ApiError> ExchangeService::error_in(Call call, const Response& response, const Value& document) const {
    return error_of(call, response, document);
}

Expected<std::vector<Market>> ExchangeService::parse_markets(const Value& answer) const {
    return markets_of(answer);
}

const std::vector<Market>& ExchangeService::main_markets() const {
    return the_main_markets();
}

WireRequest ExchangeService::prepare(const Request& request, const Credentials* keys, core::Nanoseconds timestamp,
                                     Environment environment) const {
    WireRequest wire{
        .method = request.method,
        .base = std::string{bases[static_cast<std::size_t>(environment)][static_cast<std::size_t>(request.host)]},
        .target = request.path,
        .headers = request.headers,
        .body = {}};
    auto query = request.query;
    auto form = request.body;
    const bool in_form = request.body_kind == BodyKind::form;
    if (in_form) wire.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    std::string signature;
    if (request.is_signed) {
        auto& signed_part = in_form ? form : query;
        if (!signed_part.contains("recvWindow")) signed_part.set("recvWindow", receive_window_ms);
        signed_part.set("timestamp", std::to_string(timestamp.count() / 1'000'000));
    }
    auto query_text = query_string(query);
    wire.body = in_form ? query_string(form) : std::string{};
    if (request.is_signed && keys != nullptr) {
        wire.headers.push_back({"X-MBX-APIKEY", std::string{keys->key.reveal()}, true});
        const auto text = "&signature=" + signature_of(*keys, query_text + wire.body);
        (in_form ? wire.body : query_text) += text;
    }
    if (!query_text.empty()) wire.target += '?' + query_text;
    return wire;
}

}  // namespace gateways::binance
