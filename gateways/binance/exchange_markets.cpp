#include "gateways/binance/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// exchangeInfo of the three hosts, and the main pairs. Source: Binance Spot API, rest-api.md "Exchange information",
/// filters.md; USDⓈ-M and COIN-M Futures, "Exchange Information".
namespace gateways::binance {

using namespace exchange;

namespace {

const Value& filter_of(const Value& symbol, std::string_view type) noexcept {
    static const Value none;
    for (const auto& filter : symbol["filters"].items())
        if (filter["filterType"].text() == type) return filter;
    return none;
}

Market market_of_row(const Value& row) {
    Market market{.id = row["symbol"].text(), .base = row["baseAsset"].text(), .quote = row["quoteAsset"].text()};
    const auto& contract = row["contractType"].text();
    if (row.contains("contractType") || row.contains("marginAsset")) {
        market.settle = row["marginAsset"].text();
        market.type = contract.starts_with("PERPETUAL") || contract == "TRADIFI_PERPETUAL" ? MarketType::swap
                                                                                           : MarketType::future;
        market.inverse = row.contains("contractSize") && market.settle == market.base;
        market.linear = !market.inverse;
        market.contract_size = row.contains("contractSize") ? row["contractSize"].text() : "1";
        if (market.type == MarketType::future) market.expiry = time_of_ms(row["deliveryDate"]);
    }
    market.symbol = unified_symbol(market.base, market.quote, market.settle, market.expiry);
    const auto& status = row.first({"status", "contractStatus"});
    if (!status.empty()) market.active = status == "TRADING";

    const auto& price = filter_of(row, "PRICE_FILTER");
    const auto& lot = filter_of(row, "LOT_SIZE");
    const auto& cost = filter_of(row, market.is_contract() ? "MIN_NOTIONAL" : "NOTIONAL");
    const auto& old_cost = filter_of(row, "MIN_NOTIONAL");
    market.price_step = to_price(unless_zero(price["tickSize"].text()), "");
    market.amount_step = to_amount(unless_zero(lot["stepSize"].text()), "");
    market.min_price = unless_zero(price["minPrice"].text());
    market.max_price = unless_zero(price["maxPrice"].text());
    market.min_amount = lot["minQty"].text();
    market.max_amount = lot["maxQty"].text();
    market.min_cost =
        cost.is_null() ? old_cost.first({"minNotional", "notional"}) : cost.first({"minNotional", "notional"});
    market.max_cost = cost["maxNotional"].text();
    if (market.price_step.empty()) market.price_step = step_of_decimals(row["pricePrecision"].integer().value_or(-1));
    if (market.amount_step.empty())
        market.amount_step = step_of_decimals(row["quantityPrecision"].integer().value_or(-1));
    return market;
}

Market spot(const char* base, const char* price_step, const char* amount_step) {
    Market market{.id = std::string{base} + "USDT", .base = base, .quote = "USDT"};
    market.symbol = unified_symbol(base, "USDT");
    market.price_step = price_step;
    market.amount_step = amount_step;
    return market;
}
Market linear(const char* base, const char* price_step, const char* amount_step) {
    auto market = spot(base, price_step, amount_step);
    market.settle = "USDT";
    market.symbol = unified_symbol(base, "USDT", "USDT");
    market.type = MarketType::swap;
    market.linear = true;
    market.contract_size = "1";
    return market;
}
Market inverse(const char* base, const char* price_step, const char* contract_size) {
    Market market{.id = std::string{base} + "USD_PERP", .base = base, .quote = "USD", .settle = base};
    market.symbol = unified_symbol(base, "USD", base);
    market.type = MarketType::swap;
    market.inverse = true;
    market.contract_size = contract_size;
    market.price_step = price_step;
    market.amount_step = "1";
    return market;
}

}  // namespace

Expected<std::vector<Market>> markets_of(const Value& exchange_info) {
    const auto& rows = exchange_info["symbols"];
    if (!rows.is_array()) return refused(ErrorKind::malformed, "no exchangeInfo: it has no symbols");
    std::vector<Market> all;
    for (const auto& row : rows.items()) {
        auto market = market_of_row(row);
        if (market.id.empty() || market.base.empty() || market.quote.empty())
            return refused(ErrorKind::malformed, "a symbol without name, base or quote asset");
        all.push_back(std::move(market));
    }
    return all;
}

const std::vector<Market>& the_main_markets() {
    static const std::vector<Market> markets{
        spot("BTC", "0.01", "0.00001"), spot("ETH", "0.01", "0.0001"),    spot("BNB", "0.01", "0.001"),
        spot("SOL", "0.01", "0.001"),   spot("XRP", "0.0001", "0.1"),     spot("ADA", "0.0001", "0.1"),
        spot("DOGE", "0.00001", "1"),   spot("LTC", "0.01", "0.001"),     spot("LINK", "0.01", "0.01"),
        spot("AVAX", "0.01", "0.01"),   spot("TRX", "0.0001", "0.1"),     linear("BTC", "0.1", "0.001"),
        linear("ETH", "0.01", "0.001"), linear("BNB", "0.01", "0.01"),    linear("SOL", "0.01", "0.01"),
        linear("XRP", "0.0001", "0.1"), linear("ADA", "0.0001", "1"),     linear("DOGE", "0.00001", "1"),
        linear("LTC", "0.01", "0.001"), linear("LINK", "0.001", "0.01"),  linear("AVAX", "0.001", "1"),
        linear("TRX", "0.00001", "1"),  inverse("BTC", "0.1", "100"),     inverse("ETH", "0.01", "10"),
        inverse("BNB", "0.01", "10"),   inverse("SOL", "0.01", "10"),     inverse("XRP", "0.0001", "10"),
        inverse("ADA", "0.0001", "10"), inverse("DOGE", "0.00001", "10"), inverse("LTC", "0.01", "10"),
        inverse("LINK", "0.001", "10"),
    };
    return markets;
}

}  // namespace gateways::binance
