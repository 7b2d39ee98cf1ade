#pragma once

#include "gateways/live/desk.hpp"
#include "gateways/orders/live_gateway.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What an Action asks of a venue, call by call. For the sources of gateways/live alone.
namespace gateways::live {

/// What the answer to a step is for.
enum class Purpose : std::uint8_t {
    time,
    place,
    cancel,
    cancel_all,
    listed_to_cancel,  ///< OKX has no cancel-all: its open orders, to cancel them
    timer,
    order,            ///< the order asked for, or a list in which it may be
    order_to_fills,   ///< the same, to ask for its fills then
    order_to_cancel,  ///< the same, for the order that a conditional one became, to cancel that
    order_fills,
    open_orders,
    fills,
    released,  ///< what became of conditional orders, so that fills can be told with our ids
    positions,
    holdings
};

/// One call, or one page of it.
struct Step {
    Purpose purpose{};
    exchange::Call call{};
    exchange::Arguments arguments{};
    bool conditional{};  ///< in the venue's book of orders that wait for a price
    bool released{};     ///< about the order that a conditional one became
    core::InstrumentId instrument{no_instrument_named};
    std::string path{};                 ///< instead of the one that the Service builds; "": that one
    std::string cursor{};               ///< of this page; "" of the first
    core::Nanoseconds from{}, until{};  ///< fills: a window of venue time; until 0: open

    static constexpr core::InstrumentId no_instrument_named = core::no_instrument;
    /// Adds an option to the call.
    void option(std::string_view name, exchange::Value value);
};

/// The client order id of an order.
std::string client_id_text(core::OrderId id);
/// It waits for a price before it is in the book.
bool is_conditional(const core::Order& order) noexcept;
/// The same of the order that the action is about.
bool is_conditional(const Action& action) noexcept;

Step time_step(const Desk& desk);
/// Error: not_supported.
exchange::Expected<Step> place_step(const Desk& desk, const core::Order& order);
/// By our id, of an outside order by the venue's.
Step cancel_step(const Desk& desk, const core::Instrument& instrument, const Action& action, bool conditional);
Step cancel_step(const core::Instrument& instrument, const std::string& venue_order);
/// Where an order is to be looked for, one place after another.
std::vector<Step> order_steps(const Desk& desk, const core::Instrument& instrument, const Action& action,
                              Purpose purpose);
/// What a conditional order became, by the venue's id if that is known, else by ours.
Step released_step(const core::Instrument& instrument, const Action& action, const std::string& venue_order,
                   Purpose purpose);
Step order_fills_step(const Desk& desk, const core::Instrument& instrument, const std::string& venue_order);
std::vector<Step> cancel_all_steps(const Desk& desk);
/// Cancels the listed orders, in as few requests as the venue takes.
std::vector<Step> cancel_listed_steps(const core::Instrument& instrument, const std::vector<std::string>& ids,
                                      bool conditional);
/// now: the venue's.
std::vector<Step> account_steps(const Desk& desk, core::Nanoseconds since, core::Nanoseconds now);
std::vector<Step> timer_steps(const Desk& desk, const Action& action);
/// Conditional orders of the instrument whose price has come lately, with the orders that they became.
Step released_list_step(const Desk& desk, const core::Instrument& instrument);

/// Where Bitget lists plan orders that wait no longer.
std::string plan_history(core::Market market);

/// Rows of one page, as asked for.
std::size_t page_size(core::Venue venue, Purpose purpose) noexcept;
/// The windows that a full one is cut into where a venue does not page: Binance's fills. Empty: it cannot be cut.
std::vector<Step> cut(const Desk& desk, const Step& step, core::Nanoseconds now);
/// How far back fills are asked for: what is older no venue tells for sure.
inline constexpr core::Nanoseconds longest_look_back = std::chrono::hours{24 * 90};
/// How far back when nothing is known.
inline constexpr core::Nanoseconds first_look_back = std::chrono::hours{24 * 7};

}  // namespace gateways::live
