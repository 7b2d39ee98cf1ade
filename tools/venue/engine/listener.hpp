#pragma once

#include "tools/venue/engine/account.hpp"

namespace venue {

/// What happened to an order.
enum class Change : std::uint8_t { accepted, triggered, amended, filled, cancelled, expired, rejected };
/// Why an account's balances or positions changed.
enum class Cause : std::uint8_t { order, fill, funding, liquidation, transfer, configuration };

/// Hears what happens in the engine, in its order. Called in the middle of an operation: a listener notes and writes,
/// it never calls a changing function of the engine.
class Listener {
public:
    virtual ~Listener() = default;
    /// `fill`: only with Change::filled.
    virtual void on_order(const Account& account, const Order& order, Change change, const Fill* fill) = 0;
    /// Balances or positions of a listing's assets are not what they were. `fee`-like lone changes have no order.
    virtual void on_account(const Account& account, ListingId listing, Cause cause, core::Notional amount) = 0;
    virtual void on_trade(ListingId listing, const PublicTrade& trade) = 0;
    /// The displayed quantity at a price, 0: the level is gone. `update_id` rises by one with each.
    virtual void on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                          std::uint64_t update_id) = 0;
};

}  // namespace venue
