#include "gateways/exchange/decimal_text.hpp"
#include "gateways/okx/exchange_calls.hpp"

/// Instruments and the main pairs. Source: OKX API v5, "Get instruments".
namespace gateways::okx {

using namespace exchange;

namespace {

/// "BTC-USD" of a contract's uly or instFamily; "USD_UM" is a dollar pair settled in stablecoins.
void set_family(Market& market, const std::string& family) {
    const auto dash = family.find('-');
    if (dash == family.npos) return;
    market.base = family.substr(0, dash);
    market.quote = family.substr(dash + 1);
    if (const auto mark = market.quote.find('_'); mark != market.quote.npos) market.quote.resize(mark);
}

Market market_of_row(const Value& row) {
    Market market{.id = row["instId"].text(), .base = row["baseCcy"].text(), .quote = row["quoteCcy"].text()};
    const auto& type = row["instType"].text();
    if (type == "SWAP" || type == "FUTURES") {
        market.type = type == "SWAP" ? MarketType::swap : MarketType::future;
        set_family(market, row.first({"uly", "instFamily"}));
        market.settle = row["settleCcy"].text();
        market.inverse = row["ctType"].text() == "inverse";
        market.linear = !market.inverse;
        market.contract_size = product(row["ctVal"].text(), row["ctMult"].text());
        if (market.type == MarketType::future) market.expiry = time_of_ms(row["expTime"]);
    }
    market.symbol = unified_symbol(market.base, market.quote, market.settle, market.expiry);
    const auto& state = row["state"].text();
    if (!state.empty()) market.active = state == "live";
    market.price_step = to_price(unless_zero(row["tickSz"].text()), "");
    market.amount_step = to_amount(unless_zero(row["lotSz"].text()), "");
    market.min_amount = row["minSz"].text();
    market.max_amount = row["maxLmtSz"].text();
    market.max_leverage = row["lever"].text();
    return market;
}

Market spot(const char* base, const char* price_step, const char* amount_step) {
    Market market{.id = std::string{base} + "-USDT", .symbol = unified_symbol(base, "USDT"), .base = base};
    market.quote = "USDT";
    market.price_step = price_step;
    market.amount_step = amount_step;
    return market;
}
Market linear(const char* base, const char* contract_size, const char* price_step, const char* amount_step) {
    auto market = spot(base, price_step, amount_step);
    market.id += "-SWAP";
    market.settle = "USDT";
    market.symbol = unified_symbol(base, "USDT", "USDT");
    market.type = MarketType::swap;
    market.linear = true;
    market.contract_size = contract_size;
    return market;
}
Market inverse(const char* base, const char* contract_size, const char* price_step, const char* amount_step) {
    Market market{.id = std::string{base} + "-USD-SWAP", .symbol = unified_symbol(base, "USD", base), .base = base};
    market.quote = "USD";
    market.settle = base;
    market.type = MarketType::swap;
    market.inverse = true;
    market.contract_size = contract_size;
    market.price_step = price_step;
    market.amount_step = amount_step;
    return market;
}

}  // namespace

Expected<std::vector<Market>> markets_of(const Value& data) {
    if (!data.is_array()) return missing("list of instruments");
    std::vector<Market> all;
    for (const auto& row : data.items()) {
        const auto& type = row["instType"].text();
        if (type == "OPTION" || type == "MARGIN") continue;  // margin pairs are the spot ones again
        auto market = market_of_row(row);
        if (market.id.empty() || market.base.empty() || market.quote.empty())
            return missing("instId, base or quote currency in an instrument");
        all.push_back(std::move(market));
    }
    return all;
}

const std::vector<Market>& the_main_markets() {
    static const std::vector<Market> markets{
        spot("BTC", "0.1", "0.00000001"),       spot("ETH", "0.01", "0.000001"),
        spot("SOL", "0.01", "0.000001"),        spot("XRP", "0.0001", "0.000001"),
        spot("ADA", "0.0001", "0.000001"),      spot("LTC", "0.01", "0.000001"),
        spot("DOGE", "0.00001", "0.000001"),    linear("BTC", "0.01", "0.1", "0.01"),
        linear("ETH", "0.1", "0.01", "0.01"),   linear("SOL", "1", "0.01", "0.01"),
        linear("XRP", "100", "0.0001", "0.01"), linear("ADA", "100", "0.0001", "0.1"),
        linear("LTC", "1", "0.01", "1"),        linear("DOGE", "1000", "0.00001", "0.01"),
        inverse("BTC", "100", "0.1", "0.1"),    inverse("ETH", "10", "0.01", "1"),
    };
    return markets;
}

}  // namespace gateways::okx
