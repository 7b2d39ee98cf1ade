#pragma once

#include "core/domain/instrument.hpp"

#include <span>
#include <string_view>

namespace feeds::capture {

/// The trading rules of a main pair, in the venue's own decimals. Recordings carry prices, not rules; without these a
/// replayed bot would quote steps and sizes the venue refuses. Live sessions ask the venue instead.
struct KnownInstrument {
    core::Venue venue;
    core::Market market;
    std::string_view symbol;
    std::string_view tick_size;       ///< in the quote currency
    std::string_view lot_size;        ///< in the base currency, or contracts; also the smallest order
    std::string_view min_notional;    ///< in the quote currency
    std::string_view contract_value;  ///< linear: base per contract; inverse: quote currency per contract
};

[[nodiscard]] std::span<const KnownInstrument> known_instruments() noexcept;

/// An instrument whose recorded prices and quantities need at least this many decimals: with the built-in rules if it
/// is a known pair, else with steps of one unit. Inverse contracts get their venue's usual contract value (100 USD for
/// BTC and 10 USD for others at Binance and OKX, 1 USD at Bybit).
[[nodiscard]] core::Instrument describe(core::Venue venue, core::Market market, std::string_view symbol,
                                        int price_decimals, int quantity_decimals);

}  // namespace feeds::capture
