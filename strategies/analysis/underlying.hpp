#pragma once

#include "core/domain/instrument.hpp"

#include <string>

namespace strategies {

/// What an instrument's price is the price of, so that instruments which move as one can be told: the same for
/// "BTCUSDT", "BTC-USDT-SWAP", "BTCUSD_PERP", "BTCUSDT_240329" and "XBT/CHF" ("BTC"). The pair without its quote where
/// that is money (a currency or a coin pegged to one); "ETHBTC" stays, for it moves by itself.
std::string underlying_of(const core::Instrument& instrument);

}  // namespace strategies
