// Conditional orders. Source: api-doc contract/plan/*, spot/plan/*.
#include "core/domain/wide.hpp"
#include "tools/venue/bitget/bitget.hpp"

#include <algorithm>

namespace venue::bitget {

namespace {

const ApiError no_plan{"43025", "Plan order does not exist"};

/// A price of a conditional order; 0 where it is absent or "0": at the market.
core::Result<core::Price, ApiError> price_of(const Params& params, const char* name, const Listing& rule) {
    const auto text = params[name];
    if (text.empty()) return core::Price{};
    const auto price = core::parse_price(text, rule.instrument.price_decimals);
    if (!price) return ApiError{"40017", "Parameter verification failed " + std::string{name}};
    return *price;
}

/// What a quote amount buys at a price, in whole lots.
core::Quantity bought(const Listing& rule, core::Notional amount, core::Price price) {
    if (price.units <= 0) return {};
    const auto& i = rule.instrument;
    core::Wide quantity{static_cast<core::Int128>(amount.units)};
    quantity.scale_up(i.price_decimals + i.quantity_decimals);
    quantity /= static_cast<std::uint64_t>(price.units);
    quantity.scale_down(core::Notional::decimals);
    core::Quantity made{quantity.towards_zero().value_or(0)};
    made.units -= made.units % i.lot_size.units;
    return made;
}

OrderKind kind_of(bool stop, bool market) noexcept {
    if (stop) return market ? OrderKind::stop_market : OrderKind::stop_limit;
    return market ? OrderKind::take_profit_market : OrderKind::take_profit_limit;
}

}  // namespace

Answer Bitget::place_plan(Call& call) {
    const bool spot = call.market == core::Market::spot;
    const auto type = call.params["planType"];
    if (!spot && type.empty()) return missing("planType");
    if (spot ? !type.empty() && type != "amount" && type != "total" : type != "normal_plan")
        return ApiError{"40020", "Parameter planType error"};
    if (!call.params.has("price") && call.params.has("executePrice"))
        call.params.set("price", std::string{call.params["executePrice"]});
    auto wanted = read_order(call);
    if (!wanted) return wanted.error();
    const auto& rule = rules(wanted->listing);
    const auto trigger = price_of(call.params, "triggerPrice", rule);
    if (!trigger) return trigger.error();
    wanted->trigger = *trigger;
    wanted->trigger_by = call.params["triggerType"] == "mark_price" ? TriggerBy::mark : TriggerBy::last;
    if (wanted->quote_amount.units != 0) {
        wanted->quantity = bought(rule, wanted->quote_amount, *trigger);
        wanted->quote_amount = {};
    }
    // It waits for the price on whichever side of it the market is now.
    const auto& state = engine().market(wanted->listing);
    const auto price = wanted->trigger_by == TriggerBy::mark ? state.mark() : state.last;
    const bool rising = *trigger > price;
    wanted->kind = kind_of(rising == (wanted->side == core::Side::buy), wanted->kind == OrderKind::market);
    const auto order = submit(call, *wanted);
    if (!order) return order.error();
    plan_types_[(*order)->number] = "normal_plan";
    return Answer{ids(**order)};
}

Answer Bitget::place_tpsl(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& rule = rules(*id);
    const std::string type{call.params["planType"]};
    const bool whole = type == "pos_profit" || type == "pos_loss";
    const bool stop = type == "loss_plan" || type == "pos_loss";
    if (!whole && !stop && type != "profit_plan")
        return type.empty() ? missing("planType") : ApiError{"40020", "Parameter planType error"};
    const auto hold_side = lower(call.params["holdSide"]);
    const bool is_long = hold_side == (call.account->hedge ? "long" : "buy");
    if (!is_long && hold_side != (call.account->hedge ? "short" : "sell"))
        return hold_side.empty() ? missing("holdSide") : ApiError{"40020", "Parameter holdSide error"};
    NewOrder wanted;
    wanted.listing = *id;
    wanted.position_side = !call.account->hedge ? PositionSide::net
                           : is_long            ? PositionSide::long_
                                                : PositionSide::short_;
    wanted.side = is_long ? core::Side::sell : core::Side::buy;
    wanted.reduce_only = !call.account->hedge;
    wanted.close_position = whole;
    wanted.client_id = call.params["clientOid"];
    if (!wanted.client_id.empty() && engine().order(*call.account, wanted.client_id) != nullptr)
        return error_of(Refusal::duplicate_client_id, rule);
    const auto* position = call.account->position(*id, wanted.position_side);
    if (position == nullptr || (is_long ? position->held.quantity().units <= 0 : position->held.quantity().units >= 0))
        return ApiError{"43023", "Insufficient position, can not set profit or stop loss"};
    const auto trigger = price_of(call.params, "triggerPrice", rule),
               price = price_of(call.params, "executePrice", rule);
    if (!trigger) return trigger.error();
    if (!price) return price.error();
    wanted.trigger = *trigger;
    wanted.price = *price;
    wanted.kind = kind_of(stop, price->units == 0);
    wanted.trigger_by = call.params["triggerType"] == "mark_price" ? TriggerBy::mark : TriggerBy::last;
    if (!whole) {
        const auto size = core::parse_quantity(call.params["size"], rule.instrument.quantity_decimals);
        if (call.params["size"].empty()) return missing("size");
        if (!size) return ApiError{"40017", "Parameter verification failed size"};
        wanted.quantity = *size;
    }
    if (const auto bad = engine().test(call.account->id, wanted); bad != Refusal::none) return error_of(bad, rule);
    if (engine().would_trigger(wanted)) {
        const auto mark = price_text(rule, engine().market(*id).mark());
        if (stop && !is_long) return ApiError{"45122", "Short position stop loss price please > mark price " + mark};
        return error_of(Refusal::would_trigger, rule);
    }
    const auto made = engine().submit(call.account->id, wanted);
    if (!made) return error_of(made.error(), rule);
    plan_types_[(*made)->number] = type;
    return Answer{ids(**made)};
}

Answer Bitget::place_position_tpsl(Call& call) {
    Json all = Json::array();
    const std::pair<const char*, const char*> kinds[]{{"stopSurplus", "pos_profit"}, {"stopLoss", "pos_loss"}};
    for (const auto& [prefix, type] : kinds) {
        const std::string field{prefix};
        if (call.params[field + "TriggerPrice"].empty()) continue;
        Call each{{}, {}, call.market, call.account, call.no_product};
        for (const auto* name : {"symbol", "holdSide"}) each.params.set(name, std::string{call.params[name]});
        each.params.set("planType", type);
        each.params.set("triggerPrice", std::string{call.params[field + "TriggerPrice"]});
        each.params.set("triggerType", std::string{call.params[field + "TriggerType"]});
        each.params.set("executePrice", std::string{call.params[field + "ExecutePrice"]});
        each.params.set("clientOid", std::string{call.params[field + "ClientOid"]});
        const auto answer = place_tpsl(each);
        if (!answer) return answer.error();
        all.push_back({{"orderId", (*answer)["orderId"]}, {field + "ClientOid", (*answer)["clientOid"]}});
    }
    if (all.empty()) return missing("stopSurplusTriggerPrice");
    return Answer{std::move(all)};
}

Answer Bitget::modify_plan(Call& call) {
    const auto order = named(call);
    if (!order) return order.error().code == "40019" ? order.error() : no_plan;
    if ((*order)->state != OrderState::untriggered) return no_plan;
    const auto& rule = rules((*order)->listing);
    const auto first = [&](const char* a, const char* b) { return call.params[a].empty() ? b : a; };
    Amendment change;
    const auto trigger = price_of(call.params, first("newTriggerPrice", "triggerPrice"), rule);
    const auto price = price_of(call.params, first("newPrice", "executePrice"), rule);
    if (!trigger) return trigger.error();
    if (!price) return price.error();
    if (trigger->units != 0) change.trigger = *trigger;
    if (price->units != 0 && !market_kind((*order)->kind)) change.price = *price;
    const auto size = call.params[first("newSize", "size")];
    if (!size.empty() && !(*order)->close_position) {
        const auto quantity = core::parse_quantity(size, rule.instrument.quantity_decimals);
        if (!quantity) return ApiError{"40017", "Parameter verification failed size"};
        change.quantity = *quantity;
    }
    const auto answer = ids(**order);
    const auto made = engine().amend(call.account->id, (*order)->number, change);
    if (!made && made.error() != Refusal::unchanged) return error_of(made.error(), rule);
    return Answer{answer};
}

Answer Bitget::cancel_plan(Call& call) {
    const auto order = named(call);
    if (!order) return order.error().code == "40019" ? order.error() : no_plan;
    if ((*order)->state != OrderState::untriggered) return no_plan;
    (void)engine().cancel(call.account->id, (*order)->number);
    return Answer{Json{{"result", "success"}}};
}

Answer Bitget::cancel_plans(Call& call) {
    Json done = Json::array(), failed = Json::array();
    const auto cancel_one = [&](const Order& order) {
        auto named_so = ids(order);
        if (engine().cancel(call.account->id, order.number) == Refusal::none) done.push_back(std::move(named_so));
    };
    if (call.body.contains("orderIdList") && call.body["orderIdList"].is_array()) {
        for (const auto& one : call.body["orderIdList"]) {
            Call each{params_of(one), {}, call.market, call.account, call.no_product};
            const auto order = named(each);
            if (order && (*order)->state == OrderState::untriggered)
                cancel_one(**order);
            else
                failed.push_back({{"orderId", each.params["orderId"]},
                                  {"clientOid", each.params["clientOid"]},
                                  {"errorMsg", no_plan.message}});
        }
        if (done.empty() && !failed.empty()) return no_plan;
        return Answer{Json{{"successList", std::move(done)}, {"failureList", std::move(failed)}}};
    }
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const auto symbols = call.body.contains("symbolList") && call.body["symbolList"].is_array()
                             ? call.body["symbolList"]
                             : Json::array();
    const auto type = call.params["planType"];
    for (const auto number : std::vector<OrderNumber>(call.account->open.begin(), call.account->open.end())) {
        const auto* order = engine().order(number);
        if (order == nullptr || order->state != OrderState::untriggered) continue;
        const auto& symbol = rules(order->listing).instrument.symbol;
        if (std::ranges::find(*listings, order->listing) == listings->end()) continue;
        if (!symbols.empty() && std::ranges::find(symbols, Json(symbol)) == symbols.end()) continue;
        const auto own = plan_type(*order);
        const bool fits = type.empty() || own == type || (type == "profit_loss" && own != "normal_plan");
        if (call.market == core::Market::spot || fits) cancel_one(*order);
    }
    return Answer{Json{{"successList", std::move(done)}, {"failureList", std::move(failed)}}};
}

}  // namespace venue::bitget
