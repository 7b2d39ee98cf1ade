#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/time.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace core {

enum class OrderType : std::uint8_t {
    limit,
    market,
    stop_market,
    cancel
};  ///< `cancel` asks for order `id` to be cancelled
enum class TimeInForce : std::uint8_t { gtc, ioc, fok, post_only };
enum class Purpose : std::uint8_t {
    entry,
    exit,
    stop,
    target
};  ///< why it exists; stops and targets protect a position

/// Why a venue (or the paper venue) refused an order.
enum class RejectReason : std::uint8_t {
    none,
    tick_size,
    lot_size,
    min_notional,
    post_only_would_cross,
    reduce_only,
    unknown_order,
    would_not_fill,
    no_market,
    duplicate_id,
    too_many
};

std::string_view name(OrderType) noexcept;
std::string_view name(TimeInForce) noexcept;
std::string_view name(Purpose) noexcept;
std::string_view name(RejectReason) noexcept;

/// The client order id: epoch (start counter of the run, high 24 bits) and a counter (low 40 bits). Never 0, never
/// reused.
struct OrderId {
    std::uint64_t value{};
    friend constexpr auto operator<=>(OrderId, OrderId) = default;
    static constexpr OrderId of(std::uint32_t epoch, std::uint64_t counter) noexcept {
        return {(static_cast<std::uint64_t>(epoch) << 40) | counter};
    }
};

/// An order as the risk gate approved it: what the gateway journals, encodes and sends. 64 bytes.
struct alignas(64) Order {
    OrderId id{};
    InstrumentId instrument{};
    Venue venue{};
    Side side{};
    OrderType type{};
    TimeInForce time_in_force{};
    Purpose purpose{};
    std::uint8_t bot{};  ///< index of the bot that wants it
    bool reduce_only{};
    std::uint8_t pad[3]{};
    std::uint32_t seal{};  ///< the journal's check of this record; 0 until it is written
    Price price{};         ///< limit price; 0 for market orders
    Price trigger{};       ///< stop orders: the trade price that releases it; else 0
    Quantity quantity{};
    Nanoseconds time{};        ///< venue_time of the tick that caused it
    std::uint64_t sequence{};  ///< sequence of that tick
};
static_assert(std::is_trivially_copyable_v<Order> && sizeof(Order) == 64);

}  // namespace core
