// Orders by REST and by socket. Source: api-doc spot/trade/*, contract/trade/*.
#include "tools/venue/bitget/bitget.hpp"

#include <algorithm>

namespace venue::bitget {

namespace {

/// A decimal parameter in `decimals` decimals.
core::Result<std::int64_t, ApiError> decimal(const Params& params, const std::string& name, int decimals) {
    const auto text = params[name];
    if (text.empty()) return missing(name);
    const auto units = core::parse_decimal(text, decimals);
    if (units) return *units;
    if (units.error() == core::Error::too_precise)
        return ApiError{"40808", "Parameter verification exception " + name + " checkBDScale error value=" +
                                     std::string{text} + " checkScale=" + std::to_string(decimals)};
    return ApiError{"40017", "Parameter verification failed " + name};
}

bool good_client_id(std::string_view id) noexcept {
    return id.size() < 50 && std::ranges::all_of(id, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '+' || c == '_' || c == '#' || c == ':' || c == '.';
           });
}

}  // namespace

core::Result<NewOrder, ApiError> Bitget::read_order(const Call& call) const {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& params = call.params;
    const auto& i = rules(*id).instrument;
    const bool spot = call.market == core::Market::spot;
    NewOrder wanted;
    wanted.listing = *id;
    const auto side = lower(params["side"]), type = lower(params["orderType"]);
    if (side != "buy" && side != "sell")
        return side.empty() ? missing("side") : ApiError{"40020", "Parameter side error"};
    if (type != "limit" && type != "market")
        return type.empty() ? missing("orderType") : ApiError{"40020", "Parameter orderType error"};
    wanted.side = side == "buy" ? core::Side::buy : core::Side::sell;
    wanted.kind = type == "limit" ? OrderKind::limit : OrderKind::market;

    const auto force = lower(params["force"]);
    if (force == "ioc")
        wanted.time_in_force = TimeInForce::ioc;
    else if (force == "fok")
        wanted.time_in_force = TimeInForce::fok;
    else if (force == "post_only")
        wanted.time_in_force = TimeInForce::post_only;
    else if (!force.empty() && force != "gtc")
        return ApiError{"40020", "Parameter force error"};
    if (wanted.kind == OrderKind::market) wanted.time_in_force = TimeInForce::gtc;

    wanted.client_id = params["clientOid"];
    if (!good_client_id(wanted.client_id)) return ApiError{"40017", "Parameter verification failed clientOid"};
    // An id names one order for good, not only while it is open.
    if (!wanted.client_id.empty() && engine().order(*call.account, wanted.client_id) != nullptr)
        return error_of(Refusal::duplicate_client_id, rules(*id));

    if (!spot) {
        const auto trade_side = lower(params["tradeSide"]);
        if (call.account->hedge) {
            if (trade_side != "open" && trade_side != "close") return error_of(Refusal::position_side, rules(*id));
            wanted.position_side = wanted.side == core::Side::buy ? PositionSide::long_ : PositionSide::short_;
            // The side names the position that is closed.
            if (trade_side == "close") wanted.side = core::opposite(wanted.side);
        } else {
            wanted.reduce_only = upper(params["reduceOnly"]) == "YES";
        }
    }
    if (wanted.kind == OrderKind::limit) {
        const auto price = decimal(params, "price", i.price_decimals);
        if (!price) return price.error();
        wanted.price = core::Price{*price};
    }
    const bool by_amount =
        spot && wanted.kind == OrderKind::market && wanted.side == core::Side::buy && params["planType"] != "amount";
    const auto size = decimal(params, "size", by_amount ? core::Notional::decimals : i.quantity_decimals);
    if (!size) return size.error();
    if (by_amount)
        wanted.quote_amount = core::Notional{*size};
    else
        wanted.quantity = core::Quantity{*size};
    return wanted;
}

ApiError Bitget::apply_margin_mode(const Call& call, ListingId listing) {
    const auto mode = lower(call.params["marginMode"]);
    if (call.market == core::Market::spot || mode.empty()) return {};
    const auto bad = engine().set_isolated(call.account->id, listing, mode == "isolated");
    return bad == Refusal::none || bad == Refusal::unchanged ? ApiError{} : error_of(bad, rules(listing));
}

core::Result<const Order*, ApiError> Bitget::submit(const Call& call, const NewOrder& wanted) {
    const auto& rule = rules(wanted.listing);
    if (const auto bad = engine().test(call.account->id, wanted); bad != Refusal::none) return error_of(bad, rule);
    if (auto bad = apply_margin_mode(call, wanted.listing); !bad.code.empty()) return bad;
    Preset preset;
    preset.take_profit = call.params["presetStopSurplusPrice"];
    preset.stop_loss = call.params["presetStopLossPrice"];
    preset.take_profit_limit = call.params["presetStopSurplusExecutePrice"];
    preset.stop_loss_limit = call.params["presetStopLossExecutePrice"];
    const auto& i = rule.instrument;
    for (const auto* text :
         {&preset.take_profit, &preset.stop_loss, &preset.take_profit_limit, &preset.stop_loss_limit}) {
        const auto price = core::parse_price(text->empty() ? "0" : *text, i.price_decimals);
        if (!price || price->units % i.tick_size.units != 0) return error_of(Refusal::bad_trigger, rule);
    }
    const auto made = engine().submit(call.account->id, wanted);
    if (!made) return error_of(made.error(), rule);
    if (!rule.spot() && (!preset.take_profit.empty() || !preset.stop_loss.empty())) {
        preset.due = !live((*made)->state);
        presets_.emplace((*made)->number, std::move(preset));
    }
    return *made;
}

void Bitget::flush_presets() {
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
        const auto& i = rules(order.listing).instrument;
        for (const bool profit : {true, false}) {
            const auto& text = profit ? preset.take_profit : preset.stop_loss;
            const auto& limit = profit ? preset.take_profit_limit : preset.stop_loss_limit;
            const auto trigger = core::parse_price(text.empty() ? "0" : text, i.price_decimals);
            if (!trigger || trigger->units == 0) continue;
            const auto price = core::parse_price(limit.empty() ? "0" : limit, i.price_decimals);
            NewOrder wanted;
            wanted.listing = order.listing;
            wanted.side = core::opposite(order.side);
            wanted.position_side = order.position_side;
            wanted.reduce_only = order.position_side == PositionSide::net;
            wanted.quantity = order.filled;
            wanted.trigger = *trigger;
            wanted.price = price.value_or(core::Price{});
            const bool market = wanted.price.units == 0;
            wanted.kind = profit ? (market ? OrderKind::take_profit_market : OrderKind::take_profit_limit)
                                 : (market ? OrderKind::stop_market : OrderKind::stop_limit);
            if (const auto made = engine().submit(order.account, wanted))
                plan_types_[(*made)->number] = profit ? "profit_plan" : "loss_plan";
        }
    }
}

Answer Bitget::place(Call& call) {
    const auto wanted = read_order(call);
    if (!wanted) return wanted.error();
    const auto order = submit(call, *wanted);
    if (!order) return order.error();
    return Answer{ids(**order)};
}

core::Result<const Order*, ApiError> Bitget::named(const Call& call, const char* number_field,
                                                   const char* name_field) const {
    const Order* found = nullptr;
    if (const auto number = call.params.number(number_field)) {
        found = engine().order(static_cast<OrderNumber>(*number));
        if (found != nullptr && found->account != call.account->id) found = nullptr;
    } else if (!call.params[name_field].empty()) {
        found = engine().order(*call.account, call.params[name_field]);
    } else {
        return missing(number_field);
    }
    if (found != nullptr) {
        const auto& i = rules(found->listing).instrument;
        const auto symbol = upper(call.params["symbol"]);
        if (i.market != call.market || call.no_product || (!symbol.empty() && symbol != i.symbol)) found = nullptr;
    }
    if (found == nullptr)
        return call.market == core::Market::spot ? ApiError{"43001", "The order does not exist"}
                                                 : ApiError{"40768", "Order does not exist"};
    return found;
}

/// The venue changes an order by cancelling it and placing another. What can be refused before is refused before; if
/// the money is short even with the old one's share, the old one is gone all the same.
core::Result<const Order*, ApiError> Bitget::replace(const Call& call, const Order& old, NewOrder wanted) {
    const auto& rule = rules(old.listing);
    if (!live(old.state) || is_plan(old)) return error_of(Refusal::finished, rule);
    if (wanted.price == old.price && wanted.quantity == old.quantity) return error_of(Refusal::unchanged, rule);
    if (wanted.quantity <= old.filled) return error_of(Refusal::bad_quantity, rule);
    wanted.quantity = wanted.quantity - old.filled;
    const auto bad = engine().test(call.account->id, wanted);
    if (bad != Refusal::none && bad != Refusal::balance && bad != Refusal::margin && bad != Refusal::too_many_orders)
        return error_of(bad, rule);
    if (const auto kept = engine().cancel(call.account->id, old.number); kept != Refusal::none)
        return error_of(kept, rule);
    const auto made = engine().submit(call.account->id, wanted);
    if (!made) return error_of(made.error(), rule);
    return *made;
}

Answer Bitget::modify(Call& call) {
    const auto order = named(call);
    if (!order) return order.error();
    const auto id = call.params["newClientOid"];
    if (id.empty()) return missing("newClientOid");
    if (!good_client_id(id)) return ApiError{"40017", "Parameter verification failed newClientOid"};
    const auto& i = rules((*order)->listing).instrument;
    if (engine().order(*call.account, id) != nullptr)
        return error_of(Refusal::duplicate_client_id, rules((*order)->listing));
    const auto size = decimal(call.params, "newSize", i.quantity_decimals);
    if (!size) return size.error();
    const auto price = decimal(call.params, "newPrice", i.price_decimals);
    if (!price) return price.error();
    NewOrder wanted = **order;
    wanted.client_id = id;
    wanted.quantity = core::Quantity{*size};
    wanted.price = core::Price{*price};
    const auto made = replace(call, **order, std::move(wanted));
    if (!made) return made.error();
    // The new order's number is not said: it is found by its client id.
    return Answer{Json{{"orderId", nullptr}, {"clientOid", (*made)->client_id}}};
}

Answer Bitget::cancel_replace(Call& call) {
    const auto order = named(call);
    if (!order) return order.error();
    const auto& i = rules((*order)->listing).instrument;
    const auto id = call.params["newClientOid"];
    if (!good_client_id(id)) return ApiError{"40017", "Parameter verification failed newClientOid"};
    const auto price = decimal(call.params, "price", i.price_decimals);
    if (!price) return price.error();
    const auto size = decimal(call.params, "size", i.quantity_decimals);
    if (!size) return size.error();
    NewOrder wanted = **order;
    wanted.client_id = id;
    wanted.price = core::Price{*price};
    wanted.quantity = core::Quantity{*size};
    const auto made = replace(call, **order, std::move(wanted));
    if (!made) return made.error();
    auto answer = ids(**made);
    answer["success"] = "success";
    answer["msg"] = nullptr;
    return Answer{std::move(answer)};
}

Answer Bitget::cancel(Call& call) {
    const auto order = named(call);
    if (!order) return order.error();
    const auto answer = ids(**order);
    const auto& rule = rules((*order)->listing);
    if (is_plan(**order)) return error_of(Refusal::unknown_order, rule);
    if (const auto bad = engine().cancel(call.account->id, (*order)->number); bad != Refusal::none)
        return error_of(bad, rule);
    return Answer{answer};
}

Answer Bitget::cancel_all(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const bool spot = call.market == core::Market::spot;
    if (spot && call.params["symbol"].empty()) return missing("symbol");
    Json done = Json::array();
    for (const auto number : std::vector<OrderNumber>(call.account->open.begin(), call.account->open.end())) {
        const auto* order = engine().order(number);
        if (order == nullptr || is_plan(*order) || std::ranges::find(*listings, order->listing) == listings->end())
            continue;
        auto named_so = ids(*order);
        if (engine().cancel(call.account->id, number) == Refusal::none) done.push_back(std::move(named_so));
    }
    if (spot) return Answer{Json{{"symbol", rules(listings->front()).instrument.symbol}}};
    if (done.empty()) return ApiError{"22001", "No order to cancel"};
    return Answer{Json{{"successList", std::move(done)}, {"failureList", Json::array()}}};
}

Answer Bitget::cancel_batch(Call& call) {
    const auto field = call.body.contains("orderIdList") ? "orderIdList" : "orderList";
    // Without ids those of futures are all of a symbol.
    if (call.market != core::Market::spot && !call.body.contains(field)) return cancel_all(call);
    const auto list = call.body.contains(field) ? call.body[field] : Json{};
    if (!list.is_array() || list.empty() || list.size() > 50) return missing("orderList");
    Json done = Json::array(), failed = Json::array();
    for (const auto& one : list) {
        Call each{params_of(one), {}, call.market, call.account, call.no_product};
        if (!each.params.has("symbol")) each.params.set("symbol", std::string{call.params["symbol"]});
        const auto answer = cancel(each);
        if (answer)
            done.push_back(*answer);
        else
            failed.push_back({{"orderId", each.params["orderId"]},
                              {"clientOid", each.params["clientOid"]},
                              {"errorMsg", answer.error().message},
                              {"errorCode", answer.error().code}});
    }
    return Answer{Json{{"successList", std::move(done)}, {"failureList", std::move(failed)}}};
}

Answer Bitget::place_batch(Call& call) {
    const auto list = call.body.contains("orderList") ? call.body["orderList"] : Json{};
    if (!list.is_array() || list.empty() || list.size() > 50) return missing("orderList");
    Json done = Json::array(), failed = Json::array();
    for (const auto& one : list) {
        Call each{params_of(one), {}, call.market, call.account, call.no_product};
        for (const auto* name : {"symbol", "marginMode", "marginCoin"})
            if (!each.params.has(name)) each.params.set(name, std::string{call.params[name]});
        const auto answer = place(each);
        if (answer)
            done.push_back(*answer);
        else
            failed.push_back({{"orderId", ""},
                              {"clientOid", each.params["clientOid"]},
                              {"errorMsg", answer.error().message},
                              {"errorCode", answer.error().code}});
    }
    return Answer{Json{{"successList", std::move(done)}, {"failureList", std::move(failed)}}};
}

Answer Bitget::close_positions(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    const auto hold_side = lower(call.params["holdSide"]);
    std::vector<NewOrder> closing;
    for (const auto& [where, position] : call.account->positions) {
        const auto held = position.held.quantity();
        if (held.units == 0 || std::ranges::find(*listings, where.first) == listings->end()) continue;
        if (!hold_side.empty() && hold_side != (held.units > 0 ? "long" : "short")) continue;
        NewOrder wanted;
        wanted.listing = where.first;
        wanted.side = held.units > 0 ? core::Side::sell : core::Side::buy;
        wanted.kind = OrderKind::market;
        wanted.position_side = where.second;
        wanted.reduce_only = where.second == PositionSide::net;
        wanted.quantity = core::Quantity{held.units > 0 ? held.units : -held.units};
        closing.push_back(wanted);
    }
    if (closing.empty()) return ApiError{"22002", "No position to close"};
    Json done = Json::array(), failed = Json::array();
    for (const auto& wanted : closing) {
        const auto made = engine().submit(call.account->id, wanted);
        if (made) {
            done.push_back(ids(**made));
            continue;
        }
        const auto error = error_of(made.error(), rules(wanted.listing));
        failed.push_back({{"orderId", ""}, {"clientOid", ""}, {"errorMsg", error.message}, {"errorCode", error.code}});
    }
    return Answer{Json{{"successList", std::move(done)}, {"failureList", std::move(failed)}}};
}

}  // namespace venue::bitget
