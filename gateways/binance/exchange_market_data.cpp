#include "gateways/binance/exchange_calls.hpp"

#include <algorithm>

/// Requests of public market data. Source: Binance Spot API, rest-api.md, "Market Data endpoints"; USDⓈ-M and COIN-M
/// Futures, Market Data REST.
namespace gateways::binance {

using namespace exchange;

namespace {

/// A request about one market, as most are.
Expected<Request> about_market(const Ask& ask, std::string_view name) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    auto request = open_request(scope->host, name);
    request.query.set("symbol", scope->market->id);
    return request;
}

void set_range(Value& to, const Ask& ask) {
    to.set_known("startTime", ask.text("since"));
    to.set_known("endTime", ask.arguments.params().first({"until", "endTime"}));
    to.set_known("limit", ask.text("limit"));
}

Requests finish(Request request, const Ask& ask) {
    pass_on(request.query, ask.arguments.params(), steering);
    return only(std::move(request));
}

Expected<Scope> contract_scope(const Ask& ask, bool needs_symbol) {
    auto scope = scope_of(ask, needs_symbol);
    if (!scope) return scope;
    if (scope->market != nullptr && scope->host == Host::spot)
        return refused(ErrorKind::bad_request, scope->market->symbol + " is no contract");
    if (scope->host == Host::spot) scope->host = Host::linear;
    return scope;
}

}  // namespace

Requests build_time(const Ask& ask) {
    return finish(open_request(host_of(ask), "time"), ask);
}

Requests build_markets(const Ask& ask) {
    if (!ask.param("type").is_null()) return finish(open_request(host_of(ask), "exchangeInfo"), ask);
    std::vector<Request> all;
    for (const auto host : {Host::spot, Host::linear, Host::inverse}) all.push_back(open_request(host, "exchangeInfo"));
    for (auto& request : all) request.weight = request.host == Host::spot ? 20 : 1;
    return all;
}

Requests build_ticker(const Ask& ask) {
    auto request = about_market(ask, "ticker/24hr");
    if (!request) return request.error();
    return finish(std::move(*request), ask);
}

Requests build_tickers(const Ask& ask) {
    const auto scope = scope_of(ask, false);
    if (!scope) return scope.error();
    auto request = open_request(scope->host, "ticker/24hr");
    request.weight = 40;
    const auto symbols = texts_of(ask.arguments["symbols"]);
    if (scope->host == Host::spot && !symbols.empty()) {
        auto ids = Value::array();
        for (const auto& symbol : symbols) {
            const auto market = market_named(ask.context, symbol);
            if (!market) return market.error();
            ids.push((*market)->id);
        }
        request.query.set("symbols", std::move(ids));
    }
    return finish(std::move(request), ask);
}

Requests build_order_book(const Ask& ask) {
    auto request = about_market(ask, "depth");
    if (!request) return request.error();
    request->query.set_known("limit", ask.text("limit"));
    const auto limit = ask.arguments["limit"].integer().value_or(100);
    request->weight = limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1000 ? 50 : 250;
    return finish(std::move(*request), ask);
}

Requests build_ohlcv(const Ask& ask) {
    const auto scope = scope_of(ask, true);
    if (!scope) return scope.error();
    const auto& kind = ask.param("price").text();
    const bool index = kind == "index";
    if ((index || kind == "mark") && scope->host == Host::spot)
        return refused(ErrorKind::bad_request, "only contracts have mark and index prices");
    auto request = open_request(scope->host, index            ? "indexPriceKlines"
                                             : kind == "mark" ? "markPriceKlines"
                                                              : "klines");
    constexpr std::int64_t usual_limit = 500, most = 1000;
    const auto& id = scope->market->id;
    const auto timeframe = ask.text("timeframe").empty() ? std::string{"1m"} : ask.text("timeframe");
    const auto limit = ask.arguments["limit"].integer().value_or(
        ask.text("since").empty() || ask.param("until").is_null() ? usual_limit : most);
    request.query.set("interval", timeframe).set("limit", std::min(limit, most));
    request.query.set(index ? "pair" : "symbol", index ? id.substr(0, id.find('_')) : id);
    request.query.set_known("startTime", ask.text("since"));
    request.query.set_known("endTime", ask.param("until").text());
    return finish(std::move(request), ask);
}

Requests build_trades(const Ask& ask) {
    constexpr std::int64_t an_hour_ms = 3'600'000;
    const auto& wanted = ask.param("fetchTradesMethod").text();
    const auto name = wanted.find("HistoricalTrades") != wanted.npos              ? "historicalTrades"
                      : wanted.empty() || wanted.find("AggTrades") != wanted.npos ? "aggTrades"
                                                                                  : "trades";
    auto request = about_market(ask, name);
    if (!request) return request.error();
    if (const auto since = ask.arguments["since"].integer())  // the venue wants both ends, at most an hour apart
        request->query.set("startTime", *since).set("endTime", *since + an_hour_ms);
    request->query.set_known("endTime", ask.param("until").text());
    request->query.set_known("limit", ask.text("limit"));
    return finish(std::move(*request), ask);
}

Requests build_funding_rates(const Ask& ask) {
    const auto scope = contract_scope(ask, ask.call == Call::fetch_funding_rate);
    if (!scope) return scope.error();
    auto request = open_request(scope->host, "premiumIndex");
    if (ask.call == Call::fetch_funding_rate) request.query.set("symbol", scope->market->id);
    return finish(std::move(request), ask);
}

Requests build_funding_history(const Ask& ask) {
    const auto scope = contract_scope(ask, false);
    if (!scope) return scope.error();
    auto request = open_request(scope->host, "fundingRate");
    if (scope->market != nullptr) request.query.set("symbol", scope->market->id);
    set_range(request.query, ask);
    return finish(std::move(request), ask);
}

Requests build_funding_intervals(const Ask& ask) {
    const auto scope = contract_scope(ask, ask.call == Call::fetch_funding_interval);
    if (!scope) return scope.error();
    return finish(open_request(scope->host, "fundingInfo"), ask);
}

Requests build_open_interest(const Ask& ask) {
    const auto scope = contract_scope(ask, true);
    if (!scope) return scope.error();
    auto request = open_request(scope->host, "openInterest");
    request.query.set("symbol", scope->market->id);
    return finish(std::move(request), ask);
}

}  // namespace gateways::binance
