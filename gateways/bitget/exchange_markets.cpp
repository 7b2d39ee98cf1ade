#include "gateways/bitget/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Symbols of spot, contracts of futures (v2), instruments (v3), and the main pairs. Source: Bitget API documents,
/// "Spot/Public/Get Symbols", "Future/Market/Get All Symbols - Contracts", "Unified/Public/Instruments".
namespace gateways::bitget {

using namespace exchange;

namespace {

/// A whole number of steps as a tick: `priceEndStep` counts units of the last of `pricePlace` decimals.
std::string price_step_of(const Value& row) {
    if (const auto& step = row.first({"priceMultiplier"}); !step.empty()) return to_amount(step, "");
    const auto decimals = row.first({"pricePlace", "pricePrecision"});
    const auto unit = step_of_decimals(Value{decimals}.integer().value_or(-1));
    const auto& steps = row["priceEndStep"].text();
    return steps.empty() ? unit : product(unit, steps);
}

std::string amount_step_of(const Value& row) {
    for (const auto* name : {"sizeMultiplier", "quantityMultiplier"})
        if (is_nonzero(row[name].text())) return to_amount(row[name].text(), "");
    return step_of_decimals(
        Value{row.first({"volumePlace", "quantityPrecision", "quantityScale"})}.integer().value_or(-1));
}

Market market_of_row(const Value& row) {
    Market market{.id = row["symbol"].text(), .base = row["baseCoin"].text(), .quote = row["quoteCoin"].text()};
    const auto& category = row["category"].text();
    const bool contract = row.contains("supportMarginCoins") || category.ends_with("-FUTURES");
    if (contract) {
        // A coin-margined contract is settled in its base coin, the others in the currency they are quoted in.
        const bool inverse = category == "COIN-FUTURES" || market.quote == "USD";
        market.settle = inverse ? market.base : market.quote;
        const auto& kind = row.first({"symbolType", "type"});
        market.type = kind == "delivery" ? MarketType::future : MarketType::swap;
        market.inverse = inverse;
        market.linear = !inverse;
        market.contract_size = "1";  // sizes count the base coin
        if (market.type == MarketType::future) market.expiry = time_of_ms(row["deliveryTime"]);
    }
    market.symbol = unified_symbol(market.base, market.quote, market.settle, market.expiry);
    const auto& status = row.first({"symbolStatus", "status"});
    if (!status.empty()) market.active = status == "normal" || status == "online";
    market.price_step = price_step_of(row);
    market.amount_step = amount_step_of(row);
    market.min_amount = unless_zero(row.first({"minTradeNum", "minTradeAmount", "minOrderQty"}));
    market.max_amount = unless_zero(row.first({"maxOrderQty", "maxTradeAmount"}));
    market.min_cost = row.first({"minTradeUSDT", "minOrderAmount"});
    market.min_leverage = row.first({"minLever", "minLeverage"});
    market.max_leverage = row.first({"maxLever", "maxLeverage"});
    return market;
}

Market spot(const char* base, const char* price_step, const char* amount_step) {
    Market market{.id = std::string{base} + "USDT", .base = base, .quote = "USDT"};
    market.symbol = unified_symbol(base, "USDT");
    market.price_step = price_step;
    market.amount_step = amount_step;
    market.min_cost = "1";
    return market;
}
Market futures(const char* base, const char* quote, const char* settle, const char* price_step,
               const char* amount_step) {
    Market market{.id = std::string{base} + quote, .base = base, .quote = quote, .settle = settle};
    market.symbol = unified_symbol(base, quote, settle);
    market.type = MarketType::swap;
    market.inverse = market.quote == "USD";
    market.linear = !market.inverse;
    market.contract_size = "1";
    market.price_step = price_step;
    market.amount_step = amount_step;
    market.min_cost = "5";
    return market;
}

}  // namespace

Expected<std::vector<Market>> markets_of(const Value& data) {
    const auto& rows = data["list"].is_array() ? data["list"] : data;
    if (!rows.is_array() && !rows.is_null())
        return refused(ErrorKind::malformed, "no answer to fetch_markets: it is no list of symbols");
    std::vector<Market> all;
    for (const auto& row : rows.items()) {
        auto market = market_of_row(row);
        if (market.id.empty() || market.base.empty() || market.quote.empty())
            return refused(ErrorKind::malformed, "a symbol without name, base or quote coin");
        all.push_back(std::move(market));
    }
    return all;
}

const std::vector<Market>& the_main_markets() {
    static const std::vector<Market> markets{
        spot("BTC", "0.01", "0.000001"),
        spot("ETH", "0.01", "0.0001"),
        spot("BNB", "0.01", "0.0001"),
        spot("SOL", "0.01", "0.0001"),
        spot("XRP", "0.0001", "0.0001"),
        spot("ADA", "0.0001", "0.0001"),
        spot("DOGE", "0.00001", "0.0001"),
        spot("LTC", "0.01", "0.0001"),
        spot("LINK", "0.001", "0.0001"),
        spot("AVAX", "0.001", "0.0001"),
        spot("TRX", "0.00001", "0.0001"),
        futures("BTC", "USDT", "USDT", "0.1", "0.0001"),
        futures("ETH", "USDT", "USDT", "0.01", "0.01"),
        futures("BNB", "USDT", "USDT", "0.01", "0.01"),
        futures("SOL", "USDT", "USDT", "0.001", "0.1"),
        futures("XRP", "USDT", "USDT", "0.0001", "1"),
        futures("ADA", "USDT", "USDT", "0.0001", "1"),
        futures("DOGE", "USDT", "USDT", "0.00001", "1"),
        futures("LTC", "USDT", "USDT", "0.01", "0.1"),
        futures("LINK", "USDT", "USDT", "0.001", "1"),
        futures("AVAX", "USDT", "USDT", "0.001", "0.1"),
        futures("TRX", "USDT", "USDT", "0.00001", "1"),
        futures("BTC", "USDC", "USDC", "0.1", "0.0001"),
        futures("ETH", "USDC", "USDC", "0.01", "0.01"),
        futures("BTC", "USD", "BTC", "0.1", "0.0001"),
        futures("ETH", "USD", "ETH", "0.01", "0.01"),
        futures("XRP", "USD", "XRP", "0.0001", "1"),
    };
    return markets;
}

}  // namespace gateways::bitget
