#include "gateways/bitget/exchange_calls.hpp"

/// Requests of public market data. Source: Bitget API documents, "Spot/Market", "Future/Market", "Unified/Public".
namespace gateways::bitget {

using namespace exchange;

namespace {

/// The path of an endpoint in the three families.
struct Paths {
    std::string_view spot, futures, unified;
};

Request request_to(const Scope& scope, const Paths& paths) {
    auto request = open_request(std::string{scope.unified        ? paths.unified
                                            : scope.is_futures() ? paths.futures
                                                                 : paths.spot});
    if (scope.unified)
        request.query.set("category", scope.product_type);
    else if (scope.is_futures())
        request.query.set("productType", scope.product_type);
    if (scope.market != nullptr) request.query.set("symbol", scope.market->id);
    return request;
}

Requests finish(Request request, const Ask& ask) {
    pass_on(request.query, ask.arguments.params(), steering);
    return only(std::move(request));
}

/// Spot spells the widths of candles its own way; futures and unified accounts write hours and more in capitals.
std::string granularity(std::string_view timeframe, bool spot) {
    if (timeframe.empty()) timeframe = "1m";
    const auto count = timeframe.substr(0, timeframe.size() - 1);
    const char unit = timeframe.back();
    std::string text{count};
    if (unit == 'm') return spot ? text + "min" : text + "m";
    if (unit == 'h') return text + (spot ? "h" : "H");
    if (unit == 'd') return text + (spot ? "day" : "D");
    if (unit == 'w') return text + (spot ? "week" : "W");
    return std::string{timeframe};
}

std::string candle_path(const Ask& ask, bool futures) {
    const auto& price = ask.param("price").text();
    const bool history = ask.param("useHistoryEndpoint").is_true() || price == "mark" || price == "index";
    std::string path = futures ? "/api/v2/mix/market/" : "/api/v2/spot/market/";
    if (history) path += "history-";
    if (price == "mark" || price == "index") path += price + "-";
    return path + "candles";
}

}  // namespace

Requests build_time(const Ask&) {
    return only(open_request("/api/v2/public/time"));
}

Requests build_markets(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    const bool chosen = !ask.arguments.params().first({"type", "productType", "category", "subType"}).empty();
    constexpr Paths paths{"/api/v2/spot/public/symbols", "/api/v2/mix/market/contracts", "/api/v3/market/instruments"};
    if (chosen) return finish(request_to(*scope, paths), ask);
    std::vector<Request> all;
    for (const auto* type : {"SPOT", "USDT-FUTURES", "COIN-FUTURES", "USDC-FUTURES"}) {
        auto one = *scope;
        one.product_type = type;
        one.area = one.product_type == "SPOT" ? Area::spot : Area::futures;
        all.push_back(request_to(one, paths));
    }
    return all;
}

Requests build_tickers(const Ask& ask) {
    const bool single = ask.call == Call::fetch_ticker;
    auto scope = scope_of(ask, single);
    if (!scope) return scope.error();
    if (!single) scope->market = nullptr;
    return finish(request_to(*scope, {"/api/v2/spot/market/tickers",
                                      single ? "/api/v2/mix/market/ticker" : "/api/v2/mix/market/tickers",
                                      "/api/v3/market/tickers"}),
                  ask);
}

Requests build_order_book(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = request_to(
        *scope, {"/api/v2/spot/market/orderbook", "/api/v2/mix/market/merge-depth", "/api/v3/market/orderbook"});
    request.query.set_known("limit", ask.text("limit"));
    return finish(std::move(request), ask);
}

Requests build_ohlcv(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    const auto path = candle_path(ask, scope->is_futures());
    auto request = request_to(*scope, {path, path, "/api/v3/market/candles"});
    request.query.set(scope->unified ? "interval" : "granularity",
                      granularity(ask.text("timeframe"), !scope->unified && !scope->is_futures()));
    request.query.set_known("startTime", ask.text("since"));
    request.query.set_known("endTime", ask.param("until").text());
    request.query.set_known("limit", ask.text("limit"));
    return finish(std::move(request), ask);
}

Requests build_trades(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = request_to(
        *scope, {"/api/v2/spot/market/fills-history", "/api/v2/mix/market/fills-history", "/api/v3/market/fills"});
    request.query.set_known("startTime", ask.text("since"));
    request.query.set_known("endTime", ask.param("until").text());
    request.query.set_known("limit", ask.text("limit"));
    return finish(std::move(request), ask);
}

Requests build_funding_rate(const Ask& ask) {
    const auto scope = futures_scope_of(ask, true);
    if (!scope) return scope.error();
    const std::string_view path = ask.call == Call::fetch_funding_interval ? "/api/v2/mix/market/funding-time"
                                                                           : "/api/v2/mix/market/current-fund-rate";
    return finish(request_to(*scope, {path, path, "/api/v3/market/current-fund-rate"}), ask);
}

Requests build_funding_rates(const Ask& ask) {
    auto scope = futures_scope_of(ask, false);
    if (!scope) return scope.error();
    scope->market = nullptr;
    constexpr std::string_view path = "/api/v2/mix/market/tickers";
    return finish(request_to(*scope, {path, path, "/api/v3/market/tickers"}), ask);
}

Requests build_funding_history(const Ask& ask) {
    const auto scope = futures_scope_of(ask, true);
    if (!scope) return scope.error();
    constexpr std::string_view path = "/api/v2/mix/market/history-fund-rate";
    auto request = request_to(*scope, {path, path, "/api/v3/market/history-fund-rate"});
    request.query.set_known(scope->unified ? "limit" : "pageSize", ask.text("limit"));
    return finish(std::move(request), ask);
}

Requests build_funding_intervals(const Ask& ask) {
    auto scope = futures_scope_of(ask, false);
    if (!scope) return scope.error();
    scope->market = nullptr;
    constexpr std::string_view path = "/api/v2/mix/market/current-fund-rate";
    return finish(request_to(*scope, {path, path, "/api/v3/market/current-fund-rate"}), ask);
}

Requests build_open_interest(const Ask& ask) {
    const auto scope = futures_scope_of(ask, true);
    if (!scope) return scope.error();
    constexpr std::string_view path = "/api/v2/mix/market/open-interest";
    return finish(request_to(*scope, {path, path, "/api/v3/market/open-interest"}), ask);
}

Requests build_open_interests(const Ask& ask) {
    auto scope = futures_scope_of(ask, false);
    if (!scope) return scope.error();
    scope->market = nullptr;
    constexpr std::string_view path = "/api/v2/mix/market/tickers";  // `holdingAmount` of every contract at once
    return finish(request_to(*scope, {path, path, "/api/v3/market/open-interest"}), ask);
}

}  // namespace gateways::bitget
