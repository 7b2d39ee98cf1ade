#include "gateways/bybit/exchange_calls.hpp"
#include "gateways/exchange/decimal_text.hpp"

/// Instruments and the main pairs. Source: Bybit v5, "Get Instruments Info".
namespace gateways::bybit {

using namespace exchange;

namespace {

bool is_dated(const Value& row) noexcept {
    const auto& contract = row["contractType"].text();
    return contract == "LinearFutures" || contract == "InverseFutures";
}

Market market_of_row(const Value& row) {
    Market market{.id = row["symbol"].text(), .base = row["baseCoin"].text(), .quote = row["quoteCoin"].text()};
    if (row.contains("contractType")) {
        market.settle = row["settleCoin"].text();
        market.type = is_dated(row) ? MarketType::future : MarketType::swap;
        market.inverse = row["contractType"].text().starts_with("Inverse");
        market.linear = !market.inverse;
        market.contract_size = "1";  // linear quantities are in the base coin, inverse ones in US dollars
        if (market.type == MarketType::future) market.expiry = time_of_ms(row["deliveryTime"]);
    }
    market.symbol = unified_symbol(market.base, market.quote, market.settle, market.expiry);
    const auto& status = row["status"].text();
    if (!status.empty()) market.active = status == "Trading";

    const auto& lot = row["lotSizeFilter"];
    const auto& price = row["priceFilter"];
    const auto& leverage = row["leverageFilter"];
    market.price_step = to_price(unless_zero(price["tickSize"].text()), "");
    market.amount_step = to_amount(unless_zero(lot.first({"qtyStep", "basePrecision"})), "");
    market.min_price = unless_zero(price["minPrice"].text());
    market.max_price = unless_zero(price["maxPrice"].text());
    market.min_amount = lot["minOrderQty"].text();
    market.max_amount = lot["maxOrderQty"].text();
    market.min_cost = lot.first({"minNotionalValue", "minOrderAmt"});
    market.max_cost = lot["maxOrderAmt"].text();
    market.min_leverage = leverage["minLeverage"].text();
    market.max_leverage = leverage["maxLeverage"].text();
    return market;
}

Market spot(const char* base, const char* price_step, const char* amount_step) {
    Market market{.id = std::string{base} + "USDT", .symbol = unified_symbol(base, "USDT"), .base = base};
    market.quote = "USDT";
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
Market inverse(const char* base, const char* price_step) {
    Market market{.id = std::string{base} + "USD", .symbol = unified_symbol(base, "USD", base), .base = base};
    market.quote = "USD";
    market.settle = base;
    market.type = MarketType::swap;
    market.inverse = true;
    market.contract_size = "1";
    market.price_step = price_step;
    market.amount_step = "1";
    return market;
}

}  // namespace

Expected<std::vector<Market>> markets_of(const Value& result) {
    const auto& rows = result["list"];
    if (!rows.is_array()) return missing("list of instruments");
    std::vector<Market> all;
    for (const auto& row : rows.items()) {
        if (row.contains("optionsType")) continue;  // options are no market of ours
        auto market = market_of_row(row);
        if (market.id.empty() || market.base.empty() || market.quote.empty())
            return missing("symbol, base or quote coin in an instrument");
        all.push_back(std::move(market));
    }
    return all;
}

const std::vector<Market>& the_main_markets() {
    static const std::vector<Market> markets{
        spot("BTC", "0.1", "0.000001"), spot("ETH", "0.01", "0.00001"), spot("SOL", "0.01", "0.001"),
        spot("XRP", "0.0001", "0.01"),  spot("ADA", "0.0001", "0.01"),  spot("LTC", "0.01", "0.00001"),
        spot("DOGE", "0.00001", "0.1"), linear("BTC", "0.1", "0.001"),  linear("ETH", "0.01", "0.01"),
        linear("SOL", "0.01", "0.1"),   linear("XRP", "0.0001", "0.1"), linear("ADA", "0.0001", "1"),
        linear("LTC", "0.01", "0.1"),   linear("DOGE", "0.00001", "1"), inverse("BTC", "0.5"),
        inverse("ETH", "0.01"),
    };
    return markets;
}

}  // namespace gateways::bybit
