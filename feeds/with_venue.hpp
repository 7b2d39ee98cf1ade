#pragma once

#include "feeds/binance/feed.hpp"
#include "feeds/bitget/decoder.hpp"
#include "feeds/bitget/synchroniser.hpp"
#include "feeds/bybit/decoder.hpp"
#include "feeds/bybit/synchroniser.hpp"
#include "feeds/coinbase/feed.hpp"
#include "feeds/feed.hpp"
#include "feeds/kraken/feed.hpp"
#include "feeds/okx/decoder.hpp"
#include "feeds/okx/synchroniser.hpp"

#include <stdexcept>

namespace feeds {

/// A venue as a type, for code that is compiled once a venue.
template <class D, class S>
struct VenueTypes {
    using Decoder = D;
    using Feed = feeds::Feed<D, S>;
};

/// Calls f(VenueTypes<…>{}) of a venue chosen at run time. Throws std::invalid_argument for Venue::omega, which has no
/// feed. Whatever f does is compiled six times; where one call a frame is no matter, AnyFeed is lighter.
template <class F>
decltype(auto) with_venue(core::Venue venue, F&& f) {
    switch (venue) {
        case core::Venue::binance: return f(VenueTypes<binance::Decoder, binance::Synchroniser>{});
        case core::Venue::bitget: return f(VenueTypes<bitget::Decoder, bitget::Synchroniser>{});
        case core::Venue::bybit: return f(VenueTypes<bybit::Decoder, bybit::Synchroniser>{});
        case core::Venue::okx: return f(VenueTypes<okx::Decoder, okx::Synchroniser>{});
        case core::Venue::coinbase: return f(VenueTypes<coinbase::Decoder, coinbase::Synchroniser>{});
        case core::Venue::kraken: return f(VenueTypes<kraken::Decoder, kraken::Synchroniser>{});
        case core::Venue::omega: break;
    }
    throw std::invalid_argument{"this venue has no market data feed"};
}

}  // namespace feeds
