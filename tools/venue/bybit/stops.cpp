// Take-profit and stop-loss of positions, set with an order or on their own. Source: docs/v5/position/trading-stop.
#include "tools/venue/bybit/bybit.hpp"

namespace venue::bybit {

namespace {

/// A price; 0 where it is absent or "0", nullopt for what is none.
std::optional<core::Price> price_of(std::string_view text, const Listing& rule) {
    if (text.empty()) return core::Price{};
    const auto price = core::parse_price(text, rule.instrument.price_decimals);
    return price ? std::optional{*price} : std::nullopt;
}

}  // namespace

/// Places, moves or (trigger "0") removes one stop of a position. `size` empty: of all of it.
ApiError Bybit::set_stop(const Account& account, ListingId listing, PositionSide side, bool profit,
                         std::string_view trigger, std::string_view limit, std::string_view size, TriggerBy by) {
    const auto& rule = rules(listing);
    const auto trigger_price = price_of(trigger, rule), limit_price = price_of(limit, rule);
    if (!trigger_price || !limit_price) return error_of(Refusal::bad_trigger, rule);
    const auto* position = account.position(listing, side);
    const auto held = position == nullptr ? core::Quantity{} : position->held.quantity();
    const char* const type =
        profit ? (size.empty() ? "TakeProfit" : "PartialTakeProfit") : (size.empty() ? "StopLoss" : "PartialStopLoss");
    // A position has one of each kind that is of all of it.
    for (const auto number : std::vector<OrderNumber>(account.open.begin(), account.open.end())) {
        const auto* order = engine().order(number);
        const auto known = stop_types_.find(number);
        if (size.empty() && order != nullptr && order->listing == listing && order->position_side == side &&
            order->state == OrderState::untriggered && known != stop_types_.end() && known->second == type)
            (void)engine().cancel(account.id, number);
    }
    if (trigger_price->units == 0) return {};
    if (held.units == 0) return {10001, "can not set tp/sl/ts for zero position"};
    NewOrder wanted;
    wanted.listing = listing;
    wanted.side = held.units > 0 ? core::Side::sell : core::Side::buy;
    wanted.position_side = side;
    wanted.reduce_only = side == PositionSide::net;
    wanted.trigger = *trigger_price;
    wanted.trigger_by = by;
    wanted.price = *limit_price;
    wanted.kind = conditional_kind(!profit, limit_price->units == 0);
    wanted.close_position = size.empty();
    if (!size.empty()) {
        const auto quantity = core::parse_quantity(size, rule.instrument.quantity_decimals);
        if (!quantity) return error_of(Refusal::bad_quantity, rule);
        wanted.quantity = *quantity;
    }
    if (const auto bad = engine().test(account.id, wanted); bad != Refusal::none) return error_of(bad, rule);
    if (engine().would_trigger(wanted))
        return {10001, std::string{profit ? "TakeProfit:" : "StopLoss:"} + std::string{trigger} + " set for " +
                           (held.units > 0 ? "Buy" : "Sell") + " position would trigger at once, LastPrice:" +
                           price_text(rule, engine().market(listing).last)};
    const auto made = engine().submit(account.id, wanted);
    if (!made) return error_of(made.error(), rule);
    stop_types_[(*made)->number] = type;
    return {};
}

Answer Bybit::trading_stop(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    if (rules(*id).spot()) return ApiError{10001, "Illegal category"};
    const auto& params = call.params;
    const auto index = params.number("positionIdx").value_or(0);
    if (index < 0 || index > 2) return bad_parameter("PositionIdx invalid");
    const auto side = index == 0 ? PositionSide::net : index == 1 ? PositionSide::long_ : PositionSide::short_;
    if (call.account->hedge == (side == PositionSide::net)) return error_of(Refusal::position_side, rules(*id));
    if (!params["trailingStop"].empty() && params["trailingStop"] != "0")
        return ApiError{10001, "trailing stops are not simulated"};
    const bool part = params["tpslMode"] == "Partial";
    if (params["takeProfit"].empty() && params["stopLoss"].empty()) return ApiError{34040, "not modified"};
    for (const bool profit : {true, false}) {
        const auto trigger = params[profit ? "takeProfit" : "stopLoss"];
        if (trigger.empty()) continue;
        const auto by =
            params[profit ? "tpTriggerBy" : "slTriggerBy"] == "MarkPrice" ? TriggerBy::mark : TriggerBy::last;
        auto bad = set_stop(*call.account, *id, side, profit, trigger, params[profit ? "tpLimitPrice" : "slLimitPrice"],
                            part ? params[profit ? "tpSize" : "slSize"] : std::string_view{}, by);
        if (bad.code != 0) return bad;
    }
    return Answer{Json::object()};
}

void Bybit::flush_presets() {
    for (auto one = presets_.begin(); one != presets_.end();) {
        const auto* found = engine().order(one->first);
        if (found != nullptr && !one->second.due) {
            ++one;
            continue;
        }
        const auto preset = std::move(one->second);
        one = presets_.erase(one);
        if (found == nullptr || found->filled.units == 0) continue;
        const Order order = *found;
        const auto& account = engine().account(order.account);
        const auto size = preset.whole ? std::string{} : quantity_text(rules(order.listing), order.filled);
        // What can no longer be set (the price has passed it) is left out, as the venue does.
        if (!preset.take_profit.empty())
            (void)set_stop(account, order.listing, order.position_side, true, preset.take_profit,
                           preset.take_profit_limit, size, TriggerBy::last);
        if (!preset.stop_loss.empty())
            (void)set_stop(account, order.listing, order.position_side, false, preset.stop_loss, preset.stop_loss_limit,
                           size, TriggerBy::last);
    }
}

}  // namespace venue::bybit
