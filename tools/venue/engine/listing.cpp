#include "tools/venue/engine/listing.hpp"

#include "core/domain/wide.hpp"
#include "feeds/synthetic/settings.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace venue {

namespace {

struct Pair {
    std::string base;
    int spot_price, spot_quantity;                  // decimals
    int price, quantity;                            // decimals of the linear contract
    std::int64_t tick;                              // of the linear contract, in its units
    std::int64_t okx_value;                         // what one OKX contract is worth, 1e-8 of the base
    int okx_quantity;                               // decimals of OKX contracts
    std::int64_t spot_lot_least, linear_lot_least;  // smallest orders, in units
};

// Decimals and sizes: exchangeInfo of Binance and instruments of OKX for these pairs.
const std::array<Pair, 4> known_pairs{{{"BTC", 2, 5, 2, 3, 10, 1'000'000, 2, 1, 1},
                                       {"ETH", 2, 4, 2, 3, 1, 10'000'000, 2, 1, 1},
                                       {"SOL", 2, 3, 3, 2, 10, 100'000'000, 2, 1, 1},
                                       {"XRP", 4, 1, 4, 1, 1, 10'000'000'000, 2, 1, 1}}};

/// A pair of the synthetic market: spot quantities two decimals finer than the contract's; an OKX contract is worth a
/// power of ten of the base, at most 100 USDT.
Pair synthetic_pair(const feeds::synthetic::InstrumentSettings& of) {
    Pair made;
    made.base = of.symbol.substr(0, of.symbol.size() - 4);
    made.spot_price = made.price = of.price_decimals;
    made.quantity = of.quantity_decimals;
    made.spot_quantity = std::min(of.quantity_decimals + 2, core::Notional::decimals - of.price_decimals);
    made.tick = of.tick_units;
    made.okx_value = 10'000;  // 1e-8 of the base
    while (static_cast<double>(made.okx_value) * 1e-7 * of.start_price <= 100) made.okx_value *= 10;
    made.okx_quantity = 2;
    made.spot_lot_least = made.linear_lot_least = 1;
    return made;
}

std::vector<Pair> first_pairs(std::size_t count) {
    std::vector<Pair> all{known_pairs.begin(), known_pairs.end()};
    for (const auto& one : feeds::synthetic::usual_instruments(count + known_pairs.size())) {
        auto pair = synthetic_pair(one);
        if (std::ranges::find(known_pairs, pair.base, &Pair::base) == known_pairs.end()) all.push_back(std::move(pair));
    }
    all.resize(count);
    return all;
}

/// Binance, "New order": a STOP_LOSS locks like any other order. Bybit v5, "Place Order": of orderFilter StopOrder "the
/// assets will not be occupied until the price of the underlying asset reaches the trigger price" (its tpslOrder does
/// lock, see NewOrder::locks_at_once). Bitget's plan orders and OKX's algo orders lock nothing; both have a state for
/// those that fail when their price comes (fail_execute; order_failed with a failCode).
bool locks_conditionals(core::Venue venue) noexcept {
    return venue == core::Venue::binance;
}

Listing listing(core::Venue venue, const Pair& pair, core::Market market) {
    const bool spot = market == core::Market::spot;
    const bool okx = venue == core::Venue::okx;
    const std::string base = pair.base;
    Listing made;
    made.base = base;
    made.quote = "USDT";
    made.feed = base + (spot ? "USDT.SPOT" : "USDT");
    auto& i = made.instrument;
    i.venue = venue;
    i.market = market;
    i.symbol = okx ? base + (spot ? "-USDT" : "-USDT-SWAP") : base + "USDT";
    i.price_decimals = spot ? pair.spot_price : pair.price;
    i.quantity_decimals = spot ? pair.spot_quantity : okx ? pair.okx_quantity : pair.quantity;
    i.tick_size = core::Price{spot ? 1 : pair.tick};
    i.lot_size = core::Quantity{1};
    i.min_quantity = core::Quantity{spot ? pair.spot_lot_least : pair.linear_lot_least};
    i.min_notional = core::Notional{okx ? 0 : 500'000'000};  // 5 USDT
    if (okx && !spot) i.contract_value = core::Notional{pair.okx_value};
    made.max_quantity =
        core::Quantity{static_cast<std::int64_t>(core::pow10[static_cast<std::size_t>(i.quantity_decimals)]) * 100'000};
    made.maker_fee = Rate{spot ? 80'000 : 20'000};
    made.taker_fee = Rate{spot ? 100'000 : 50'000};
    made.locks_conditionals = locks_conditionals(venue);
    return made;
}

}  // namespace

std::vector<Listing> usual_listings(core::Venue venue, std::size_t pairs) {
    if (venue != core::Venue::binance && venue != core::Venue::bitget && venue != core::Venue::bybit &&
        venue != core::Venue::okx)
        throw std::invalid_argument{"venue simulator: expected binance, bitget, bybit or okx"};
    if (pairs == 0 || pairs > max_pairs)
        throw std::invalid_argument{"venue simulator: " + std::to_string(pairs) + " pairs (expected 1 to " +
                                    std::to_string(max_pairs) + ")"};
    std::vector<Listing> all;
    const auto first = first_pairs(pairs);
    for (const auto market : {core::Market::spot, core::Market::linear})
        for (const auto& pair : first) all.push_back(listing(venue, pair, market));
    return all;
}

}  // namespace venue
