#pragma once

#include "core/domain/tick.hpp"
#include "tools/venue/engine/listing.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace venue {

using AccountId = std::uint32_t;
using OrderNumber = std::uint64_t;  ///< the venue's order id, unique over all listings; 0: none

enum class OrderKind : std::uint8_t { limit, market, stop_limit, stop_market, take_profit_limit, take_profit_market };
enum class TimeInForce : std::uint8_t { gtc, ioc, fok, post_only };
/// Which position an order works on: `net` in one-way mode, else the long or the short one.
enum class PositionSide : std::uint8_t { net, long_, short_ };
/// What releases a triggered order.
enum class TriggerBy : std::uint8_t { last, mark };
enum class OrderState : std::uint8_t {
    untriggered,
    open,
    partially_filled,
    filled,
    cancelled,
    expired,   ///< the venue ended it: IOC and FOK remainders, market orders without a market, own orders met
    rejected,  ///< a triggered order that could not be placed
};

constexpr bool live(OrderState state) noexcept {
    return state <= OrderState::partially_filled;
}
constexpr bool triggered_kind(OrderKind kind) noexcept {
    return kind >= OrderKind::stop_limit;
}
constexpr bool market_kind(OrderKind kind) noexcept {
    return kind == OrderKind::market || kind == OrderKind::stop_market || kind == OrderKind::take_profit_market;
}
constexpr bool stop_kind(OrderKind kind) noexcept {
    return kind == OrderKind::stop_limit || kind == OrderKind::stop_market;
}

/// Why the engine refused something. A dialect turns it into its venue's code and words.
enum class Refusal : std::uint8_t {
    none,
    unknown_listing,
    unknown_order,
    unknown_account,
    duplicate_client_id,
    bad_price,       ///< not positive, or out of the accepted band
    tick_size,       ///< not a multiple of the tick
    bad_quantity,    ///< not positive
    lot_size,        ///< not a multiple of the lot, below the smallest or above the largest order
    min_notional,    ///< worth too little
    too_large,       ///< worth more than can be counted
    bad_trigger,     ///< missing, or not a multiple of the tick
    would_trigger,   ///< the trigger has been passed already
    balance,         ///< not enough of the asset (spot)
    margin,          ///< not enough margin (derivatives)
    post_only,       ///< would take
    not_fillable,    ///< fill-or-kill that cannot be filled
    reduce_only,     ///< nothing to reduce
    position_side,   ///< does not fit the account's position mode
    leverage,        ///< outside 1..max
    open_positions,  ///< refused while orders or positions are open
    unchanged,       ///< it is as asked already
    too_many_orders,
    finished,    ///< the order is no longer live
    self_trade,  ///< met an order of the same account
    no_market,   ///< nothing left to trade with
    liquidated,  ///< its account's margin was gone
};
std::string_view name(Refusal refusal) noexcept;

/// What a client asks for.
struct NewOrder {
    ListingId listing{};
    std::string client_id{};  ///< empty: the engine makes one
    core::Side side{};
    OrderKind kind{};
    TimeInForce time_in_force{};
    PositionSide position_side{};
    TriggerBy trigger_by{};
    bool reduce_only{};
    bool close_position{};          ///< derivatives: all of the position when triggered; `quantity` is not looked at
    bool isolated{};                ///< margin mode, where a venue says it with the order
    bool locks_at_once{};           ///< spot, waiting for a price: it locks though its listing's others do not
    core::Price price{};            ///< of limit kinds
    core::Price trigger{};          ///< of triggered kinds
    core::Quantity quantity{};      ///< in the listing's units
    core::Notional quote_amount{};  ///< spot market buys by amount: what to spend; then `quantity` is 0
};

/// An order as the venue keeps it.
struct Order : NewOrder {
    OrderNumber number{};
    AccountId account{};
    OrderState state{};
    Refusal reason{};  ///< why it was rejected or expired
    core::Quantity filled{};
    core::Notional filled_quote{};  ///< what the fills were worth
    std::int64_t locked{};          ///< spot: what it holds back, 1e-8 of the asset it pays with
    core::Notional realised{};
    std::int64_t fee{};  ///< of all fills, 1e-8 of the fee's asset
    bool released{};     ///< a triggered order whose trigger has come
    bool liquidation{};
    core::Nanoseconds created{}, updated{};

    [[nodiscard]] core::Quantity left() const noexcept { return quantity - filled; }
};

/// One side of a trade that was ours.
struct Fill {
    std::uint64_t trade{};  ///< id of the public trade
    OrderNumber order{};
    ListingId listing{};
    core::Side side{};
    PositionSide position_side{};
    bool maker{};
    core::Price price{};
    core::Quantity quantity{};
    core::Notional quote{};
    std::int64_t fee{};  ///< 1e-8 of `fee_asset`, > 0 paid
    std::string fee_asset{};
    core::Notional realised{};
    core::Nanoseconds time{};
};

/// A trade as everybody sees it.
struct PublicTrade {
    std::uint64_t id{};
    core::Side aggressor{};
    core::Price price{};
    core::Quantity quantity{};
    core::Nanoseconds time{};
};

}  // namespace venue
