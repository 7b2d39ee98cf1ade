#pragma once

#include "core/domain/instrument.hpp"
#include "gateways/exchange/market.hpp"
#include "gateways/exchange/service.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace omega {

/// The way to a venue for the requests of one call.
using Way = std::function<gateways::exchange::Transport(std::vector<gateways::exchange::Request>)>;

/// One entry of `venues.<name>.instruments`: a unified symbol, and for venues whose markets are not asked for
/// (Coinbase, Kraken) the decimals of price and quantity behind it: "BTC/USD 1 8".
struct InstrumentText {
    std::string symbol{};
    int price_decimals{-1}, quantity_decimals{-1};  ///< -1: not said
};
/// Throws std::invalid_argument: what was written, what was expected.
InstrumentText parse_instrument(std::string_view text);

/// What a unified symbol is a market of: BTC/USDT spot, BTC/USDT:USDT linear, BTC/USD:BTC inverse.
core::Market market_of(std::string_view symbol) noexcept;
/// The currency it is paid in: USDT of "BTC/USDT" and "BTC/USDT:USDT", BTC of "BTC/USD:BTC".
std::string paid_in(std::string_view symbol);

/// The instrument of a market, all rules exact. Throws std::invalid_argument when the venue did not say a rule that
/// trading needs, or says it in numbers that do not fit.
core::Instrument instrument_of(core::Venue venue, const gateways::exchange::Market& market);
/// Of a venue of market data only, from its decimals.
core::Instrument instrument_of(core::Venue venue, const InstrumentText& text);

/// Asks a venue for its markets, those of the hosts that `wanted` needs. Throws NotReached and std::runtime_error: why
/// a request failed. `way` makes the transport for the requests of a call.
gateways::exchange::MarketTable fetch_markets(const gateways::exchange::Service& service,
                                              const std::vector<InstrumentText>& wanted,
                                              gateways::exchange::Environment environment, const Way& way);

}  // namespace omega
