#include "gateways/exchange/decimal_text.hpp"
#include "gateways/okx/exchange_calls.hpp"

#include <algorithm>

/// Answers of public market data. Source: OKX API v5, "Public Data", "Market Data".
namespace gateways::okx {

using namespace exchange;

namespace {

Ticker ticker_of(const Answer& answer, const Value& row) {
    const auto& last = row["last"].text();
    const auto& open = row["open24h"].text();
    const auto& type = row["instType"].text();
    const bool contract = !type.empty() && type != "SPOT" && type != "MARGIN";
    Ticker ticker{.symbol = symbol_in(answer, row), .time = time_of_ms(row["ts"])};
    ticker.high = row["high24h"].text();
    ticker.low = row["low24h"].text();
    ticker.bid = row["bidPx"].text();
    ticker.bid_volume = row["bidSz"].text();
    ticker.ask = row["askPx"].text();
    ticker.ask_volume = row["askSz"].text();
    ticker.open = open;
    ticker.close = last;
    ticker.change = difference(last, open);
    if (is_nonzero(open)) ticker.percentage = quotient(product(ticker.change, "100"), open);
    // of contracts vol24h counts contracts and volCcy24h the base currency; the quote currency is not told
    ticker.base_volume = row[contract ? "volCcy24h" : "vol24h"].text();
    if (!contract) ticker.quote_volume = row["volCcy24h"].text();
    return ticker;
}

bool read_levels(const Value& rows, std::vector<BookLevel>& to) {
    if (!rows.is_array()) return false;
    for (const auto& row : rows.items()) {
        if (row.at(0).text().empty() || row.at(1).text().empty()) return false;
        to.push_back({.price = row.at(0).text(), .amount = row.at(1).text()});
    }
    return true;
}

/// The time between this funding and the next, in whole hours.
std::string interval_of(const Time& funding, const Time& next) {
    if (!funding || !next || *next <= *funding) return {};
    const auto hours = std::chrono::duration_cast<std::chrono::hours>(*next - *funding);
    return hours == *next - *funding ? std::to_string(hours.count()) + "h" : std::string{};
}

FundingRate funding_of(const Answer& answer, const Value& row) {
    FundingRate rate{.symbol = symbol_in(answer, row)};
    const bool paid = answer.ask.call == Call::fetch_funding_rate_history;
    rate.rate = paid ? row.first({"realizedRate", "fundingRate"}) : row["fundingRate"].text();
    rate.interest_rate = row["interestRate"].text();
    rate.funding_time = time_of_ms(row["fundingTime"]);
    rate.next_funding_time = time_of_ms(row["nextFundingTime"]);
    rate.time = paid ? rate.funding_time : time_of_ms(row["ts"]);
    rate.interval = interval_of(rate.funding_time, rate.next_funding_time);
    return rate;
}

/// In the base currency, as `oi` counts contracts; the value is in US dollars where it is told.
OpenInterest interest_of(const Answer& answer, const Value& row) {
    return {.symbol = symbol_in(answer, row),
            .amount = row["oiCcy"].text(),
            .value = row["oiUsd"].text(),
            .time = time_of_ms(row["ts"])};
}

template <class T, class Make>
std::vector<T> wanted_rows(const Answer& answer, Make make) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<T> all;
    for (const auto& row : data_of(answer).items()) {
        T one = make(answer, row);
        if (is_wanted(wanted, one.symbol)) all.push_back(std::move(one));
    }
    return all;
}

}  // namespace

const Value& data_of(const Answer& answer) noexcept {
    return answer.body["data"];
}

ApiError missing(std::string_view what) {
    return refused(ErrorKind::malformed, "the answer has no " + std::string{what});
}

const Market* market_of_id(const Context& context, std::string_view id) {
    const auto* contract = context.markets.find_id(id, true);
    return contract != nullptr ? contract : context.markets.find_id(id, false);
}

std::string symbol_in(const Answer& answer, const Value& row) {
    const auto& id = row["instId"].text();
    const auto* market = market_of_id(answer.ask.context, id);
    return market != nullptr ? market->symbol : id;
}

Outcome read_time(const Answer& answer) {
    const auto time = time_of_ms(data_of(answer).at(0)["ts"]);
    if (!time) return missing("ts");
    return Unified{Time{time}};
}

Outcome read_markets(const Answer& answer) {
    auto markets = markets_of(data_of(answer));
    if (!markets) return markets.error();
    return Unified{std::move(*markets)};
}

Outcome read_ticker(const Answer& answer) {
    const auto& row = data_of(answer).at(0);
    if (row["instId"].text().empty()) return missing("ticker");
    return Unified{ticker_of(answer, row)};
}

Outcome read_tickers(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("tickers");
    return Unified{wanted_rows<Ticker>(answer, ticker_of)};
}

Outcome read_order_book(const Answer& answer) {
    const auto& row = data_of(answer).at(0);
    OrderBook book{.symbol = answer.ask.text("symbol"), .time = time_of_ms(row["ts"]), .nonce = row["seqId"].text()};
    if (!read_levels(row["bids"], book.bids) || !read_levels(row["asks"], book.asks)) return missing("bids and asks");
    return Unified{std::move(book)};
}

Outcome read_ohlcv(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("candles");
    const auto* market = answer.ask.context.markets.find(answer.ask.text("symbol"));
    const bool contract = market != nullptr && market->is_contract();
    std::vector<Candle> all;
    for (const auto& row : data_of(answer).items()) {
        if (row.size() < 5) return missing("candle of five numbers");
        Candle candle{.time = time_of_ms(row.at(0)), .open = row.at(1).text(), .high = row.at(2).text()};
        candle.low = row.at(3).text();
        candle.close = row.at(4).text();
        // of contracts the sixth counts contracts and the seventh coins; mark and index prices have neither
        if (row.size() >= 9) candle.volume = row.at(contract ? 6 : 5).text();
        all.push_back(std::move(candle));
    }
    std::reverse(all.begin(), all.end());  // they come newest first
    return Unified{std::move(all)};
}

Outcome read_trades(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("trades");
    std::vector<Trade> all;
    for (const auto& row : data_of(answer).items()) {
        Trade trade{.id = row["tradeId"].text(), .symbol = symbol_in(answer, row)};
        trade.side = lower_case(row["side"].text());  // the taker's
        trade.price = row["px"].text();
        trade.amount = row["sz"].text();
        const auto* market = market_of_id(answer.ask.context, row["instId"].text());
        if (market != nullptr && !market->is_contract()) trade.cost = product(trade.price, trade.amount);
        trade.time = time_of_ms(row["ts"]);
        if (trade.price.empty() || trade.amount.empty()) return missing("px and sz of a trade");
        all.push_back(std::move(trade));
    }
    std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

Outcome read_funding_rate(const Answer& answer) {
    const auto& row = data_of(answer).at(0);
    if (row["instId"].text().empty()) return missing("funding rate");
    return Unified{funding_of(answer, row)};
}

Outcome read_funding_rates(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("funding rates");
    auto all = wanted_rows<FundingRate>(answer, funding_of);
    if (answer.ask.call == Call::fetch_funding_rate_history) std::reverse(all.begin(), all.end());
    return Unified{std::move(all)};
}

Outcome read_open_interest(const Answer& answer) {
    const auto& row = data_of(answer).at(0);
    if (row["oi"].text().empty()) return missing("open interest");
    return Unified{interest_of(answer, row)};
}

Outcome read_open_interests(const Answer& answer) {
    if (!data_of(answer).is_array()) return missing("open interests");
    return Unified{wanted_rows<OpenInterest>(answer, interest_of)};
}

}  // namespace gateways::okx
