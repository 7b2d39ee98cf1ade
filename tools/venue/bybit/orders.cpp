// Orders by REST and by socket. Source: docs/v5/order/*.
#include "tools/venue/bybit/bybit.hpp"

#include <algorithm>

namespace venue::bybit {

namespace {

/// A decimal parameter in `decimals` decimals; `error` says what is wrong with it.
core::Result<std::int64_t, ApiError> decimal(const Params& params, std::string_view name, int decimals,
                                             const ApiError& error) {
    const auto units = core::parse_decimal(params[name], decimals);
    if (!units) return error;
    return *units;
}

bool good_link_id(std::string_view id) noexcept {
    return id.size() <= 36 && std::ranges::all_of(id, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_';
           });
}

bool yes(std::string_view text) noexcept {
    return text == "true";
}

bool conditional(const Order& order) noexcept {
    return triggered_kind(order.kind) && !order.released;
}

}  // namespace

core::Result<NewOrder, ApiError> Bybit::read_order(const Call& call) const {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& params = call.params;
    const auto& rule = rules(*id);
    const auto& i = rule.instrument;
    const bool spot = rule.spot();
    NewOrder wanted;
    wanted.listing = *id;
    const auto side = params["side"], type = params["orderType"], in_force = params["timeInForce"];
    if (side != "Buy" && side != "Sell")
        return spot ? ApiError{170117, "Invalid side."} : bad_parameter("side invalid");
    if (type != "Limit" && type != "Market")
        return spot ? ApiError{170116, "Invalid orderType."} : bad_parameter("OrderType invalid");
    wanted.side = side == "Buy" ? core::Side::buy : core::Side::sell;
    const bool market = type == "Market";
    wanted.kind = market ? OrderKind::market : OrderKind::limit;
    if (!market) {
        if (in_force == "IOC")
            wanted.time_in_force = TimeInForce::ioc;
        else if (in_force == "FOK")
            wanted.time_in_force = TimeInForce::fok;
        else if (in_force == "PostOnly")
            wanted.time_in_force = TimeInForce::post_only;
        else if (!in_force.empty() && in_force != "GTC")
            return spot ? ApiError{170115, "Invalid timeInForce."} : bad_parameter("TimeInForce invalid");
        const auto price = decimal(params, "price", i.price_decimals, error_of(Refusal::tick_size, rule));
        if (!price) return price.error();
        wanted.price = core::Price{*price};
    }
    wanted.client_id = params["orderLinkId"];
    if (!good_link_id(wanted.client_id)) return bad_parameter("OrderLinkId invalid");
    // A link id names one order for good, not only while it is open.
    if (!wanted.client_id.empty() && engine().order(*call.account, wanted.client_id) != nullptr)
        return error_of(Refusal::duplicate_client_id, rule);
    if (!spot) {
        const auto index = params.has("positionIdx") ? params.number("positionIdx") : std::optional<std::int64_t>{0};
        if (!index || *index < 0 || *index > 2) return bad_parameter("PositionIdx invalid");
        wanted.position_side = *index == 0   ? PositionSide::net
                               : *index == 1 ? PositionSide::long_
                                             : PositionSide::short_;
        wanted.close_position = yes(params["closeOnTrigger"]) && params["qty"] == "0";
        wanted.reduce_only = (yes(params["reduceOnly"]) || yes(params["closeOnTrigger"])) && *index == 0;
    }
    // Spot buys at the market for an amount, unless it says otherwise.
    const bool by_amount = spot && market && wanted.side == core::Side::buy && params["marketUnit"] != "baseCoin";
    if (!wanted.close_position) {
        const auto quantity =
            decimal(params, "qty", by_amount ? core::Notional::decimals : i.quantity_decimals,
                    spot ? ApiError{170137, "Order volume decimal too long."} : error_of(Refusal::bad_quantity, rule));
        if (!quantity) return quantity.error();
        if (by_amount)
            wanted.quote_amount = core::Notional{*quantity};
        else
            wanted.quantity = core::Quantity{*quantity};
    }
    if (params["triggerPrice"].empty() || params["triggerPrice"] == "0") return wanted;

    const auto trigger = decimal(params, "triggerPrice", i.price_decimals, error_of(Refusal::bad_trigger, rule));
    if (!trigger) return trigger.error();
    wanted.trigger = core::Price{*trigger};
    wanted.trigger_by = params["triggerBy"] == "MarkPrice" ? TriggerBy::mark : TriggerBy::last;
    const auto& state = engine().market(*id);
    const auto now_at = wanted.trigger_by == TriggerBy::mark ? state.mark() : state.last;
    const auto direction = params["triggerDirection"];
    if (!spot && direction != "1" && direction != "2") return bad_parameter("TriggerDirection invalid");
    // Spot has no direction: it waits for the price on whichever side of it the market is now.
    const bool rising = spot ? wanted.trigger > now_at : direction == "1";
    wanted.kind = conditional_kind(rising == (wanted.side == core::Side::buy), market);
    wanted.locks_at_once = spot && params["orderFilter"] == "tpslOrder";
    // What an amount buys is not known before its price has come.
    if (by_amount) return ApiError{170130, "Data sent for paramter 'marketUnit' is not valid."};
    if (!spot && engine().would_trigger(wanted)) {
        const auto prices = "trigger_price[" + std::string{params["triggerPrice"]} + "] " + (rising ? "<=" : ">=") +
                            " current[" + price_text(rule, now_at) + "]";
        return rising ? ApiError{110092, "expect Rising, but " + prices}
                      : ApiError{110093, "expect Falling, but " + prices};
    }
    return wanted;
}

Answer Bybit::create(Call& call) {
    const auto wanted = read_order(call);
    if (!wanted) return wanted.error();
    const auto& rule = rules(wanted->listing);
    if (const auto bad = engine().test(call.account->id, *wanted); bad != Refusal::none) return error_of(bad, rule);
    Preset preset;
    preset.take_profit = call.params["takeProfit"];
    preset.stop_loss = call.params["stopLoss"];
    preset.take_profit_limit = call.params["tpLimitPrice"];
    preset.stop_loss_limit = call.params["slLimitPrice"];
    preset.whole = call.params["tpslMode"] != "Partial";
    for (auto* text : {&preset.take_profit, &preset.stop_loss}) {
        if (*text == "0") text->clear();
        const auto price = core::parse_price(text->empty() ? "0" : *text, rule.instrument.price_decimals);
        if (!price || price->units % rule.instrument.tick_size.units != 0) return error_of(Refusal::bad_trigger, rule);
    }
    const auto made = engine().submit(call.account->id, *wanted);
    if (!made) return error_of(made.error(), rule);
    if (!rule.spot() && (!preset.take_profit.empty() || !preset.stop_loss.empty())) {
        preset.due = !live((*made)->state);
        presets_.emplace((*made)->number, std::move(preset));
    }
    if (triggered_kind(wanted->kind))
        stop_types_[(*made)->number] = call.params["orderFilter"] == "tpslOrder" ? "tpslOrder" : "Stop";
    return Answer{Json{{"orderId", order_id(**made)}, {"orderLinkId", call.params["orderLinkId"]}}};
}

core::Result<const Order*, ApiError> Bybit::named(const Call& call) const {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const Order* found = nullptr;
    if (const auto text = call.params["orderId"]; !text.empty()) {
        const auto number = number_of(text);
        found = number ? engine().order(*number) : nullptr;
    } else if (const auto name = call.params["orderLinkId"]; !name.empty()) {
        found = engine().order(*call.account, name);
    } else {
        return ApiError{10001, "orderId or orderLinkId is required"};
    }
    if (found != nullptr && (found->account != call.account->id || found->listing != *id)) found = nullptr;
    if (found == nullptr) return error_of(Refusal::unknown_order, rules(*id));
    return found;
}

Answer Bybit::amend(Call& call) {
    const auto order = named(call);
    if (!order) return order.error();
    const auto& rule = rules((*order)->listing);
    const auto& i = rule.instrument;
    Amendment change;
    if (!call.params["price"].empty() && !market_kind((*order)->kind)) {
        const auto price = decimal(call.params, "price", i.price_decimals, error_of(Refusal::tick_size, rule));
        if (!price) return price.error();
        change.price = core::Price{*price};
    }
    if (!call.params["qty"].empty()) {
        const auto quantity = decimal(call.params, "qty", i.quantity_decimals, error_of(Refusal::bad_quantity, rule));
        if (!quantity) return quantity.error();
        change.quantity = core::Quantity{*quantity};
        if (*change.quantity <= (*order)->filled && live((*order)->state))
            return ApiError{110064, "The amended qty must be more than the executed qty"};
    }
    if (!call.params["triggerPrice"].empty() && conditional(**order)) {
        const auto trigger =
            decimal(call.params, "triggerPrice", i.price_decimals, error_of(Refusal::bad_trigger, rule));
        if (!trigger) return trigger.error();
        change.trigger = core::Price{*trigger};
    }
    const Json answer{{"orderId", order_id(**order)}, {"orderLinkId", call.params["orderLinkId"]}};
    const auto made = engine().amend(call.account->id, (*order)->number, change);
    if (!made) return error_of(made.error(), rule);
    return Answer{answer};
}

Answer Bybit::cancel(Call& call) {
    const auto order = named(call);
    if (!order) return order.error();
    const auto& rule = rules((*order)->listing);
    const auto filter = call.params["orderFilter"];
    // Spot keeps what waits for a price apart from what rests in the book.
    if (rule.spot() && !filter.empty() && (filter == "Order") == conditional(**order))
        return error_of(Refusal::unknown_order, rule);
    const Json answer{{"orderId", order_id(**order)}, {"orderLinkId", call.params["orderLinkId"]}};
    if (const auto bad = engine().cancel(call.account->id, (*order)->number); bad != Refusal::none)
        return error_of(bad, rule);
    return Answer{answer};
}

Answer Bybit::cancel_all(Call& call) {
    const auto listings = listings_of(call);
    if (!listings) return listings.error();
    if (call.market != core::Market::spot && call.params["symbol"].empty() && call.params["baseCoin"].empty() &&
        call.params["settleCoin"].empty())
        return bad_parameter("symbol, settleCoin or baseCoin is required");
    const auto filter = call.params["orderFilter"];
    Json all = Json::array();
    for (const auto number : std::vector<OrderNumber>(call.account->open.begin(), call.account->open.end())) {
        const auto* order = engine().order(number);
        if (order == nullptr || std::ranges::find(*listings, order->listing) == listings->end()) continue;
        if (!filter.empty() && (filter == "Order") == conditional(*order)) continue;
        Json one{{"orderId", order_id(*order)}, {"orderLinkId", link_id(*order)}};
        if (engine().cancel(call.account->id, number) == Refusal::none) all.push_back(std::move(one));
    }
    return Answer{Json{{"list", std::move(all)}, {"success", "1"}}};
}

Answer Bybit::batch(Call& call, Handler each) {
    const auto list = call.body.contains("request") ? call.body["request"] : Json{};
    const std::size_t most = call.market == core::Market::spot ? 10 : 20;
    if (!list.is_array() || list.empty() || list.size() > most) return bad_parameter("request invalid");
    Json results = Json::array(), codes = Json::array();
    for (const auto& one : list) {
        Call single;
        single.params = params_of(one);
        single.market = call.market;
        single.listed = call.listed;
        single.account = call.account;
        const auto answer = (this->*each)(single);
        Json result{{"category", call.params["category"]}, {"symbol", single.params["symbol"]}};
        result["orderId"] = answer ? (*answer)["orderId"] : Json("");
        result["orderLinkId"] = single.params["orderLinkId"];
        if (answer && each == &Bybit::create) result["createAt"] = time_text(now());
        results.push_back(std::move(result));
        codes.push_back({{"code", answer ? 0 : answer.error().code}, {"msg", answer ? "OK" : answer.error().message}});
    }
    call.info = Json{{"list", std::move(codes)}};
    return Answer{Json{{"list", std::move(results)}}};
}

/// Source: docs/v5/order/dcp. On the venue it must be switched on for an account, and takes some seconds to be so.
Answer Bybit::disconnected_cancel_all(Call& call) {
    const auto product = call.params["product"];
    if (!product.empty() && product != "OPTIONS" && product != "DERIVATIVES" && product != "SPOT")
        return bad_parameter("product invalid");
    const auto window = call.params.number("timeWindow");
    if (!window || *window < 3 || *window > 300) return bad_parameter("timeWindow invalid");
    const auto market = product == "SPOT"          ? core::Market::spot
                        : product == "DERIVATIVES" ? core::Market::linear
                                                   : core::Market::inverse;
    dcp_windows_[{call.account->id, market}] = std::chrono::seconds{*window};
    return Answer{Json::object()};
}

Answer Bybit::create_batch(Call& call) {
    return batch(call, &Bybit::create);
}

Answer Bybit::amend_batch(Call& call) {
    return batch(call, &Bybit::amend);
}

Answer Bybit::cancel_batch(Call& call) {
    return batch(call, &Bybit::cancel);
}

}  // namespace venue::bybit
