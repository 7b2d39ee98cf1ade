#pragma once

#include "core/domain/instrument.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace venue {

/// A share of something, in 1e-8: a fee of 0.02 % is 20'000. Negative: a rebate.
struct Rate {
    static constexpr int decimals = 8;
    std::int64_t units{};
    friend constexpr auto operator<=>(Rate, Rate) = default;
};

/// Index of a listing in its engine.
using ListingId = std::uint16_t;

/// What the venue trades: the rules of one instrument and where its outside market comes from.
struct Listing {
    core::Instrument instrument;    ///< rules; `symbol` is the venue's own text, `id` is not used
    std::string base, quote;        ///< "BTC", "USDT"
    std::string feed;               ///< symbol of the market source it follows: "BTCUSDT" or "BTCUSDT.SPOT"
    core::Quantity max_quantity{};  ///< largest order
    Rate maker_fee{20'000}, taker_fee{50'000};
    Rate maintenance{500'000};  ///< maintenance margin of a position's notional, 0.5 %
    int max_leverage{100};      ///< of a derivative
    Rate funding{10'000};       ///< rate of the next funding, 0.01 %
    /// Spot: an order that waits for a price takes what it would pay with out of the free balance at once. Where it
    /// does not, that is asked for when its price has come, and the order fails if it is not there.
    bool locks_conditionals{true};

    [[nodiscard]] bool spot() const noexcept { return instrument.market == core::Market::spot; }
};

/// `pairs` bases against USDT, each spot and linear, as `venue` spells, sizes and prices them: BTC, ETH, SOL and XRP,
/// then those of feeds::synthetic::usual_instruments, the same at every venue. Throws std::invalid_argument for a venue
/// that is not simulated, and for pairs outside 1 to max_pairs.
std::vector<Listing> usual_listings(core::Venue venue, std::size_t pairs = 4);
inline constexpr std::size_t max_pairs = 500;

}  // namespace venue
