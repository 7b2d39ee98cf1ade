#include "gateways/exchange/service.hpp"

namespace gateways::exchange {

Expected<Unified> perform(const Service& service, Call call, const Arguments& arguments, const Context& context,
                          const Credentials* keys, const std::function<core::Nanoseconds()>& clock,
                          Environment environment, const Transport& transport) {
    const auto requests = service.build(call, arguments, context);
    if (!requests) return requests.error();
    std::optional<Unified> all;
    for (const auto& request : *requests) {
        if (request.is_signed && keys == nullptr)
            return refused(ErrorKind::authentication, "the call is private: give the keys of an account");
        const auto response = transport(service.prepare(request, keys, clock(), environment));
        if (!response) {
            auto error = response.error();
            const bool writes = shape(call).access == Access::write;
            if (error.kind == ErrorKind::unknown_outcome && !writes) error.kind = ErrorKind::network;
            return error;
        }
        auto result = service.parse(call, arguments, context, request, *response);
        if (!result) return result.error();
        if (all)
            merge(*all, std::move(*result));
        else
            all = std::move(*result);
    }
    if (!all) return Unified{Done{}};
    return std::move(*all);
}

Expected<MarketTable> read_markets(const Service& service, std::string_view json) {
    const auto document = Value::parse(json);
    if (!document) return refused(ErrorKind::malformed, "the markets are no JSON document");
    MarketTable table;
    if (document->is_array() && document->at(0).contains("precision")) {  // what fetch_markets printed
        for (const auto& row : document->items()) {
            auto market = market_of(row);
            if (!market)
                return refused(ErrorKind::malformed, "a market has no " + std::string{core::name(market.error())});
            table.add(std::move(*market));
        }
        return table;
    }
    auto markets = service.parse_markets(*document);
    if (!markets) return markets.error();
    for (auto& market : *markets) table.add(std::move(market));
    return table;
}

MarketTable main_market_table(const Service& service) {
    MarketTable table;
    for (const auto& market : service.main_markets()) table.add(market);
    return table;
}

Expected<const Market*> market_named(const Context& context, std::string_view symbol) {
    if (symbol.empty()) return refused(ErrorKind::bad_request, "the call needs a symbol such as BTC/USDT");
    if (const auto* market = context.markets.find(symbol)) return market;
    return refused(ErrorKind::bad_request,
                   "no market " + std::string{symbol} +
                       ": name it as BASE/QUOTE (spot), BASE/QUOTE:SETTLE (perpetual), and load the venue's markets");
}

Expected<Value> document_of(Call call, const Response& response) {
    const bool writes = shape(call).access == Access::write;
    auto document = Value::parse(response.body);
    if (document) return std::move(*document);
    ApiError error{.kind = ErrorKind::malformed,
                   .code = {},
                   .message = "the answer is no JSON document",
                   .status = response.status};
    if (response.status >= 500)
        error.kind = writes ? ErrorKind::unknown_outcome : ErrorKind::maintenance;
    else if (response.status == 418)
        error.kind = ErrorKind::banned;
    else if (response.status == 429)
        error.kind = ErrorKind::rate_limited;
    else if (response.status == 401 || response.status == 403)
        error.kind = ErrorKind::permission;
    else if (writes && response.status < 400)
        error.kind = ErrorKind::unknown_outcome;
    return error;
}

}  // namespace gateways::exchange
