#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/price.hpp"
#include "core/domain/time.hpp"

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace core {

enum class Side : std::uint8_t { buy, sell };  ///< of a level: buy = bid, sell = ask
constexpr Side opposite(Side side) noexcept {
    return side == Side::buy ? Side::sell : Side::buy;
}
/// +1 for buy, -1 for sell.
constexpr int sign(Side side) noexcept {
    return side == Side::buy ? 1 : -1;
}

enum class TickKind : std::uint8_t {
    trade,
    quote,
    level,
    bar,
    funding,
    mark,
    liquidation,
    execution,
    condition,
    command,
    timer,
    session
};
inline constexpr std::size_t tick_kind_count = 12;
std::string_view name(TickKind kind) noexcept;  ///< "trade", "quote", "level", …

/// Bits of Tick::flags.
namespace tick_flag {
inline constexpr std::uint8_t first = 1;     ///< first level of a book event
inline constexpr std::uint8_t last = 2;      ///< last level of a book event: the book is whole again after it
inline constexpr std::uint8_t snapshot = 4;  ///< level of a snapshot: with `first`, the book is emptied before it
inline constexpr std::uint8_t closed = 8;    ///< bar: final
inline constexpr std::uint8_t fee_in_base =
    16;  ///< execution: its fee was taken in the coin itself (spot): so much less of it is held
}  // namespace tick_flag

/// What a `session` tick says (Tick::code). They concern one instrument, or all of a venue if it is no_instrument.
enum class Session : std::uint16_t { connected, disconnected, gap, resynchronised };
std::string_view name(Session session) noexcept;

/// What an `execution` tick says (low byte of Tick::code; the high byte is a RejectReason when rejected, a Purpose of
/// `resting`, the bot of `held`). The last two come at a start only and restore what an earlier run left: first every order that still
/// rests (side, what is left, price of a limit order, trigger of a stop), then the position itself (`held`: side,
/// quantity, average entry), which completes it.
enum class Execution : std::uint8_t {
    accepted,
    filled_maker,
    filled_taker,
    cancelled,
    expired,
    rejected,
    cancel_rejected,
    resting,
    held
};
std::string_view name(Execution execution) noexcept;

/// Conditions (Tick::code of `condition`): computed off the hot thread, pure functions of the bucket start.
enum class Condition : std::uint16_t {
    moon,
    mercury,
    time_cycle,
    circadian,
    geographic,
    schumann,
    liquidity,
    sentiment
};

struct Trade {  ///< one public trade; Tick::side is the aggressor
    Price price;
    Quantity quantity;
    std::uint64_t trade_id;
};
struct Quote {  ///< best bid and ask as the venue pushed them
    Price bid_price;
    Quantity bid_quantity;
    Price ask_price;
    Quantity ask_quantity;
};
struct Level {  ///< one price level's new absolute quantity, 0 removes; Tick::side tells bid or ask
    Price price;
    Quantity quantity;
    std::uint64_t update_id;  ///< the venue's last sequence number of the event this level belongs to
};
struct BarUpdate {  ///< a candle as the venue pushed it; Tick::venue_time is its START; offsets are price units above
                    ///< `low`
    Price low;
    Quantity volume;
    std::uint32_t open_above_low, high_above_low, close_above_low;
    std::uint32_t interval_s;
};
struct Funding {        ///< perpetual funding
    std::int64_t rate;  ///< 1e-10 (0.0001 = 1'000'000)
    Nanoseconds next;   ///< when it is next exchanged
};
struct Mark {  ///< the venue's mark and index price; index 0 = not given
    Price mark, index;
};
struct ExecutionReport {  ///< what became of an order of ours; Tick::side is the order's, price 0 when nothing traded
    std::uint64_t order_id;
    Price price;        ///< of this fill
    Quantity quantity;  ///< of this fill; for accepted/cancelled/expired: what is left
    Notional fee;       ///< of this fill, >= 0 paid, < 0 rebate
};
struct ConditionValue {  ///< NaN = unknown
    double value, aux;
};
struct Command {  ///< Tick::code is the verb's own enumeration
    std::uint64_t id;
    std::int64_t argument[3];
};

/// One thing that can change a decision: 64 bytes, trivially copyable; every stage's only input.
/// `sequence` is given by the Sequencer; before that it is 0.
struct alignas(64) Tick {
    std::uint64_t sequence{};
    Nanoseconds venue_time{};    ///< the venue's own time of the event; receive_time where the venue gives none
    Nanoseconds receive_time{};  ///< when the frame's last byte was read
    InstrumentId instrument{};
    Venue venue{};
    TickKind kind{};
    Side side{};
    std::uint8_t flags{};
    std::uint16_t code{};
    union {
        Trade trade;
        Quote quote;
        Level level;
        BarUpdate bar;
        Funding funding;
        Mark mark;
        ExecutionReport execution;
        ConditionValue condition;
        Command command;
    };

    constexpr Tick() noexcept : trade{} {}

    [[nodiscard]] constexpr bool is(TickKind k) const noexcept { return kind == k; }
    /// True on every tick but the inner levels of a book event: the instrument's book is whole.
    [[nodiscard]] constexpr bool whole() const noexcept {
        return kind != TickKind::level || (flags & tick_flag::last) != 0;
    }
};
static_assert(std::is_trivially_copyable_v<Tick> && sizeof(Tick) == 64);

}  // namespace core
