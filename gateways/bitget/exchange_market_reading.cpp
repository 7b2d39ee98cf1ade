#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Answers of public market data; the fields of v2 and v3 do not clash, so one reader does for both.
namespace gateways::bitget {

using namespace exchange;

namespace {

bool speaks_of_contracts(const Answer& answer) noexcept {
    const auto& query = answer.request.query;
    const auto& type = query[query.contains("category") ? "category" : "productType"].text();
    return type.ends_with("-FUTURES");
}

std::string symbol_in(const Answer& answer, const Value& row) {
    const auto& id = row["symbol"].text();
    if (id.empty()) return answer.ask.text("symbol");
    return symbol_of(answer.ask.context, id, speaks_of_contracts(answer));
}

ApiError missing(std::string_view what) {
    return refused(ErrorKind::malformed, "the answer has no " + std::string{what});
}

/// The rows of a list, be it the data itself or a member of it.
const std::vector<Value>& rows_of(const Value& data) noexcept {
    for (const auto* name : {"list", "openInterestList", "resultList"})
        if (data[name].is_array()) return data[name].items();
    static const std::vector<Value> none;
    return data.is_array() ? data.items() : none;
}

Ticker ticker_of(const Answer& answer, const Value& row) {
    return {.symbol = symbol_in(answer, row),
            .time = time_of_ms(row["ts"]),
            .high = row.first({"high24h", "highPrice24h"}),
            .low = row.first({"low24h", "lowPrice24h"}),
            .bid = row.first({"bidPr", "bid1Price"}),
            .bid_volume = row.first({"bidSz", "bid1Size"}),
            .ask = row.first({"askPr", "ask1Price"}),
            .ask_volume = row.first({"askSz", "ask1Size"}),
            .vwap = {},
            .open = row.first({"open", "open24h", "openPrice24h"}),
            .close = row.first({"lastPr", "lastPrice"}),
            .previous_close = {},
            .change = {},
            .percentage = product(row.first({"change24h", "price24hPcnt"}), "100"),  // a fraction there
            .average = {},
            .base_volume = row.first({"baseVolume", "volume24h"}),
            .quote_volume = row.first({"quoteVolume", "turnover24h"}),
            .mark_price = row["markPrice"].text(),
            .index_price = row["indexPrice"].text()};
}

bool read_levels(const Value& rows, std::vector<BookLevel>& to) {
    if (!rows.is_array()) return false;
    for (const auto& row : rows.items()) {
        if (row.at(0).text().empty() || row.at(1).text().empty()) return false;
        to.push_back({.price = row.at(0).text(), .amount = row.at(1).text()});
    }
    return true;
}

FundingRate funding_of(const Answer& answer, const Value& row) {
    const auto& hours = row.first({"fundingRateInterval", "ratePeriod"});
    const bool paid = row.contains("fundingTime") || row.contains("fundingRateTimestamp");
    const auto& paid_at = row.contains("fundingTime") ? row["fundingTime"] : row["fundingRateTimestamp"];
    return {
        .symbol = symbol_in(answer, row),
        .rate = row["fundingRate"].text(),
        .mark_price = row["markPrice"].text(),
        .index_price = row["indexPrice"].text(),
        .interest_rate = {},
        .estimated_settle_price = {},
        .time = time_of_ms(paid ? paid_at : row["ts"]),
        .funding_time = time_of_ms(paid ? paid_at : row[row.contains("nextUpdate") ? "nextUpdate" : "nextFundingTime"]),
        .next_funding_time = {},
        .interval = hours.empty() ? std::string{} : hours + "h"};
}

OpenInterest interest_of(const Answer& answer, const Value& row, const Time& time) {
    return {.symbol = symbol_in(answer, row),
            .amount = row.first({"size", "holdingAmount", "openInterest"}),
            .value = {},
            .time = time ? time : time_of_ms(row["ts"])};
}

}  // namespace

Outcome read_time(const Answer& answer) {
    const auto time = time_of_ms(answer.body["serverTime"]);
    if (!time) return missing("serverTime");
    return Unified{Time{time}};
}

Outcome read_markets(const Answer& answer) {
    auto markets = markets_of(answer.body);
    if (!markets) return markets.error();
    return Unified{std::move(*markets)};
}

Outcome read_ticker(const Answer& answer) {
    for (const auto& row : rows_of(answer.body))
        if (auto ticker = ticker_of(answer, row); ticker.symbol == answer.ask.text("symbol") || answer.body.size() == 1)
            return Unified{std::move(ticker)};
    return missing("ticker");
}

Outcome read_tickers(const Answer& answer) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<Ticker> all;
    for (const auto& row : rows_of(answer.body)) {
        auto ticker = ticker_of(answer, row);
        if (is_wanted(wanted, ticker.symbol)) all.push_back(std::move(ticker));
    }
    return Unified{std::move(all)};
}

Outcome read_order_book(const Answer& answer) {
    const auto& body = answer.body;
    OrderBook book{.symbol = answer.ask.text("symbol"), .time = time_of_ms(body["ts"])};
    const bool brief = body.contains("a");
    if (!read_levels(body[brief ? "b" : "bids"], book.bids) || !read_levels(body[brief ? "a" : "asks"], book.asks))
        return missing("bids and asks");
    return Unified{std::move(book)};
}

Outcome read_ohlcv(const Answer& answer) {
    if (!answer.body.is_array()) return missing("candles");
    std::vector<Candle> all;
    for (const auto& row : answer.body.items()) {
        if (row.size() < 6) return missing("candle of six numbers");
        all.push_back({.time = time_of_ms(row.at(0)),
                       .open = row.at(1).text(),
                       .high = row.at(2).text(),
                       .low = row.at(3).text(),
                       .close = row.at(4).text(),
                       .volume = row.at(5).text()});
    }
    return Unified{std::move(all)};
}

Outcome read_trades(const Answer& answer) {
    if (!answer.body.is_array()) return missing("trades");
    std::vector<Trade> all;
    for (const auto& row : answer.body.items())
        all.push_back({.id = row.first({"tradeId", "execId"}),
                       .symbol = symbol_in(answer, row),
                       .order = {},
                       .client_order_id = {},
                       .type = {},
                       .side = lower_case(row["side"].text()),
                       .taker_or_maker = {},
                       .price = row["price"].text(),
                       .amount = row["size"].text(),
                       .cost = product(row["price"].text(), row["size"].text()),
                       .time = time_of_ms(row["ts"])});
    return Unified{std::move(all)};
}

Outcome read_funding_rate(const Answer& answer) {
    for (const auto& row : rows_of(answer.body)) return Unified{funding_of(answer, row)};
    return missing("funding rate");
}

Outcome read_funding_rates(const Answer& answer) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<FundingRate> all;
    for (const auto& row : rows_of(answer.body)) {
        auto rate = funding_of(answer, row);
        if (is_wanted(wanted, rate.symbol)) all.push_back(std::move(rate));
    }
    return Unified{std::move(all)};
}

Outcome read_open_interest(const Answer& answer) {
    const auto time = time_of_ms(answer.body["ts"]);
    for (const auto& row : rows_of(answer.body)) return Unified{interest_of(answer, row, time)};
    return missing("open interest");
}

Outcome read_open_interests(const Answer& answer) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    const auto time = time_of_ms(answer.body["ts"]);
    std::vector<OpenInterest> all;
    for (const auto& row : rows_of(answer.body)) {
        auto interest = interest_of(answer, row, time);
        if (is_wanted(wanted, interest.symbol)) all.push_back(std::move(interest));
    }
    return Unified{std::move(all)};
}

}  // namespace gateways::bitget
