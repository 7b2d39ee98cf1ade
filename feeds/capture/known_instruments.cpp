#include "feeds/capture/known_instruments.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace feeds::capture {

namespace {

using core::Market;
using core::Venue;

// As the venues' instrument lists gave them; a recording of another year may have had coarser steps, never finer ones
// than it shows.
constexpr std::array known{
    KnownInstrument{Venue::binance, Market::spot, "BTCUSDT", "0.01", "0.00001", "5", "1"},
    KnownInstrument{Venue::binance, Market::spot, "ETHUSDT", "0.01", "0.0001", "5", "1"},
    KnownInstrument{Venue::binance, Market::spot, "BNBUSDT", "0.01", "0.001", "5", "1"},
    KnownInstrument{Venue::binance, Market::spot, "SOLUSDT", "0.01", "0.001", "5", "1"},
    KnownInstrument{Venue::binance, Market::spot, "XRPUSDT", "0.0001", "0.1", "5", "1"},
    KnownInstrument{Venue::binance, Market::spot, "DOGEUSDT", "0.00001", "1", "1", "1"},
    KnownInstrument{Venue::binance, Market::linear, "BTCUSDT", "0.1", "0.001", "100", "1"},
    KnownInstrument{Venue::binance, Market::linear, "ETHUSDT", "0.01", "0.001", "20", "1"},
    KnownInstrument{Venue::binance, Market::linear, "BNBUSDT", "0.01", "0.01", "5", "1"},
    KnownInstrument{Venue::binance, Market::linear, "SOLUSDT", "0.01", "0.01", "5", "1"},
    KnownInstrument{Venue::binance, Market::linear, "XRPUSDT", "0.0001", "0.1", "5", "1"},
    KnownInstrument{Venue::binance, Market::linear, "DOGEUSDT", "0.00001", "1", "5", "1"},
    KnownInstrument{Venue::binance, Market::inverse, "BTCUSD_PERP", "0.1", "1", "0", "100"},
    KnownInstrument{Venue::binance, Market::inverse, "ETHUSD_PERP", "0.01", "1", "0", "10"},
    KnownInstrument{Venue::bitget, Market::spot, "BTCUSDT", "0.01", "0.000001", "1", "1"},
    KnownInstrument{Venue::bitget, Market::spot, "ETHUSDT", "0.01", "0.0001", "1", "1"},
    KnownInstrument{Venue::bitget, Market::linear, "BTCUSDT", "0.1", "0.0001", "5", "1"},
    KnownInstrument{Venue::bitget, Market::linear, "ETHUSDT", "0.01", "0.01", "5", "1"},
    KnownInstrument{Venue::bitget, Market::linear, "SOLUSDT", "0.001", "0.1", "5", "1"},
    KnownInstrument{Venue::bitget, Market::linear, "XRPUSDT", "0.0001", "1", "5", "1"},
    KnownInstrument{Venue::bybit, Market::spot, "BTCUSDT", "0.01", "0.000001", "5", "1"},
    KnownInstrument{Venue::bybit, Market::spot, "ETHUSDT", "0.01", "0.00001", "5", "1"},
    KnownInstrument{Venue::bybit, Market::linear, "BTCUSDT", "0.1", "0.001", "5", "1"},
    KnownInstrument{Venue::bybit, Market::linear, "ETHUSDT", "0.01", "0.01", "5", "1"},
    KnownInstrument{Venue::bybit, Market::linear, "SOLUSDT", "0.01", "0.1", "5", "1"},
    KnownInstrument{Venue::bybit, Market::linear, "XRPUSDT", "0.0001", "0.1", "5", "1"},
    KnownInstrument{Venue::bybit, Market::inverse, "BTCUSD", "0.1", "1", "0", "1"},
    KnownInstrument{Venue::bybit, Market::inverse, "ETHUSD", "0.01", "1", "0", "1"},
    KnownInstrument{Venue::okx, Market::spot, "BTC-USDT", "0.1", "0.00000001", "0", "1"},
    KnownInstrument{Venue::okx, Market::spot, "ETH-USDT", "0.01", "0.000001", "0", "1"},
    KnownInstrument{Venue::okx, Market::linear, "BTC-USDT-SWAP", "0.1", "0.01", "0", "0.01"},
    KnownInstrument{Venue::okx, Market::linear, "ETH-USDT-SWAP", "0.01", "0.01", "0", "0.1"},
    KnownInstrument{Venue::okx, Market::linear, "SOL-USDT-SWAP", "0.01", "0.01", "0", "1"},
    KnownInstrument{Venue::okx, Market::inverse, "BTC-USD-SWAP", "0.1", "1", "0", "100"},
    KnownInstrument{Venue::okx, Market::inverse, "ETH-USD-SWAP", "0.01", "1", "0", "10"},
};

int decimals_of(std::string_view text) noexcept {
    const auto point = text.find('.');
    return point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
}

std::string_view usual_contract_value(Venue venue, Market market, std::string_view symbol) noexcept {
    if (market != Market::inverse || venue == Venue::bybit) return "1";
    if (venue != Venue::binance && venue != Venue::okx) return "1";
    return symbol.starts_with("BTC") ? "100" : "10";
}

/// The table's own texts always parse.
std::int64_t units(std::string_view text, int decimals) {
    return *core::parse_decimal(text, decimals);
}

}  // namespace

std::span<const KnownInstrument> known_instruments() noexcept {
    return known;
}

core::Instrument describe(core::Venue venue, core::Market market, std::string_view symbol, int price_decimals,
                          int quantity_decimals) {
    core::Instrument instrument{.venue = venue,
                                .market = market,
                                .symbol = std::string{symbol},
                                .price_decimals = price_decimals,
                                .quantity_decimals = quantity_decimals};
    const auto* const rules = std::find_if(known.begin(), known.end(), [&](const KnownInstrument& k) {
        return k.venue == venue && k.market == market && k.symbol == symbol;
    });
    const auto contract = rules != known.end() ? rules->contract_value : usual_contract_value(venue, market, symbol);
    instrument.contract_value = core::Notional{units(contract, core::Notional::decimals)};
    if (rules == known.end()) return instrument;

    const int tick_decimals = decimals_of(rules->tick_size), lot_decimals = decimals_of(rules->lot_size);
    instrument.price_decimals = std::max(price_decimals, tick_decimals);
    instrument.quantity_decimals = std::max(quantity_decimals, lot_decimals);
    // Finer recorded prices than the table's step: the venue's rule was another then, so the unit is all that is known.
    if (price_decimals <= tick_decimals) instrument.tick_size = {units(rules->tick_size, instrument.price_decimals)};
    if (quantity_decimals <= lot_decimals) instrument.lot_size = {units(rules->lot_size, instrument.quantity_decimals)};
    instrument.min_quantity = instrument.lot_size;
    instrument.min_notional = core::Notional{units(rules->min_notional, core::Notional::decimals)};
    return instrument;
}

}  // namespace feeds::capture
