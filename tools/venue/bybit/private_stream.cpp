// An account's events and orders by socket. Source: docs/v5/websocket/private/*, websocket/trade/guideline.
#include "tools/venue/bybit/bybit.hpp"
#include "tools/venue/dialect/sign.hpp"

#include <algorithm>

namespace venue::bybit {

namespace {

constexpr std::size_t kept_request_ids = 1'000;

}  // namespace

void Bybit::authenticate(ConnectionId id, Connection& connection, const Json& request) {
    const bool trade = connection.role == Role::trade;
    const auto name = connection_name(id);
    const auto answer = [&](int code, const std::string& message) {
        const auto params = params_of(request);
        if (trade)
            return send(id, Topic::ack,
                        Json{{"reqId", params["reqId"]},
                             {"retCode", code},
                             {"retMsg", message},
                             {"op", "auth"},
                             {"connId", name}}
                            .dump());
        send(id, Topic::ack,
             Json{{"success", code == 0},
                  {"ret_msg", code == 0 ? "" : message},
                  {"op", "auth"},
                  {"conn_id", name},
                  {"req_id", params["req_id"]}}
                 .dump());
    };
    if (connection.account != 0) return answer(20001, "Repeat auth");
    const auto args = request.contains("args") && request["args"].is_array() ? request["args"] : Json::array();
    if (args.size() != 3 || !args[0].is_string() || !args[2].is_string()) return answer(10001, "Param error");
    // The expiry travels as a number or as text.
    const auto expires = args[1].is_string() ? args[1].get<std::string>() : args[1].dump();
    Params params;
    params.set("expires", expires);
    const auto ends = params.number("expires");
    auto* account = engine().account(args[0].get<std::string>());
    if (account == nullptr) return answer(10003, "Invalid apikey");
    if (!ends || *ends <= milliseconds(now())) return answer(10004, "Params Error, expires is invalid");
    if (!same_signature(args[2].get<std::string>(), hmac_hex(account->credentials.secret, "GET/realtime" + expires),
                        true))
        return answer(10004, "Invalid sign");
    connection.account = account->id;
    answer(0, "OK");
}

void Bybit::trade_request(ConnectionId id, Connection& connection, const Json& request) {
    static const std::map<std::string, std::pair<Handler, int>, std::less<>> words{
        {"order.create", {&Bybit::create, 10}},           {"order.amend", {&Bybit::amend, 10}},
        {"order.cancel", {&Bybit::cancel, 10}},           {"order.create-batch", {&Bybit::create_batch, 10}},
        {"order.amend-batch", {&Bybit::amend_batch, 10}}, {"order.cancel-batch", {&Bybit::cancel_batch, 10}}};
    const auto params = params_of(request);
    const auto header = request.contains("header") ? params_of(request["header"]) : Params{};
    const std::string word{params["op"]}, request_id{params["reqId"]};
    Json heading = Json::object();
    Call call;
    const auto reply_with = [&](const Answer& answer) {
        heading["Traceid"] = "omega-sim-" + std::to_string(next_message_++);
        heading["Timenow"] = time_text(now());
        send(id, Topic::ack,
             Json{{"reqId", request_id},
                  {"retCode", answer ? 0 : answer.error().code},
                  {"retMsg", answer ? std::string{"OK"} : answer.error().message},
                  {"op", word},
                  {"data", answer ? *answer : Json::object()},
                  {"retExtInfo", call.info},
                  {"header", heading},
                  {"connId", connection_name(id)}}
                 .dump());
    };
    const auto handler = words.find(word);
    if (handler == words.end()) return reply_with(ApiError{10404, "op type is not found"});
    if (connection.account == 0) return reply_with(ApiError{10005, "Permission denied"});
    if (request_id.size() > 36) return reply_with(bad_parameter("reqId invalid"));
    if (!request_id.empty()) {
        if (std::ranges::find(connection.request_ids, request_id) != connection.request_ids.end())
            return reply_with(ApiError{20006, "Duplicate reqId"});
        connection.request_ids.push_back(request_id);
        if (connection.request_ids.size() > kept_request_ids) connection.request_ids.pop_front();
    }
    const auto stamp = header.number("X-BAPI-TIMESTAMP");
    const auto window = header.number("X-BAPI-RECV-WINDOW").value_or(5'000);
    const auto server = milliseconds(now());
    if (!stamp || *stamp < server - window || *stamp >= server + 1'000)
        return reply_with(ApiError{10002, "The request time exceeds the time window range."});
    const auto args = request.contains("args") && request["args"].is_array() ? request["args"] : Json::array();
    if (args.size() != 1 || !args[0].is_object()) return reply_with(bad_parameter("args invalid"));
    call.body = args[0];
    call.params = params_of(call.body);
    call.account = &engine().account(connection.account);
    if (!read_category(call)) return reply_with(ApiError{10404, "category is not correct"});
    auto& limit = limit_of(word, call, call.market == core::Market::spot ? 20 : handler->second.second);
    const bool within = limit.take(now());
    heading["X-Bapi-Limit"] = std::to_string(limit.limit());
    heading["X-Bapi-Limit-Status"] = std::to_string(std::max<std::int64_t>(0, limit.limit() - limit.used(now())));
    heading["X-Bapi-Limit-Reset-Timestamp"] = time_text(now() + limit.wait(now()));
    if (!within) return reply_with(ApiError{10006, "Too many visits. Exceeded the API Rate Limit."});
    reply_with((this->*handler->second.first)(call));
    flush_presets();
}

void Bybit::tell(AccountId account, Kind kind, core::Market market, Topic topic_kind, const Json& data) {
    for (const auto& [id, connection] : connections_) {
        if (connection.account != account || connection.role != Role::account) continue;
        for (const auto& topic : connection.topics)
            if (topic.kind == kind && (!topic.only || *topic.only == market))
                send(id, topic_kind,
                     Json{{"id", "omega-sim-" + std::to_string(next_message_++)},
                          {"topic", topic.name},
                          {"creationTime", milliseconds(now())},
                          {"data", data}}
                         .dump());
    }
}

void Bybit::on_order(const Account& account, const Order& order, Change change, const Fill* fill) {
    if (const auto preset = presets_.find(order.number); preset != presets_.end() && !live(order.state))
        preset->second.due = true;
    const auto market = rules(order.listing).instrument.market;
    if (fill != nullptr) {
        tell(account.id, Kind::execution, market, Topic::fill, Json::array({execution_json(*fill)}));
        tell(account.id, Kind::fast_execution, market, Topic::fill,
             Json::array({{{"category", category_text(market)},
                           {"symbol", rules(order.listing).instrument.symbol},
                           {"execId", trade_id(fill->listing, fill->trade)},
                           {"execPrice", price_text(rules(order.listing), fill->price)},
                           {"execQty", quantity_text(rules(order.listing), fill->quantity)},
                           {"orderId", order_id(order)},
                           {"isMaker", fill->maker},
                           {"orderLinkId", link_id(order)},
                           {"side", side_text(fill->side)},
                           {"execTime", time_text(fill->time)},
                           {"seq", fill->trade}}}));
    }
    auto made = order_json(order);
    if (change == Change::triggered) {
        // It is said once that the price has come, and once more that the order stands.
        auto triggered = made;
        triggered["orderStatus"] = "Triggered";
        tell(account.id, Kind::order, market, Topic::order, Json::array({std::move(triggered)}));
    }
    tell(account.id, Kind::order, market, fill == nullptr ? Topic::order : Topic::fill, Json::array({std::move(made)}));
}

void Bybit::on_account(const Account& account, ListingId listing, Cause cause, core::Notional) {
    const auto& rule = rules(listing);
    if (cause != Cause::configuration) {
        // What the wallet and the position have become, once all of it is booked: at the next tick of the clock.
        for (auto& [id, connection] : connections_)
            if (connection.account == account.id)
                for (auto& topic : connection.topics)
                    if (topic.kind == Kind::wallet) topic.changed = true;
    }
    if (rule.spot() || cause == Cause::order) return;
    Json all = Json::array();
    for (const auto side : {PositionSide::net, PositionSide::long_, PositionSide::short_})
        if (account.position(listing, side) != nullptr) all.push_back(position_json(account, listing, side, true));
    if (!all.empty()) tell(account.id, Kind::position, rule.instrument.market, Topic::account, all);
}

void Bybit::push_private(ConnectionId id, const Connection& connection, Topic_& topic) {
    if (topic.kind != Kind::wallet || connection.account == 0) return;
    if (!std::exchange(topic.changed, false)) return;
    send(id, Topic::account,
         Json{{"id", "omega-sim-" + std::to_string(next_message_++)},
              {"topic", topic.name},
              {"creationTime", milliseconds(now())},
              {"data", Json::array({wallet_json(engine().account(connection.account), {})})}}
             .dump());
}

}  // namespace venue::bybit
