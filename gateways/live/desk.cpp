#include "gateways/live/desk.hpp"

#include "gateways/bybit/exchange_service.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

namespace gateways::live {

namespace {

struct Currencies {
    std::string base, quote;
};

/// From a symbol that only puts the two side by side, by the quote currencies there are; longer ones first.
Currencies split(std::string_view symbol) {
    constexpr std::string_view quotes[] = {"FDUSD", "USDT", "USDC", "USDE", "TUSD", "USD1", "EURI", "PERP", "BTC",
                                           "ETH",   "BNB",  "EUR",  "TRY",  "BRL",  "JPY",  "GBP",  "AUD",  "PLN",
                                           "ARS",   "MXN",  "ZAR",  "COP",  "CZK",  "DAI",  "USD"};
    symbol = symbol.substr(0, symbol.find('_'));  // "BTCUSDT_260327" is delivered then
    for (const auto quote : quotes)
        if (symbol.size() > quote.size() && symbol.ends_with(quote))
            return {.base = std::string{symbol.substr(0, symbol.size() - quote.size())},
                    .quote = std::string{quote == "PERP" ? "USDC" : quote}};  // Bybit's contracts in USDC
    return {};
}

Currencies currencies_of(const core::Instrument& instrument, const exchange::Service& service) {
    const std::string_view symbol = instrument.symbol;
    if (const auto dash = symbol.find('-'); dash != symbol.npos) {  // OKX: "BTC-USDT-SWAP"
        const auto rest = symbol.substr(dash + 1);
        return {.base = std::string{symbol.substr(0, dash)}, .quote = std::string{rest.substr(0, rest.find('-'))}};
    }
    for (const auto& market : service.main_markets())
        if (market.id == symbol && market.is_contract() == (instrument.market != core::Market::spot))
            return {.base = market.base, .quote = market.quote};
    return split(symbol);
}

[[noreturn]] void refuse(const core::Instrument& instrument, const std::string& why) {
    throw std::invalid_argument{"live account: " + instrument.name() + " " + why};
}

/// No steps: numbers go out as they are, and the venue refuses what does not fit, rather than that anything is cut.
exchange::Market market_of(const core::Instrument& instrument, const exchange::Service& service) {
    const auto currencies = currencies_of(instrument, service);
    if (currencies.base.empty() || currencies.quote.empty())
        refuse(instrument, "does not say its currencies: name another instrument");
    exchange::Market market;
    market.id = instrument.symbol;
    market.symbol = instrument.name();
    market.base = currencies.base;
    market.quote = currencies.quote;
    market.type = instrument.market == core::Market::spot ? exchange::MarketType::spot : exchange::MarketType::swap;
    if (market.is_contract()) {
        market.linear = true;
        market.settle = currencies.quote;
        market.contract_size = core::to_text(instrument.contract_value);
    }
    return market;
}

}  // namespace

bool Desk::uses(core::Market market) const noexcept {
    return std::find(markets.begin(), markets.end(), market) != markets.end();
}

const core::Instrument* Desk::find(std::string_view symbol) const noexcept {
    const auto found = by_name.find(symbol);
    return found == by_name.end() ? nullptr : &(*instruments)[found->second];
}

const core::Instrument* Desk::find(core::InstrumentId id) const noexcept {
    if (id.value >= instruments->size()) return nullptr;
    const auto& instrument = (*instruments)[id];
    return instrument.venue == venue && uses(instrument.market) ? &instrument : nullptr;
}

const exchange::Market& Desk::market(const core::Instrument& instrument) const {
    return *table.find(instrument.name());
}

std::vector<std::string> Desk::settle_coins() const {
    std::set<std::string> coins;
    for (const auto& market : table)
        if (market.is_contract()) coins.insert(market.settle);
    return {coins.begin(), coins.end()};
}

bool Desk::keeps_conditionals_apart(core::Market market) const noexcept {
    switch (venue) {
        case core::Venue::binance: return market != core::Market::spot;
        case core::Venue::bybit: return false;
        default: return true;
    }
}

std::shared_ptr<const Desk> make_desk(core::Venue venue, const std::vector<core::Market>& markets,
                                      const core::InstrumentTable& instruments, AccountSetup setup,
                                      exchange::Credentials keys) {
    auto desk = std::make_shared<Desk>();
    desk->venue = venue;
    for (const auto market : markets)
        if (!desk->uses(market)) desk->markets.push_back(market);
    if (desk->markets.empty()) throw std::invalid_argument{"live account: no market is in use"};
    if (desk->uses(core::Market::inverse))
        throw std::invalid_argument{"live account: inverse contracts are not traded live: use spot or linear"};
    desk->instruments = &instruments;
    desk->setup = std::move(setup);
    desk->keys = std::move(keys);
    if (venue == core::Venue::bybit && desk->setup.bybit_demo)
        desk->service = std::make_unique<bybit::ExchangeService>(bybit::Practice::demo);
    else
        desk->service = exchange::make_service(venue);
    if (desk->service == nullptr)
        throw std::invalid_argument{"live account: " + std::string{core::name(venue)} +
                                    " is not traded live: use binance, bitget, bybit or okx"};
    std::set<std::string> held;
    for (const auto& instrument : instruments) {
        if (desk->find(instrument.id) == nullptr) continue;
        auto market = market_of(instrument, *desk->service);
        if (!market.is_contract() && !held.insert(market.base).second)
            refuse(instrument, "is the second spot pair of " + market.base + ": what is held cannot be told apart");
        desk->by_name.emplace(market.symbol, instrument.id);
        desk->table.add(std::move(market));
    }
    return desk;
}

}  // namespace gateways::live
