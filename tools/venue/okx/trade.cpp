// Orders, algo orders, fills. Source: "Order Book Trading / Trade" and "Algo Trading" of the documentation.
#include "tools/venue/okx/okx.hpp"

#include <algorithm>

namespace venue::okx {

namespace {

core::Result<std::int64_t, ApiError> decimal(const Json& body, const char* name, int decimals) {
    const auto text = field(body, name);
    const auto units = core::parse_decimal(text, decimals);
    if (!units) return ApiError{"51000", std::string{"Parameter "} + name + " error"};
    return *units;
}

bool good_client_id(std::string_view id) noexcept {
    return id.size() <= 32 && std::ranges::all_of(id, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
           });
}

}  // namespace

core::Result<NewOrder, ApiError> Okx::read_order(Account& account, const Json& body, bool algo) {
    const auto id = engine().find(field(body, "instId"), std::nullopt);
    if (!id) return ApiError{"51001", "Instrument ID doesn't exist."};
    const auto& listing = rules(*id);
    const auto& i = listing.instrument;
    NewOrder wanted;
    wanted.listing = *id;
    const auto side = field(body, "side"), mode = field(body, "tdMode"), type = field(body, "ordType");
    if (side != "buy" && side != "sell") return ApiError{"51000", "Parameter side error"};
    wanted.side = side == "buy" ? core::Side::buy : core::Side::sell;
    if (listing.spot() ? mode != "cash" && mode != "cross" : mode != "cross" && mode != "isolated")
        return ApiError{"51000", "Parameter tdMode error"};
    const auto position_side = field(body, "posSide");
    if (position_side == "long")
        wanted.position_side = PositionSide::long_;
    else if (position_side == "short")
        wanted.position_side = PositionSide::short_;
    else if (!position_side.empty() && position_side != "net")
        return ApiError{"51000", "Parameter posSide error"};
    wanted.client_id = field(body, algo ? "algoClOrdId" : "clOrdId");
    if (!good_client_id(wanted.client_id)) return ApiError{"51000", "Parameter clOrdId error"};
    // Spot has nothing to reduce: the venue ignores the flag there.
    wanted.reduce_only = !listing.spot() && field(body, "reduceOnly") == "true";

    std::string price_name = "px";
    if (algo) {
        const bool trigger = type == "trigger";
        if (!trigger && type != "conditional") return ApiError{"51000", "Parameter ordType error"};
        const bool stops = !field(body, "slTriggerPx").empty(), takes = !field(body, "tpTriggerPx").empty();
        if (!trigger && stops == takes) return ApiError{"51000", "Parameter slTriggerPx error"};
        const char* at = trigger ? "triggerPx" : stops ? "slTriggerPx" : "tpTriggerPx";
        price_name = trigger ? "orderPx" : stops ? "slOrdPx" : "tpOrdPx";
        const auto price = decimal(body, at, i.price_decimals);
        if (!price) return price.error();
        wanted.trigger = core::Price{*price};
        const auto by = field(body, trigger ? "triggerPxType" : stops ? "slTriggerPxType" : "tpTriggerPxType");
        if (by == "mark") wanted.trigger_by = TriggerBy::mark;
        const bool at_market = field(body, price_name) == "-1";
        bool as_stop = stops;
        if (trigger) {
            // A trigger order says no direction: it waits on the side of the market where its price is.
            const auto last = engine().market(*id).last;
            as_stop = (wanted.side == core::Side::buy) == (wanted.trigger >= last);
        }
        wanted.kind = as_stop ? (at_market ? OrderKind::stop_market : OrderKind::stop_limit)
                              : (at_market ? OrderKind::take_profit_market : OrderKind::take_profit_limit);
        wanted.close_position = field(body, "closeFraction") == "1";
    } else if (type == "market") {
        wanted.kind = OrderKind::market;
    } else if (type == "limit" || type == "post_only" || type == "fok" || type == "ioc" ||
               type == "optimal_limit_ioc") {
        if (type == "optimal_limit_ioc") wanted.kind = OrderKind::market;
        wanted.time_in_force = type == "post_only" ? TimeInForce::post_only
                               : type == "fok"     ? TimeInForce::fok
                               : type == "limit"   ? TimeInForce::gtc
                                                   : TimeInForce::ioc;
    } else {
        return ApiError{"51000", "Parameter ordType error"};
    }
    if (!market_kind(wanted.kind)) {
        const auto price = decimal(body, price_name.c_str(), i.price_decimals);
        if (!price) return price.error();
        wanted.price = core::Price{*price};
    }
    const auto target = field(body, "tgtCcy");
    const bool by_amount =
        listing.spot() && wanted.kind == OrderKind::market && wanted.side == core::Side::buy && target != "base_ccy";
    if (by_amount) {
        const auto amount = decimal(body, "sz", core::Notional::decimals);
        if (!amount) return amount.error();
        wanted.quote_amount = core::Notional{*amount};
    } else if (!wanted.close_position) {
        const auto quantity = decimal(body, "sz", i.quantity_decimals);
        if (!quantity) return quantity.error();
        wanted.quantity = core::Quantity{*quantity};
    }
    if (!listing.spot()) {
        const auto bad = engine().set_isolated(account.id, *id, mode == "isolated");
        if (bad == Refusal::open_positions) return ApiError{"51000", "Parameter tdMode error"};
    }
    return wanted;
}

Okx::One Okx::place_one(Account& account, const Json& body, bool algo) {
    const auto wanted = read_order(account, body, algo);
    if (!wanted) return wanted.error();
    if (algo && engine().would_trigger(*wanted) && field(body, "ordType") != "trigger")
        return error_of(Refusal::would_trigger, rules(wanted->listing));
    const auto made = engine().submit(account.id, *wanted);
    if (!made) return error_of(made.error(), rules(wanted->listing));
    return *made;
}

const Order* Okx::named(const Account& account, const Json& body) const {
    auto number = field(body, "ordId");
    if (number.empty()) number = field(body, "algoId");
    const Order* found = nullptr;
    if (!number.empty()) {
        const auto parsed = core::parse_decimal(number, 0);
        found = parsed ? engine().order(static_cast<OrderNumber>(*parsed)) : nullptr;
    } else {
        auto client = field(body, "clOrdId");
        if (client.empty()) client = field(body, "algoClOrdId");
        found = engine().order(account, client);
    }
    const auto instrument = field(body, "instId");
    if (found == nullptr || found->account != account.id) return nullptr;
    return instrument.empty() || rules(found->listing).instrument.symbol == instrument ? found : nullptr;
}

Okx::One Okx::cancel_one(Account& account, const Json& body) {
    const auto* order = named(account, body);
    if (order == nullptr) return error_of(Refusal::unknown_order, rules(0));
    const auto number = order->number;
    if (const auto bad = engine().cancel(account.id, number); bad != Refusal::none)
        return error_of(bad, rules(order->listing));
    return engine().order(number);
}

Okx::One Okx::amend_one(Account& account, const Json& body) {
    const auto* order = named(account, body);
    if (order == nullptr || !live(order->state))
        return ApiError{"51503", "Order modification failed as the order has been filled, canceled or does not exist."};
    const auto& i = rules(order->listing).instrument;
    Amendment change;
    if (!field(body, "newPx").empty()) {
        const auto price = decimal(body, "newPx", i.price_decimals);
        if (!price) return price.error();
        change.price = core::Price{*price};
    }
    if (!field(body, "newSz").empty()) {
        const auto quantity = decimal(body, "newSz", i.quantity_decimals);
        if (!quantity) return quantity.error();
        change.quantity = core::Quantity{*quantity};
    }
    const auto made = engine().amend(account.id, order->number, change);
    if (!made) return error_of(made.error(), rules(order->listing));
    return *made;
}

Json Okx::result_of(const One& one, const Json& body) {
    Json made{{"ordId", one ? std::to_string((*one)->number) : std::string{}},
              {"clOrdId", one ? (*one)->client_id : field(body, "clOrdId")},
              {"tag", field(body, "tag")},
              {"sCode", one ? "0" : one.error().code},
              {"sMsg", one ? "" : one.error().message}};
    if (const auto request = field(body, "reqId"); !request.empty()) made["reqId"] = request;
    return made;
}

Answer Okx::each(Call& call, One (Okx::*one)(Account&, const Json&)) {
    const Json orders = call.body.is_array() ? call.body : Json::array({call.body});
    if (orders.empty() || orders.size() > 20) return ApiError{"50014", "Parameter error: 1 to 20 orders.", 400};
    Json all = Json::array();
    std::size_t failed = 0;
    for (const auto& body : orders) {
        const auto result = (this->*one)(*call.account, body);
        failed += result ? 0U : 1U;
        all.push_back(result_of(result, body));
    }
    return Data{std::move(all), failed == 0 ? "0" : failed == orders.size() ? "1" : "2"};
}

Answer Okx::place(Call& call) {
    return each(call, &Okx::place_plain);
}
Answer Okx::place_batch(Call& call) {
    return each(call, &Okx::place_plain);
}
Answer Okx::cancel(Call& call) {
    return each(call, &Okx::cancel_one);
}
Answer Okx::cancel_batch(Call& call) {
    return each(call, &Okx::cancel_one);
}
Answer Okx::amend(Call& call) {
    return each(call, &Okx::amend_one);
}
Answer Okx::amend_batch(Call& call) {
    return each(call, &Okx::amend_one);
}

Answer Okx::place_algo(Call& call) {
    const auto one = place_one(*call.account, call.body, true);
    Json made{{"algoId", one ? std::to_string((*one)->number) : std::string{}},
              {"algoClOrdId", one ? (*one)->client_id : field(call.body, "algoClOrdId")},
              {"sCode", one ? "0" : one.error().code},
              {"sMsg", one ? "" : one.error().message}};
    return Data{Json::array({std::move(made)}), one ? "0" : "1"};
}

/// Source: "POST / Cancel All After": 0, or 10 to 120 seconds. It stands for orders, not for algo orders.
Answer Okx::cancel_all_after(Call& call) {
    const auto seconds = core::parse_decimal(field(call.body, "timeOut"), 0);
    if (!seconds || *seconds < 0 || *seconds > 120 || (*seconds > 0 && *seconds < 10))
        return ApiError{"51000", "Parameter timeOut error"};
    const auto when = now() + std::chrono::seconds{*seconds};
    if (*seconds == 0)
        countdowns_.stop(call.account->id, true);
    else
        countdowns_.set(call.account->id, true, when);
    return Data{Json::array({{{"triggerTime", *seconds == 0 ? "0" : time_text(when)},
                              {"tag", field(call.body, "tag")},
                              {"ts", time_text(now())}}})};
}

Answer Okx::cancel_algos(Call& call) {
    return each(call, &Okx::cancel_one);
}

Answer Okx::close_position(Call& call) {
    const auto id = engine().find(field(call.body, "instId"), core::Market::linear);
    if (!id) return ApiError{"51001", "Instrument ID doesn't exist."};
    const auto text = field(call.body, "posSide");
    const auto side = text == "long" ? PositionSide::long_ : text == "short" ? PositionSide::short_ : PositionSide::net;
    const auto* position = call.account->position(*id, side);
    if (position == nullptr || position->held.flat()) return ApiError{"51023", "Position doesn't exist."};
    const auto held = position->held.quantity();
    NewOrder wanted;
    wanted.listing = *id;
    wanted.side = held.units > 0 ? core::Side::sell : core::Side::buy;
    wanted.kind = OrderKind::market;
    wanted.position_side = side;
    wanted.reduce_only = true;
    wanted.quantity = held.units > 0 ? held : -held;
    const auto made = engine().submit(call.account->id, wanted);
    if (!made) return error_of(made.error(), rules(*id));
    return Data{Json::array({{{"instId", rules(*id).instrument.symbol}, {"posSide", position_side_text(side)}}})};
}

}  // namespace venue::okx
