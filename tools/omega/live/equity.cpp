#include "tools/omega/live/equity.hpp"

#include "core/domain/price.hpp"
#include "gateways/exchange/service.hpp"
#include "tools/omega/live/instruments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <stdexcept>

namespace omega {

using namespace gateways::exchange;

namespace {

/// "BTC/USDT" and "BTC/USDT:USDT" are paid in USDT.
std::string currency_of(std::string_view symbol) {
    auto tail = symbol.substr(symbol.find('/') + 1);
    if (const auto colon = tail.find(':'); colon != std::string_view::npos) tail = tail.substr(colon + 1);
    return std::string{tail.substr(0, tail.find('-'))};
}

core::Nanoseconds wall() {
    return std::chrono::duration_cast<core::Nanoseconds>(std::chrono::system_clock::now().time_since_epoch());
}

double held(Net& net, core::Venue venue, const VenueSettings& configured, const std::string& currency, bool contracts,
            KeyRing& ring, RunMode mode) {
    const auto service = make_service(venue);
    const auto keys = ring.find(venue, configured);
    auto params = Value::object();
    params.set("type", contracts ? "swap" : "spot");
    auto arguments = Arguments::bind(Call::fetch_balance, {std::move(params)});
    if (!arguments) throw std::runtime_error{arguments.error().message};
    const MarketTable none;
    const auto environment =
        mode == RunMode::testnet && configured.rest.empty() ? Environment::testnet : Environment::live;
    const auto result = perform(*service, Call::fetch_balance, *arguments, {.markets = none, .fresh_id = {}}, &keys,
                                wall, environment, blocking_transport(net, configured.rest));
    if (!result)
        throw std::runtime_error{fmt::format("{}: its balance could not be had: {}: {}", core::name(venue),
                                             name(result.error().kind), result.error().message)};
    for (const auto& balance : std::get<Balances>(*result).all) {
        if (balance.currency != currency) continue;
        const auto& text = balance.total.empty() ? balance.free : balance.total;
        return std::strtod(text.c_str(), nullptr);  // sizes are statistics; the money itself stays at the venue
    }
    return 0;
}

}  // namespace

double account_equity(Net& net, const LiveSettings& settings, RunMode mode, KeyRing& keys) {
    std::set<std::string> currencies;
    for (const auto& [name, venue] : settings.venues)
        if (venue.trade)
            for (const auto& text : venue.instruments) currencies.insert(currency_of(parse_instrument(text).symbol));
    if (currencies.size() > 1)
        throw std::invalid_argument{
            fmt::format("venues: instruments are paid in {} and {}; expected one currency for all that trade",
                        *currencies.begin(), *currencies.rbegin())};
    double sum = 0;
    for (const auto& [name, venue] : settings.venues) {
        if (!venue.trade) continue;
        const bool contracts = std::ranges::any_of(venue.instruments, [](const std::string& text) {
            return parse_instrument(text).symbol.find(':') != std::string::npos;
        });
        sum += held(net, *core::parse_venue(name), venue, *currencies.begin(), contracts, keys, mode);
    }
    if (sum <= 0)
        throw std::runtime_error{
            fmt::format("the accounts hold no {}: there is nothing to trade with", *currencies.begin())};
    return sum;
}

}  // namespace omega
