// Market streams. Source: web-socket-streams.md; USD-M "Websocket Market Streams".
#include "tools/venue/binance/binance.hpp"

#include <algorithm>
#include <charconv>

namespace venue::binance {

namespace {

using namespace std::chrono_literals;

std::string upper(std::string_view text) {
    std::string made{text};
    for (auto& c : made)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return made;
}

/// "100ms", "0ms", "1s": its length.
std::optional<core::Nanoseconds> speed_of(std::string_view text) noexcept {
    if (text == "0ms" || text == "100ms") return 100ms;
    if (text == "250ms") return 250ms;
    if (text == "500ms") return 500ms;
    if (text == "1000ms" || text == "1s") return 1s;
    if (text == "3s") return 3s;
    return std::nullopt;
}

Json level(const Listing& listing, core::Price price, core::Quantity quantity) {
    return Json::array({price_text(listing, price), quantity_text(listing, quantity)});
}

}  // namespace

bool Binance::open(ConnectionId id, const HttpRequest& upgrade) {
    const std::string_view path = upgrade.path;
    const auto query = Params::parse(upgrade.query);
    Connection made;
    const auto starts = [&](std::string_view prefix) {
        return path == prefix || path.starts_with(std::string{prefix} + '/');
    };
    if (starts("/ws-api/v3") || starts("/ws-fapi/v1")) {
        made.role = Role::api;
        made.market = path.starts_with("/ws-fapi") ? core::Market::linear : core::Market::spot;
        connections_.emplace(id, std::move(made));
        return true;
    }
    std::string_view rest = path;
    for (const std::string_view base : {"/public", "/market", "/private", "/fstream"})
        if (starts(base)) {
            made.market = core::Market::linear;
            rest.remove_prefix(base.size());
            break;
        }
    const bool may_listen = path.starts_with("/private");
    const bool combined = rest.starts_with("/stream");
    if (!combined && rest != "/ws" && !rest.starts_with("/ws/")) return false;
    made.combined = combined && !rest.starts_with("/stream/ws");
    auto names = std::string{combined ? query["streams"] : rest.size() > 4 ? rest.substr(4) : std::string_view{}};
    auto key = std::string{query["listenKey"]};
    if (key.empty() && listen_keys_.contains(names)) key = std::exchange(names, {});
    if (!key.empty() || may_listen) {
        const auto known = listen_keys_.find(key);
        if (known == listen_keys_.end() || known->second.ends <= now()) return false;
        made.role = Role::user;
        made.market = core::Market::linear;
        made.account = known->second.account;
        made.listen_key = key;
    }
    auto& connection = connections_.emplace(id, std::move(made)).first->second;
    // What is no stream's name (ccxt numbers its connections) opens a connection without streams.
    for (std::string_view left = names; !left.empty();) {
        const auto end = std::min(left.find('/'), left.size());
        (void)subscribe(id, connection, left.substr(0, end));
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    return true;
}

void Binance::closed(ConnectionId id) {
    connections_.erase(id);
}

std::optional<Binance::Stream> Binance::parse_stream(std::string_view name, core::Market market) const {
    const auto at = name.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const auto listing = engine().find(upper(name.substr(0, at)), market);
    if (!listing) return std::nullopt;
    auto channel = name.substr(at + 1);
    std::optional<core::Nanoseconds> speed;
    if (const auto second = channel.find('@'); second != std::string_view::npos) {
        speed = speed_of(channel.substr(second + 1));
        if (!speed) return std::nullopt;
        channel = channel.substr(0, second);
    }
    Stream made{.name = std::string{name}, .listing = *listing};
    const bool spot = market == core::Market::spot;
    if (channel == "trade") {
        made.kind = Kind::trade;
    } else if (channel == "aggTrade") {
        made.kind = Kind::agg_trade;
    } else if (channel == "bookTicker") {
        made.kind = Kind::book_ticker;
    } else if (channel == "depth") {
        made.kind = Kind::diff_depth;
        made.interval = speed.value_or(spot ? 1s : 250ms);
    } else if (channel == "depth5" || channel == "depth10" || channel == "depth20") {
        made.kind = Kind::partial_depth;
        made.levels = channel == "depth5" ? 5 : channel == "depth10" ? 10 : 20;
        made.interval = speed.value_or(spot ? 1s : 250ms);
    } else if (channel.starts_with("kline_")) {
        made.kind = Kind::kline;
        made.interval_text = channel.substr(6);
        made.interval = interval_of(made.interval_text);
        if (made.interval.count() == 0) return std::nullopt;
    } else if (channel == "ticker" || channel == "miniTicker") {
        made.kind = channel == "ticker" ? Kind::ticker : Kind::mini_ticker;
        made.interval = 1s;
    } else if (channel == "markPrice" && !spot) {
        made.kind = Kind::mark_price;
        made.interval = speed.value_or(3s);
    } else if (channel == "forceOrder" && !spot) {
        made.kind = Kind::force_order;
    } else {
        return std::nullopt;
    }
    return made;
}

bool Binance::subscribe(ConnectionId, Connection& connection, std::string_view name) {
    const auto known = std::ranges::any_of(connection.streams, [&](const Stream& one) { return one.name == name; });
    if (known) return true;
    if (connection.streams.size() == max_streams) return false;
    auto stream = parse_stream(name, connection.market);
    if (!stream) return false;
    stream->due = now();
    if (stream->kind == Kind::diff_depth) {
        const auto key = std::pair{stream->listing, milliseconds(stream->interval)};
        depth_.try_emplace(key);
        depth_due_.try_emplace(key, now() + stream->interval);
    }
    connection.streams.push_back(std::move(*stream));
    return true;
}

void Binance::message(ConnectionId id, std::string_view text) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    if (found->second.role == Role::api)
        api_message(id, found->second, text);
    else
        stream_message(id, found->second, text);
}

void Binance::stream_message(ConnectionId id, Connection& connection, std::string_view text) {
    const auto fail = [&](int code, const char* message) {
        send(id, Topic::ack, Json{{"error", {{"code", code}, {"msg", message}}}, {"id", nullptr}}.dump());
    };
    const auto request = read_json(text);
    if (request.is_discarded() || !request.is_object())
        return fail(3, "Invalid JSON: expected value at line 1 column 1");
    const auto request_id = request.contains("id") ? request["id"] : Json{};
    const auto method = request.contains("method") && request["method"].is_string()
                            ? request["method"].get<std::string>()
                            : std::string{};
    const auto names = request.contains("params") && request["params"].is_array() ? request["params"] : Json::array();
    Json result = nullptr;
    if (method == "SUBSCRIBE") {
        for (const auto& one : names)
            if (!one.is_string() || !subscribe(id, connection, one.get<std::string>()))
                return fail(2, "Invalid request: unknown or too many streams");
    } else if (method == "UNSUBSCRIBE") {
        for (const auto& one : names)
            if (one.is_string())
                std::erase_if(connection.streams,
                              [&](const Stream& stream) { return stream.name == one.get<std::string>(); });
    } else if (method == "LIST_SUBSCRIPTIONS") {
        result = Json::array();
        for (const auto& stream : connection.streams) result.push_back(stream.name);
    } else if (method == "SET_PROPERTY") {
        if (names.size() != 2 || names[0] != "combined" || !names[1].is_boolean())
            return fail(2, "Invalid request: unknown property");
        connection.combined = names[1].get<bool>();
    } else {
        return fail(2,
                    "Invalid request: unknown variant, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, "
                    "`LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`");
    }
    send(id, Topic::ack, Json{{"result", result}, {"id", request_id}}.dump());
}

void Binance::push(ConnectionId id, const Connection& connection, const std::string& stream, Topic topic,
                   const Json& data) {
    send(id, topic, connection.combined ? Json{{"stream", stream}, {"data", data}}.dump() : data.dump());
}

void Binance::on_trade(ListingId listing, const PublicTrade& trade) {
    for (const auto& [id, connection] : connections_)
        for (const auto& stream : connection.streams)
            if (stream.listing == listing && (stream.kind == Kind::trade || stream.kind == Kind::agg_trade))
                push(id, connection, stream.name, Topic::trade,
                     trade_event(listing, trade, stream.kind == Kind::agg_trade));
}

void Binance::on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                       std::uint64_t update_id) {
    touched_.insert(listing);
    for (auto at = depth_.lower_bound({listing, 0}); at != depth_.end() && at->first.first == listing; ++at)
        at->second.on_level(side, price, quantity, update_id);
}

void Binance::push_diff_depth() {
    for (auto& [key, due] : depth_due_) {
        if (now() < due) continue;
        const core::Nanoseconds interval = std::chrono::milliseconds{key.second};
        due = now() + interval;
        const auto event = depth_[key].take();
        if (event.empty()) continue;
        const auto& rule = rules(key.first);
        Json data{{"e", "depthUpdate"}, {"E", milliseconds(now())}};
        if (!rule.spot()) data["T"] = milliseconds(now());
        data["s"] = rule.instrument.symbol;
        data["U"] = event.first;
        data["u"] = event.last;
        if (!rule.spot()) data["pu"] = event.previous;
        data["b"] = Json::array();
        data["a"] = Json::array();
        for (const auto& change : event.bids) data["b"].push_back(level(rule, change.price, change.quantity));
        for (const auto& change : event.asks) data["a"].push_back(level(rule, change.price, change.quantity));
        for (const auto& [id, connection] : connections_)
            for (const auto& stream : connection.streams)
                if (stream.kind == Kind::diff_depth && stream.listing == key.first && stream.interval == interval)
                    push(id, connection, stream.name, Topic::book, data);
    }
}

void Binance::push_due(ConnectionId id, Connection& connection, Stream& stream) {
    const bool touched = touched_.contains(stream.listing);
    if (stream.kind == Kind::book_ticker) {
        if (touched) push(id, connection, stream.name, Topic::book, book_ticker_event(stream.listing));
        return;
    }
    if (now() < stream.due) return;
    switch (stream.kind) {
        case Kind::partial_depth: {
            stream.due = now() + stream.interval;
            const auto& state = engine().market(stream.listing);
            const bool spot = state.rules.spot();
            Json data = spot ? Json{{"lastUpdateId", state.update_id}}
                             : Json{{"e", "depthUpdate"},       {"E", milliseconds(now())},
                                    {"T", milliseconds(now())}, {"s", state.rules.instrument.symbol},
                                    {"U", state.update_id},     {"u", state.update_id},
                                    {"pu", state.update_id - 1}};
            for (const auto side : {core::Side::buy, core::Side::sell}) {
                Json levels = Json::array();
                for (const auto& shown : state.book.top(side, stream.levels))
                    levels.push_back(level(state.rules, shown.price, shown.quantity));
                const bool bid = side == core::Side::buy;
                data[spot ? (bid ? "bids" : "asks") : (bid ? "b" : "a")] = std::move(levels);
            }
            push(id, connection, stream.name, Topic::book, data);
            break;
        }
        case Kind::kline: {
            stream.due = now() + 1s;
            const auto bars =
                engine().market(stream.listing).candles.bars(stream.interval, {}, core::Nanoseconds::max(), 2);
            if (bars.empty()) break;
            // A bar is told once more, closed, when the next one has begun.
            if (bars.size() == 2 && bars[0].start == stream.bar)
                push(id, connection, stream.name, Topic::candle, kline_event(stream, bars[0], true));
            stream.bar = bars.back().start;
            push(id, connection, stream.name, Topic::candle, kline_event(stream, bars.back(), false));
            break;
        }
        case Kind::ticker:
        case Kind::mini_ticker:
            stream.due = now() + stream.interval;
            push(id, connection, stream.name, Topic::ticker,
                 ticker_event(stream.listing, stream.kind == Kind::mini_ticker));
            break;
        case Kind::mark_price:
            stream.due = now() + stream.interval;
            push(id, connection, stream.name, Topic::ticker, mark_price_event(stream.listing));
            break;
        default: break;
    }
}

bool Binance::subscribes(std::string_view text) const {
    return text.find("\"SUBSCRIBE\"") != std::string_view::npos ||
           text.find("userDataStream.subscribe") != std::string_view::npos;
}

void Binance::refuse_subscription(ConnectionId id, std::string_view text) {
    const auto request = read_json(text);
    const auto request_id = request.is_object() && request.contains("id") ? request["id"] : Json{};
    const auto found = connections_.find(id);
    if (found != connections_.end() && found->second.role == Role::api)
        return send(
            id, Topic::ack,
            Json{{"id", request_id},
                 {"status", 400},
                 {"error", {{"code", -1000}, {"msg", "An unknown error occurred while processing the request."}}}}
                .dump());
    send(id, Topic::ack,
         Json{{"error", {{"code", 2}, {"msg", "Invalid request: unknown or too many streams"}}}, {"id", request_id}}
             .dump());
}

/// Source: web-socket-streams.md and user-data-stream.md, "serverShutdown": 10 minutes, here the fault's `delay`,
/// before.
void Binance::tell_shutdown() {
    const Json event{{"e", "serverShutdown"}, {"E", milliseconds(now())}};
    for (const auto& [id, connection] : connections_)
        if (connection.role == Role::api)
            send(id, Topic::other, Json{{"event", event}}.dump());
        else
            push(id, connection, "serverShutdown", Topic::other, event);
}

void Binance::timer() {
    for (const auto& [account, listing] : countdowns_.take(now())) cancel_working(account, listing);
    push_diff_depth();
    for (auto& [id, connection] : connections_)
        for (auto& stream : connection.streams) push_due(id, connection, stream);
    touched_.clear();
    for (auto key = listen_keys_.begin(); key != listen_keys_.end();) {
        if (now() < key->second.ends) {
            ++key;
            continue;
        }
        for (auto& [id, connection] : connections_)
            if (connection.listen_key == key->first)
                send(id, Topic::other,
                     Json{{"e", "listenKeyExpired"}, {"E", milliseconds(now())}, {"listenKey", key->first}}.dump());
        key = listen_keys_.erase(key);
    }
}

}  // namespace venue::binance
