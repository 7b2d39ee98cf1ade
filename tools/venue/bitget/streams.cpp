// Sockets and what they show of the market. Source: api-doc common/websocket-intro, */websocket/public/*.
#include "feeds/checksum_book.hpp"
#include "tools/venue/bitget/bitget.hpp"

#include <algorithm>

namespace venue::bitget {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t checksum_levels = 25;
constexpr std::size_t max_arguments = 4'096;
constexpr core::Nanoseconds silence = 2min;  // without a ping

Json level(const Listing& listing, core::Price price, core::Quantity quantity) {
    return Json::array({price_text(listing, price), quantity_text(listing, quantity)});
}

}  // namespace

bool Bitget::open(ConnectionId id, const HttpRequest& upgrade) {
    if (upgrade.path != "/v2/ws/public" && upgrade.path != "/v2/ws/private") return false;
    Connection made;
    made.private_ = upgrade.path.ends_with("private");
    made.last_ping = now();
    connections_.emplace(id, std::move(made));
    return true;
}

void Bitget::closed(ConnectionId id) {
    connections_.erase(id);
}

void Bitget::fail(ConnectionId id, const Json& arg, const ApiError& error) {
    Json made{{"event", "error"}};
    if (arg.is_object()) made["arg"] = arg;
    made["code"] = Json::parse(error.code);
    made["msg"] = error.message;
    send(id, Topic::ack, made.dump());
}

void Bitget::message(ConnectionId id, std::string_view text) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    auto& connection = found->second;
    if (!connection.messages.take(now())) {
        fail(id, nullptr, {"30007", "request over limit"});
        return close(id, 1008, "request over limit");
    }
    if (text == "ping") {
        connection.last_ping = now();
        send(id, Topic::pong, "pong");
        return;
    }
    const auto request = read_json(text);
    if (!request.is_object()) return fail(id, nullptr, {"30002", "Illegal request"});
    answer(id, connection, request);
}

void Bitget::answer(ConnectionId id, Connection& connection, const Json& request) {
    const auto word =
        request.contains("op") && request["op"].is_string() ? request["op"].get<std::string>() : std::string{};
    const auto args = request.contains("args") && request["args"].is_array() ? request["args"] : Json::array();
    if (args.dump().size() > max_arguments) return fail(id, nullptr, {"30016", "Param error"});
    if (word == "login") {
        login(id, connection, args.empty() ? Json::object() : args[0]);
    } else if (word == "trade") {
        trade_request(id, connection, args.empty() ? Json::object() : args[0]);
    } else if (word == "subscribe") {
        if (!connection.subscribes.take(now())) return fail(id, nullptr, {"30006", "too many requests"});
        for (const auto& arg : args) subscribe(id, connection, arg);
    } else if (word == "unsubscribe") {
        for (const auto& arg : args) {
            std::erase_if(connection.channels, [&](const Channel& channel) { return channel.arg == arg; });
            send(id, Topic::ack, Json{{"event", "unsubscribe"}, {"arg", arg}}.dump());
        }
    } else {
        fail(id, nullptr, {"30003", "Invalid op"});
    }
}

core::Result<Bitget::Channel, ApiError> Bitget::read_channel(const Json& arg, const Connection& connection) const {
    const auto params = params_of(arg);
    const auto type = upper(params["instType"]);
    const auto name = params["channel"];
    const auto symbol = params[name == "account" ? "coin" : "instId"];
    const ApiError unknown{"30001", "instType:" + std::string{params["instType"]} + ",channel:" + std::string{name} +
                                        ",instId:" + std::string{symbol} + " doesn't exist"};
    const bool spot = type == "SPOT";
    if (!spot && type != "USDT-FUTURES") return unknown;
    Channel made;
    made.arg = arg;
    made.market = spot ? core::Market::spot : core::Market::linear;
    made.interval = spot ? 200ms : 150ms;
    if (name == "trade") {
        made.kind = Kind::trade;
    } else if (name == "ticker") {
        made.kind = Kind::ticker;
    } else if (name == "books") {
        made.kind = Kind::books;
    } else if (name == "books1" || name == "books5" || name == "books15") {
        made.kind = Kind::top_books;
        made.levels = name == "books1" ? 1 : name == "books5" ? 5 : 15;
        if (made.levels == 1) made.interval = 20ms;
    } else if (name.starts_with("candle")) {
        made.kind = Kind::candle;
        made.width = granularity_of(name.substr(6));
        made.interval = 1s;
        if (made.width.count() == 0) return unknown;
    } else if (name == "orders") {
        made.kind = Kind::orders;
    } else if (name == "orders-algo") {
        made.kind = Kind::orders_algo;
    } else if (name == "fill") {
        made.kind = Kind::fill;
    } else if (name == "account") {
        made.kind = Kind::account;
    } else if (name == "positions" && !spot) {
        made.kind = Kind::positions;
    } else {
        return unknown;
    }
    const bool mine = made.kind >= Kind::orders;
    if (mine != connection.private_) return unknown;
    if (mine && connection.account == 0) return ApiError{"30004", "User needs to log in"};
    if (made.kind == Kind::account || (mine && (symbol.empty() || symbol == "default"))) return made;
    made.listing = engine().find(symbol, made.market);
    if (!made.listing) return unknown;
    return made;
}

void Bitget::subscribe(ConnectionId id, Connection& connection, const Json& arg) {
    if (connection.channels.size() == max_channels) return fail(id, arg, {"30006", "too many requests"});
    auto channel = read_channel(arg, connection);
    if (!channel) return fail(id, arg, channel.error());
    channel->due = now();
    std::erase_if(connection.channels, [&](const Channel& one) { return one.arg == arg; });
    if (channel->kind == Kind::books) {
        const auto made = books_.try_emplace(*channel->listing);
        if (made.second) {
            made.first->second.sequence = engine().market(*channel->listing).update_id;
            made.first->second.due = now() + channel->interval;
        }
    }
    connection.channels.push_back(std::move(*channel));
    send(id, Topic::ack, Json{{"event", "subscribe"}, {"arg", arg}}.dump());
}

void Bitget::refuse_subscription(ConnectionId id, std::string_view text) {
    const auto request = read_json(text);
    const bool listed = request.is_object() && request.contains("args") && request["args"].is_array();
    for (const auto& arg : listed ? request["args"] : Json::array()) fail(id, arg, {"30001", "channel doesn't exist"});
}

void Bitget::push(ConnectionId id, const Channel& channel, Topic topic, const char* action, Json data) {
    send(id, topic,
         Json{{"action", action}, {"arg", channel.arg}, {"data", std::move(data)}, {"ts", milliseconds(now())}}.dump());
}

void Bitget::on_trade(ListingId listing, const PublicTrade& trade) {
    for (auto& [id, connection] : connections_)
        for (auto& channel : connection.channels) {
            if (channel.listing != listing || channel.kind >= Kind::orders) continue;
            channel.changed = true;
            if (channel.kind != Kind::trade || !channel.opened) continue;
            const auto& rule = rules(listing);
            push(id, channel, Topic::trade, "update",
                 Json::array({{{"ts", time_text(trade.time)},
                               {"price", price_text(rule, trade.price)},
                               {"size", quantity_text(rule, trade.quantity)},
                               {"side", side_text(trade.aggressor)},
                               {"tradeId", std::to_string(trade.id)}}}));
        }
}

void Bitget::on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                      std::uint64_t update_id) {
    if (const auto feed = books_.find(listing); feed != books_.end())
        feed->second.changes.on_level(side, price, quantity, update_id);
    for (auto& [id, connection] : connections_)
        for (auto& channel : connection.channels)
            if (channel.listing == listing && channel.kind < Kind::orders) channel.changed = true;
}

std::int32_t Bitget::checksum(ListingId listing) const {
    const auto& state = engine().market(listing);
    const auto bids = state.book.top(core::Side::buy, checksum_levels),
               asks = state.book.top(core::Side::sell, checksum_levels);
    std::string text;
    const auto add = [&](const Book::Shown& shown) {
        if (!text.empty()) text += ':';
        text += price_text(state.rules, shown.price) + ':' + quantity_text(state.rules, shown.quantity);
    };
    for (std::size_t i = 0; i < checksum_levels; ++i) {
        if (i < bids.size()) add(bids[i]);
        if (i < asks.size()) add(asks[i]);
    }
    return static_cast<std::int32_t>(feeds::crc32(text));
}

Json Bitget::book_json(ListingId listing, std::size_t levels) const {
    const auto& state = engine().market(listing);
    Json made = Json::object();
    for (const auto side : {core::Side::sell, core::Side::buy}) {
        Json all = Json::array();
        for (const auto& shown : state.book.top(side, levels))
            all.push_back(level(state.rules, shown.price, shown.quantity));
        made[side == core::Side::buy ? "bids" : "asks"] = std::move(all);
    }
    return made;
}

void Bitget::push_books() {
    for (auto& [listing, feed] : books_) {
        if (now() < feed.due) continue;
        const auto& rule = rules(listing);
        feed.due = now() + (rule.spot() ? 200ms : 150ms);
        const auto event = feed.changes.take();
        if (event.empty()) continue;
        Json data{{"asks", Json::array()}, {"bids", Json::array()}};
        for (const auto& change : event.asks) data["asks"].push_back(level(rule, change.price, change.quantity));
        for (const auto& change : event.bids) data["bids"].push_back(level(rule, change.price, change.quantity));
        data["checksum"] = checksum(listing);
        data["seq"] = event.last;
        data["pseq"] = feed.sequence;
        data["ts"] = time_text(now());
        feed.sequence = event.last;
        for (const auto& [id, connection] : connections_)
            for (const auto& channel : connection.channels)
                if (channel.kind == Kind::books && channel.opened && channel.listing == listing)
                    push(id, channel, Topic::book, "update", Json::array({data}));
    }
}

void Bitget::push_due(ConnectionId id, const Connection& connection, Channel& channel) {
    if (channel.kind >= Kind::orders) return push_private(id, connection, channel);
    if (now() < channel.due || (channel.opened && !channel.changed)) return;
    const auto listing = *channel.listing;
    const auto& state = engine().market(listing);
    const bool first = !std::exchange(channel.opened, true);
    channel.due = now() + channel.interval;
    channel.changed = false;
    const char* const action = first ? "snapshot" : "update";
    switch (channel.kind) {
        case Kind::books: {
            if (!first) return;
            // What is due meanwhile names absolute quantities: taken on top of this it changes nothing.
            auto data = book_json(listing, 500'000);
            data["checksum"] = checksum(listing);
            data["seq"] = books_[listing].sequence;
            data["ts"] = time_text(now());
            return push(id, channel, Topic::book, action, Json::array({std::move(data)}));
        }
        case Kind::top_books: {
            auto data = book_json(listing, channel.levels);
            data["seq"] = state.update_id;
            data["ts"] = time_text(now());
            return push(id, channel, Topic::book, "snapshot", Json::array({std::move(data)}));
        }
        case Kind::ticker:
            return push(id, channel, Topic::ticker, "snapshot", Json::array({ticker_json(listing, true)}));
        case Kind::trade: {
            if (!first) return;
            Json all = Json::array();
            const auto count = std::min<std::size_t>(50, state.trades.size());
            for (auto trade = state.trades.rbegin();
                 trade != state.trades.rbegin() + static_cast<std::ptrdiff_t>(count); ++trade)
                all.push_back({{"ts", time_text(trade->time)},
                               {"price", price_text(state.rules, trade->price)},
                               {"size", quantity_text(state.rules, trade->quantity)},
                               {"side", side_text(trade->aggressor)},
                               {"tradeId", std::to_string(trade->id)}});
            return push(id, channel, Topic::trade, action, std::move(all));
        }
        case Kind::candle: {
            Json all = Json::array();
            for (const auto& bar : state.candles.bars(channel.width, {}, core::Nanoseconds::max(), first ? 500 : 1))
                all.push_back(Json::array({time_text(bar.start), price_text(state.rules, bar.open),
                                           price_text(state.rules, bar.high), price_text(state.rules, bar.low),
                                           price_text(state.rules, bar.close), quantity_text(state.rules, bar.volume),
                                           fixed(bar.quote), fixed(bar.quote)}));
            return push(id, channel, Topic::candle, action, std::move(all));
        }
        default: return;
    }
}

void Bitget::timer() {
    flush_presets();
    push_books();
    std::vector<ConnectionId> silent;
    for (auto& [id, connection] : connections_) {
        if (now() - connection.last_ping > silence) {
            silent.push_back(id);
            continue;
        }
        for (auto& channel : connection.channels) push_due(id, connection, channel);
    }
    for (const auto id : silent) close(id, 1001, "no ping for 2 minutes");
    // What the engine has forgotten needs no type.
    if (plan_types_.size() > 30'000)
        std::erase_if(plan_types_, [&](const auto& one) { return engine().order(one.first) == nullptr; });
}

}  // namespace venue::bitget
