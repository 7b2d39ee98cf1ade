#include "feeds/bybit/decoder.hpp"
#include "feeds/json_fields.hpp"

#include <algorithm>

namespace feeds::bybit {

namespace {

using core::Error;
using core::TickKind;
using Object = JsonFrame::Object;
using Array = JsonFrame::Array;
using Value = JsonFrame::Value;
using std::chrono::microseconds;

/// What the frame is about, and where its ticks go.
struct Message {
    JsonFrame& json;
    const Frame& frame;
    Batch& batch;
    const core::Instrument& instrument;
    Object& root;
};

bool parse_side(JsonFrame& json, Object& from, const char* key, core::Side& side) noexcept {
    std::string_view text;
    if (!json.text(from, key, text)) return false;
    if (text != "Buy" && text != "Sell") return json.fail(Error::malformed, key, text.data());
    side = text == "Buy" ? core::Side::buy : core::Side::sell;
    return true;
}

/// v5
/// `{"T":1672304486865,"s":"BTCUSDT","S":"Buy","v":"0.001","p":"16578.50","L":"PlusTick","i":"20f43950-…","BT":false}`
bool trade(Message& message, Object& object, core::Tick& tick) noexcept {
    auto& json = message.json;
    std::string_view id;
    if (!json.milliseconds(object, "T", tick.venue_time) || !parse_side(json, object, "S", tick.side) ||
        !json.decimal(object, "v", message.instrument.quantity_decimals, tick.trade.quantity.units) ||
        !json.decimal(object, "p", message.instrument.price_decimals, tick.trade.price.units) ||
        !json.text(object, "i", id))
        return false;
    tick.trade.trade_id = trade_id_of(id);
    return true;
}

/// Before v5
/// `{"symbol":"BCHUSDT","tick_direction":"MinusTick","price":"1053.90","size":0.14,"timestamp":"…","trade_time_ms":"…","side":"Buy","trade_id":"…"}`
bool old_trade(Message& message, Object& object, core::Tick& tick) noexcept {
    auto& json = message.json;
    std::string_view id;
    if (!json.decimal(object, "price", message.instrument.price_decimals, tick.trade.price.units) ||
        !json.bare_decimal(object, "size", message.instrument.quantity_decimals, tick.trade.quantity.units) ||
        !json.milliseconds(object, "trade_time_ms", tick.venue_time) || !parse_side(json, object, "side", tick.side) ||
        !json.text(object, "trade_id", id))
        return false;
    tick.trade.trade_id = trade_id_of(id);
    return true;
}

template <class ReadTrade>
bool trades(Message& message, ReadTrade&& read) noexcept {
    auto& json = message.json;
    Array data;
    return json.get(message.root, "data", data) && json.each_element(data, "data", [&](Value value) {
        Object object;
        auto tick = blank_tick(message.instrument, message.frame, TickKind::trade, {});
        return json.get(value, "data", object) && read(message, object, tick) &&
               (append(message.batch, tick) || json.fail(Error::full, "data"));
    });
}

bool is_snapshot(Message& message, bool& snapshot) noexcept {
    std::string_view type;
    if (!message.json.text(message.root, "type", type)) return false;
    if (type != "snapshot" && type != "delta") return message.json.fail(Error::unknown_message, "type", type.data());
    snapshot = type == "snapshot";
    return true;
}

bool book(Message& message) noexcept {
    auto& json = message.json;
    bool snapshot = false;
    core::Nanoseconds time{};
    Object data;
    if (!is_snapshot(message, snapshot) || !json.milliseconds(message.root, "ts", time) ||
        !json.get(message.root, "data", data))
        return false;
    LevelWriter levels{message.batch, message.instrument, message.frame,
                       snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    std::int64_t update = 0;
    bool bids = false, asks = false, numbered = false;
    const bool read = json.each_member(data, "data", [&](std::string_view key, Value value) {
        if (key == "b") return bids = true, read_levels(json, value, "b", core::Side::buy, message.instrument, levels);
        if (key == "a") return asks = true, read_levels(json, value, "a", core::Side::sell, message.instrument, levels);
        if (key == "u") return numbered = true, json.integer(value, "u", update);
        return true;
    });
    if (!read) return false;
    if (!bids || !asks || !numbered) return json.fail(Error::missing_field, !bids ? "b" : !asks ? "a" : "u");
    if (!json.optional_milliseconds(message.root, "cts", time)) return false;
    if (update < 0) return json.fail(Error::negative, "u");
    message.batch.book.first = message.batch.book.last = static_cast<std::uint64_t>(update);
    levels.finish(time, message.batch.book.last);
    return true;
}

bool quote(Message& message) noexcept {
    auto& json = message.json;
    bool snapshot = false;
    Object data;
    auto tick = blank_tick(message.instrument, message.frame, TickKind::quote, {});
    if (!is_snapshot(message, snapshot)) return false;
    if (!snapshot) return json.fail(Error::unknown_message, "type");  // half a quote cannot be told
    if (!json.milliseconds(message.root, "ts", tick.venue_time) || !json.get(message.root, "data", data) ||
        !read_best(json, data, "b", message.instrument, tick.quote.bid_price, tick.quote.bid_quantity) ||
        !read_best(json, data, "a", message.instrument, tick.quote.ask_price, tick.quote.ask_quantity) ||
        !json.optional_milliseconds(message.root, "cts", tick.venue_time))
        return false;
    return append(message.batch, tick) || json.fail(Error::full, "data");
}

/// `[{"price":"1053.80","symbol":"BCHUSDT","id":"10538000","side":"Buy","size":17.46},…]`; those to delete have no
/// size.
bool old_levels(Message& message, Object& data, const char* key, bool sized, LevelWriter& levels) noexcept {
    auto& json = message.json;
    Array rows;
    return json.get(data, key, rows) && json.each_element(rows, key, [&](Value value) {
        Object level;
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        core::Side side{};
        if (!json.get(value, key, level) || !json.decimal(level, "price", message.instrument.price_decimals, price) ||
            !parse_side(json, level, "side", side) ||
            (sized && !json.bare_decimal(level, "size", message.instrument.quantity_decimals, quantity)))
            return false;
        levels.side(side);
        return levels.add(price, quantity) || json.fail(Error::full, key);
    });
}

bool old_book(Message& message) noexcept {
    auto& json = message.json;
    bool snapshot = false;
    Object data;
    if (!is_snapshot(message, snapshot) || !json.get(message.root, "data", data)) return false;
    LevelWriter levels{message.batch, message.instrument, message.frame,
                       snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    const bool read = snapshot ? old_levels(message, data, "order_book", true, levels)
                               : old_levels(message, data, "delete", false, levels) &&
                                     old_levels(message, data, "update", true, levels) &&
                                     old_levels(message, data, "insert", true, levels);
    std::int64_t sequence = 0;
    core::Nanoseconds time{};
    Value stamp;
    if (!read || !json.integer(message.root, "cross_seq", sequence) ||
        !json.member(message.root, "timestamp_e6", stamp) || !json.time(stamp, "timestamp_e6", microseconds{1}, time))
        return false;
    if (sequence < 0) return json.fail(Error::negative, "cross_seq");
    message.batch.book.last = static_cast<std::uint64_t>(sequence);
    levels.finish(time, message.batch.book.last);
    return true;
}

/// "1" to "720" minutes, "D", "W", "M"; 0 if it is none.
std::uint32_t kline_seconds(std::string_view interval) noexcept {
    if (interval == "D") return 86'400;
    if (interval == "W") return 604'800;
    if (interval == "M") return 2'592'000;
    std::uint32_t minutes = 0;
    if (interval.empty() || interval.size() > 3) return 0;
    for (const char c : interval) {
        if (c < '0' || c > '9') return 0;
        minutes = minutes * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return minutes * 60;
}

bool candles(Message& message, std::uint32_t interval_s) noexcept {
    auto& json = message.json;
    Array data;
    return json.get(message.root, "data", data) && json.each_element(data, "data", [&](Value value) {
        Object candle;
        CandleTexts texts;
        bool confirmed = false;
        auto tick = blank_tick(message.instrument, message.frame, TickKind::bar, {});
        if (!json.get(value, "data", candle) || !json.milliseconds(candle, "start", tick.venue_time) ||
            !json.text(candle, "open", texts.open) || !json.text(candle, "close", texts.close) ||
            !json.text(candle, "high", texts.high) || !json.text(candle, "low", texts.low) ||
            !json.text(candle, "volume", texts.volume) || !json.get(candle, "confirm", confirmed) ||
            !read_bar(json, texts, message.instrument, interval_s, tick.bar))
            return false;
        tick.flags = confirmed ? core::tick_flag::closed : std::uint8_t{0};
        return append(message.batch, tick) || json.fail(Error::full, "data");
    });
}

bool ticker(Message& message) noexcept {
    core::Nanoseconds time{};
    Object data;
    if (!message.json.milliseconds(message.root, "ts", time) || !message.json.get(message.root, "data", data))
        return false;
    message.batch.control = Control::ticker;
    constexpr TickerFields fields{"markPrice", "indexPrice", "fundingRate", "nextFundingTime"};
    return read_mark_and_funding(message.json, data, fields, message.instrument, message.frame, time, message.batch);
}

/// Where neither address nor table tells: coin-margined symbols end in USD.
const core::Instrument* find_or_learn(Symbols& symbols, const Frame& frame, std::string_view symbol) noexcept {
    if (const auto* const known = find(symbols, frame, symbol)) return known;
    const auto guess = symbol.ends_with("USD") ? core::Market::inverse : core::Market::linear;
    return symbols.find_or_learn(market_of(frame.url).value_or(guess), symbol);
}

bool topic_message(JsonFrame& json, Symbols& symbols, Object& root, std::string_view topic, const Frame& frame,
                   Batch& batch) noexcept {
    const auto name = topic.substr(0, topic.find('.'));
    const auto dot = topic.rfind('.');
    const auto symbol = dot == std::string_view::npos ? std::string_view{} : topic.substr(dot + 1);
    const auto middle = dot > name.size() && dot != std::string_view::npos
                            ? topic.substr(name.size() + 1, dot - name.size() - 1)
                            : std::string_view{};
    const bool known = name == "publicTrade" || name == "trade" || name == "orderbook" || name == "orderBookL2_25" ||
                       name == "kline" || name == "tickers";
    if (!known) {
        batch.control = Control::other;
        return true;
    }
    const auto* const instrument = find_or_learn(symbols, frame, symbol);
    if (!instrument) return json.fail(Error::unknown_symbol, "topic", topic.data());

    Message message{json, frame, batch, *instrument, root};
    if (name == "publicTrade") return trades(message, trade);
    if (name == "trade") {
        std::string_view type;  // v5 and its predecessors name a type, the streams before them none
        if (!json.optional_text(root, "type", type)) return false;
        return type.empty() ? trades(message, old_trade) : trades(message, trade);
    }
    if (name == "orderbook") return middle == "1" ? quote(message) : book(message);
    if (name == "orderBookL2_25") return old_book(message);
    if (name == "tickers") return ticker(message);
    const auto interval_s = kline_seconds(middle);
    if (interval_s == 0) return json.fail(Error::unknown_message, "topic", topic.data());
    return candles(message, interval_s);
}

void name_answer(std::string_view op, bool success, Batch& batch) noexcept {
    if (!success)
        batch.control = Control::error;
    else if (op == "subscribe")
        batch.control = Control::subscribed;
    else if (op == "unsubscribe")
        batch.control = Control::unsubscribed;
    else if (op == "ping" || op == "pong")
        batch.control = Control::pong;
    else if (op == "auth" || op == "login")
        batch.control = Control::login;
    else
        batch.control = Control::other;
}

/// Request ids of ours are numbers; others are not told.
void keep_request_id(std::string_view text, Batch& batch) noexcept {
    if (const auto id = core::parse_decimal(text, 0)) batch.control_id = static_cast<std::uint64_t>(*id);
}

/// Acks: v5 `{"success":true,"ret_msg":"","conn_id":"…","req_id":"1","op":"subscribe"}`, before it with
/// `"request":{"op":"subscribe",…}`; order entry and REST answer `{"retCode":0,…}` (before v5 `{"ret_code":0,…}`).
bool answer_message(JsonFrame& json, Object& root, const Frame& frame, Batch& batch) noexcept {
    Value value;
    std::string_view op, id;
    if (json.optional(root, "success", value)) {
        bool success = false;
        if (!json.get(value, "success", success) || !json.optional_text(root, "req_id", id)) return false;
        if (!json.optional_text(root, "op", op)) return false;
        if (op.empty() && json.optional(root, "request", value)) {
            Object request;
            if (!json.get(value, "request", request) || !json.text(request, "op", op)) return false;
        }
        if (json.failed()) return false;
        keep_request_id(id, batch);
        name_answer(op, success, batch);
        return true;
    }
    if (json.failed()) return false;
    const char* const code_key = json.optional(root, "retCode", value) ? "retCode" : "ret_code";
    std::int64_t code = 0;
    if (json.failed()) return false;
    if (code_key[3] == 'C' || json.optional(root, code_key, value)) {
        if (!json.integer(value, code_key, code) || !json.optional_text(root, "op", op)) return false;
        name_answer(op, code == 0, batch);
        const auto asks_for = [&](std::string_view what) { return frame.url.find(what) != std::string_view::npos; };
        if (code == 0 && (asks_for("/instruments-info") || asks_for("/public/symbols")))
            batch.control = Control::instruments;
        return true;
    }
    if (json.failed()) return false;
    if (!json.optional_text(root, "op", op)) return false;
    if (op.empty()) return json.fail(Error::unknown_message, "");
    name_answer(op, true, batch);
    return true;
}

}  // namespace

bool Dialect::read(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept {
    Object root;
    std::string_view topic;
    const bool read = json.open(frame.bytes, root) && json.optional_text(root, "topic", topic) &&
                      (!topic.empty() ? topic_message(json, symbols, root, topic, frame, batch)
                                      : answer_message(json, root, frame, batch));
    return read && json.close(root);
}

}  // namespace feeds::bybit
