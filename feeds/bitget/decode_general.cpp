#include "feeds/bitget/decoder.hpp"
#include "feeds/intervals.hpp"
#include "feeds/json_fields.hpp"

#include <algorithm>

namespace feeds::bitget {

namespace {

using core::Error;
using core::TickKind;
using Object = JsonFrame::Object;
using Array = JsonFrame::Array;
using Value = JsonFrame::Value;

/// What the frame is about, and where its ticks go.
struct Message {
    JsonFrame& json;
    const Frame& frame;
    Batch& batch;
    const core::Instrument& instrument;
    std::string_view channel;
    bool snapshot{};
    Array data;
};

bool parse_side(JsonFrame& json, std::string_view text, core::Side& side) noexcept {
    if (text != "buy" && text != "sell") return json.fail(Error::malformed, "side", text.data());
    side = text == "buy" ? core::Side::buy : core::Side::sell;
    return true;
}

/// v1 `["1649290077777","0.005613","890.8","buy"]`
bool trade_row(Message& message, Value row, core::Tick& tick) noexcept {
    Array elements;
    if (!message.json.get(row, "data", elements)) return false;
    std::string_view side;
    int index = 0;
    auto& json = message.json;
    const bool read = json.each_element(elements, "data", [&](Value value) {
        switch (index++) {
            case 0: return json.time(value, "ts", std::chrono::milliseconds{1}, tick.venue_time);
            case 1: return json.decimal(value, "price", message.instrument.price_decimals, tick.trade.price.units);
            case 2: return json.decimal(value, "size", message.instrument.quantity_decimals, tick.trade.quantity.units);
            case 3: return json.text(value, "side", side);
            default: return true;
        }
    });
    if (!read) return false;
    if (index < 4) return message.json.fail(Error::missing_field, "data");
    return parse_side(message.json, side, tick.side);
}

/// v2 `{"ts":"1695716760565","price":"27000.5","size":"0.001","side":"buy","tradeId":"1111111111"}`
bool trade_object(Message& message, Value row, core::Tick& tick) noexcept {
    auto& json = message.json;
    Object trade;
    std::string_view side;
    std::int64_t id = 0;
    if (!json.get(row, "data", trade) || !json.milliseconds(trade, "ts", tick.venue_time) ||
        !json.decimal(trade, "price", message.instrument.price_decimals, tick.trade.price.units) ||
        !json.decimal(trade, "size", message.instrument.quantity_decimals, tick.trade.quantity.units) ||
        !json.text(trade, "side", side) || !parse_side(json, side, tick.side) || !json.integer(trade, "tradeId", id))
        return false;
    if (id < 0) return json.fail(Error::negative, "tradeId");
    tick.trade.trade_id = static_cast<std::uint64_t>(id);
    return true;
}

bool trades(Message& message) noexcept {
    auto& json = message.json;
    const bool read = json.each_element(message.data, "data", [&](Value value) {
        simdjson::ondemand::json_type type{};
        if (const auto error = value.type().get(type)) return json.fail(error, "data");
        auto tick = blank_tick(message.instrument, message.frame, TickKind::trade, {});
        tick.flags = message.snapshot ? core::tick_flag::snapshot : std::uint8_t{0};
        const bool is_row = type == simdjson::ondemand::json_type::array;
        return (is_row ? trade_row(message, value, tick) : trade_object(message, value, tick)) &&
               (append(message.batch, tick) || json.fail(Error::full, "data"));
    });
    if (!read) return false;
    std::reverse(message.batch.ticks().begin(), message.batch.ticks().end());  // the venue lists newest first
    return true;
}

/// The one element of `data` that book and ticker frames carry.
bool only_object(Message& message, Object& object) noexcept {
    for (auto row : message.data) {
        Value value;
        if (const auto error = row.get(value)) return message.json.fail(error, "data");
        return message.json.get(value, "data", object);
    }
    return message.json.fail(Error::missing_field, "data");
}

bool book(Message& message) noexcept {
    auto& json = message.json;
    Object object;
    if (!only_object(message, object)) return false;
    const bool snapshot = message.snapshot || message.channel != "books";
    LevelWriter levels{message.batch, message.instrument, message.frame,
                       snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    BookEvent& event = message.batch.book;
    bool asks = false, bids = false, stamped = false;
    core::Nanoseconds time{};
    const auto number = [&](Value value, const char* key, std::uint64_t& to) {
        std::int64_t read = 0;
        if (!json.integer(value, key, read)) return false;
        to = static_cast<std::uint64_t>(read);
        return read >= 0 || json.fail(Error::negative, key);
    };
    const bool read = json.each_member(object, "data", [&](std::string_view key, Value value) {
        if (key == "asks")
            return asks = true, read_levels(json, value, "asks", core::Side::sell, message.instrument, levels);
        if (key == "bids")
            return bids = true, read_levels(json, value, "bids", core::Side::buy, message.instrument, levels);
        if (key == "checksum") {
            std::int64_t checksum = 0;
            if (!json.integer(value, "checksum", checksum)) return false;
            event.checksum = static_cast<std::uint32_t>(checksum);
            event.has_checksum = true;
            return (checksum >= INT32_MIN && checksum <= INT32_MAX) || json.fail(Error::out_of_range, "checksum");
        }
        if (key == "seq") return number(value, "seq", event.last);
        if (key == "pseq") return event.has_previous = true, number(value, "pseq", event.previous);
        if (key == "ts") return stamped = true, json.time(value, "ts", std::chrono::milliseconds{1}, time);
        return true;
    });
    if (!read) return false;
    if (!asks || !bids || !stamped) return json.fail(Error::missing_field, !asks ? "asks" : !bids ? "bids" : "ts");
    levels.finish(time, event.last);
    return true;
}

bool quote(Message& message) noexcept {
    auto& json = message.json;
    Object object;
    if (!only_object(message, object)) return false;
    auto tick = blank_tick(message.instrument, message.frame, TickKind::quote, {});
    if (!read_best(json, object, "asks", message.instrument, tick.quote.ask_price, tick.quote.ask_quantity) ||
        !read_best(json, object, "bids", message.instrument, tick.quote.bid_price, tick.quote.bid_quantity) ||
        !json.milliseconds(object, "ts", tick.venue_time))
        return false;
    return append(message.batch, tick) || json.fail(Error::full, "data");
}

bool candles(Message& message, std::uint32_t interval_s) noexcept {
    auto& json = message.json;
    return json.each_element(message.data, "data", [&](Value value) {
        CandleRow candle;
        if (!read_candle_row(json, value, message.instrument, interval_s, candle)) return false;
        if (!message.batch.ticks().empty()) message.batch.ticks().back().flags = core::tick_flag::closed;
        auto tick = blank_tick(message.instrument, message.frame, TickKind::bar, candle.start);
        tick.bar = candle.bar;
        return append(message.batch, tick) || json.fail(Error::full, "data");
    });
}

bool ticker(Message& message) noexcept {
    Object object;
    core::Nanoseconds time{};
    if (!only_object(message, object) || !message.json.milliseconds(object, "ts", time)) return false;
    message.batch.control = Control::ticker;
    constexpr TickerFields fields{"markPrice", "indexPrice", "fundingRate", "nextFundingTime"};
    return read_mark_and_funding(message.json, object, fields, message.instrument, message.frame, time, message.batch);
}

bool data_message(JsonFrame& json, Symbols& symbols, Object& root, std::string_view action, const Frame& frame,
                  Batch& batch) noexcept {
    if (action != "snapshot" && action != "update") return json.fail(Error::unknown_message, "action", action.data());
    Object arg;
    std::string_view type, channel, symbol;
    if (!json.get(root, "arg", arg) || !json.text(arg, "instType", type) || !json.text(arg, "channel", channel) ||
        !json.text(arg, "instId", symbol))
        return false;
    const auto market = market_of(type, symbol);
    const auto* const instrument = market ? symbols.find_or_learn(*market, symbol) : nullptr;
    if (!instrument)
        return json.fail(Error::unknown_symbol, market ? "instId" : "instType", (market ? symbol : type).data());

    Message message{json, frame, batch, *instrument, channel, action == "snapshot", {}};
    if (!json.get(root, "data", message.data)) return false;
    if (channel == "trade") return trades(message);
    if (channel == "books1") return quote(message);
    if (channel == "books" || channel == "books5" || channel == "books15") return book(message);
    if (channel == "ticker") return ticker(message);
    if (channel.starts_with("candle"))
        if (const auto interval_s = interval_seconds(channel.substr(6))) return candles(message, interval_s);
    batch.control = Control::other;
    return true;
}

bool event_message(JsonFrame& json, std::string_view event, Batch& batch) noexcept {
    if (event == "subscribe")
        batch.control = Control::subscribed;
    else if (event == "unsubscribe")
        batch.control = Control::unsubscribed;
    else if (event == "login")
        batch.control = Control::login;
    else if (event == "error")
        batch.control = Control::error;
    else if (event == "pong")
        batch.control = Control::pong;
    else if (event == "trade")
        batch.control = Control::other;
    else
        return json.fail(Error::unknown_message, "event", event.data());
    return true;
}

/// REST: `{"code":"00000","msg":"success","requestTime":…,"data":…}`
bool rest_message(JsonFrame& json, Object& root, const Frame& frame, Batch& batch) noexcept {
    std::string_view code;
    Value ignored;
    if (!json.text(root, "code", code)) {
        if (json.fault() == Error::missing_field) return json.fail(Error::unknown_message, "");
        return false;
    }
    if (code != "00000") {
        batch.control = Control::error;
        return true;
    }
    if (!json.member(root, "data", ignored)) return false;
    const auto asks_for = [&](std::string_view what) { return frame.url.find(what) != std::string_view::npos; };
    batch.control =
        asks_for("/products") || asks_for("/contracts") || asks_for("/symbols") ? Control::instruments : Control::other;
    return true;
}

}  // namespace

std::optional<core::Market> market_of(std::string_view type, std::string_view symbol) noexcept {
    if (type == "SPOT" || type == "sp" || type == "SP") return core::Market::spot;
    if (type == "USDT-FUTURES" || type == "USDC-FUTURES") return core::Market::linear;
    if (type == "COIN-FUTURES") return core::Market::inverse;
    if (type == "mc" || type == "MC") return symbol.ends_with("USD") ? core::Market::inverse : core::Market::linear;
    return std::nullopt;
}

bool Dialect::read(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept {
    Object root;
    std::string_view action, event;
    const bool read = json.open(frame.bytes, root) && json.optional_text(root, "action", action) &&
                      (!action.empty() ? data_message(json, symbols, root, action, frame, batch)
                                       : json.optional_text(root, "event", event) &&
                                             (!event.empty() ? event_message(json, event, batch)
                                                             : rest_message(json, root, frame, batch)));
    return read && json.close(root);
}

}  // namespace feeds::bitget
