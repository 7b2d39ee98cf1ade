#include "gateways/bybit/exchange_calls.hpp"

#include <algorithm>

/// Questions of public market data, and what all builders share. Source: Bybit v5, "Market".
namespace gateways::bybit {

using namespace exchange;

namespace {

/// Options that steer a call and are not the venue's.
constexpr std::string_view steering[] = {"type",  "subType",       "category",   "trigger", "stop",
                                         "until", "clientOrderId", "marginMode", "hedged",  "price"};

struct Timeframe {
    std::string_view unified, venue;
};
constexpr Timeframe timeframes[] = {{"1m", "1"},  {"3m", "3"},   {"5m", "5"},   {"15m", "15"}, {"30m", "30"},
                                    {"1h", "60"}, {"2h", "120"}, {"4h", "240"}, {"6h", "360"}, {"12h", "720"},
                                    {"1d", "D"},  {"1w", "W"},   {"1M", "M"}};

void set_times(Value& query, const Ask& ask, std::string_view from, std::string_view to) {
    query.set_known(from, ask.text("since"));
    query.set_known(to, ask.param("until").text());
}

}  // namespace

std::string_view category(Host host) noexcept {
    constexpr std::string_view names[] = {"spot", "linear", "inverse"};
    return names[static_cast<std::size_t>(host)];
}

Host host_of(const Market& market) noexcept {
    if (!market.is_contract()) return Host::spot;
    return market.is_inverse() ? Host::inverse : Host::linear;
}

Expected<Scope> scope_of(const Ask& ask, bool needs_symbol) {
    auto symbol = ask.text("symbol");
    if (symbol.empty()) symbol = ask.arguments["symbols"].at(0).text();
    if (!symbol.empty() || needs_symbol) {
        const auto market = market_named(ask.context, symbol);
        if (!market) return market.error();
        return Scope{.host = host_of(**market), .market = *market};
    }
    for (const auto* option : {"category", "subType", "type"}) {
        const auto& text = ask.param(option).text();
        if (text == "spot") return Scope{.host = Host::spot};
        if (text == "inverse") return Scope{.host = Host::inverse};
        if (text == "linear") return Scope{.host = Host::linear};
    }
    return Scope{.host = Host::linear};
}

Request get_request(const Scope& scope, std::string_view path, bool is_signed) {
    Request request{.method = Method::get, .host = scope.host, .path = std::string{path}};
    request.is_signed = is_signed;
    request.query.set("category", category(scope.host));
    if (scope.market != nullptr) request.query.set("symbol", scope.market->id);
    return request;
}

Request post_request(const Scope& scope, std::string_view path) {
    Request request{.method = Method::post, .host = scope.host, .path = std::string{path}};
    request.is_signed = true;
    request.body_kind = BodyKind::json;
    request.body.set("category", category(scope.host));
    if (scope.market != nullptr) request.body.set("symbol", scope.market->id);
    return request;
}

void pass_options(Value& to, const Ask& ask) {
    pass_on(to, ask.arguments.params(), steering);
}

Requests build_time(const Ask&) {
    return only(Request{.method = Method::get, .host = Host::linear, .path = "/v5/market/time"});
}

Requests build_markets(const Ask& ask) {
    std::vector<Request> all;
    for (const auto host : {Host::spot, Host::linear, Host::inverse}) {
        auto request = get_request({.host = host}, "/v5/market/instruments-info", false);
        if (host != Host::spot) request.query.set("limit", "1000");  // spot comes whole and knows no pages
        pass_options(request.query, ask);
        all.push_back(std::move(request));
    }
    return all;
}

Requests build_ticker(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (ask.call == Call::fetch_funding_rate && scope->host == Host::spot)
        return refused(ErrorKind::bad_request, "spot pairs have no funding rate");
    auto request = get_request(*scope, "/v5/market/tickers", false);
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_tickers(const Ask& ask) {
    auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    if (ask.call != Call::fetch_tickers && scope->host == Host::spot)
        return refused(ErrorKind::bad_request, "spot pairs have neither funding rate nor open interest");
    if (ask.arguments["symbols"].size() != 1) scope->market = nullptr;
    auto request = get_request(*scope, "/v5/market/tickers", false);
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_order_book(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = get_request(*scope, "/v5/market/orderbook", false);
    request.query.set_known("limit", ask.text("limit"));
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_ohlcv(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    const auto& wanted = ask.text("timeframe").empty() ? "1m" : ask.text("timeframe");
    std::string_view interval;
    for (const auto& row : timeframes)
        if (row.unified == wanted) interval = row.venue;
    if (interval.empty()) return refused(ErrorKind::bad_request, "bybit has no candles of " + wanted);
    const auto& price = ask.param("price").text();
    auto request = get_request(*scope,
                               price == "mark"           ? "/v5/market/mark-price-kline"
                               : price == "index"        ? "/v5/market/index-price-kline"
                               : price == "premiumIndex" ? "/v5/market/premium-index-price-kline"
                                                         : "/v5/market/kline",
                               false);
    request.query.set("interval", interval);
    set_times(request.query, ask, "start", "end");
    request.query.set_known("limit", ask.text("limit"));
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_trades(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = get_request(*scope, "/v5/market/recent-trade", false);
    request.query.set_known("limit", ask.text("limit"));
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_funding_history(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = get_request(*scope, "/v5/market/funding/history", false);
    set_times(request.query, ask, "startTime", "endTime");
    // the venue refuses a start without an end: by default as many times eight hours later as rows are wanted
    if (request.query.contains("startTime") && !request.query.contains("endTime")) {
        const auto since = ask.arguments["since"].integer();
        if (!since || *since < 0 || *since > 9'000'000'000'000)
            return refused(ErrorKind::bad_request, "since is a time in milliseconds");
        const auto rows = std::clamp<std::int64_t>(ask.arguments["limit"].integer().value_or(200), 1, 200);
        request.query.set("endTime", std::to_string(*since + rows * 8 * 3'600'000));
    }
    request.query.set_known("limit", ask.text("limit"));
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_funding_intervals(const Ask& ask) {
    auto scope = scope_of(ask, ask.call == Call::fetch_funding_interval);
    if (!scope) return scope.error();
    if (scope->host == Host::spot) return refused(ErrorKind::bad_request, "spot pairs have no funding");
    if (ask.call == Call::fetch_funding_intervals && ask.arguments["symbols"].size() != 1) scope->market = nullptr;
    auto request = get_request(*scope, "/v5/market/instruments-info", false);
    if (scope->market == nullptr) request.query.set("limit", "1000");
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_open_interest(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    if (scope->host == Host::spot) return refused(ErrorKind::bad_request, "spot pairs have no open interest");
    auto request = get_request(*scope, "/v5/market/open-interest", false);
    if (!ask.arguments.params().contains("intervalTime")) request.query.set("intervalTime", "5min");
    pass_options(request.query, ask);
    if (!request.query.contains("limit")) request.query.set("limit", "1");
    return only(std::move(request));
}

}  // namespace gateways::bybit
