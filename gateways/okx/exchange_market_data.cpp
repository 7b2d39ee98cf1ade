#include "gateways/okx/exchange_calls.hpp"

/// Questions of public market data, and what all builders share. Source: OKX API v5, "Public Data", "Market Data".
namespace gateways::okx {

using namespace exchange;

namespace {

/// Options that steer a call and are not the venue's.
constexpr std::string_view steering[] = {"type",          "subType",    "trigger", "stop",  "until",
                                         "clientOrderId", "marginMode", "hedged",  "price", "leverage"};

struct Timeframe {
    std::string_view unified, venue;
};
/// Bars of six hours and more begin at Hong Kong's hours unless "utc" is asked for.
constexpr Timeframe timeframes[] = {
    {"1s", "1s"}, {"1m", "1m"}, {"3m", "3m"},    {"5m", "5m"},      {"15m", "15m"},  {"30m", "30m"},  {"1h", "1H"},
    {"2h", "2H"}, {"4h", "4H"}, {"6h", "6Hutc"}, {"12h", "12Hutc"}, {"1d", "1Dutc"}, {"1w", "1Wutc"}, {"1M", "1Mutc"}};

/// The venue pages by time: `before` asks for what is newer than it, `after` for what is older.
std::optional<ApiError> set_page(Value& query, const Ask& ask) {
    if (const auto& since = ask.arguments["since"]; !since.is_null()) {
        const auto ms = since.integer();
        if (!ms || *ms < 0) return refused(ErrorKind::bad_request, "since is a time in milliseconds");
        query.set("before", std::to_string(*ms > 0 ? *ms - 1 : 0));
    }
    if (const auto& until = ask.param("until"); !until.is_null()) {
        const auto ms = until.integer();
        if (!ms || *ms < 0) return refused(ErrorKind::bad_request, "until is a time in milliseconds");
        query.set("after", std::to_string(*ms + 1));
    }
    return std::nullopt;
}

std::string_view candles_path(const std::string& price, bool of_history) noexcept {
    if (price == "mark") return of_history ? "/market/history-mark-price-candles" : "/market/mark-price-candles";
    if (price == "index") return of_history ? "/market/history-index-candles" : "/market/index-candles";
    return of_history ? "/market/history-candles" : "/market/candles";
}

/// A request about one instrument.
Expected<Request> instrument_request(const Ask& ask, std::string_view path) {
    const auto market = market_named(ask.context, ask.text("symbol"));
    if (!market) return market.error();
    auto request = get_request(path, false);
    request.query.set("instId", (*market)->id);
    return request;
}

}  // namespace

std::string_view instrument_type(MarketType type) noexcept {
    constexpr std::string_view names[] = {"SPOT", "SWAP", "FUTURES"};
    return names[static_cast<std::size_t>(type)];
}

Expected<Scope> scope_of(const Ask& ask, bool needs_symbol, MarketType otherwise) {
    auto symbol = ask.text("symbol");
    if (symbol.empty()) symbol = ask.arguments["symbols"].at(0).text();
    if (!symbol.empty() || needs_symbol) {
        const auto market = market_named(ask.context, symbol);
        if (!market) return market.error();
        return Scope{.instrument_type = std::string{instrument_type((*market)->type)}, .market = *market};
    }
    if (const auto& own = ask.param("instType").text(); !own.empty()) return Scope{.instrument_type = own};
    const auto& type = ask.param("type").text();
    for (const auto known : {MarketType::spot, MarketType::swap, MarketType::future})
        if (type == name(known)) return Scope{.instrument_type = std::string{instrument_type(known)}};
    return Scope{.instrument_type = std::string{instrument_type(otherwise)}};
}

Request get_request(std::string_view path, bool is_signed) {
    Request request{.method = Method::get, .host = Host::spot, .path = "/api/v5" + std::string{path}};
    request.is_signed = is_signed;
    return request;
}

Request post_request(std::string_view path, Value body) {
    Request request{.method = Method::post, .host = Host::spot, .path = "/api/v5" + std::string{path}};
    request.body = std::move(body);
    request.body_kind = BodyKind::json;
    request.is_signed = true;
    return request;
}

void pass_options(Value& to, const Ask& ask) {
    pass_on(to, ask.arguments.params(), steering);
}

bool is_trigger(const Ask& ask) noexcept {
    return ask.param("trigger").is_true() || ask.param("stop").is_true();
}

Requests build_time(const Ask&) {
    return only(get_request("/public/time", false));
}

Requests build_markets(const Ask& ask) {
    std::vector<Request> all;
    for (const auto type : {MarketType::spot, MarketType::swap, MarketType::future}) {
        auto request = get_request("/public/instruments", false);
        request.query.set("instType", instrument_type(type));
        pass_options(request.query, ask);
        all.push_back(std::move(request));
    }
    return all;
}

Requests build_ticker(const Ask& ask) {
    auto request = instrument_request(ask, "/market/ticker");
    if (!request) return request.error();
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_tickers(const Ask& ask) {
    const auto scope = scope_of(ask, false, MarketType::spot);
    if (!scope) return scope.error();
    auto request = get_request("/market/tickers", false);
    request.query.set("instType", scope->instrument_type);
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_order_book(const Ask& ask) {
    auto request = instrument_request(ask, "/market/books");
    if (!request) return request.error();
    request->query.set_known("sz", ask.text("limit"));
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_ohlcv(const Ask& ask) {
    const std::string wanted = ask.text("timeframe").empty() ? "1m" : ask.text("timeframe");
    std::string_view bar;
    for (const auto& row : timeframes)
        if (row.unified == wanted) bar = row.venue;
    if (bar.empty()) return refused(ErrorKind::bad_request, "okx has no candles of " + wanted);
    // the plain endpoint knows the last 1440 bars only
    const bool of_history = !ask.arguments["since"].is_null();
    auto request = instrument_request(ask, candles_path(ask.param("price").text(), of_history));
    if (!request) return request.error();
    request->query.set("bar", bar);
    if (auto error = set_page(request->query, ask)) return std::move(*error);
    request->query.set_known("limit", ask.text("limit"));
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_trades(const Ask& ask) {
    auto request = instrument_request(ask, "/market/trades");
    if (!request) return request.error();
    request->query.set_known("limit", ask.text("limit"));
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_funding(const Ask& ask) {
    auto request = get_request("/public/funding-rate", false);
    const auto scope = scope_of(ask, ask.call == Call::fetch_funding_rate || ask.call == Call::fetch_funding_interval,
                                MarketType::swap);
    if (!scope) return scope.error();
    if (scope->market != nullptr && scope->market->type != MarketType::swap)
        return refused(ErrorKind::bad_request, "only perpetual swaps have a funding rate");
    const bool one = scope->market != nullptr && ask.arguments["symbols"].size() <= 1;
    request.query.set("instId", one ? scope->market->id : "ANY");
    pass_options(request.query, ask);
    return only(std::move(request));
}

Requests build_funding_history(const Ask& ask) {
    auto request = instrument_request(ask, "/public/funding-rate-history");
    if (!request) return request.error();
    if (auto error = set_page(request->query, ask)) return std::move(*error);
    request->query.set_known("limit", ask.text("limit"));
    pass_options(request->query, ask);
    return only(std::move(*request));
}

Requests build_open_interest(const Ask& ask) {
    const auto scope = scope_of(ask, ask.call == Call::fetch_open_interest, MarketType::swap);
    if (!scope) return scope.error();
    auto request = get_request("/public/open-interest", false);
    request.query.set("instType", scope->instrument_type);
    if (scope->market != nullptr && ask.arguments["symbols"].size() <= 1)
        request.query.set("instId", scope->market->id);
    pass_options(request.query, ask);
    return only(std::move(request));
}

}  // namespace gateways::okx
