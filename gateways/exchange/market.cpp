#include "gateways/exchange/market.hpp"

#include "gateways/exchange/decimal_text.hpp"
#include "gateways/exchange/times.hpp"

#include <array>

namespace gateways::exchange {

std::string_view name(MarketType type) noexcept {
    constexpr std::array<std::string_view, 3> names{"spot", "swap", "future"};
    return names[static_cast<std::size_t>(type)];
}

std::string Market::amount(std::string_view text) const {
    return to_amount(text, amount_step);
}
std::string Market::price(std::string_view text) const {
    return to_price(text, price_step);
}

std::string unified_symbol(std::string_view base, std::string_view quote, std::string_view settle,
                           std::optional<core::Nanoseconds> expiry) {
    std::string symbol{base};
    symbol += '/';
    symbol += quote;
    if (settle.empty()) return symbol;
    symbol += ':';
    symbol += settle;
    if (expiry) {
        const auto text = core::to_iso8601(*expiry);  // YYYY-MM-DD…
        symbol += '-' + text.substr(2, 2) + text.substr(5, 2) + text.substr(8, 2);
    }
    return symbol;
}

void MarketTable::add(Market market) {
    if (const auto known = by_symbol_.find(market.symbol); known != by_symbol_.end()) {
        by_id_.erase({markets_[known->second].id, markets_[known->second].is_contract()});
        by_id_[{market.id, market.is_contract()}] = known->second;
        markets_[known->second] = std::move(market);
        return;
    }
    by_symbol_.emplace(market.symbol, markets_.size());
    by_id_.emplace(std::pair{market.id, market.is_contract()}, markets_.size());
    markets_.push_back(std::move(market));
}

const Market* MarketTable::find(std::string_view symbol) const noexcept {
    const auto found = by_symbol_.find(symbol);
    return found == by_symbol_.end() ? nullptr : &markets_[found->second];
}

const Market* MarketTable::find_id(std::string_view id, bool contract) const {
    const auto found = by_id_.find(std::pair{std::string{id}, contract});
    return found == by_id_.end() ? nullptr : &markets_[found->second];
}

namespace {

Value known(const std::string& text) {
    return text.empty() ? Value{} : Value{text};
}
Value range(const std::string& least, const std::string& most) {
    auto json = Value::object();
    json.set("min", known(least)).set("max", known(most));
    return json;
}

}  // namespace

Value to_json(const Market& market) {
    auto precision = Value::object();
    precision.set("amount", known(market.amount_step)).set("price", known(market.price_step));
    auto limits = Value::object();
    limits.set("leverage", range(market.min_leverage, market.max_leverage))
        .set("amount", range(market.min_amount, market.max_amount))
        .set("price", range(market.min_price, market.max_price))
        .set("cost", range(market.min_cost, market.max_cost));
    auto json = Value::object();
    json.set("id", market.id)
        .set("symbol", market.symbol)
        .set("base", market.base)
        .set("quote", market.quote)
        .set("settle", known(market.settle))
        .set("type", name(market.type))
        .set("spot", market.type == MarketType::spot)
        .set("swap", market.type == MarketType::swap)
        .set("future", market.type == MarketType::future)
        .set("active", market.active ? Value{*market.active} : Value{})
        .set("contract", market.is_contract())
        .set("linear", market.is_contract() ? Value{market.linear} : Value{})
        .set("inverse", market.is_contract() ? Value{market.inverse} : Value{})
        .set("contractSize", known(market.contract_size))
        .set("expiry", time_value(market.expiry))
        .set("expiryDatetime", datetime_value(market.expiry))
        .set("precision", std::move(precision))
        .set("limits", std::move(limits));
    return json;
}

core::Result<Market> market_of(const Value& json) {
    Market market{.id = json["id"].text(),
                  .symbol = json["symbol"].text(),
                  .base = json["base"].text(),
                  .quote = json["quote"].text(),
                  .settle = json["settle"].text()};
    if (market.id.empty() || market.symbol.empty()) return core::Error::missing_field;
    const auto& type = json["type"].text();
    if (type == "swap")
        market.type = MarketType::swap;
    else if (type == "future")
        market.type = MarketType::future;
    else if (type != "spot")
        return core::Error::unknown_message;
    market.linear = json["linear"].is_true();
    market.inverse = json["inverse"].is_true();
    if (!json["active"].is_null()) market.active = json["active"].is_true();
    market.contract_size = json["contractSize"].text();
    market.price_step = json["precision"]["price"].text();
    market.amount_step = json["precision"]["amount"].text();
    const auto& limits = json["limits"];
    market.min_amount = limits["amount"]["min"].text();
    market.max_amount = limits["amount"]["max"].text();
    market.min_price = limits["price"]["min"].text();
    market.max_price = limits["price"]["max"].text();
    market.min_cost = limits["cost"]["min"].text();
    market.max_cost = limits["cost"]["max"].text();
    market.min_leverage = limits["leverage"]["min"].text();
    market.max_leverage = limits["leverage"]["max"].text();
    if (const auto expiry = json["expiry"].integer())  // ours are nanoseconds, ccxt's milliseconds
        market.expiry = *expiry > 100'000'000'000'000 ? core::Nanoseconds{*expiry}
                                                      : core::Nanoseconds{std::chrono::milliseconds{*expiry}};
    return market;
}

}  // namespace gateways::exchange
