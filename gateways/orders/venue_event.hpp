#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/time.hpp"
#include "gateways/orders/short_text.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace gateways {

/// What a venue said about our account, in no venue's dialect. It comes from a private stream, as the answer to a
/// request of ours, or from asking; `VenueEvent::source` says which.
enum class VenueEventKind : std::uint8_t {
    acknowledged,     ///< the venue has the order (Acknowledged)
    order_update,     ///< an order as it stands (OrderUpdate); also the answer "found"
    fill,             ///< one trade of ours (Fill)
    rejected,         ///< the order was refused and never was in the book (Rejected)
    cancelled,        ///< it left the book by cancel (Closed)
    expired,          ///< it left the book by itself: IOC, FOK, post-only, self-trade prevention, end of day (Closed)
    cancel_rejected,  ///< a cancel was refused; the order may be anything (Rejected)
    not_found,        ///< answer to asking for an order by id: the venue knows no such order; no payload
    outcome_unknown,  ///< a request whose answer was lost, late or "unknown" (5xx, -1007, 50004); no payload
    balance,          ///< BalanceUpdate
    position,         ///< PositionUpdate
    liquidation,      ///< the venue closes (part of) our position (Liquidation); its fills come as `fill`
    stream_up,        ///< the private stream is subscribed and live; no payload
    stream_down       ///< it is gone: events may be missing until reconciled; no payload
};
inline constexpr std::size_t venue_event_kind_count = 14;
std::string_view name(VenueEventKind kind) noexcept;

/// How we came to know.
enum class EventSource : std::uint8_t {
    stream,  ///< pushed by the private stream
    answer,  ///< the answer to the request that placed or cancelled the order
    query    ///< the answer to a question: order by id, open orders, fills, positions, balances
};
std::string_view name(EventSource source) noexcept;

/// Who made the order, as far as the venue says so.
enum class OrderOrigin : std::uint8_t {
    account,       ///< ours or another client of the account: the client order id tells
    liquidation,   ///< the venue's liquidation engine
    deleveraging,  ///< auto-deleveraging
    settlement     ///< delivery or delisting
};
std::string_view name(OrderOrigin origin) noexcept;

/// An order's status at the venue.
enum class VenueStatus : std::uint8_t {
    pending,           ///< accepted, not in the book yet: a stop not triggered, PENDING_NEW
    working,           ///< in the book, nothing filled
    partially_filled,  ///< in the book, partly filled
    filled,
    cancelled,
    rejected,
    expired
};
std::string_view name(VenueStatus status) noexcept;
/// Nothing more can happen to it but fills that are told late.
constexpr bool final(VenueStatus status) noexcept {
    return status >= VenueStatus::filled;
}

/// Why a request was refused, in classes that decide what we do next. core::RejectReason says less: it is what
/// strategies see.
enum class Refusal : std::uint8_t {
    other,  ///< a code this program does not know: see `Rejected::code`
    tick_size,
    lot_size,
    min_notional,
    max_quantity,
    price_band,
    post_only_would_cross,
    would_not_fill,  ///< FOK or IOC without counterpart
    reduce_only,     ///< would increase, or nothing to reduce
    unknown_order,   ///< cancel, amend, query: no such order (any more)
    already_final,   ///< cancel: filled or cancelled before
    duplicate_id,    ///< an order with this id EXISTS: never to be taken for a failed order
    too_many_orders,
    insufficient_balance,
    no_market,     ///< halted, delisted, unknown symbol
    rate_limited,  ///< 429, 10006, 50011, …: nothing was placed
    banned,        ///< 418 and 403
    clock,         ///< timestamp outside the receive window: nothing was placed
    credentials,   ///< key, signature, passphrase
    permission,    ///< key may not trade, IP not on the list
    account_mode,  ///< position mode, margin mode or leverage does not suit
    malformed,     ///< parameters
    unavailable,   ///< overload or maintenance, said before anything was placed
    would_trigger  ///< a stop whose price has come already: it would be a market order at once
};
inline constexpr std::size_t refusal_count = 24;
std::string_view name(Refusal refusal) noexcept;
/// The nearest of what strategies tell apart; `none` where they have no word for it.
core::RejectReason to_reject_reason(Refusal refusal) noexcept;

/// Maker or taker of a fill, where the venue says so.
enum class Liquidity : std::uint8_t { unknown, maker, taker };

/// units·10^-decimals of a currency (or of the quote currency per base), exactly as the venue wrote it.
struct Amount {
    std::int64_t units{};
    std::uint8_t decimals{};  ///< 0 … 18
    friend constexpr bool operator==(const Amount&, const Amount&) = default;
};

struct Acknowledged {};

/// An order as it stands at the venue. Quantities in the instrument's units.
struct OrderUpdate {
    VenueStatus status{};
    core::OrderType type{};  ///< limit where the venue's type is none of ours
    core::TimeInForce time_in_force{};
    bool reduce_only{};
    bool conditional{};         ///< stands in the venue's book of orders that wait for something: a price, a trail
    core::Quantity quantity{};  ///< as ordered; 0: not told
    core::Price price{};        ///< limit price; 0: market, or not told
    core::Price trigger{};      ///< of a stop, else 0
    core::Quantity filled{};    ///< cumulative, never decreases
    Amount average_price{};     ///< of what is filled; units 0: not told. For people: the fills are the truth
    Refusal refusal{};          ///< when rejected
};

/// One trade of ours. Its identity is (order, trade): a self-trade gives both orders the same trade id.
struct Fill {
    VenueId trade{};
    core::Price price{};
    core::Quantity quantity{};  ///< of this trade
    core::Quantity filled{};    ///< the order's cumulative quantity with this trade; 0: not told
    Amount fee{};               ///< > 0 paid, < 0 rebate
    Asset fee_asset{};          ///< empty: the fee is not known (yet)
    Liquidity liquidity{};
};

struct Rejected {
    Refusal refusal{};
    std::int32_t code{};  ///< the venue's own, 0 if none
};

/// cancelled, expired.
struct Closed {
    core::Quantity filled{};  ///< cumulative at its end; only if `filled_known`
    bool filled_known{};
    Refusal refusal{};  ///< expired: why, `other` if not told
};

/// What we have of one currency at the venue.
struct BalanceUpdate {
    Asset asset{};
    Amount wallet{};     ///< with what is locked in orders, without unrealised gain
    Amount available{};  ///< for new orders
};

enum class PositionSide : std::uint8_t { net, long_only, short_only };  ///< the latter two: hedge mode

struct PositionUpdate {
    core::Quantity quantity{};  ///< signed: < 0 short, in hedge mode, too
    Amount entry{};             ///< average entry price; units 0: not told
    PositionSide side{};
};

struct Liquidation {
    core::Quantity quantity{};  ///< of the closing order, > 0; 0: not told (VenueEvent::side is the closing side)
    core::Price price{};        ///< 0: not told
};

/// One thing a venue said. Trivially copyable; made by a venue's codec, read by the OrderLedger.
struct VenueEvent {
    VenueEventKind kind{};
    EventSource source{};
    core::Venue venue{};
    core::Side side{};                ///< of the order or fill
    core::InstrumentId instrument{};  ///< no_instrument: it is none of the configured ones, or none at all
    OrderOrigin origin{};
    core::Nanoseconds venue_time{};  ///< receive_time where the venue gives none
    core::Nanoseconds receive_time{};
    core::OrderId order{};  ///< our id (parse_client_id); 0: not an order of this engine
    VenueId venue_order{};  ///< the venue's id; empty: not told
    union {
        Acknowledged acknowledged;
        OrderUpdate update;
        Fill fill;
        Rejected rejected;
        Closed closed;
        BalanceUpdate balance;
        PositionUpdate position;
        Liquidation liquidation;
    };

    constexpr VenueEvent() noexcept : fill{} {}

    /// True when it speaks of one order.
    [[nodiscard]] constexpr bool of_order() const noexcept { return kind <= VenueEventKind::outcome_unknown; }
};
static_assert(std::is_trivially_copyable_v<VenueEvent> && sizeof(VenueEvent) <= 208);

}  // namespace gateways
