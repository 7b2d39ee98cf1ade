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
#include <type_traits>
#include <utility>
#include <variant>

namespace feeds {

/// A venue as a type, for code that is compiled once a venue.
template <class D, class S>
struct VenueTypes {
    using Decoder = D;
    using Feed = feeds::Feed<D, S>;
};

/// Calls f(VenueTypes<…>{}) of a venue chosen at run time. Throws std::invalid_argument for Venue::omega, which has no
/// feed.
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

/// The Feed of a venue chosen at run time, for tools. The choice costs one predictable branch a frame.
class AnyFeed {
public:
    /// As Feed's; throws std::invalid_argument for Venue::omega.
    AnyFeed(core::Venue venue, core::InstrumentTable& instruments, bool learn = false) {
        with_venue(venue, [&](auto types) { feed_.emplace<typename decltype(types)::Feed>(instruments, learn); });
    }

    template <class Sink>
    void on_frame(const Frame& frame, Sink&& sink) noexcept {
        visit([&](auto& feed) { feed.on_frame(frame, sink); });
    }
    [[nodiscard]] const FeedStats& stats() noexcept {
        const FeedStats* stats = nullptr;
        visit([&](auto& feed) { stats = &feed.stats(); });
        return *stats;
    }
    /// f(the venue's own Feed).
    template <class F>
    void visit(F&& f) noexcept {
        std::visit(
            [&](auto& feed) {
                if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(feed)>, std::monostate>) f(feed);
            },
            feed_);
    }

private:
    std::variant<std::monostate, Feed<binance::Decoder, binance::Synchroniser>,
                 Feed<bitget::Decoder, bitget::Synchroniser>, Feed<bybit::Decoder, bybit::Synchroniser>,
                 Feed<okx::Decoder, okx::Synchroniser>, Feed<coinbase::Decoder, coinbase::Synchroniser>,
                 Feed<kraken::Decoder, kraken::Synchroniser>>
        feed_;
};

}  // namespace feeds
