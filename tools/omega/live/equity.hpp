#pragma once

#include "core/domain/instrument.hpp"
#include "gateways/exchange/value.hpp"
#include "tools/omega/live/credentials.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/live/ways.hpp"
#include "tools/omega/settings.hpp"

#include <string>
#include <string_view>

namespace omega {

/// What a venue's answer to fetch_balance says the wallet holds of a currency, without the unrealised gain of open
/// positions; "": it does not say. Binance USD-M `walletBalance` (marginBalance has the gain), Bitget futures
/// `accountEquity` − `unrealizedPL`, Bybit `walletBalance` (equity has the gain), OKX `cashBal` (eq has the gain);
/// spot: free and locked.
std::string wallet_balance(core::Venue venue, const gateways::exchange::Value& answer, std::string_view currency);

/// What the accounts that trade hold of the currency that their instruments are paid in, together, without the
/// unrealised gain of open positions (they are restored at their entry price and bring their own). Throws
/// NotReached and std::runtime_error (an account could not be asked), std::invalid_argument (more than one such
/// currency: they cannot be added).
double account_equity(const Ways& ways, const LiveSettings& settings, RunMode mode, KeyRing& keys);

}  // namespace omega
