// Log-in, an account's events and orders by socket. Source: api-doc */websocket/private/*.
#include "tools/venue/bitget/bitget.hpp"
#include "tools/venue/dialect/sign.hpp"

#include <algorithm>

namespace venue::bitget {

namespace {

/// Codes of orders by socket are others than by REST.
std::string socket_code(const std::string& code) {
    if (code == "43012" || code == "40762") return "25202";
    if (code == "43001" || code == "40768") return "25204";
    if (code == "43118" || code == "40786") return "25212";
    if (code == "22002") return "25227";
    return code;
}

}  // namespace

void Bitget::login(ConnectionId id, Connection& connection, const Json& arg) {
    const auto refuse_login = [&](const char* code, const char* message) {
        fail(id, nullptr, {code, message});
        close(id, 1008, message);
    };
    const auto params = params_of(arg);
    auto* account = engine().account(params["apiKey"]);
    if (account == nullptr) return refuse_login("30011", "Invalid ACCESS_KEY");
    if (!same_signature(params["passphrase"], account->credentials.passphrase.reveal()))
        return refuse_login("30012", "Invalid ACCESS_PASSPHRASE");
    const auto stamp = params.number("timestamp");
    if (!stamp) return refuse_login("30013", "Invalid ACCESS_TIMESTAMP");
    // The text says milliseconds, the examples and clients use seconds.
    const auto time = *stamp < 100'000'000'000 ? *stamp * 1'000 : *stamp;
    if (std::abs(milliseconds(now()) - time) > 30'000) return refuse_login("30014", "Request timestamp expired");
    const auto payload = std::string{params["timestamp"]} + "GET/user/verify";
    if (!same_signature(params["sign"], hmac_base64(account->credentials.secret, payload)))
        return refuse_login("30015", "Invalid sign");
    connection.account = account->id;
    send(id, Topic::ack, R"({"event":"login","code":"0","msg":""})");
}

void Bitget::trade_request(ConnectionId id, Connection& connection, const Json& arg) {
    auto params = params_of(arg);
    if (connection.account == 0) return fail(id, arg, {"30004", "User needs to log in"});
    const auto type = upper(params["instType"]);
    const auto channel = params["channel"];
    if ((type != "SPOT" && type != "USDT-FUTURES") || (channel != "place-order" && channel != "cancel-order"))
        return fail(id, arg, {"30001", "channel doesn't exist"});
    Call call;
    call.params = arg.contains("params") ? params_of(arg["params"]) : Params{};
    call.params.set("symbol", std::string{params["instId"]});
    call.market = type == "SPOT" ? core::Market::spot : core::Market::linear;
    call.account = &engine().account(connection.account);
    auto& limit = limits_.try_emplace({"trade " + type, connection.account}, 10, std::chrono::seconds{1}).first->second;
    const auto answer = !limit.take(now())         ? Answer{ApiError{"30006", "too many requests"}}
                        : channel == "place-order" ? place(call)
                                                   : cancel(call);
    Json echo{
        {"id", params["id"]}, {"instType", params["instType"]}, {"channel", channel}, {"instId", params["instId"]}};
    if (answer) {
        echo["params"] = *answer;
        send(id, Topic::ack,
             Json{{"event", "trade"},
                  {"arg", Json::array({echo})},
                  {"code", 0},
                  {"msg", "Success"},
                  {"ts", milliseconds(now())}}
                 .dump());
    } else {
        echo["params"] = arg.contains("params") ? arg["params"] : Json::object();
        send(id, Topic::ack,
             Json{{"event", "error"},
                  {"arg", Json::array({echo})},
                  {"code", Json::parse(socket_code(answer.error().code))},
                  {"msg", answer.error().message},
                  {"ts", milliseconds(now())}}
                 .dump());
    }
    flush_presets();
}

void Bitget::tell(AccountId account, Kind kind, ListingId listing, Topic topic, const Json& data) {
    for (const auto& [id, connection] : connections_) {
        if (connection.account != account) continue;
        for (const auto& channel : connection.channels)
            if (channel.kind == kind && channel.market == rules(listing).instrument.market &&
                (!channel.listing || *channel.listing == listing))
                push(id, channel, topic, "snapshot", data);
    }
}

Json Bitget::order_event(const Order& order, const Fill* fill) const {
    const auto& rule = rules(order.listing);
    const bool spot = rule.spot();
    auto made = spot ? spot_order(order) : futures_order(order);
    for (const auto* key : {"userId", "symbol", "baseVolume", "quoteVolume", "feeDetail", "fee", "totalProfits",
                            "posMode", "quoteCoin", "baseCoin", "orderSource", "tpslType", "triggerPrice"})
        made.erase(key);
    made["instId"] = rule.instrument.symbol;
    made["accBaseVolume"] = quantity_text(rule, order.filled);
    if (spot) {
        const bool by_amount = order.quote_amount.units != 0;
        made["newSize"] = by_amount ? fixed(order.quote_amount) : quantity_text(rule, order.quantity);
        made["notional"] =
            by_amount ? fixed(order.quote_amount)
                      : fixed(rule.instrument.notional(order.price, order.quantity).value_or(core::Notional{}));
    } else {
        const auto& account = const_cast<Engine&>(engine()).account(order.account);
        made["posMode"] = position_mode(account);
        made["reduceOnly"] = reduces(order) ? "yes" : "no";
        made["pnl"] = fill == nullptr ? "0" : core::to_text(fill->realised);
        made["totalProfits"] = core::to_text(order.realised);
        made["notionalUsd"] = fixed(order.filled_quote);
    }
    if (fill != nullptr) {
        const auto fee = core::to_text(-fill->fee, 8);
        made["fillPrice"] = price_text(rule, fill->price);
        made["tradeId"] = std::to_string(fill->trade);
        made["baseVolume"] = quantity_text(rule, fill->quantity);
        made["fillTime"] = time_text(fill->time);
        made["fillFee"] = fee;
        made["fillFeeCoin"] = fill->fee_asset;
        made["tradeScope"] = fill->maker ? "M" : "T";
        if (!spot) made["fillNotionalUsd"] = fixed(fill->quote);
    }
    made["feeDetail"] = Json::array();
    if (order.fee != 0)
        made["feeDetail"].push_back({{"feeCoin", spot && order.side == core::Side::buy ? rule.base : rule.quote},
                                     {"fee", core::to_text(-order.fee, 8)}});
    made["cancelReason"] =
        order.state == OrderState::expired || order.state == OrderState::rejected ? Json(name(order.reason)) : Json("");
    return made;
}

Json Bitget::plan_event(const Order& order) const {
    auto made = plan_json(order);
    made["instId"] = rules(order.listing).instrument.symbol;
    made["status"] = plan_status_text(order);
    made["actualSize"] = quantity_text(rules(order.listing), order.filled);
    made["triggerTime"] = order.released ? time_text(order.updated) : std::string{};
    for (const auto* key : {"symbol", "planStatus", "baseVolume", "priceAvg", "quoteVolume", "fee"}) made.erase(key);
    return made;
}

Json Bitget::fill_event(const Order& order, const Fill& fill) const {
    auto made = fill_json(fill);
    made["clientOid"] = order.client_id;
    if (rules(fill.listing).spot()) {
        made.erase("userId");
        made["feeDetail"] = Json::array({made["feeDetail"]});
    }
    made["uTime"] = time_text(fill.time);
    return made;
}

void Bitget::on_order(const Account& account, const Order& order, Change change, const Fill* fill) {
    if (const auto preset = presets_.find(order.number); preset != presets_.end() && !live(order.state))
        preset->second.due = true;
    // A conditional order is of the algo channel until it is released, and an order like others from then on.
    if (triggered_kind(order.kind)) {
        if (change != Change::filled)
            tell(account.id, Kind::orders_algo, order.listing, Topic::order, Json::array({plan_event(order)}));
        if (!order.released) return;
    }
    tell(account.id, Kind::orders, order.listing, fill == nullptr ? Topic::order : Topic::fill,
         Json::array({order_event(order, fill)}));
    if (fill != nullptr)
        tell(account.id, Kind::fill, order.listing, Topic::fill, Json::array({fill_event(order, *fill)}));
}

void Bitget::on_account(const Account& account, ListingId listing, Cause cause, core::Notional) {
    const auto& rule = rules(listing);
    if (cause == Cause::configuration) return;
    if (rule.spot()) {
        for (const auto& asset : {rule.base, rule.quote})
            for (const auto& [id, connection] : connections_)
                if (connection.account == account.id)
                    for (const auto& channel : connection.channels) {
                        const auto coin = params_of(channel.arg);
                        if (channel.kind == Kind::account && channel.market == core::Market::spot &&
                            (coin["coin"] == "default" || coin["coin"] == asset))
                            push(id, channel, Topic::account, "snapshot", Json::array({spot_balance(account, asset)}));
                    }
        return;
    }
    // Balances and positions change together, once all of the fill is booked: at the next tick of the clock.
    for (auto& [id, connection] : connections_)
        if (connection.account == account.id)
            for (auto& channel : connection.channels)
                if ((channel.kind == Kind::account || channel.kind == Kind::positions) &&
                    channel.market == core::Market::linear)
                    channel.changed = true;
}

void Bitget::push_private(ConnectionId id, const Connection& connection, Channel& channel) {
    if (!channel.changed || connection.account == 0) return;
    const bool first = !std::exchange(channel.opened, true);
    channel.changed = false;
    const auto& account = engine().account(connection.account);
    if (channel.kind == Kind::positions)
        return push(id, channel, Topic::account, "snapshot", positions_of(account, channel.listing, true));
    if (channel.kind != Kind::account) return;
    Json data = Json::array();
    if (channel.market == core::Market::spot) {
        if (!first) return;
        const auto params = params_of(channel.arg);
        for (const auto& [asset, balance] : account.wallet)
            if (params["coin"] == "default" || params["coin"] == asset) data.push_back(spot_balance(account, asset));
    } else {
        const auto made = account_json(account, std::nullopt);
        data.push_back({{"marginCoin", made["marginCoin"]},
                        {"frozen", made["locked"]},
                        {"available", made["available"]},
                        {"maxOpenPosAvailable", made["available"]},
                        {"maxTransferOut", made["maxTransferOut"]},
                        {"equity", made["accountEquity"]},
                        {"usdtEquity", made["usdtEquity"]},
                        {"crossedRiskRate", made["crossedRiskRate"]},
                        {"unrealizedPL", made["unrealizedPL"]}});
    }
    push(id, channel, Topic::account, "snapshot", std::move(data));
}

}  // namespace venue::bitget
