#include "gateways/bybit/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <algorithm>

/// Answers of public market data. Source: Bybit v5, "Market".
namespace gateways::bybit {

using namespace exchange;

namespace {

const std::string& asked_symbol(const Answer& answer) noexcept {
    return answer.ask.text("symbol");
}

Ticker ticker_of(const Answer& answer, const Value& row) {
    const bool inverse = answer.request.host == Host::inverse;
    const auto& last = row["lastPrice"].text();
    const auto& previous = row["prevPrice24h"].text();
    return {.symbol = symbol_in(answer, row),
            .time = time_of_ms(answer.body["time"]),
            .high = row["highPrice24h"].text(),
            .low = row["lowPrice24h"].text(),
            .bid = row["bid1Price"].text(),
            .bid_volume = row["bid1Size"].text(),
            .ask = row["ask1Price"].text(),
            .ask_volume = row["ask1Size"].text(),
            .vwap = {},
            .open = previous,
            .close = last,
            .previous_close = {},
            .change = difference(last, previous),
            .percentage = product(row["price24hPcnt"].text(), "100"),
            .average = {},
            // inverse pairs count US dollars in `volume24h` and coins in `turnover24h`
            .base_volume = row[inverse ? "turnover24h" : "volume24h"].text(),
            .quote_volume = row[inverse ? "volume24h" : "turnover24h"].text(),
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

std::string hours_text(const Value& row) {
    if (const auto& hours = row["fundingIntervalHour"].text(); !hours.empty()) return hours + "h";
    const auto minutes = row["fundingInterval"].integer();  // of instruments-info
    if (!minutes || *minutes <= 0 || *minutes % 60 != 0) return {};
    return std::to_string(*minutes / 60) + "h";
}

FundingRate funding_of(const Answer& answer, const Value& row) {
    const bool paid = row.contains("fundingRateTimestamp");
    return {.symbol = symbol_in(answer, row),
            .rate = row["fundingRate"].text(),
            .mark_price = row["markPrice"].text(),
            .index_price = row["indexPrice"].text(),
            .interest_rate = {},
            .estimated_settle_price = {},
            .time = paid ? time_of_ms(row["fundingRateTimestamp"]) : time_of_ms(answer.body["time"]),
            .funding_time = time_of_ms(row[paid ? "fundingRateTimestamp" : "nextFundingTime"]),
            .next_funding_time = {},
            .interval = hours_text(row)};
}

/// Linear pairs count the base coin, inverse ones US dollars, which is a value and no amount.
OpenInterest interest_of(const Answer& answer, const Value& row, std::string symbol, Time time) {
    const bool inverse = answer.request.host == Host::inverse;
    return {.symbol = std::move(symbol),
            .amount = inverse ? row["openInterestValue"].text() : row["openInterest"].text(),
            .value = inverse ? row["openInterest"].text() : row["openInterestValue"].text(),
            .time = time};
}

template <class T, class Make>
std::vector<T> wanted_rows(const Answer& answer, Make make) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<T> all;
    for (const auto& row : list_in(answer).items()) {
        T one = make(row);
        if (is_wanted(wanted, one.symbol)) all.push_back(std::move(one));
    }
    return all;
}

}  // namespace

const Value& list_in(const Answer& answer) noexcept {
    return answer.body["result"]["list"];
}

ApiError missing(std::string_view what) {
    return refused(ErrorKind::malformed, "the answer has no " + std::string{what});
}

std::string symbol_in(const Answer& answer, const Value& row) {
    return symbol_of(answer.ask.context, row["symbol"].text(), answer.request.host != Host::spot);
}

Outcome read_time(const Answer& answer) {
    const auto nanoseconds = answer.body["result"]["timeNano"].integer();
    if (!nanoseconds || *nanoseconds <= 0) return missing("timeNano");
    return Unified{Time{core::Nanoseconds{*nanoseconds}}};
}

Outcome read_markets(const Answer& answer) {
    auto markets = markets_of(answer.body["result"]);
    if (!markets) return markets.error();
    return Unified{std::move(*markets)};
}

Outcome read_ticker(const Answer& answer) {
    const auto& row = list_in(answer).at(0);
    if (row["symbol"].text().empty()) return missing("ticker");
    return Unified{ticker_of(answer, row)};
}

Outcome read_tickers(const Answer& answer) {
    if (!list_in(answer).is_array()) return missing("tickers");
    return Unified{wanted_rows<Ticker>(answer, [&](const Value& row) { return ticker_of(answer, row); })};
}

Outcome read_order_book(const Answer& answer) {
    const auto& result = answer.body["result"];
    OrderBook book{.symbol = asked_symbol(answer), .time = time_of_ms(result["ts"]), .nonce = result["u"].text()};
    if (!read_levels(result["b"], book.bids) || !read_levels(result["a"], book.asks)) return missing("bids and asks");
    return Unified{std::move(book)};
}

Outcome read_ohlcv(const Answer& answer) {
    if (!list_in(answer).is_array()) return missing("candles");
    const bool inverse = answer.request.host == Host::inverse;
    std::vector<Candle> all;
    for (const auto& row : list_in(answer).items()) {
        if (row.size() < 5) return missing("candle of five numbers");
        all.push_back({.time = time_of_ms(row.at(0)),
                       .open = row.at(1).text(),
                       .high = row.at(2).text(),
                       .low = row.at(3).text(),
                       .close = row.at(4).text(),
                       .volume = row.at(inverse ? 6 : 5).text()});  // in coins; none of mark and index prices
    }
    std::reverse(all.begin(), all.end());  // they come newest first
    return Unified{std::move(all)};
}

Outcome read_trades(const Answer& answer) {
    if (!list_in(answer).is_array()) return missing("trades");
    std::vector<Trade> all;
    for (const auto& row : list_in(answer).items()) {
        Trade trade{.id = row["execId"].text(), .symbol = symbol_in(answer, row)};
        trade.side = lower_case(row["side"].text());  // the taker's
        trade.price = row["price"].text();
        trade.amount = row["size"].text();
        trade.cost = answer.request.host == Host::inverse ? quotient(trade.amount, trade.price)
                                                          : product(trade.price, trade.amount);
        trade.time = time_of_ms(row["time"]);
        if (trade.price.empty() || trade.amount.empty()) return missing("price and size of a trade");
        all.push_back(std::move(trade));
    }
    std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

Outcome read_funding_rate(const Answer& answer) {
    const auto& row = list_in(answer).at(0);
    if (row["symbol"].text().empty()) return missing("funding rate");
    return Unified{funding_of(answer, row)};
}

Outcome read_funding_rates(const Answer& answer) {
    if (!list_in(answer).is_array()) return missing("funding rates");
    auto all = wanted_rows<FundingRate>(answer, [&](const Value& row) { return funding_of(answer, row); });
    if (answer.ask.call == Call::fetch_funding_rate_history) std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

Outcome read_open_interest(const Answer& answer) {
    const auto& row = list_in(answer).at(0);
    if (row["openInterest"].text().empty()) return missing("open interest");
    return Unified{interest_of(answer, row, asked_symbol(answer), time_of_ms(row["timestamp"]))};
}

Outcome read_open_interests(const Answer& answer) {
    if (!list_in(answer).is_array()) return missing("tickers");
    const auto time = time_of_ms(answer.body["time"]);
    return Unified{wanted_rows<OpenInterest>(
        answer, [&](const Value& row) { return interest_of(answer, row, symbol_in(answer, row), time); })};
}

}  // namespace gateways::bybit
