#include "gateways/binance/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Answers of public market data.
namespace gateways::binance {

using namespace exchange;

namespace {

std::string symbol_in(const Answer& answer, const Value& row) {
    return symbol_of(answer.ask.context, row["symbol"].text(), is_contract(answer.request.host));
}

ApiError missing(std::string_view what) {
    return refused(ErrorKind::malformed, "the answer has no " + std::string{what});
}

/// The symbol that the caller asked about, where the answer does not repeat it.
const std::string& asked_symbol(const Answer& answer) noexcept {
    return answer.ask.text("symbol");
}

Ticker ticker_of(const Answer& answer, const Value& row) {
    const bool inverse = answer.request.host == Host::inverse;
    return {.symbol = symbol_in(answer, row),
            .time = time_of_ms(row["closeTime"]),
            .high = row["highPrice"].text(),
            .low = row["lowPrice"].text(),
            .bid = row["bidPrice"].text(),
            .bid_volume = row["bidQty"].text(),
            .ask = row["askPrice"].text(),
            .ask_volume = row["askQty"].text(),
            .vwap = row["weightedAvgPrice"].text(),
            .open = row["openPrice"].text(),
            .close = row.first({"lastPrice", "price"}),
            .previous_close = row["prevClosePrice"].text(),
            .change = row["priceChange"].text(),
            .percentage = row["priceChangePercent"].text(),
            .average = {},
            // COIN-M counts contracts in `volume` and coins in `baseVolume`
            .base_volume = row[inverse ? "baseVolume" : "volume"].text(),
            .quote_volume = row["quoteVolume"].text(),
            .mark_price = {},
            .index_price = {}};
}

bool read_levels(const Value& rows, std::vector<BookLevel>& to) {
    if (!rows.is_array()) return false;
    for (const auto& row : rows.items()) {
        if (row.at(0).text().empty() || row.at(1).text().empty()) return false;
        to.push_back({.price = row.at(0).text(), .amount = row.at(1).text()});
    }
    return true;
}

/// What a public trade moved: in the quote currency, of COIN-M in coins.
std::string cost_of(const Answer& answer, const Value& row, const std::string& price, const std::string& amount) {
    const auto& told = row.first({"quoteQty", "baseQty"});
    if (!told.empty()) return told;
    if (answer.request.host != Host::inverse) return product(price, amount);
    const auto* market = answer.ask.context.markets.find(asked_symbol(answer));
    return market == nullptr ? std::string{} : quotient(product(amount, market->contract_size), price);
}

Trade trade_of(const Answer& answer, const Value& row) {
    const bool aggregate = row.contains("a");
    const auto& price = row[aggregate ? "p" : "price"].text();
    const auto& amount = row[aggregate ? "q" : "qty"].text();
    return {.id = row[aggregate ? "a" : "id"].text(),
            .symbol = asked_symbol(answer),
            .order = {},
            .client_order_id = {},
            .type = {},
            // the maker's side is the buyer's: the taker sold
            .side = row[aggregate ? "m" : "isBuyerMaker"].is_true() ? "sell" : "buy",
            .taker_or_maker = {},
            .price = price,
            .amount = amount,
            .cost = cost_of(answer, row, price, amount),
            .time = time_of_ms(row[aggregate ? "T" : "time"])};
}

FundingRate funding_of(const Answer& answer, const Value& row) {
    // premiumIndex says what is due at nextFundingTime, fundingRate what was paid at fundingTime
    const auto hours = row["fundingIntervalHours"].text();
    const bool paid = row.contains("fundingTime");
    return {.symbol = symbol_in(answer, row),
            .rate = row.first({"lastFundingRate", "fundingRate"}),
            .mark_price = row["markPrice"].text(),
            .index_price = row["indexPrice"].text(),
            .interest_rate = row["interestRate"].text(),
            .estimated_settle_price = row["estimatedSettlePrice"].text(),
            .time = time_of_ms(row[paid ? "fundingTime" : "time"]),
            .funding_time = time_of_ms(row[paid ? "fundingTime" : "nextFundingTime"]),
            .next_funding_time = {},
            .interval = hours.empty() ? std::string{} : hours + "h"};
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
    // COIN-M answers with a list even for one symbol
    const auto& row = answer.body.is_array() ? answer.body.at(0) : answer.body;
    if (row["symbol"].text().empty()) return missing("symbol");
    return Unified{ticker_of(answer, row)};
}

Outcome read_tickers(const Answer& answer) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<Ticker> all;
    if (answer.body.is_object() && answer.body.contains("symbol")) all.push_back(ticker_of(answer, answer.body));
    for (const auto& row : answer.body.is_array() ? answer.body.items() : std::vector<Value>{}) {
        auto ticker = ticker_of(answer, row);
        if (is_wanted(wanted, ticker.symbol)) all.push_back(std::move(ticker));
    }
    return Unified{std::move(all)};
}

Outcome read_order_book(const Answer& answer) {
    const auto& body = answer.body;
    OrderBook book{.symbol = asked_symbol(answer),
                   .time = time_of_ms(body[body.contains("T") ? "T" : "E"]),
                   .nonce = body["lastUpdateId"].text()};
    if (!read_levels(body["bids"], book.bids) || !read_levels(body["asks"], book.asks)) return missing("bids and asks");
    return Unified{std::move(book)};
}

Outcome read_ohlcv(const Answer& answer) {
    if (!answer.body.is_array()) return missing("candles");
    // A COIN-M candle counts contracts in its sixth element and coins in its eighth.
    const std::size_t volume = answer.request.host == Host::inverse ? 7 : 5;
    std::vector<Candle> all;
    for (const auto& row : answer.body.items()) {
        if (row.size() < 6) return missing("candle of six numbers");
        all.push_back({.time = time_of_ms(row.at(0)),
                       .open = row.at(1).text(),
                       .high = row.at(2).text(),
                       .low = row.at(3).text(),
                       .close = row.at(4).text(),
                       .volume = row.at(volume).text()});
    }
    return Unified{std::move(all)};
}

Outcome read_trades(const Answer& answer) {
    if (!answer.body.is_array()) return missing("trades");
    std::vector<Trade> all;
    for (const auto& row : answer.body.items()) all.push_back(trade_of(answer, row));
    return Unified{std::move(all)};
}

Outcome read_funding_rate(const Answer& answer) {
    const auto& body = answer.body;
    if (!body.is_array()) {
        if (body["symbol"].text().empty()) return missing("symbol");
        return Unified{funding_of(answer, body)};
    }
    for (const auto& row : body.items())
        if (body.size() == 1 || symbol_in(answer, row) == asked_symbol(answer)) return Unified{funding_of(answer, row)};
    return missing("funding of " + asked_symbol(answer));
}

Outcome read_funding_rates(const Answer& answer) {
    const auto wanted = texts_of(answer.ask.arguments["symbols"]);
    std::vector<FundingRate> all;
    if (answer.body.is_object()) all.push_back(funding_of(answer, answer.body));
    for (const auto& row : answer.body.is_array() ? answer.body.items() : std::vector<Value>{}) {
        auto rate = funding_of(answer, row);
        if (is_wanted(wanted, rate.symbol)) all.push_back(std::move(rate));
    }
    return Unified{std::move(all)};
}

Outcome read_open_interest(const Answer& answer) {
    if (answer.body["openInterest"].text().empty()) return missing("openInterest");
    return Unified{OpenInterest{.symbol = symbol_in(answer, answer.body),
                                .amount = answer.body["openInterest"].text(),
                                .value = {},
                                .time = time_of_ms(answer.body["time"])}};
}

}  // namespace gateways::binance
