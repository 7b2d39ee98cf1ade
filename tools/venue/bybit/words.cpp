#include "tools/venue/bybit/bybit.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace venue::bybit {

std::string_view side_text(core::Side side) noexcept {
    return side == core::Side::buy ? "Buy" : "Sell";
}

std::string_view category_text(core::Market market) noexcept {
    return market == core::Market::spot ? "spot" : "linear";
}

std::string_view time_in_force_text(const NewOrder& order) noexcept {
    // At the market is always immediate or cancel.
    if (market_kind(order.kind)) return "IOC";
    switch (order.time_in_force) {
        case TimeInForce::gtc: return "GTC";
        case TimeInForce::ioc: return "IOC";
        case TimeInForce::fok: return "FOK";
        case TimeInForce::post_only: return "PostOnly";
    }
    return "?";
}

std::string_view status_text(const Order& order, bool spot) noexcept {
    switch (order.state) {
        case OrderState::untriggered: return "Untriggered";
        case OrderState::open: return "New";
        case OrderState::partially_filled: return "PartiallyFilled";
        case OrderState::filled: return "Filled";
        // Source: "Place Order": if what it needs is not there once it is triggered, "the order will be cancelled".
        case OrderState::rejected: return "Cancelled";
        case OrderState::cancelled:
        case OrderState::expired: break;
    }
    // What is bought for an amount ends when the amount is spent.
    if (order.quote_amount.units != 0 && order.filled.units != 0 && order.left().units == 0) return "Filled";
    if (triggered_kind(order.kind) && !order.released) return "Deactivated";
    return spot && order.filled.units != 0 ? "PartiallyFilledCanceled" : "Cancelled";
}

std::string_view reject_reason_text(const Order& order) noexcept {
    switch (order.reason) {
        case Refusal::post_only: return "EC_PostOnlyWillTakeLiquidity";
        case Refusal::not_fillable:
        case Refusal::no_market: return "EC_NoImmediateQtyToFill";
        case Refusal::reduce_only: return "EC_CancelByReduceOnly";
        case Refusal::self_trade: return "EC_CancelBySelfMatch";
        case Refusal::margin:
        case Refusal::balance: return "EC_NoEnoughQtyToFill";
        default: return order.state == OrderState::cancelled ? "EC_PerCancelRequest" : "EC_NoError";
    }
}

// Source: docs/v5/error.
ApiError error_of(Refusal refusal, const Listing& listing) {
    const bool spot = listing.spot();
    const auto either = [spot](const ApiError& of_spot, const ApiError& of_linear) {
        return spot ? of_spot : of_linear;
    };
    switch (refusal) {
        case Refusal::unknown_listing: return {10001, "Not supported symbols"};
        case Refusal::unknown_order:
        case Refusal::finished:
            return either({170213, "Order does not exist."}, {110001, "order not exists or too late to cancel"});
        case Refusal::duplicate_client_id:
            return either({170141, "Duplicate clientOrderId"}, {110072, "OrderLinkedID is duplicate"});
        case Refusal::bad_price:
            return either({170133, "Order price lower than the minimum."},
                          {110003, "Order price exceeds the allowable range."});
        case Refusal::tick_size:
            return either({170134, "Order price has too many decimals."}, bad_parameter("Price invalid"));
        case Refusal::bad_quantity:
        case Refusal::lot_size:
            return either({170136, "Order quantity exceeded lower limit."}, bad_parameter("Qty invalid"));
        case Refusal::min_notional:
            return either({170140, "Order value exceeded lower limit."},
                          {110094, "Order does not meet minimum order value " +
                                       core::to_text(listing.instrument.min_notional) + listing.quote});
        case Refusal::too_large: return either({170124, "Order amount too large."}, bad_parameter("Qty invalid"));
        case Refusal::bad_trigger:
            return either({170203, "Please enter the TP/SL price."}, bad_parameter("TriggerPrice invalid"));
        case Refusal::balance: return {170131, "Insufficient balance."};
        case Refusal::margin: return {110007, "ab not enough for new order"};
        case Refusal::reduce_only: return {110017, "current position is zero, cannot fix reduce-only order qty"};
        case Refusal::position_side: return {10001, "position idx not match position mode"};
        case Refusal::leverage: return bad_parameter("Leverage invalid");
        case Refusal::open_positions:
            return {110024, "You have an existing position, so the position mode cannot be switched."};
        case Refusal::unchanged: return {10001, "order not modified"};
        case Refusal::too_many_orders: return {110020, "number of active orders greater than 500"};
        case Refusal::would_trigger:
        case Refusal::post_only:
        case Refusal::not_fillable:
        case Refusal::no_market:
        case Refusal::none:
        case Refusal::unknown_account:
        case Refusal::self_trade:
        case Refusal::liquidated: break;
    }
    return {10016, "Internal System Error"};
}

core::Nanoseconds interval_of(std::string_view text) noexcept {
    using namespace std::chrono_literals;
    constexpr std::array<std::pair<std::string_view, std::chrono::minutes>, 12> known{{{"1", 1min},
                                                                                       {"3", 3min},
                                                                                       {"5", 5min},
                                                                                       {"15", 15min},
                                                                                       {"30", 30min},
                                                                                       {"60", 60min},
                                                                                       {"120", 120min},
                                                                                       {"240", 240min},
                                                                                       {"360", 360min},
                                                                                       {"720", 720min},
                                                                                       {"D", 1440min},
                                                                                       {"W", 10080min}}};
    for (const auto& [name, width] : known)
        if (name == text) return width;
    return {};
}

std::string uuid_of(std::uint64_t number) {
    std::array<char, 40> text{};
    const auto size = std::snprintf(text.data(), text.size(), "00000000-0000-4000-%04x-%012llx",
                                    0x8000U | static_cast<unsigned>(number >> 48U & 0x3fffU),
                                    static_cast<unsigned long long>(number & 0xffff'ffff'ffffU));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::optional<std::uint64_t> number_of(std::string_view id) noexcept {
    const bool uuid = id.size() == 36;
    std::uint64_t high{}, low{};
    if (uuid) {
        if (!id.starts_with("00000000-0000-4000-") || id[23] != '-') return std::nullopt;
        const auto top = id.substr(19, 4);
        if (std::from_chars(top.data(), top.data() + top.size(), high, 16).ptr != top.data() + top.size())
            return std::nullopt;
        high &= 0x3fffU;
        id.remove_prefix(24);
    }
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), low, uuid ? 16 : 10);
    if (id.empty() || error != std::errc{} || end != id.data() + id.size()) return std::nullopt;
    return uuid ? high << 48U | low : low;
}

}  // namespace venue::bybit
