#include "tools/venue/binance/binance.hpp"

#include <array>
#include <utility>

namespace venue::binance {

std::string_view side_text(core::Side side) noexcept {
    return side == core::Side::buy ? "BUY" : "SELL";
}

std::string_view type_text(const Order& order, bool spot) noexcept {
    switch (order.kind) {
        case OrderKind::limit: return spot && order.time_in_force == TimeInForce::post_only ? "LIMIT_MAKER" : "LIMIT";
        case OrderKind::market: return "MARKET";
        case OrderKind::stop_limit: return spot ? "STOP_LOSS_LIMIT" : "STOP";
        case OrderKind::stop_market: return spot ? "STOP_LOSS" : "STOP_MARKET";
        case OrderKind::take_profit_limit: return spot ? "TAKE_PROFIT_LIMIT" : "TAKE_PROFIT";
        case OrderKind::take_profit_market: return spot ? "TAKE_PROFIT" : "TAKE_PROFIT_MARKET";
    }
    return "?";
}

std::string_view status_text(const Order& order) noexcept {
    switch (order.state) {
        case OrderState::untriggered:
        case OrderState::open: return "NEW";
        case OrderState::partially_filled: return "PARTIALLY_FILLED";
        case OrderState::filled: return "FILLED";
        case OrderState::cancelled: return "CANCELED";
        case OrderState::expired: return order.reason == Refusal::self_trade ? "EXPIRED_IN_MATCH" : "EXPIRED";
        case OrderState::rejected: return "REJECTED";
    }
    return "?";
}

std::string_view time_in_force_text(const NewOrder& order, bool spot) noexcept {
    switch (order.time_in_force) {
        case TimeInForce::gtc: return "GTC";
        case TimeInForce::ioc: return "IOC";
        case TimeInForce::fok: return "FOK";
        case TimeInForce::post_only: return spot ? "GTC" : "GTX";
    }
    return "?";
}

std::string_view position_side_text(PositionSide side) noexcept {
    return side == PositionSide::net ? "BOTH" : side == PositionSide::long_ ? "LONG" : "SHORT";
}

// Source: errors.md of binance-spot-api-docs, "Error Codes" of USD-M.
ApiError error_of(Refusal refusal, const Listing& listing) {
    const bool spot = listing.spot();
    switch (refusal) {
        case Refusal::unknown_listing: return {-1121, "Invalid symbol."};
        case Refusal::unknown_order:
        case Refusal::finished: return {-2011, "Unknown order sent."};
        case Refusal::duplicate_client_id:
            return spot ? ApiError{-2010, "Duplicate order sent."} : ApiError{-4116, "ClientOrderId is duplicated."};
        case Refusal::bad_price:
            return spot ? ApiError{-1013, "Filter failure: PRICE_FILTER"} : ApiError{-4001, "Price less than 0."};
        case Refusal::tick_size:
            return spot ? ApiError{-1013, "Filter failure: PRICE_FILTER"}
                        : ApiError{-4014, "Price not increased by tick size."};
        case Refusal::bad_quantity:
            return spot ? ApiError{-1013, "Invalid quantity."}
                        : ApiError{-4003, "Quantity less than or equal to zero."};
        case Refusal::lot_size:
            return spot ? ApiError{-1013, "Filter failure: LOT_SIZE"}
                        : ApiError{-4023, "Quantity not increased by step size."};
        case Refusal::min_notional:
            return spot
                       ? ApiError{-1013, "Filter failure: NOTIONAL"}
                       : ApiError{-4164, "Order's notional must be no smaller than 5 (unless you choose reduce only)."};
        case Refusal::too_large:
            return spot ? ApiError{-1013, "Filter failure: MAX_POSITION"}
                        : ApiError{-4005, "Quantity greater than max quantity."};
        case Refusal::bad_trigger:
            return {-1102, "Mandatory parameter 'stopPrice' was not sent, was empty/null, or malformed."};
        case Refusal::would_trigger:
            return spot ? ApiError{-2010, "Stop price would trigger immediately."}
                        : ApiError{-2021, "Order would immediately trigger."};
        case Refusal::balance: return {-2010, "Account has insufficient balance for requested action."};
        case Refusal::margin: return {-2019, "Margin is insufficient."};
        case Refusal::post_only:
            return spot ? ApiError{-2010, "Order would immediately match and take."}
                        : ApiError{-5022,
                                   "Due to the order could not be executed as maker, the Post Only order will "
                                   "be rejected. The order will not be recorded in the order history"};
        case Refusal::not_fillable:
            return {-5021,
                    "Due to the order could not be filled immediately, the FOK order has been rejected. The "
                    "order will not be recorded in the order history"};
        case Refusal::reduce_only: return {-2022, "ReduceOnly Order is rejected."};
        case Refusal::position_side: return {-4061, "Order's position side does not match user's setting."};
        case Refusal::leverage: return {-4028, "Leverage is not valid"};
        case Refusal::open_positions:
            return {-4048, "Margin type cannot be changed if there exists position or open orders."};
        case Refusal::unchanged: return {-4046, "No need to change margin type."};
        case Refusal::too_many_orders:
            return spot ? ApiError{-1013, "Filter failure: MAX_NUM_ORDERS"}
                        : ApiError{-4045, "Reach max stop order limit."};
        case Refusal::no_market:
        case Refusal::none:
        case Refusal::unknown_account:
        case Refusal::self_trade:
        case Refusal::liquidated: break;
    }
    return {-1000, "An unknown error occurred while processing the request."};
}

core::Nanoseconds interval_of(std::string_view text) noexcept {
    using namespace std::chrono_literals;
    constexpr std::array<std::pair<std::string_view, std::chrono::minutes>, 14> known{{{"1m", 1min},
                                                                                       {"3m", 3min},
                                                                                       {"5m", 5min},
                                                                                       {"15m", 15min},
                                                                                       {"30m", 30min},
                                                                                       {"1h", 60min},
                                                                                       {"2h", 120min},
                                                                                       {"4h", 240min},
                                                                                       {"6h", 360min},
                                                                                       {"8h", 480min},
                                                                                       {"12h", 720min},
                                                                                       {"1d", 1440min},
                                                                                       {"3d", 4320min},
                                                                                       {"1w", 10080min}}};
    for (const auto& [name, width] : known)
        if (name == text) return width;
    return {};
}

}  // namespace venue::binance
