#include "gateways/binance/exchange_calls.hpp"

namespace gateways::binance {

using namespace exchange;

namespace {

Ticker ticker_of(const Value& row, const Context& context, Host host) {
    return {.symbol = symbol_of(context, row["symbol"].text(), is_contract(host)),
            .time = time_of_ms(row["closeTime"]),
            .high = row["highPrice"].text(),
            .low = row["lowPrice"].text(),
            .bid = row["bidPrice"].text(),
            .bid_volume = row["bidQty"].text(),
            .ask = row["askPrice"].text(),
            .ask_volume = row["askQty"].text(),
            .vwap = row["weightedAvgPrice"].text(),
            .open = row["openPrice"].text(),
            .close = row["lastPrice"].text(),
            .previous_close = row["prevClosePrice"].text(),
            .change = row["priceChange"].text(),
            .percentage = row["priceChangePercent"].text(),
            .average = {},
            // COIN-M counts contracts in `volume` and coins in `baseVolume`; it has no quote volume
            .base_volume = row.first({"baseVolume", "volume"}),
            .quote_volume = row["quoteVolume"].text(),
            .mark_price = {},
            .index_price = {}};
}

}  // namespace

Expected<std::vector<Request>> build_ticker(const Ask& ask) {
    const auto market = market_named(ask.context, ask.text("symbol"));
    if (!market) return market.error();
    Request request{.method = Method::get, .host = host_of(**market)};
    request.path = std::string{prefix(request.host)} + "/ticker/24hr";
    request.query.set("symbol", (*market)->id);
    pass_on(request.query, ask.arguments.params(), {});
    return only(std::move(request));
}

Expected<Unified> read_ticker(const Answer& answer) {
    // COIN-M answers with a list even for one symbol
    const auto& row = answer.body.is_array() ? answer.body.at(0) : answer.body;
    if (row["symbol"].text().empty()) return refused(ErrorKind::malformed, "a ticker has no symbol");
    return Unified{ticker_of(row, answer.ask.context, answer.request.host)};
}

}  // namespace gateways::binance
