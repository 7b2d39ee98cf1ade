#include "gateways/live/steps.hpp"

#include "gateways/orders/client_id.hpp"

#include <algorithm>

namespace gateways::live {

using exchange::Call;
using exchange::Value;

namespace {

constexpr core::Market spot = core::Market::spot;

Step step_of(Purpose purpose, Call call) {
    Step step{.purpose = purpose, .call = call};
    step.arguments.set_params(Value::object());
    return step;
}

Step step_of(Purpose purpose, Call call, const core::Instrument& instrument) {
    auto step = step_of(purpose, call);
    step.instrument = instrument.id;
    step.arguments.set("symbol", instrument.name());
    return step;
}

/// One order by our id, or by the venue's where it is not ours.
Step named_step(Purpose purpose, Call by_client_id, Call by_id, const core::Instrument& instrument,
                const Action& action) {
    const bool ours = action.order.id.value != 0 && !is_outside(action.order.id);
    auto step = step_of(purpose, ours ? by_client_id : by_id, instrument);
    if (ours)
        step.arguments.set("clientOrderId", client_id_text(action.order.id));
    else
        step.arguments.set("id", std::string{action.venue_order.view()});
    return step;
}

void set_trigger(Step& step, const Desk& desk, const core::Instrument& instrument, const core::Order& order) {
    const auto trigger = core::to_text(order.trigger, instrument.price_decimals);
    const bool buys = order.side == core::Side::buy;
    switch (desk.venue) {
        case core::Venue::binance:
            step.option("stopLossPrice", trigger);
            if (instrument.market != spot) step.option("workingType", "CONTRACT_PRICE");
            break;
        case core::Venue::bitget:
            step.option("triggerPrice", trigger);
            step.option("triggerType", "fill_price");
            break;
        case core::Venue::bybit:
            step.option("triggerPrice", trigger);
            if (instrument.market == spot) break;
            step.option("triggerDirection", buys ? "above" : "below");
            step.option("triggerBy", "LastPrice");
            break;
        default: step.option("stopLossPrice", trigger); break;
    }
}

std::string_view force_text(core::TimeInForce force) noexcept {
    switch (force) {
        case core::TimeInForce::ioc: return "IOC";
        case core::TimeInForce::fok: return "FOK";
        default: return "GTC";
    }
}

}  // namespace

void Step::option(std::string_view name, Value value) {
    auto params = arguments.params();
    params.set(name, std::move(value));
    arguments.set_params(std::move(params));
}

std::string client_id_text(core::OrderId id) {
    std::string text(client_id_length, '0');
    write_client_id(text.data(), id);
    return text;
}

bool is_conditional(const core::Order& order) noexcept {
    return order.type == core::OrderType::stop_market || order.trigger.units != 0;
}

bool is_conditional(const Action& action) noexcept {
    return action.conditional || is_conditional(action.order);
}

std::string plan_history(core::Market market) {
    return market == spot ? "/api/v2/spot/trade/history-plan-order" : "/api/v2/mix/order/orders-plan-history";
}

Step time_step(const Desk& desk) {
    auto step = step_of(Purpose::time, Call::fetch_time);
    if (!desk.uses(spot)) step.option("type", "swap");
    return step;
}

exchange::Expected<Step> place_step(const Desk& desk, const core::Order& order) {
    const auto& instrument = (*desk.instruments)[order.instrument];
    const bool limit = order.type == core::OrderType::limit, buys = order.side == core::Side::buy;
    if (order.type == core::OrderType::cancel || order.quantity.units <= 0)
        return exchange::refused(exchange::ErrorKind::bad_request, "this is no order to place");
    if (desk.venue == core::Venue::bitget && instrument.market == spot && buys && !limit)
        return exchange::refused(exchange::ErrorKind::not_supported,
                                 "bitget counts a market order that buys spot in money: give a limit");
    auto step = step_of(Purpose::place, Call::create_order, instrument);
    step.arguments.set("type", limit ? "limit" : "market");
    step.arguments.set("side", buys ? "buy" : "sell");
    step.arguments.set("amount", core::to_text(order.quantity, instrument.quantity_decimals));
    if (limit) step.arguments.set("price", core::to_text(order.price, instrument.price_decimals));
    step.option("clientOrderId", client_id_text(order.id));
    if (limit && order.time_in_force == core::TimeInForce::post_only)
        step.option("postOnly", true);
    else if (limit)
        step.option("timeInForce", force_text(order.time_in_force));
    if (order.reduce_only && instrument.market != spot) step.option("reduceOnly", true);
    if (is_conditional(order)) set_trigger(step, desk, instrument, order);
    // As the forms of the sockets say it: a stop closes nothing of a position that is margined another way.
    if (desk.venue == core::Venue::okx && instrument.market == spot)
        step.option("tdMode", "cash");
    else if (instrument.market != spot && (desk.venue == core::Venue::okx || desk.venue == core::Venue::bitget))
        step.option("marginMode", desk.setup.isolated_margin ? "isolated" : "cross");
    return step;
}

Step cancel_step(const Desk& desk, const core::Instrument& instrument, const Action& action, bool conditional) {
    auto step =
        named_step(Purpose::cancel, Call::cancel_order_with_client_order_id, Call::cancel_order, instrument, action);
    // Bybit tells its spot stops from the others by a filter, under the same id.
    if (conditional && (desk.keeps_conditionals_apart(instrument.market) || desk.venue == core::Venue::bybit))
        step.option("trigger", true);
    step.conditional = conditional && desk.keeps_conditionals_apart(instrument.market);
    return step;
}

Step cancel_step(const core::Instrument& instrument, const std::string& venue_order) {
    auto step = step_of(Purpose::cancel, Call::cancel_order, instrument);
    step.arguments.set("id", venue_order);
    step.released = true;
    return step;
}

std::vector<Step> order_steps(const Desk& desk, const core::Instrument& instrument, const Action& action,
                              Purpose purpose) {
    auto step = named_step(purpose, Call::fetch_order_with_client_order_id, Call::fetch_order, instrument, action);
    step.conditional = is_conditional(action) && desk.keeps_conditionals_apart(instrument.market);
    std::vector<Step> all;
    if (!step.conditional) {
        all.push_back(step);
        if (desk.venue == core::Venue::bybit) {  // the newest 500 that ended are told with the open ones, not all
            step.path = "/v5/order/history";
            all.push_back(std::move(step));
        }
        return all;
    }
    if (desk.venue != core::Venue::bitget) {
        step.option("trigger", true);
        all.push_back(std::move(step));
        return all;
    }
    // Bitget answers for one plan order nowhere: it stands in the list of those that wait, or of those that do not.
    for (const bool waiting : {true, false}) {
        auto list = step_of(purpose, Call::fetch_open_orders, instrument);
        list.conditional = true;
        list.option("trigger", true);
        list.arguments.set("limit", std::to_string(page_size(desk.venue, purpose)));
        if (!waiting) {
            list.path = plan_history(instrument.market);
            constexpr core::Nanoseconds margin = std::chrono::minutes{1};
            if (action.order.time > margin)
                list.arguments.set("since", std::to_string((action.order.time - margin).count() / 1'000'000));
        }
        all.push_back(std::move(list));
    }
    return all;
}

Step released_step(const core::Instrument& instrument, const Action& action, const std::string& venue_order,
                   Purpose purpose) {
    auto step = named_step(purpose, Call::fetch_order_with_client_order_id, Call::fetch_order, instrument, action);
    if (!venue_order.empty()) {
        step = step_of(purpose, Call::fetch_order, instrument);
        step.arguments.set("id", venue_order);
    }
    step.released = true;
    return step;
}

Step order_fills_step(const Desk& desk, const core::Instrument& instrument, const std::string& venue_order) {
    auto step = step_of(Purpose::order_fills, Call::fetch_my_trades, instrument);
    step.option(desk.venue == core::Venue::okx ? "ordId" : "orderId", venue_order);
    step.arguments.set("limit", std::to_string(page_size(desk.venue, Purpose::order_fills)));
    return step;
}

std::vector<Step> cancel_all_steps(const Desk& desk) {
    std::vector<Step> all;
    for (const auto& [name, id] : desk.by_name) {
        const auto& instrument = (*desk.instruments)[id];
        if (desk.venue == core::Venue::okx) {
            for (const bool conditional : {false, true}) {
                auto step = step_of(Purpose::listed_to_cancel, Call::fetch_open_orders, instrument);
                step.conditional = conditional;
                if (conditional) step.option("trigger", true);
                if (conditional) step.option("ordType", "conditional");
                step.arguments.set("limit", std::to_string(page_size(desk.venue, Purpose::open_orders)));
                all.push_back(std::move(step));
            }
            continue;
        }
        all.push_back(step_of(Purpose::cancel_all, Call::cancel_all_orders, instrument));
        const bool bybit_spot = desk.venue == core::Venue::bybit && instrument.market == spot;
        if (!desk.keeps_conditionals_apart(instrument.market) && !bybit_spot) continue;
        auto step = step_of(Purpose::cancel_all, Call::cancel_all_orders, instrument);
        step.option("trigger", true);
        all.push_back(std::move(step));
    }
    return all;
}

std::vector<Step> cancel_listed_steps(const core::Instrument& instrument, const std::vector<std::string>& ids,
                                      bool conditional) {
    std::vector<Step> all;
    constexpr std::size_t batch = 10;
    for (std::size_t i = 0; i < ids.size(); i += batch) {
        auto list = Value::array();
        for (std::size_t k = i; k < std::min(ids.size(), i + batch); ++k) list.push(ids[k]);
        auto step = step_of(Purpose::cancel_all, Call::cancel_orders, instrument);
        step.arguments.set("ids", std::move(list));
        if (conditional) step.option("trigger", true);
        all.push_back(std::move(step));
    }
    return all;
}

std::vector<Step> timer_steps(const Desk& desk, const Action& action) {
    std::vector<Step> all;
    const auto add = [&](const core::Instrument* instrument) -> Step& {
        all.push_back(instrument == nullptr ? step_of(Purpose::timer, Call::cancel_all_orders_after)
                                            : step_of(Purpose::timer, Call::cancel_all_orders_after, *instrument));
        all.back().arguments.set("timeout", std::to_string(action.countdown.count() / 1'000'000));
        return all.back();
    };
    switch (desk.venue) {
        case core::Venue::binance:
            if (const auto* instrument = desk.find(action.order.instrument);
                instrument != nullptr && instrument->market != spot)
                add(instrument);
            break;
        case core::Venue::bybit:  // it cannot be ended: whoever leaves in order unsubscribes from `dcp`
            if (action.countdown.count() == 0) break;
            for (const auto market : desk.markets) add(nullptr).option("type", std::string{core::name(market)});
            break;
        case core::Venue::okx: add(nullptr); break;
        default: break;
    }
    return all;
}

}  // namespace gateways::live
