#pragma once

#include "core/domain/position.hpp"
#include "core/net/secret.hpp"
#include "tools/venue/engine/order.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace venue {

/// Of one asset, in 1e-8 of it.
struct Balance {
    std::int64_t free{};
    std::int64_t locked{};  ///< held back by open spot orders
    [[nodiscard]] std::int64_t total() const noexcept { return free + locked; }
};
using Balances = std::map<std::string, Balance>;

/// A position of one listing and side.
struct Position {
    core::Position held{};
    core::Notional isolated_margin{};  ///< set aside for it; 0 where the margin is shared
    core::Nanoseconds updated{};
};

/// How an account trades one derivative.
struct MarginSettings {
    int leverage{20};
    bool isolated{};
};

/// What a key may be told and who it is.
struct Credentials {
    std::string key;
    core::Secret secret;
    core::Secret passphrase;
};

/// One client of the venue. Only the engine changes it.
struct Account {
    AccountId id{};
    Credentials credentials{};
    bool hedge{};    ///< long and short positions beside each other
    bool unified{};  ///< one wallet for spot and derivatives
    Balances wallet{};
    Balances margin_wallet{};  ///< of derivatives; not used when unified
    std::map<std::pair<ListingId, PositionSide>, Position> positions{};
    std::map<ListingId, MarginSettings> margin_settings{};
    std::set<OrderNumber> open{};  ///< live orders, oldest first
    std::map<std::string, OrderNumber, std::less<>> by_client_id{};
    std::deque<Fill> fills{};  ///< oldest first, the newest max_fills
    static constexpr std::size_t max_fills = 10'000;

    [[nodiscard]] Balances& derivatives() noexcept { return unified ? wallet : margin_wallet; }
    [[nodiscard]] const Balances& derivatives() const noexcept { return unified ? wallet : margin_wallet; }
    [[nodiscard]] MarginSettings settings_of(ListingId listing) const {
        const auto found = margin_settings.find(listing);
        return found == margin_settings.end() ? MarginSettings{} : found->second;
    }
    [[nodiscard]] const Position* position(ListingId listing, PositionSide side) const {
        const auto found = positions.find({listing, side});
        return found == positions.end() ? nullptr : &found->second;
    }
};

}  // namespace venue
