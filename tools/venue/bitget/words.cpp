#include "tools/venue/bitget/bitget.hpp"

#include <array>
#include <utility>

namespace venue::bitget {

std::string_view side_text(core::Side side) noexcept {
    return side == core::Side::buy ? "buy" : "sell";
}

std::string_view force_text(TimeInForce in_force) noexcept {
    switch (in_force) {
        case TimeInForce::gtc: return "gtc";
        case TimeInForce::ioc: return "ioc";
        case TimeInForce::fok: return "fok";
        case TimeInForce::post_only: return "post_only";
    }
    return "?";
}

std::string_view status_text(const Order& order, bool spot) noexcept {
    switch (order.state) {
        case OrderState::untriggered:
        case OrderState::open: return "live";
        case OrderState::partially_filled: return "partially_filled";
        case OrderState::filled: return "filled";
        // One word, two spellings.
        case OrderState::cancelled:
        case OrderState::expired:
        case OrderState::rejected: return spot ? "cancelled" : "canceled";
    }
    return "?";
}

std::string_view plan_status_text(const Order& order) noexcept {
    if (order.state == OrderState::rejected) return "fail_execute";
    if (order.released) return "executed";
    return order.state == OrderState::untriggered ? "live" : "cancelled";
}

std::string_view order_type_text(const Order& order) noexcept {
    return market_kind(order.kind) ? "market" : "limit";
}

// Source: api-doc common/error-code/restapi; messages as the venue sends them.
ApiError error_of(Refusal refusal, const Listing& listing) {
    const bool spot = listing.spot();
    switch (refusal) {
        case Refusal::unknown_listing: return {"40034", "Parameter symbol does not exist"};
        case Refusal::unknown_order:
        case Refusal::finished:
            return spot ? ApiError{"43001", "The order does not exist"} : ApiError{"40768", "Order does not exist"};
        case Refusal::duplicate_client_id:
            return spot ? ApiError{"43118", "clientOrderId duplicate"} : ApiError{"40786", "Duplicate clientOid"};
        case Refusal::bad_price: return {"40706", "Wrong order price"};
        case Refusal::tick_size:
            return {"45115",
                    "The price you enter should be a multiple of " + price_text(listing, listing.instrument.tick_size)};
        case Refusal::bad_quantity: return {"40108", "Wrong order quantity"};
        case Refusal::lot_size: return {"45111", "less than the minimum order quantity"};
        case Refusal::min_notional:
            return {"45110", "less than the minimum amount " + core::to_text(listing.instrument.min_notional) + " " +
                                 listing.quote};
        case Refusal::too_large: return {"45113", "Maximum order value limit triggered"};
        case Refusal::bad_trigger:
        case Refusal::would_trigger: return {"43011", "The parameter does not meet the specification triggerPrice"};
        case Refusal::balance: return {"43012", "Insufficient balance"};
        case Refusal::margin: return {"40762", "The order amount exceeds the balance"};
        case Refusal::reduce_only: return {"22002", "No position to close"};
        case Refusal::position_side:
            return {"40774", "The order type for unilateral position must also be the unilateral position type."};
        case Refusal::leverage: return {"40104", "Lever adjustment failure"};
        case Refusal::open_positions:
            return {"45117", "Currently holding positions or orders, the margin mode cannot be adjusted"};
        case Refusal::unchanged: return {"40923", "Order size and price have not changed"};
        case Refusal::too_many_orders: return {"40761", "The total number of unfilled orders is too high"};
        case Refusal::post_only:
        case Refusal::not_fillable:
        case Refusal::no_market:
        case Refusal::none:
        case Refusal::unknown_account:
        case Refusal::self_trade:
        case Refusal::liquidated: break;
    }
    return {"40015", "System is abnormal, please try again later"};
}

core::Nanoseconds granularity_of(std::string_view text) noexcept {
    using namespace std::chrono_literals;
    if (text.ends_with("utc") || text.ends_with("Utc") || text.ends_with("UTC")) text.remove_suffix(3);
    // Futures and sockets spell 1m, 1H, 1D; spot spells 1min, 1h, 1day. A month has no width of its own.
    constexpr std::array<std::pair<std::string_view, std::chrono::minutes>, 27> known{
        {{"1m", 1min},      {"3m", 3min},        {"5m", 5min},    {"15m", 15min},  {"30m", 30min},   {"1H", 60min},
         {"2H", 120min},    {"4H", 240min},      {"6H", 360min},  {"12H", 720min}, {"1D", 1440min},  {"3D", 4320min},
         {"1W", 10080min},  {"1min", 1min},      {"3min", 3min},  {"5min", 5min},  {"15min", 15min}, {"30min", 30min},
         {"1h", 60min},     {"2h", 120min},      {"4h", 240min},  {"6h", 360min},  {"12h", 720min},  {"1day", 1440min},
         {"3day", 4320min}, {"1week", 10080min}, {"1w", 10080min}}};
    for (const auto& [name, width] : known)
        if (name == text) return width;
    return {};
}

}  // namespace venue::bitget
