#include "feeds/intervals.hpp"
#include "feeds/json_fields.hpp"
#include "feeds/okx/decoder.hpp"

#include <algorithm>

namespace feeds::okx {

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
    std::string_view action;  ///< "" where the channel has none
    Array data;
};

template <class Read>
bool each_object(Message& message, Read&& read) noexcept {
    return message.json.each_element(message.data, "data", [&](Value value) {
        Object object;
        return message.json.get(value, "data", object) && read(object);
    });
}

bool keep(Message& message, const core::Tick& tick) noexcept {
    return append(message.batch, tick) || message.json.fail(Error::full, "data");
}

/// `{"instId":"BTC-USDT","tradeId":"130639474","px":"42219.9","sz":"0.12060306","side":"buy","ts":"1630048897897","count":"3"}`
bool trades(Message& message) noexcept {
    auto& json = message.json;
    return each_object(message, [&](Object& object) {
        auto tick = blank_tick(message.instrument, message.frame, TickKind::trade, {});
        std::string_view side;
        std::int64_t id = 0;
        if (!json.integer(object, "tradeId", id) ||
            !json.decimal(object, "px", message.instrument.price_decimals, tick.trade.price.units) ||
            !json.decimal(object, "sz", message.instrument.quantity_decimals, tick.trade.quantity.units) ||
            !json.text(object, "side", side) || !json.milliseconds(object, "ts", tick.venue_time))
            return false;
        if (side != "buy" && side != "sell") return json.fail(Error::malformed, "side", side.data());
        if (id < 0) return json.fail(Error::negative, "tradeId");
        tick.side = side == "buy" ? core::Side::buy : core::Side::sell;
        tick.trade.trade_id = static_cast<std::uint64_t>(id);
        return keep(message, tick);
    });
}

bool book_object(Message& message, Object& object, bool snapshot) noexcept {
    auto& json = message.json;
    LevelWriter levels{message.batch, message.instrument, message.frame,
                       snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    BookEvent& event = message.batch.book;
    bool asks = false, bids = false, stamped = false;
    core::Nanoseconds time{};
    const bool read = json.each_member(object, "data", [&](std::string_view key, Value value) {
        std::int64_t number = 0;
        if (key == "asks")
            return asks = true, read_levels(json, value, "asks", core::Side::sell, message.instrument, levels);
        if (key == "bids")
            return bids = true, read_levels(json, value, "bids", core::Side::buy, message.instrument, levels);
        if (key == "ts") return stamped = true, json.time(value, "ts", std::chrono::milliseconds{1}, time);
        if (key == "checksum") {
            if (!json.integer(value, "checksum", number)) return false;
            event.checksum = static_cast<std::uint32_t>(number);
            event.has_checksum = true;
            return (number >= INT32_MIN && number <= INT32_MAX) || json.fail(Error::out_of_range, "checksum");
        }
        if (key == "seqId") {
            if (!json.integer(value, "seqId", number)) return false;
            event.last = static_cast<std::uint64_t>(number);
            return number >= 0 || json.fail(Error::negative, "seqId");
        }
        if (key == "prevSeqId") {
            if (!json.integer(value, "prevSeqId", number)) return false;
            event.has_previous = number >= 0;
            event.previous = event.has_previous ? static_cast<std::uint64_t>(number) : 0;
            return number >= -1 || json.fail(Error::negative, "prevSeqId");
        }
        return true;
    });
    if (!read) return false;
    if (!asks || !bids || !stamped) return json.fail(Error::missing_field, !asks ? "asks" : !bids ? "bids" : "ts");
    levels.finish(time, event.last);
    return true;
}

bool book(Message& message) noexcept {
    if (!message.action.empty() && message.action != "snapshot" && message.action != "update")
        return message.json.fail(Error::unknown_message, "action", message.action.data());
    int events = 0;
    const bool read = each_object(message, [&](Object& object) {
        if (events++ != 0) return message.json.fail(Error::malformed, "data");  // one book event a frame
        return book_object(message, object, message.action != "update");
    });
    return read && (events == 1 || message.json.fail(Error::missing_field, "data"));
}

bool quotes(Message& message) noexcept {
    auto& json = message.json;
    return each_object(message, [&](Object& object) {
        auto tick = blank_tick(message.instrument, message.frame, TickKind::quote, {});
        return read_best(json, object, "asks", message.instrument, tick.quote.ask_price, tick.quote.ask_quantity) &&
               read_best(json, object, "bids", message.instrument, tick.quote.bid_price, tick.quote.bid_quantity) &&
               json.milliseconds(object, "ts", tick.venue_time) && keep(message, tick);
    });
}

bool candles(Message& message, std::uint32_t interval_s) noexcept {
    return message.json.each_element(message.data, "data", [&](Value value) {
        CandleRow candle;
        if (!read_candle_row(message.json, value, message.instrument, interval_s, candle)) return false;
        auto tick = blank_tick(message.instrument, message.frame, TickKind::bar, candle.start);
        tick.flags = candle.confirm == "1" ? core::tick_flag::closed : std::uint8_t{0};
        tick.bar = candle.bar;
        return keep(message, tick);
    });
}

bool marks(Message& message) noexcept {
    auto& json = message.json;
    return each_object(message, [&](Object& object) {
        auto tick = blank_tick(message.instrument, message.frame, TickKind::mark, {});
        return json.cut_decimal(object, "markPx", message.instrument.price_decimals, tick.mark.mark.units) &&
               json.milliseconds(object, "ts", tick.venue_time) && keep(message, tick);
    });
}

bool fundings(Message& message) noexcept {
    auto& json = message.json;
    return each_object(message, [&](Object& object) {
        auto tick = blank_tick(message.instrument, message.frame, TickKind::funding, message.frame.receive_time);
        std::string_view rate;
        if (!json.text(object, "fundingRate", rate) || !json.milliseconds(object, "fundingTime", tick.funding.next) ||
            !json.optional_milliseconds(object, "ts", tick.venue_time))
            return false;
        const auto parsed = parse_rate(rate);
        if (!parsed) return json.fail(parsed.error(), "fundingRate", rate.data());
        tick.funding.rate = *parsed;
        return keep(message, tick);
    });
}

/// The reader of a channel that brings ticks, or nullptr.
using Reader = bool (*)(Message&) noexcept;
Reader reader_of(std::string_view channel) noexcept {
    if (channel == "trades" || channel == "trades-all") return trades;
    if (channel == "books" || channel == "books5" || channel == "books-l2-tbt" || channel == "books50-l2-tbt")
        return book;
    if (channel == "bbo-tbt") return quotes;
    if (channel == "mark-price") return marks;
    if (channel == "funding-rate") return fundings;
    return nullptr;
}

bool event_message(JsonFrame& json, Object& root, std::string_view event, Batch& batch) noexcept {
    std::string_view id;
    if (!json.optional_text(root, "id", id)) return false;
    if (const auto number = core::parse_decimal(id, 0)) batch.control_id = static_cast<std::uint64_t>(*number);
    if (event == "subscribe")
        batch.control = Control::subscribed;
    else if (event == "unsubscribe")
        batch.control = Control::unsubscribed;
    else if (event == "login")
        batch.control = Control::login;
    else if (event == "error" || event == "channel-conn-count-error")
        batch.control = Control::error;
    else if (event == "notice" || event == "channel-conn-count")
        batch.control = Control::status;
    else
        return json.fail(Error::unknown_message, "event", event.data());
    return true;
}

/// `{"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[…]}`, books with an "action" before the data.
bool data_message(JsonFrame& json, Symbols& symbols, Object& root, Object& arg, const Frame& frame,
                  Batch& batch) noexcept {
    std::string_view channel, symbol, action, event;
    Value data;
    if (!json.text(arg, "channel", channel)) return false;
    const auto reader = reader_of(channel);
    const auto interval_s = channel.starts_with("candle") ? interval_seconds(channel.substr(6)) : 0;
    if ((reader || interval_s != 0) && !json.text(arg, "instId", symbol)) return false;
    if (reader == book && !json.optional_text(root, "action", action)) return false;
    if (!json.optional(root, "data", data))  // an ack whose "arg" comes first
        return !json.failed() && json.text(root, "event", event) && event_message(json, root, event, batch);
    if (!reader && interval_s == 0) {
        batch.control = channel == "tickers"       ? Control::ticker
                        : channel == "instruments" ? Control::instruments
                        : channel == "status"      ? Control::status
                                                   : Control::other;
        return true;
    }
    const auto* const instrument = symbols.find_or_learn(market_of(symbol), symbol);
    if (!instrument) return json.fail(Error::unknown_symbol, "instId", symbol.data());
    Message message{json, frame, batch, *instrument, channel, action, {}};
    if (!json.get(data, "data", message.data)) return false;
    return reader ? reader(message) : candles(message, interval_s);
}

/// REST `{"code":"0","msg":"","data":[…]}`, and answers to orders, which have an "op" besides.
bool answer_message(JsonFrame& json, Object& root, const Frame& frame, Batch& batch) noexcept {
    std::string_view code;
    Value ignored;
    if (!json.text(root, "code", code)) {
        if (json.fault() == Error::missing_field) return json.fail(Error::unknown_message, "");
        return false;
    }
    if (code != "0") {
        batch.control = Control::error;
        return true;
    }
    if (!json.member(root, "data", ignored)) return false;
    batch.control =
        frame.url.find("/public/instruments") != std::string_view::npos ? Control::instruments : Control::other;
    return true;
}

}  // namespace

core::Market market_of(std::string_view symbol) noexcept {
    const auto first = symbol.find('-');
    if (first == std::string_view::npos) return core::Market::spot;
    const auto second = symbol.find('-', first + 1);
    if (second == std::string_view::npos) return core::Market::spot;
    return symbol.substr(first + 1, second - first - 1) == "USD" ? core::Market::inverse : core::Market::linear;
}

bool Dialect::read(JsonFrame& json, Symbols& symbols, const Frame& frame, Batch& batch) noexcept {
    Object root, arg;
    Value value;
    std::string_view event;
    bool read = json.open(frame.bytes, root);
    // Data frames begin with their "arg"; only others are asked for an "event", for a missing one costs a walk to the
    // end.
    if (read && !frame.bytes.starts_with("{\"arg\"") && json.optional(root, "event", value))
        read = json.text(value, "event", event) && event_message(json, root, event, batch);
    else if (read && !json.failed() && json.optional(root, "arg", value))
        read = json.get(value, "arg", arg) && data_message(json, symbols, root, arg, frame, batch);
    else
        read = read && !json.failed() && answer_message(json, root, frame, batch);
    return read && json.close(root);
}

}  // namespace feeds::okx
