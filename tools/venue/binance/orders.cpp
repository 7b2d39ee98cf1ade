// Orders by REST, and by the WebSocket API through the same functions.
// Source: rest-api.md "Trading endpoints"; USD-M "Trade" (New Order, Modify, Multiple Orders, Algo Order).
#include "tools/venue/binance/binance.hpp"

#include <algorithm>
#include <span>

namespace venue::binance {

namespace {

ApiError missing(std::string_view name) {
    return {-1102, "Mandatory parameter '" + std::string{name} + "' was not sent, was empty/null, or malformed."};
}

/// A decimal parameter in `decimals` decimals.
core::Result<std::int64_t, ApiError> decimal(const Params& params, std::string_view name, int decimals) {
    const auto text = params[name];
    if (text.empty()) return missing(name);
    const auto units = core::parse_decimal(text, decimals);
    if (units) return *units;
    if (units.error() == core::Error::too_precise)
        return ApiError{-1111, "Precision is over the maximum defined for this asset."};
    return ApiError{-1100, "Illegal characters found in parameter '" + std::string{name} + "'."};
}

bool yes(std::string_view text) noexcept {
    return text == "true" || text == "TRUE";
}

struct TypeName {
    std::string_view name;
    OrderKind kind;
};
constexpr TypeName spot_types[]{{"LIMIT", OrderKind::limit},
                                {"LIMIT_MAKER", OrderKind::limit},
                                {"MARKET", OrderKind::market},
                                {"STOP_LOSS", OrderKind::stop_market},
                                {"STOP_LOSS_LIMIT", OrderKind::stop_limit},
                                {"TAKE_PROFIT", OrderKind::take_profit_market},
                                {"TAKE_PROFIT_LIMIT", OrderKind::take_profit_limit}};
constexpr TypeName futures_types[]{{"LIMIT", OrderKind::limit},
                                   {"MARKET", OrderKind::market},
                                   {"STOP", OrderKind::stop_limit},
                                   {"STOP_MARKET", OrderKind::stop_market},
                                   {"TAKE_PROFIT", OrderKind::take_profit_limit},
                                   {"TAKE_PROFIT_MARKET", OrderKind::take_profit_market}};

bool good_client_id(std::string_view id) noexcept {
    return id.size() <= 36 && std::ranges::all_of(id, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                      c == '_' || c == '.' || c == ':' || c == '/';
           });
}

std::optional<TimeInForce> read_time_in_force(std::string_view text) noexcept {
    if (text == "GTC" || text == "GTE_GTC") return TimeInForce::gtc;
    if (text == "IOC") return TimeInForce::ioc;
    if (text == "FOK") return TimeInForce::fok;
    if (text == "GTX") return TimeInForce::post_only;
    return std::nullopt;
}

/// Numbers of the list in "[1,2]" or names in `["a","b"]`.
Json read_list(std::string_view text) {
    if (text.size() > 16'384) return {};
    return read_json(text);
}

}  // namespace

core::Result<NewOrder, ApiError> Binance::read_order(const Call& call, bool algo) const {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto& params = call.params;
    const auto& i = rules(*id).instrument;
    const bool spot = call.market == core::Market::spot;
    NewOrder wanted;
    wanted.listing = *id;
    const auto side = params["side"];
    if (side != "BUY" && side != "SELL") return side.empty() ? missing("side") : ApiError{-1117, "Invalid side."};
    wanted.side = side == "BUY" ? core::Side::buy : core::Side::sell;

    const auto type = params["type"];
    const auto types = spot ? std::span<const TypeName>{spot_types} : std::span<const TypeName>{futures_types};
    const auto named_type = std::ranges::find(types, type, &TypeName::name);
    if (named_type == types.end()) return type.empty() ? missing("type") : ApiError{-1116, "Invalid orderType."};
    wanted.kind = named_type->kind;
    if (!spot && triggered_kind(wanted.kind) != algo)
        return algo ? ApiError{-1116, "Invalid orderType."}
                    : ApiError{-4120,
                               "Order type not supported for this endpoint. Please use the Algo Order API endpoints "
                               "instead."};

    wanted.client_id = params[algo ? "clientAlgoId" : "newClientOrderId"];
    if (!good_client_id(wanted.client_id))
        return ApiError{
            -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."};
    const auto in_force = params["timeInForce"];
    if (!in_force.empty()) {
        const auto read = read_time_in_force(in_force);
        if (!read) return ApiError{-1115, "Invalid timeInForce."};
        wanted.time_in_force = *read;
    } else if (wanted.kind == OrderKind::limit && type != "LIMIT_MAKER") {
        return missing("timeInForce");
    }
    if (type == "LIMIT_MAKER") wanted.time_in_force = TimeInForce::post_only;

    wanted.close_position = yes(params["closePosition"]);
    wanted.reduce_only = yes(params["reduceOnly"]);
    const auto position_side = params["positionSide"];
    if (position_side == "LONG")
        wanted.position_side = PositionSide::long_;
    else if (position_side == "SHORT")
        wanted.position_side = PositionSide::short_;
    else if (!position_side.empty() && position_side != "BOTH")
        return ApiError{-1116, "Invalid positionSide."};
    if (params["workingType"] == "MARK_PRICE") wanted.trigger_by = TriggerBy::mark;

    if (!market_kind(wanted.kind)) {
        const auto price = decimal(params, "price", i.price_decimals);
        if (!price) return price.error();
        wanted.price = core::Price{*price};
    }
    if (triggered_kind(wanted.kind)) {
        const auto trigger = decimal(params, algo ? "triggerPrice" : "stopPrice", i.price_decimals);
        if (!trigger) return trigger.error();
        wanted.trigger = core::Price{*trigger};
    }
    if (spot && wanted.kind == OrderKind::market && params.has("quoteOrderQty") && !params.has("quantity")) {
        const auto amount = decimal(params, "quoteOrderQty", core::Notional::decimals);
        if (!amount) return amount.error();
        wanted.quote_amount = core::Notional{*amount};
    } else if (!wanted.close_position) {
        const auto quantity = decimal(params, "quantity", i.quantity_decimals);
        if (!quantity) return quantity.error();
        wanted.quantity = core::Quantity{*quantity};
    }
    return wanted;
}

core::Result<const Order*, ApiError> Binance::submit(Call& call, const NewOrder& wanted) {
    const auto& listing = rules(wanted.listing);
    if (const auto bad = engine().test(call.account->id, wanted); bad != Refusal::none) return error_of(bad, listing);
    if (wanted.time_in_force == TimeInForce::post_only && !market_kind(wanted.kind) && !triggered_kind(wanted.kind) &&
        engine().would_take(wanted))
        return error_of(Refusal::post_only, listing);
    if (call.market == core::Market::linear && wanted.time_in_force == TimeInForce::fok &&
        wanted.kind == OrderKind::limit && !engine().fillable(call.account->id, wanted))
        return error_of(Refusal::not_fillable, listing);
    if (triggered_kind(wanted.kind) && engine().would_trigger(wanted)) return error_of(Refusal::would_trigger, listing);
    const auto made = engine().submit(call.account->id, wanted);
    if (!made) return error_of(made.error(), listing);
    return *made;
}

Answer Binance::place(Call& call) {
    const auto wanted = read_order(call, false);
    if (!wanted) return wanted.error();
    const auto before = call.account->fills.size();
    const auto order = submit(call, *wanted);
    if (!order) return order.error();
    if (call.market != core::Market::spot) return Answer{futures_order(**order)};

    const auto& made = **order;
    const auto& listing = rules(made.listing);
    Json answer{{"symbol", listing.instrument.symbol},
                {"orderId", made.number},
                {"orderListId", -1},
                {"clientOrderId", made.client_id},
                {"transactTime", milliseconds(now())}};
    const auto how = call.params["newOrderRespType"];
    const bool brief = made.kind != OrderKind::limit && made.kind != OrderKind::market;
    if (how == "ACK" || (how.empty() && brief)) return Answer{std::move(answer)};
    const auto whole = spot_order(made);
    for (const auto& [key, value] : whole.items())
        if (!answer.contains(key) && key != "time" && key != "updateTime" && key != "isWorking") answer[key] = value;
    if (how != "RESULT") {
        Json fills = Json::array();
        const auto& all = call.account->fills;
        // The newest fills are this order's; at the bound of what is kept none is lost for it.
        for (std::size_t i = std::min(before, all.size()); i < all.size(); ++i)
            if (all[i].order == made.number)
                fills.push_back({{"price", price_text(listing, all[i].price)},
                                 {"qty", quantity_text(listing, all[i].quantity)},
                                 {"commission", fixed(all[i].fee, 8)},
                                 {"commissionAsset", all[i].fee_asset},
                                 {"tradeId", all[i].trade}});
        answer["fills"] = std::move(fills);
    }
    return Answer{std::move(answer)};
}

Answer Binance::test_order(Call& call) {
    const auto wanted = read_order(call, false);
    if (!wanted) return wanted.error();
    if (const auto bad = engine().test(call.account->id, *wanted); bad != Refusal::none)
        return error_of(bad, rules(wanted->listing));
    return Answer{Json::object()};
}

Answer Binance::place_batch(Call& call) {
    const auto list = read_list(call.params["batchOrders"]);
    if (!list.is_array() || list.empty()) return missing("batchOrders");
    if (list.size() > 5) return ApiError{-4130, "Batch orders are at most 5."};
    Json all = Json::array();
    for (const auto& one : list) {
        Call each{{}, call.market, call.account};
        if (one.is_object())
            for (const auto& [key, value] : one.items())
                each.params.set(key, value.is_string() ? value.get<std::string>() : value.dump());
        const auto answer = place(each);
        all.push_back(answer ? *answer : Json{{"code", answer.error().code}, {"msg", answer.error().message}});
    }
    return Answer{std::move(all)};
}

Answer Binance::place_algo(Call& call) {
    if (call.params["algoType"] != "CONDITIONAL") return missing("algoType");
    const auto wanted = read_order(call, true);
    if (!wanted) return wanted.error();
    const auto order = submit(call, *wanted);
    if (!order) return order.error();
    return Answer{algo_order(**order)};
}

/// The order a call names by id or client id.
core::Result<const Order*, ApiError> Binance::named(const Call& call, bool algo) {
    const auto& params = call.params;
    const Order* found = nullptr;
    if (const auto number = params.number(algo ? "algoId" : "orderId")) {
        found = engine().order(static_cast<OrderNumber>(*number));
        if (found != nullptr && found->account != call.account->id) found = nullptr;
    } else if (const auto* name = params.find(algo ? "clientAlgoId" : "origClientOrderId")) {
        found = engine().order(*call.account, *name);
    } else {
        return ApiError{-1102, algo ? "Param 'algoId' or 'clientAlgoId' must be sent, but both were empty/null!"
                                    : "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!"};
    }
    if (found != nullptr && rules(found->listing).instrument.market != call.market) found = nullptr;
    if (found != nullptr && !algo) {
        const auto symbol = call.params["symbol"];
        if (!symbol.empty() && rules(found->listing).instrument.symbol != symbol) found = nullptr;
    }
    if (found == nullptr) return ApiError{-2013, "Order does not exist."};
    return found;
}

Answer Binance::cancel(Call& call) {
    if (const auto id = listing_of(call); !id) return id.error();
    const auto order = named(call, false);
    if (!order) return order.error().code == -2013 ? ApiError{-2011, "Unknown order sent."} : order.error();
    const auto number = (*order)->number;
    if (const auto bad = engine().cancel(call.account->id, number); bad != Refusal::none)
        return error_of(bad, rules((*order)->listing));
    auto answer = order_json(*engine().order(number));
    if (call.market == core::Market::spot) {
        answer["origClientOrderId"] = answer["clientOrderId"];
        answer["transactTime"] = milliseconds(now());
    }
    return Answer{std::move(answer)};
}

Answer Binance::cancel_batch(Call& call) {
    const bool by_number = call.params.has("orderIdList");
    const auto list = read_list(call.params[by_number ? "orderIdList" : "origClientOrderIdList"]);
    if (!list.is_array() || list.empty() || list.size() > 10) return missing("orderIdList");
    Json all = Json::array();
    for (const auto& one : list) {
        Call each{{}, call.market, call.account};
        each.params.set("symbol", std::string{call.params["symbol"]});
        each.params.set(by_number ? "orderId" : "origClientOrderId",
                        one.is_string() ? one.get<std::string>() : one.dump());
        const auto answer = cancel(each);
        all.push_back(answer ? *answer : Json{{"code", answer.error().code}, {"msg", answer.error().message}});
    }
    return Answer{std::move(all)};
}

Answer Binance::cancel_algo(Call& call) {
    const auto order = named(call, true);
    if (!order) return order.error().code == -2013 ? ApiError{-2011, "Unknown order sent."} : order.error();
    const auto number = (*order)->number;
    const auto client_id = (*order)->client_id;
    if ((*order)->released) return ApiError{-2011, "Unknown order sent."};
    if (const auto bad = engine().cancel(call.account->id, number); bad != Refusal::none)
        return error_of(bad, rules((*order)->listing));
    return Answer{Json{{"algoId", number}, {"clientAlgoId", client_id}, {"code", "200"}, {"msg", "success"}}};
}

Answer Binance::cancel_all(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    if (call.market == core::Market::spot) {
        const auto numbers = engine().cancel_all(call.account->id, *id);
        if (numbers.empty()) return ApiError{-2011, "Unknown order sent."};
        Json all = Json::array();
        for (const auto number : numbers)
            if (const auto* order = engine().order(number)) all.push_back(spot_order(*order));
        return Answer{std::move(all)};
    }
    cancel_working(call.account->id, *id);
    return Answer{Json{{"code", 200}, {"msg", "The operation of cancel all open order is done."}}};
}

/// All but the conditional ones, which have a path of their own.
void Binance::cancel_working(AccountId account, ListingId listing) {
    const auto& open = engine().account(account).open;
    for (const auto number : std::vector<OrderNumber>(open.begin(), open.end())) {
        const auto* order = engine().order(number);
        if (order != nullptr && order->listing == listing && order->state != OrderState::untriggered)
            (void)engine().cancel(account, number);
    }
}

/// Source: USD-M "Auto-Cancel All Open Orders". What it does to algo orders is not said there: they stay.
Answer Binance::countdown_cancel_all(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto wait = call.params.number("countdownTime");
    if (!wait || *wait < 0) return missing("countdownTime");
    if (*wait == 0)
        countdowns_.stop(call.account->id, *id);
    else
        countdowns_.set(call.account->id, *id,
                        now() + std::chrono::milliseconds{std::min<std::int64_t>(*wait, 86'400'000)});
    return Answer{Json{{"symbol", rules(*id).instrument.symbol}, {"countdownTime", std::to_string(*wait)}}};
}

Answer Binance::cancel_all_algo(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    for (const auto number : std::vector<OrderNumber>(call.account->open.begin(), call.account->open.end())) {
        const auto* order = engine().order(number);
        if (order != nullptr && order->listing == *id && order->state == OrderState::untriggered)
            (void)engine().cancel(call.account->id, number);
    }
    return Answer{Json{{"code", "200"}, {"msg", "The operation of cancel all open order is done."}}};
}

Answer Binance::cancel_replace(Call& call) {
    const auto mode = call.params["cancelReplaceMode"];
    if (mode != "STOP_ON_FAILURE" && mode != "ALLOW_FAILURE") return missing("cancelReplaceMode");
    Call old{{}, call.market, call.account};
    old.params.set("symbol", std::string{call.params["symbol"]});
    if (call.params.has("cancelOrderId"))
        old.params.set("orderId", std::string{call.params["cancelOrderId"]});
    else
        old.params.set("origClientOrderId", std::string{call.params["cancelOrigClientOrderId"]});
    const auto error_json = [](const ApiError& error) { return Json{{"code", error.code}, {"msg", error.message}}; };
    const auto cancelled = cancel(old);
    if (!cancelled && mode == "STOP_ON_FAILURE") return ApiError{-2022, "Order cancel-replace failed."};
    const auto placed = place(call);
    if (!placed && !cancelled) return ApiError{-2022, "Order cancel-replace failed."};
    if (!placed) return ApiError{-2021, "Order cancel-replace partially failed.", 409};
    return Answer{Json{{"cancelResult", cancelled ? "SUCCESS" : "FAILURE"},
                       {"newOrderResult", "SUCCESS"},
                       {"cancelResponse", cancelled ? *cancelled : error_json(cancelled.error())},
                       {"newOrderResponse", *placed}}};
}

Answer Binance::modify(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto order = named(call, false);
    if (!order) return order.error();
    const auto& i = rules(*id).instrument;
    const auto price = decimal(call.params, "price", i.price_decimals);
    if (!price) return price.error();
    const auto quantity = decimal(call.params, "quantity", i.quantity_decimals);
    if (!quantity) return quantity.error();
    const auto made = engine().amend(call.account->id, (*order)->number,
                                     {.price = core::Price{*price}, .quantity = core::Quantity{*quantity}});
    if (made) return Answer{futures_order(**made)};
    if (made.error() == Refusal::unchanged) return ApiError{-5027, "No need to modify the order."};
    return error_of(made.error(), rules(*id));
}

Answer Binance::amend_keep_priority(Call& call) {
    const auto id = listing_of(call);
    if (!id) return id.error();
    const auto order = named(call, false);
    if (!order) return order.error();
    const auto quantity = decimal(call.params, "newQty", rules(*id).instrument.quantity_decimals);
    if (!quantity) return quantity.error();
    if (core::Quantity{*quantity} >= (*order)->quantity)
        return ApiError{-2038, "The requested action would change no state; rejecting."};
    const auto made =
        engine().amend(call.account->id, (*order)->number, {.price = {}, .quantity = core::Quantity{*quantity}});
    if (!made) return error_of(made.error(), rules(*id));
    return Answer{Json{
        {"transactTime", milliseconds(now())}, {"executionId", (*made)->number}, {"amendedOrder", spot_order(**made)}}};
}

}  // namespace venue::binance
