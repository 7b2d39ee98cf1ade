#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/tick.hpp"

#include <array>

namespace core {

namespace {

template <std::size_t n>
constexpr std::string_view pick(const std::array<std::string_view, n>& names, std::size_t index) noexcept {
    return index < n ? names[index] : std::string_view{"?"};
}

constexpr std::array<std::string_view, venue_count> venue_names{"binance",  "bitget", "bybit", "okx",
                                                                "coinbase", "kraken", "omega"};
constexpr std::array<std::string_view, 3> market_names{"spot", "linear", "inverse"};

}  // namespace

std::string_view name(Venue venue) noexcept {
    return pick(venue_names, static_cast<std::size_t>(venue));
}
std::string_view name(Market market) noexcept {
    return pick(market_names, static_cast<std::size_t>(market));
}

std::optional<Venue> parse_venue(std::string_view text) noexcept {
    for (std::size_t i = 0; i < venue_names.size(); ++i)
        if (venue_names[i] == text) return static_cast<Venue>(i);
    return std::nullopt;
}

std::optional<Market> parse_market(std::string_view text) noexcept {
    for (std::size_t i = 0; i < market_names.size(); ++i)
        if (market_names[i] == text) return static_cast<Market>(i);
    return std::nullopt;
}

std::string_view name(TickKind kind) noexcept {
    static constexpr std::array<std::string_view, tick_kind_count> names{
        "trade",       "quote",     "level",     "bar",     "funding", "mark",
        "liquidation", "execution", "condition", "command", "timer",   "session"};
    return pick(names, static_cast<std::size_t>(kind));
}

std::string_view name(Session session) noexcept {
    static constexpr std::array<std::string_view, 4> names{"connected", "disconnected", "gap", "resynchronised"};
    return pick(names, static_cast<std::size_t>(session));
}

std::string_view name(Execution execution) noexcept {
    static constexpr std::array<std::string_view, 9> names{"accepted",        "filled_maker", "filled_taker",
                                                           "cancelled",       "expired",      "rejected",
                                                           "cancel_rejected", "resting",      "held"};
    return pick(names, static_cast<std::size_t>(execution));
}

std::string_view name(OrderType type) noexcept {
    static constexpr std::array<std::string_view, 4> names{"limit", "market", "stop_market", "cancel"};
    return pick(names, static_cast<std::size_t>(type));
}

std::string_view name(TimeInForce time_in_force) noexcept {
    static constexpr std::array<std::string_view, 4> names{"gtc", "ioc", "fok", "post_only"};
    return pick(names, static_cast<std::size_t>(time_in_force));
}

std::string_view name(Purpose purpose) noexcept {
    static constexpr std::array<std::string_view, 4> names{"entry", "exit", "stop", "target"};
    return pick(names, static_cast<std::size_t>(purpose));
}

std::string_view name(RejectReason reason) noexcept {
    static constexpr std::array<std::string_view, 14> names{
        "none",        "tick_size",     "lot_size",       "min_notional", "post_only_would_cross",
        "reduce_only", "unknown_order", "would_not_fill", "no_market",    "duplicate_id",
        "too_many",    "balance",       "held_back",      "would_trigger"};
    return pick(names, static_cast<std::size_t>(reason));
}

}  // namespace core
