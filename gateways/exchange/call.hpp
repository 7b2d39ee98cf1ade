#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace gateways::exchange {

/// The unified calls, by ccxt's names.
enum class Call : std::uint8_t {
    fetch_time,
    fetch_markets,
    fetch_ticker,
    fetch_tickers,
    fetch_order_book,
    fetch_ohlcv,
    fetch_trades,
    fetch_funding_rate,
    fetch_funding_rates,
    fetch_funding_rate_history,
    fetch_funding_interval,
    fetch_funding_intervals,
    fetch_open_interest,
    fetch_open_interests,
    fetch_balance,
    fetch_positions,
    create_order,
    create_orders,
    create_market_buy_order_with_cost,
    create_market_sell_order_with_cost,
    create_stop_loss_order,
    create_take_profit_order,
    edit_order,
    edit_order_with_client_order_id,
    cancel_order,
    cancel_order_with_client_order_id,
    cancel_orders,
    cancel_orders_with_client_order_ids,
    cancel_all_orders,
    cancel_all_orders_after,
    fetch_order,
    fetch_order_with_client_order_id,
    fetch_orders,
    fetch_open_orders,
    fetch_closed_orders,
    fetch_my_trades,
    set_leverage,
    set_margin_mode,
    set_position_mode,
};
inline constexpr std::size_t call_count = 39;

/// What a call is to the account: a `write` whose answer is lost has an unknown outcome, and is never just repeated.
enum class Access : std::uint8_t { open, read, write };

/// The call makes orders, or changes them into others: taken for refused although one stands, it is sent again and
/// doubles the position.
constexpr bool makes_orders(Call call) noexcept {
    return call >= Call::create_order && call <= Call::edit_order_with_client_order_id;
}

/// One row of the table of calls.
struct CallShape {
    std::string_view name;       ///< "create_order"
    std::string_view camel;      ///< "createOrder", ccxt's own spelling
    std::string_view arguments;  ///< names of the positional arguments, blank between; `params` comes last always
    std::size_t required;        ///< how many of them must be given
    Access access;
};

const CallShape& shape(Call call) noexcept;
inline std::string_view name(Call call) noexcept {
    return shape(call).name;
}
/// All calls in the enum's order.
std::span<const CallShape> all_calls() noexcept;
/// The call of that name, in snake_case or ccxt's camelCase.
std::optional<Call> parse_call(std::string_view name) noexcept;

}  // namespace gateways::exchange
