// Sockets: login, channels, order operations. Source: "WebSocket" and the channels of the documentation.
#include "tools/venue/dialect/sign.hpp"
#include "tools/venue/okx/okx.hpp"

#include <zlib.h>

#include <algorithm>

namespace venue::okx {

namespace {

using namespace std::chrono_literals;

constexpr core::Nanoseconds book_interval = 100ms, slow_interval = 1s;
constexpr std::size_t book_levels = 400, checksum_levels = 25;

Topic topic_of(std::string_view channel) noexcept {
    if (channel.starts_with("books") || channel == "bbo-tbt") return Topic::book;
    if (channel.starts_with("trades")) return Topic::trade;
    if (channel.starts_with("candle")) return Topic::candle;
    return Topic::ticker;
}

bool private_channel(std::string_view channel) noexcept {
    return channel == "orders" || channel == "positions" || channel == "account" || channel == "fills" ||
           channel == "orders-algo" || channel == "balance_and_position";
}

bool known_channel(std::string_view channel) noexcept {
    return channel == "books" || channel == "books5" || channel == "bbo-tbt" || channel == "books50-l2-tbt" ||
           channel == "books-l2-tbt" || channel == "trades" || channel == "trades-all" || channel == "tickers" ||
           channel == "funding-rate" || channel == "mark-price" || channel == "open-interest" ||
           channel == "instruments" || (channel.starts_with("candle") && bar_of(channel.substr(6)).count() != 0);
}

bool incremental(std::string_view channel) noexcept {
    return channel == "books" || channel == "books50-l2-tbt" || channel == "books-l2-tbt";
}

}  // namespace

bool Okx::open(ConnectionId id, const HttpRequest& upgrade) {
    constexpr std::string_view prefix = "/ws/v5/";
    if (!upgrade.path.starts_with(prefix)) return false;
    const auto path = upgrade.path.substr(prefix.size());
    if (path != "public" && path != "private" && path != "business") return false;
    Connection made;
    made.path = path;
    made.id = "c" + std::to_string(++connection_count_);
    made.active = now();
    connections_.emplace(id, std::move(made));
    return true;
}

void Okx::send(ConnectionId id, Topic topic, std::string text) {
    if (const auto found = connections_.find(id); found != connections_.end()) found->second.active = now();
    Dialect::send(id, topic, std::move(text));
}

void Okx::error(ConnectionId id, const Json& request_id, const char* code, const std::string& message) {
    Json made{{"event", "error"}, {"code", code}, {"msg", message}};
    if (!request_id.is_null()) made["id"] = request_id;
    send(id, Topic::ack, made.dump());
}

void Okx::message(ConnectionId id, std::string_view text) {
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    auto& connection = found->second;
    connection.active = now();
    if (text == "ping") return send(id, Topic::pong, "pong");
    const auto request = read_json(text);
    const auto args = request.is_object() && request.contains("args") ? request["args"] : Json{};
    const auto request_id = request.is_object() && request.contains("id") ? request["id"] : Json{};
    if (!args.is_array()) return error(id, request_id, "60012", "Invalid request: " + std::string{text.substr(0, 200)});
    const auto op = field(request, "op");
    if (op == "login") return login(id, connection, args, request_id);
    if (op == "subscribe") {
        for (const auto& arg : args) subscribe(id, connection, arg, request_id);
    } else if (op == "unsubscribe") {
        for (const auto& arg : args) {
            const auto key = arg.dump();
            std::erase_if(connection.subscriptions, [&](const Subscription& one) { return one.key == key; });
            send(id, Topic::ack, Json{{"event", "unsubscribe"}, {"arg", arg}, {"connId", connection.id}}.dump());
        }
    } else {
        trade_operation(id, connection, op, request);
    }
}

void Okx::login(ConnectionId id, Connection& connection, const Json& args, const Json& request_id) {
    const auto arg = args.empty() ? Json{} : args[0];
    const auto stamp = field(arg, "timestamp");
    auto* account = engine().account(field(arg, "apiKey"));
    if (account == nullptr) return error(id, request_id, "60005", "Invalid apiKey");
    const auto seconds = core::parse_decimal(stamp, 3);
    if (!seconds) return error(id, request_id, "60004", "Invalid timestamp");
    const core::Nanoseconds time = std::chrono::milliseconds{std::min<std::int64_t>(*seconds, 9'000'000'000'000)};
    if ((time < now() ? now() - time : time - now()) > 30s)
        return error(id, request_id, "60006", "Timestamp request expired");
    if (!same_signature(field(arg, "passphrase"), account->credentials.passphrase.reveal()))
        return error(id, request_id, "60024", "Wrong passphrase");
    if (!same_signature(field(arg, "sign"), hmac_base64(account->credentials.secret, stamp + "GET/users/self/verify")))
        return error(id, request_id, "60007", "Invalid sign");
    connection.account = account->id;
    send(id, Topic::ack, Json{{"event", "login"}, {"code", "0"}, {"msg", ""}, {"connId", connection.id}}.dump());
}

void Okx::subscribe(ConnectionId id, Connection& connection, const Json& arg, const Json& request_id) {
    const auto channel = field(arg, "channel");
    const bool secret = private_channel(channel);
    if (!secret && !known_channel(channel))
        return error(id, request_id, "60018", "Wrong URL or channel:" + channel + " doesn't exist.");
    if (secret && connection.account == 0) return error(id, request_id, "60011", "Please log in");
    Subscription made;
    made.key = arg.dump();
    made.arg = arg;
    made.channel = channel;
    const auto instrument = field(arg, "instId");
    if (!secret && channel != "instruments") {
        made.listing = engine().find(instrument, std::nullopt);
        if (!made.listing)
            return error(id, request_id, "60018",
                         "Wrong URL or channel:" + channel + ",instId:" + instrument + " doesn't exist.");
    }
    if (channel.starts_with("candle")) made.width = bar_of(std::string_view{channel}.substr(6));
    if (connection.subscriptions.size() == max_subscriptions)
        return error(id, request_id, "60014", "Requests too frequent");
    std::erase_if(connection.subscriptions, [&](const Subscription& one) { return one.key == made.key; });
    Json ack{{"event", "subscribe"}, {"arg", arg}, {"connId", connection.id}};
    if (!request_id.is_null()) ack["id"] = request_id;
    send(id, Topic::ack, ack.dump());
    connection.subscriptions.push_back(std::move(made));
    begin(id, connection, connection.subscriptions.back());
}

void Okx::begin(ConnectionId id, Connection& connection, Subscription& subscription) {
    subscription.due = now();
    if (subscription.listing && incremental(subscription.channel)) {
        depth_.try_emplace(*subscription.listing);
        push_book(id, subscription, nullptr);
    } else if (subscription.channel == "account") {
        push(id, subscription, Topic::account, Json::array({balance_json(engine().account(connection.account))}));
    } else if (subscription.channel == "positions") {
        const auto& account = engine().account(connection.account);
        Json all = Json::array();
        for (const auto& [where, position] : account.positions)
            if (!position.held.flat()) all.push_back(position_json(account, where.first, where.second));
        push(id, subscription, Topic::account, std::move(all));
    } else if (subscription.channel == "instruments") {
        Json all = Json::array();
        const bool spot = field(subscription.arg, "instType") == "SPOT";
        for (ListingId one = 0; one < engine().listings(); ++one)
            if (rules(one).spot() == spot) all.push_back(instrument(one));
        push(id, subscription, Topic::other, std::move(all));
    }
}

void Okx::push(ConnectionId id, const Subscription& to, Topic topic, Json data) {
    send(id, topic, Json{{"arg", to.arg}, {"data", std::move(data)}}.dump());
}

/// CRC-32 over the best 25 levels in turns, of the text as it was sent.
std::int32_t Okx::checksum(ListingId listing) const {
    const auto& state = engine().market(listing);
    const auto bids = state.book.top(core::Side::buy, checksum_levels),
               asks = state.book.top(core::Side::sell, checksum_levels);
    std::string text;
    const auto add = [&](const Book::Shown& level) {
        if (!text.empty()) text += ':';
        text += core::to_text(level.price, state.rules.instrument.price_decimals) + ':' +
                core::to_text(level.quantity, state.rules.instrument.quantity_decimals);
    };
    for (std::size_t i = 0; i < checksum_levels; ++i) {
        if (i < bids.size()) add(bids[i]);
        if (i < asks.size()) add(asks[i]);
    }
    return static_cast<std::int32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size())));
}

void Okx::push_book(ConnectionId id, Subscription& subscription, const DepthFeed::Event* changes) {
    const auto listing = *subscription.listing;
    const auto& state = engine().market(listing);
    const auto& i = state.rules.instrument;
    const auto side = [&](const std::vector<DepthFeed::Change>& levels) {
        Json all = Json::array();
        for (const auto& level : levels)
            all.push_back(Json::array({core::to_text(level.price, i.price_decimals),
                                       core::to_text(level.quantity, i.quantity_decimals), "0",
                                       level.quantity.units == 0 ? "0" : "1"}));
        return all;
    };
    const bool whole = changes == nullptr;
    Json data{{"asks", whole ? book_side(listing, core::Side::sell, book_levels) : side(changes->asks)},
              {"bids", whole ? book_side(listing, core::Side::buy, book_levels) : side(changes->bids)},
              {"ts", time_text(now())},
              {"checksum", checksum(listing)},
              {"prevSeqId", whole ? Json(-1) : Json(subscription.seq)},
              {"seqId", state.update_id}};
    subscription.seq = state.update_id;
    send(id, Topic::book,
         Json{{"arg", subscription.arg},
              {"action", whole ? "snapshot" : "update"},
              {"data", Json::array({std::move(data)})}}
             .dump());
}

void Okx::on_trade(ListingId listing, const PublicTrade& one) {
    for (const auto& [id, connection] : connections_)
        for (const auto& subscription : connection.subscriptions)
            if (subscription.listing == listing && subscription.channel.starts_with("trades"))
                push(id, subscription, Topic::trade, Json::array({trade(listing, one)}));
}

void Okx::on_level(ListingId listing, core::Side side, core::Price price, core::Quantity quantity,
                   std::uint64_t update_id) {
    touched_.insert(listing);
    if (const auto feed = depth_.find(listing); feed != depth_.end())
        feed->second.on_level(side, price, quantity, update_id);
}

void Okx::push_due(ConnectionId id, Subscription& subscription) {
    if (now() < subscription.due || !subscription.listing) return;
    const auto listing = *subscription.listing;
    const auto& channel = subscription.channel;
    const auto topic = topic_of(channel);
    if (channel == "books5" || channel == "bbo-tbt") {
        if (!touched_.contains(listing)) return;
        subscription.due = now() + (channel == "books5" ? book_interval : core::Nanoseconds{10ms});
        const std::size_t count = channel == "books5" ? 5 : 1;
        push(id, subscription, topic,
             Json::array({{{"asks", book_side(listing, core::Side::sell, count)},
                           {"bids", book_side(listing, core::Side::buy, count)},
                           {"instId", rules(listing).instrument.symbol},
                           {"ts", time_text(now())},
                           {"seqId", engine().market(listing).update_id}}}));
        return;
    }
    subscription.due = now() + (channel == "tickers" ? book_interval : slow_interval);
    if (channel == "tickers") {
        if (touched_.contains(listing)) push(id, subscription, topic, Json::array({ticker(listing)}));
    } else if (subscription.width.count() != 0) {
        const auto bars = engine().market(listing).candles.bars(subscription.width, {}, core::Nanoseconds::max(), 2);
        if (bars.empty()) return;
        // A bar is told once more, confirmed, when the next one has begun.
        if (bars.size() == 2 && bars[0].start == subscription.bar)
            push(id, subscription, topic, Json::array({candle(rules(listing), bars[0], subscription.width)}));
        subscription.bar = bars.back().start;
        push(id, subscription, topic, Json::array({candle(rules(listing), bars.back(), subscription.width)}));
    } else if (channel == "funding-rate") {
        push(id, subscription, topic, Json::array({funding(listing)}));
    } else if (channel == "open-interest") {
        push(id, subscription, topic, Json::array({interest(listing)}));
    } else if (channel == "mark-price") {
        push(id, subscription, topic,
             Json::array(
                 {{{"instType", rules(listing).spot() ? "SPOT" : "SWAP"},
                   {"instId", rules(listing).instrument.symbol},
                   {"markPx", core::to_text(engine().market(listing).mark(), rules(listing).instrument.price_decimals)},
                   {"ts", time_text(now())}}}));
    }
}

void Okx::refuse_subscription(ConnectionId id, std::string_view text) {
    const auto request = read_json(text);
    const auto request_id = request.is_object() && request.contains("id") ? request["id"] : Json{};
    error(id, request_id, "60018", "Wrong URL or channel doesn't exist.");
}

/// Source: "WebSocket / Notification": about 60 seconds, here the fault's `delay`, before.
void Okx::tell_shutdown() {
    for (const auto& [id, connection] : connections_)
        send(id, Topic::other,
             Json{{"event", "notice"},
                  {"code", "64008"},
                  {"msg", "The connection will soon be closed for a service upgrade. Please reconnect."},
                  {"connId", connection.id}}
                 .dump());
}

/// Source: "WebSocket / Connect": 30 seconds without a word, then the end.
void Okx::cut_silent() {
    std::vector<ConnectionId> silent;
    // A clock that jumps is no silence.
    const auto jumped = looked_.count() == 0 ? core::Nanoseconds{} : now() - looked_;
    looked_ = now();
    if (jumped > 5s)
        for (auto& [id, connection] : connections_) connection.active += jumped;
    for (const auto& [id, connection] : connections_)
        if (now() - connection.active > 30s) silent.push_back(id);
    for (const auto id : silent) close(id, 4004, "No data received in 30s.");
}

void Okx::timer() {
    for (const auto& [account, all] : countdowns_.take(now())) {
        const auto& open = engine().account(account).open;
        for (const auto number : std::vector<OrderNumber>(open.begin(), open.end()))
            if (const auto* order = engine().order(number); order != nullptr && order->state != OrderState::untriggered)
                (void)engine().cancel(account, number);
    }
    cut_silent();
    if (now() >= next_depth_) {
        next_depth_ = now() + book_interval;
        for (auto& [listing, feed] : depth_) {
            const auto event = feed.take();
            if (event.empty()) continue;
            for (auto& [id, connection] : connections_)
                for (auto& subscription : connection.subscriptions)
                    if (subscription.listing == listing && incremental(subscription.channel) &&
                        subscription.seq < event.last)
                        push_book(id, subscription, &event);
        }
    }
    for (auto& [id, connection] : connections_)
        for (auto& subscription : connection.subscriptions)
            if (!incremental(subscription.channel)) push_due(id, subscription);
    touched_.clear();
}

void Okx::trade_operation(ConnectionId id, Connection& connection, const std::string& op, const Json& request) {
    static const std::map<std::string, Handler, std::less<>> operations{
        {"order", &Okx::place},         {"batch-orders", &Okx::place_batch},
        {"cancel-order", &Okx::cancel}, {"batch-cancel-orders", &Okx::cancel_batch},
        {"amend-order", &Okx::amend},   {"batch-amend-orders", &Okx::amend_batch}};
    const auto request_id = request.contains("id") ? request["id"] : Json{};
    const auto found = operations.find(op);
    if (found == operations.end()) return error(id, request_id, "60012", "Invalid request: op " + op.substr(0, 50));
    if (connection.account == 0) return error(id, request_id, "60011", "Please log in");
    Call call;
    call.account = &engine().account(connection.account);
    call.body = request["args"];
    const auto answer = (this->*found->second)(call);
    const auto micros = std::to_string(now().count() / 1'000);
    Json made{{"id", request_id}, {"op", op}};
    made["data"] = answer ? answer->data : Json::array();
    made["code"] = answer ? answer->outer : answer.error().code;
    made["msg"] = answer ? std::string{} : answer.error().message;
    made["inTime"] = micros;
    made["outTime"] = micros;
    send(id, Topic::ack, made.dump());
}

}  // namespace venue::okx
