// Sockets and what they show of the market. Source: docs/v5/ws/connect, docs/v5/websocket/public/*.
#include "tools/venue/bybit/bybit.hpp"

#include <algorithm>

namespace venue::bybit {

namespace {

using namespace std::chrono_literals;

/// How often a book of a depth is pushed; 0: no such depth.
core::Nanoseconds book_interval(std::int64_t depth) noexcept {
    switch (depth) {
        case 1: return 10ms;
        case 50: return 20ms;
        case 200: return 100ms;
        case 1'000: return 200ms;
        default: return {};
    }
}

constexpr core::Nanoseconds level_1_repeat = 3s;  // unchanged, its snapshot comes again

std::int64_t depth_of(std::string_view text) noexcept {
    return text == "1" ? 1 : text == "50" ? 50 : text == "200" ? 200 : text == "1000" ? 1'000 : 0;
}

/// What turns `old` into `next`: new quantities, 0 for what has left.
std::vector<Book::Shown> difference(const std::vector<Book::Shown>& old, const std::vector<Book::Shown>& next,
                                    bool bids) {
    const auto before = [bids](core::Price a, core::Price b) { return bids ? a > b : a < b; };
    std::vector<Book::Shown> changes;
    auto was = old.begin();
    auto is = next.begin();
    while (was != old.end() || is != next.end()) {
        if (is == next.end() || (was != old.end() && before(was->price, is->price))) {
            changes.push_back({was->price, core::Quantity{}});
            ++was;
        } else if (was == old.end() || before(is->price, was->price)) {
            changes.push_back(*is++);
        } else {
            if (was->quantity != is->quantity) changes.push_back(*is);
            ++was;
            ++is;
        }
    }
    return changes;
}

}  // namespace

bool Bybit::open(ConnectionId id, const HttpRequest& upgrade) {
    const std::string_view path = upgrade.path;
    Connection made;
    made.last_heard = now();
    if (path == "/v5/private" || path == "/v5/trade") {
        made.role = path == "/v5/private" ? Role::account : Role::trade;
        // "?max_active_time=30s": how long it may be silent.
        const auto query = Params::parse(upgrade.query);
        const auto asked = query["max_active_time"];
        if (!asked.empty()) {
            Params seconds;
            seconds.set("s", std::string{asked.substr(0, asked.find_first_not_of("0123456789"))});
            if (const auto value = seconds.number("s"))
                made.may_be_silent =
                    std::chrono::seconds{std::clamp<std::int64_t>(*value * (asked.ends_with('m') ? 60 : 1), 30, 600)};
        }
    } else if (path == "/v5/public/spot" || path == "/v5/public/linear" || path == "/v5/public/inverse" ||
               path == "/v5/public/option") {
        made.market = path.ends_with("spot") ? core::Market::spot : core::Market::linear;
        made.listed = path.ends_with("spot") || path.ends_with("linear");
    } else {
        return false;
    }
    connections_.emplace(id, std::move(made));
    return true;
}

void Bybit::closed(ConnectionId id) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    std::vector<std::pair<AccountId, core::Market>> gone;
    for (const auto& topic : found->second.topics)
        if (topic.kind == Kind::dcp && topic.only) gone.emplace_back(found->second.account, *topic.only);
    connections_.erase(found);
    protect_disconnected(gone);
}

/// The clock runs once the last connection with the topic is gone. Source: docs/v5/websocket/private/dcp.
void Bybit::protect_disconnected(const std::vector<std::pair<AccountId, core::Market>>& gone) {
    for (const auto& [account, market] : gone) {
        const auto held = std::ranges::any_of(connections_, [&, of = account, in = market](const auto& one) {
            return one.second.account == of && std::ranges::any_of(one.second.topics, [&](const Topic_& topic) {
                       return topic.kind == Kind::dcp && topic.only == in;
                   });
        });
        if (held || account == 0) continue;
        const auto window = dcp_windows_.find({account, market});
        disconnected_.set(account, market, now() + (window == dcp_windows_.end() ? 10s : window->second));
    }
}

void Bybit::message(ConnectionId id, std::string_view text) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    auto& connection = found->second;
    connection.last_heard = now();
    const auto request = read_json(text);
    const auto params = params_of(request);
    const auto word = params["op"];
    const auto name = connection_name(id);
    if (!request.is_object())
        return send(id, Topic::ack,
                    Json{{"success", false}, {"ret_msg", "error:json parse"}, {"conn_id", name}, {"op", ""}}.dump());
    if (word == "ping") {
        Json pong = Json::object();
        if (connection.role == Role::market) {
            pong = {{"success", true},
                    {"ret_msg", "pong"},
                    {"conn_id", name},
                    {"req_id", params["req_id"]},
                    {"op", "ping"}};
        } else if (connection.role == Role::account) {
            pong = {{"req_id", params["req_id"]},
                    {"op", "pong"},
                    {"args", Json::array({time_text(now())})},
                    {"conn_id", name}};
        } else {
            pong = {{"retCode", 0},
                    {"retMsg", "OK"},
                    {"op", "pong"},
                    {"data", Json::array({time_text(now())})},
                    {"connId", name}};
        }
        return send(id, Topic::pong, pong.dump());
    }
    if (word == "auth" && connection.role != Role::market) return authenticate(id, connection, request);
    if (connection.role == Role::trade) return trade_request(id, connection, request);
    if (word == "subscribe" || word == "unsubscribe") return subscribe(id, connection, request, word == "subscribe");
    send(id, Topic::ack,
         Json{{"success", false},
              {"ret_msg", "error:invalid op"},
              {"conn_id", name},
              {"req_id", params["req_id"]},
              {"op", word}}
             .dump());
}

core::Result<Bybit::Topic_, std::string> Bybit::read_topic(std::string_view name, const Connection& connection) const {
    Topic_ made;
    made.name = name;
    const auto unknown = "error:handler not found,topic:" + std::string{name};
    const auto first = name.substr(0, name.find('.'));
    const auto rest = name.size() > first.size() ? name.substr(first.size() + 1) : std::string_view{};
    if (connection.role == Role::account) {
        made.changed = false;  // nothing comes for subscribing
        if (first == "order")
            made.kind = Kind::order;
        else if (first == "execution")
            made.kind = rest.starts_with("fast") ? Kind::fast_execution : Kind::execution;
        else if (first == "position")
            made.kind = Kind::position;
        else if (name == "wallet")
            made.kind = Kind::wallet;
        else if (name == "dcp.future" || name == "dcp.spot" || name == "dcp.option")
            made.kind = Kind::dcp;
        else
            return unknown;
        if (made.kind == Kind::dcp) {
            made.only = rest == "spot"     ? core::Market::spot
                        : rest == "future" ? core::Market::linear
                                           : core::Market::inverse;
            return made;
        }
        const auto category = rest.substr(rest.rfind('.') == std::string_view::npos ? 0 : rest.rfind('.') + 1);
        if (category == "spot" || category == "linear")
            made.only = category == "spot" ? core::Market::spot : core::Market::linear;
        else if (!category.empty() && category != "fast" && category != "inverse" && category != "option")
            return unknown;
        // What is not listed here is never told of.
        if (category == "inverse" || category == "option") made.only = core::Market::inverse;
        return made;
    }
    const auto second = rest.substr(0, rest.find('.'));
    const bool two = first == "orderbook" || first == "kline";
    const auto symbol =
        two ? (rest.size() > second.size() ? rest.substr(second.size() + 1) : std::string_view{}) : rest;
    if (first == "orderbook") {
        made.kind = Kind::book;
        made.depth = static_cast<int>(depth_of(second));
        if (made.depth == 0) return unknown;
    } else if (first == "kline") {
        made.kind = Kind::kline;
        made.width = interval_of(second);
        if (made.width.count() == 0) return unknown;
    } else if (first == "publicTrade") {
        made.kind = Kind::trade;
    } else if (first == "tickers") {
        made.kind = Kind::ticker;
    } else {
        return unknown;
    }
    made.listing = connection.listed ? engine().find(symbol, connection.market) : std::nullopt;
    if (!made.listing) return "Invalid symbol :[" + std::string{name} + "]";
    return made;
}

void Bybit::subscribe(ConnectionId id, Connection& connection, const Json& request, bool on) {
    const auto params = params_of(request);
    const auto answer = [&](bool good, const std::string& message) {
        Json made{{"success", good}, {"ret_msg", message}, {"conn_id", connection_name(id)}};
        made["req_id"] = params["req_id"];
        made["op"] = params["op"];
        send(id, Topic::ack, made.dump());
    };
    const auto args = request.contains("args") && request["args"].is_array() ? request["args"] : Json::array();
    if (connection.role == Role::account && connection.account == 0) return answer(false, "Request not authorized");
    if (args.dump().size() > max_argument_text) return answer(false, "error:args length exceeds limit");
    if (on && connection.role == Role::market && connection.market == core::Market::spot && args.size() > 10)
        return answer(false, "args size >10");
    std::vector<Topic_> read;
    for (const auto& one : args) {
        auto topic = read_topic(one.is_string() ? one.get<std::string>() : std::string{}, connection);
        if (!topic) return answer(false, topic.error());
        read.push_back(std::move(*topic));
    }
    for (auto& topic : read) {
        const auto known = std::ranges::find(connection.topics, topic.name, &Topic_::name);
        if (!on) {
            if (known != connection.topics.end()) connection.topics.erase(known);
            continue;
        }
        if (known != connection.topics.end()) {
            // Private topics may be asked for again, public ones may not.
            if (connection.role == Role::account) continue;
            return answer(false, "error:already subscribed,topic:" + topic.name);
        }
        topic.due = now();
        if (topic.kind == Kind::dcp && topic.only) disconnected_.stop(connection.account, *topic.only);
        if (topic.kind == Kind::book) books_.try_emplace({*topic.listing, topic.depth});
        connection.topics.push_back(std::move(topic));
    }
    answer(true, on || connection.role == Role::account ? std::string{params["op"]} : std::string{});
}

void Bybit::refuse_subscription(ConnectionId id, std::string_view text) {
    const auto params = params_of(read_json(text));
    send(id, Topic::ack,
         Json{{"success", false},
              {"ret_msg", "error:handler not found"},
              {"conn_id", connection_name(id)},
              {"req_id", params["req_id"]},
              {"op", params["op"]}}
             .dump());
}

void Bybit::push(ConnectionId id, Topic kind, const std::string& topic, const char* type, Json data,
                 const Json& extra) {
    Json made{{"topic", topic}, {"type", type}, {"ts", milliseconds(now())}, {"data", std::move(data)}};
    made.update(extra);
    send(id, kind, made.dump());
}

Json Bybit::trade_json(ListingId listing, const PublicTrade& trade) const {
    const auto& state = engine().market(listing);
    Json made{{"T", milliseconds(trade.time)},
              {"s", state.rules.instrument.symbol},
              {"S", side_text(trade.aggressor)},
              {"v", quantity_text(state.rules, trade.quantity)},
              {"p", price_text(state.rules, trade.price)}};
    if (!state.rules.spot()) {
        const auto& trades = state.trades;
        const auto before = trades.size() > 1 ? trades[trades.size() - 2].price : trade.price;
        made["L"] = trade.price > before ? "PlusTick" : trade.price < before ? "MinusTick" : "ZeroPlusTick";
    }
    made["i"] = trade_id(listing, trade.id);
    made["BT"] = false;
    made["RPI"] = false;
    made["seq"] = trade.id;
    return made;
}

void Bybit::on_trade(ListingId listing, const PublicTrade& trade) {
    for (auto& [id, connection] : connections_)
        for (auto& topic : connection.topics) {
            if (topic.listing != listing) continue;
            topic.changed = true;
            if (topic.kind == Kind::trade)
                push(id, Topic::trade, topic.name, "snapshot", Json::array({trade_json(listing, trade)}));
        }
}

void Bybit::on_level(ListingId listing, core::Side, core::Price, core::Quantity, std::uint64_t) {
    for (auto& [key, feed] : books_)
        if (key.first == listing) feed.touched = true;
    for (auto& [id, connection] : connections_)
        for (auto& topic : connection.topics)
            if (topic.listing == listing && topic.kind == Kind::ticker) topic.changed = true;
}

Json Bybit::book_data(ListingId listing, const BookFeed& feed, const std::vector<Book::Shown>& bids,
                      const std::vector<Book::Shown>& asks) const {
    const auto& state = engine().market(listing);
    const auto levels = [&](const std::vector<Book::Shown>& side) {
        Json all = Json::array();
        for (const auto& shown : side)
            all.push_back(Json::array({price_text(state.rules, shown.price),
                                       shown.quantity.units == 0 ? "0" : quantity_text(state.rules, shown.quantity)}));
        return all;
    };
    return {{"s", state.rules.instrument.symbol},
            {"b", levels(bids)},
            {"a", levels(asks)},
            {"u", feed.update},
            {"seq", state.update_id}};
}

void Bybit::push_books() {
    for (auto& [key, feed] : books_) {
        const auto& [listing, depth] = key;
        if (now() < feed.due) continue;
        feed.due = now() + book_interval(depth);
        const bool repeat = depth == 1 && now() - feed.sent >= level_1_repeat;
        if (!std::exchange(feed.touched, false) && !repeat) continue;
        const auto& book = engine().market(listing).book;
        auto bids = book.top(core::Side::buy, static_cast<std::size_t>(depth));
        auto asks = book.top(core::Side::sell, static_cast<std::size_t>(depth));
        const auto new_bids = difference(feed.bids, bids, true), new_asks = difference(feed.asks, asks, false);
        feed.bids = std::move(bids);
        feed.asks = std::move(asks);
        const bool same = new_bids.empty() && new_asks.empty();
        if (feed.update == 0) {
            // The first snapshot; what follows counts from it.
            feed.update = engine().market(listing).update_id;
        } else if (!same) {
            ++feed.update;
        } else if (!repeat) {
            continue;
        }
        feed.sent = now();
        const auto data =
            depth == 1 ? book_data(listing, feed, feed.bids, feed.asks) : book_data(listing, feed, new_bids, new_asks);
        for (const auto& [id, connection] : connections_)
            for (const auto& topic : connection.topics)
                if (topic.kind == Kind::book && topic.opened && topic.listing == listing && topic.depth == depth)
                    push(id, Topic::book, topic.name, depth == 1 ? "snapshot" : "delta", data,
                         {{"cts", milliseconds(now())}});
    }
}

void Bybit::push_due(ConnectionId id, Topic_& topic) {
    if (now() < topic.due || (topic.opened && !topic.changed)) return;
    const auto& state = engine().market(*topic.listing);
    const bool first = !std::exchange(topic.opened, true);
    topic.changed = false;
    switch (topic.kind) {
        case Kind::book: {
            if (!first) return;
            const auto& feed = books_[{*topic.listing, topic.depth}];
            return push(id, Topic::book, topic.name, "snapshot", book_data(*topic.listing, feed, feed.bids, feed.asks),
                        {{"cts", milliseconds(now())}});
        }
        case Kind::ticker: {
            topic.due = now() + 100ms;
            auto next = ticker_json(*topic.listing);
            Json data = next;
            if (!first && !state.rules.spot()) {
                // Contracts send what has changed, spot all of it.
                data = Json{{"symbol", next["symbol"]}};
                for (const auto& [key, value] : next.items())
                    if (topic.last[key] != value) data[key] = value;
                if (data.size() == 1) return;
            }
            topic.last = std::move(next);
            return push(id, Topic::ticker, topic.name, first || state.rules.spot() ? "snapshot" : "delta",
                        std::move(data), {{"cs", state.update_id}});
        }
        case Kind::kline: {
            topic.due = now() + 1s;
            const auto bars = state.candles.bars(topic.width, {}, core::Nanoseconds::max(), 2);
            if (bars.empty()) return;
            const auto parts = topic.name.substr(0, topic.name.rfind('.'));
            const auto interval = parts.substr(parts.find('.') + 1);
            Json all = Json::array();
            for (const auto& bar : bars) {
                const bool closed_bar = &bar != &bars.back();
                // The bar before is told of once more, closed, when the next has begun.
                if (closed_bar && now() - bars.back().start > 1s) continue;
                all.push_back({{"start", milliseconds(bar.start)},
                               {"end", milliseconds(bar.start + topic.width) - 1},
                               {"interval", interval},
                               {"open", price_text(state.rules, bar.open)},
                               {"close", price_text(state.rules, bar.close)},
                               {"high", price_text(state.rules, bar.high)},
                               {"low", price_text(state.rules, bar.low)},
                               {"volume", quantity_text(state.rules, bar.volume)},
                               {"turnover", core::to_text(bar.quote)},
                               {"confirm", closed_bar},
                               {"timestamp", milliseconds(now())}});
            }
            return push(id, Topic::candle, topic.name, "snapshot", std::move(all));
        }
        default: return;
    }
}

void Bybit::timer() {
    for (const auto& [account, market] : disconnected_.take(now())) {
        const auto& open = engine().account(account).open;
        for (const auto number : std::vector<OrderNumber>(open.begin(), open.end()))
            if (const auto* order = engine().order(number);
                order != nullptr && rules(order->listing).instrument.market == market)
                (void)engine().cancel(account, number);
    }
    flush_presets();
    push_books();
    std::vector<ConnectionId> silent;
    for (auto& [id, connection] : connections_) {
        if (now() - connection.last_heard > connection.may_be_silent) {
            silent.push_back(id);
            continue;
        }
        for (auto& topic : connection.topics) {
            if (connection.role == Role::account)
                push_private(id, connection, topic);
            else
                push_due(id, topic);
        }
    }
    for (const auto id : silent) close(id, 1001, "silent for too long");
    // What the engine has forgotten needs no type.
    if (stop_types_.size() > 30'000)
        std::erase_if(stop_types_, [&](const auto& one) { return engine().order(one.first) == nullptr; });
}

}  // namespace venue::bybit
