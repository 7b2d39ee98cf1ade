#include "feeds/bar_fields.hpp"
#include "feeds/clock_text.hpp"
#include "feeds/kraken/general.hpp"

namespace feeds::kraken {

namespace {

using core::Error;
using core::Side;
using core::TickKind;
using Value = JsonFrame::Value;
using Object = JsonFrame::Object;

bool iso_time(General& in, Object& from, const char* key, core::Nanoseconds& to) noexcept {
    std::string_view text;
    if (!in.json.text(from, key, text)) return false;
    return read_iso_time(text.data(), text.data() + text.size(), to) == text.data() + text.size() ||
           in.json.fail(Error::malformed, key, text.data());
}
bool optional_iso_time(General& in, Object& from, const char* key, core::Nanoseconds& to) noexcept {
    Value there;
    return in.json.optional(from, key, there) ? iso_time(in, from, key, to) : !in.json.failed();
}

bool symbol_of(General& in, Object& from, const core::Instrument*& to) noexcept {
    std::string_view symbol;
    return in.json.text(from, "symbol", symbol) && in.instrument(symbol, to);
}

bool side_of(General& in, Object& from, const char* key, const core::Instrument& instrument,
             LevelWriter& levels) noexcept {
    Value rows;
    return in.json.member(from, key, rows) && in.each(rows, key, [&](Value row) {
        Object level;
        std::int64_t price = 0, quantity = 0;
        LevelText text;
        return in.json.get(row, key, level) &&
               in.json.bare_decimal(level, "price", instrument.price_decimals, price, text.price) &&
               in.json.bare_decimal(level, "qty", instrument.quantity_decimals, quantity, text.quantity) &&
               (levels.add(price, quantity, text) || in.json.fail(Error::oversized, key));
    });
}

bool book(General& in, Object& data, std::string_view type) noexcept {
    // One book event a frame is all the venue sends and a Batch holds.
    if (in.batch.book.kind != BookEvent::Kind::none) return in.json.fail(Error::unknown_message, "data");
    const core::Instrument* instrument = nullptr;
    if (!symbol_of(in, data, instrument)) return false;
    LevelWriter levels{in.batch, *instrument, in.frame,
                       type == "snapshot" ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    levels.side(Side::buy);
    if (!side_of(in, data, "bids", *instrument, levels)) return false;
    levels.side(Side::sell);
    std::int64_t checksum = 0;
    auto time = in.frame.receive_time;
    if (!side_of(in, data, "asks", *instrument, levels) || !in.json.integer(data, "checksum", checksum) ||
        !in.set_checksum(checksum, "checksum") || !optional_iso_time(in, data, "timestamp", time))
        return false;
    in.batch.book.depth = in.depths.of(instrument->id);
    levels.finish(time, 0);
    return true;
}

bool trade(General& in, Object& data, std::string_view type) noexcept {
    const core::Instrument* instrument = nullptr;
    std::string_view side;
    std::int64_t id = 0;
    if (!symbol_of(in, data, instrument)) return false;
    auto tick = blank_tick(*instrument, in.frame, TickKind::trade, {});
    if (!in.json.text(data, "side", side) ||
        !in.json.bare_decimal(data, "price", instrument->price_decimals, tick.trade.price.units) ||
        !in.json.bare_decimal(data, "qty", instrument->quantity_decimals, tick.trade.quantity.units) ||
        !in.json.integer(data, "trade_id", id) || !iso_time(in, data, "timestamp", tick.venue_time))
        return false;
    if (side != "buy" && side != "sell") return in.json.fail(Error::malformed, "side", side.data());
    if (id < 0) return in.json.fail(Error::negative, "trade_id");
    tick.side = side == "buy" ? Side::buy : Side::sell;
    tick.trade.trade_id = static_cast<std::uint64_t>(id);
    tick.flags = type == "snapshot" ? core::tick_flag::snapshot : std::uint8_t{0};
    return in.add(tick);
}

bool ticker(General& in, Object& data) noexcept {
    const core::Instrument* instrument = nullptr;
    if (!symbol_of(in, data, instrument)) return false;
    auto tick = blank_tick(*instrument, in.frame, TickKind::quote, in.frame.receive_time);
    return in.json.bare_decimal(data, "bid", instrument->price_decimals, tick.quote.bid_price.units) &&
           in.json.bare_decimal(data, "bid_qty", instrument->quantity_decimals, tick.quote.bid_quantity.units) &&
           in.json.bare_decimal(data, "ask", instrument->price_decimals, tick.quote.ask_price.units) &&
           in.json.bare_decimal(data, "ask_qty", instrument->quantity_decimals, tick.quote.ask_quantity.units) &&
           optional_iso_time(in, data, "timestamp", tick.venue_time) && in.add(tick);
}

bool ohlc(General& in, Object& data) noexcept {
    const core::Instrument* instrument = nullptr;
    core::Nanoseconds start{};
    std::int64_t minutes = 0;
    if (!symbol_of(in, data, instrument) || !iso_time(in, data, "interval_begin", start) ||
        !in.json.integer(data, "interval", minutes))
        return false;
    if (minutes <= 0 || minutes > 1'000'000) return in.json.fail(Error::out_of_range, "interval");
    auto tick = blank_tick(*instrument, in.frame, TickKind::bar, start);
    BarPrices prices;
    const int decimals = instrument->price_decimals;
    if (!in.json.bare_decimal(data, "open", decimals, prices.open) ||
        !in.json.bare_decimal(data, "high", decimals, prices.high) ||
        !in.json.bare_decimal(data, "low", decimals, prices.low) ||
        !in.json.bare_decimal(data, "close", decimals, prices.close) ||
        !in.json.bare_decimal(data, "volume", instrument->quantity_decimals, tick.bar.volume.units))
        return false;
    tick.bar.interval_s = static_cast<std::uint32_t>(minutes) * 60;
    return (set_prices(tick.bar, prices, in.learn) || in.json.fail(Error::out_of_range, "low")) && in.add(tick);
}

/// `{"channel":…,"type":…,"data":[…]}`
bool channel_frame(General& in, Object& root, std::string_view channel) noexcept {
    if (channel == "heartbeat") return in.named(Control::heartbeat);
    if (channel == "status") return in.named(Control::status);
    if (channel == "instrument") return in.named(Control::instruments);
    const bool known = channel == "book" || channel == "trade" || channel == "ticker" || channel == "ohlc";
    if (!known) return in.json.fail(Error::unknown_message, "channel", channel.data());
    std::string_view type;
    Value rows;
    if (!in.json.text(root, "type", type)) return false;
    if (type != "snapshot" && type != "update") return in.json.fail(Error::unknown_message, "type", type.data());
    if (!in.json.member(root, "data", rows)) return false;
    const bool read = in.each(rows, "data", [&](Value row) {
        Object data;
        if (!in.json.get(row, "data", data)) return false;
        if (channel == "book") return book(in, data, type);
        if (channel == "trade") return trade(in, data, type);
        return channel == "ticker" ? ticker(in, data) : ohlc(in, data);
    });
    if (!read) return false;
    if (channel == "book" && in.batch.book.kind == BookEvent::Kind::none)
        return in.json.fail(Error::missing_field, "data");
    return true;
}

bool request_id(General& in, Object& root, const char* key) noexcept {
    Value value;
    std::int64_t id = 0;
    if (!in.json.optional(root, key, value)) return !in.json.failed();
    if (!in.json.integer(value, key, id)) return false;
    in.batch.control_id = static_cast<std::uint64_t>(id);
    return true;
}

/// The answer to a subscription says the depth of its book.
bool remember_depth(General& in, Object& root) noexcept {
    Value value;
    Object result;
    std::string_view channel, symbol;
    std::int64_t depth = 0;
    if (!in.json.optional(root, "result", value)) return !in.json.failed();
    if (!in.json.get(value, "result", result) || !in.json.optional_text(result, "channel", channel)) return false;
    if (channel != "book") return true;
    if (!in.json.optional(result, "depth", value)) return !in.json.failed();
    if (!in.json.integer(value, "depth", depth) || !in.json.text(result, "symbol", symbol)) return false;
    if (depth <= 0 || depth > 65'535) return in.json.fail(Error::out_of_range, "depth");
    // A pair nobody configured: its frames will say so.
    const auto* instrument = in.symbols.find_or_learn(core::Market::spot, symbol);
    if (instrument != nullptr) in.depths.set(instrument->id, static_cast<std::uint16_t>(depth));
    return true;
}

/// `{"method":…,"success":…}`: v2's answers.
bool answer(General& in, Object& root, std::string_view method) noexcept {
    if (!request_id(in, root, "req_id")) return false;
    if (method == "pong") return in.named(Control::pong);
    Value value;
    bool success = true;
    if (in.json.optional(root, "success", value) && !in.json.get(value, "success", success)) return false;
    if (in.json.failed()) return false;
    if (!success) return in.named(Control::error);
    if (method == "subscribe") return remember_depth(in, root) && in.named(Control::subscribed);
    return in.named(method == "unsubscribe" ? Control::unsubscribed : Control::other);
}

/// `{"event":…}`: v1's.
bool event_frame(General& in, Object& root, std::string_view event) noexcept {
    if (event == "heartbeat") return in.named(Control::heartbeat);
    if (!request_id(in, root, "reqid")) return false;
    if (event == "systemStatus") return in.named(Control::status);
    if (event == "pong") return in.named(Control::pong);
    if (event == "error") return in.named(Control::error);
    if (event != "subscriptionStatus") return in.json.fail(Error::unknown_message, "event", event.data());
    std::string_view status;
    if (!in.json.text(root, "status", status)) return false;
    return in.named(status == "subscribed"     ? Control::subscribed
                    : status == "unsubscribed" ? Control::unsubscribed
                                               : Control::error);
}

}  // namespace

bool read_object(General& in) noexcept {
    Object root;
    std::string_view text;
    if (!in.json.open(in.frame.bytes, root) || !in.json.optional_text(root, "channel", text)) return false;
    if (!text.empty()) return channel_frame(in, root, text);
    if (!in.json.optional_text(root, "event", text)) return false;
    if (!text.empty()) return event_frame(in, root, text);
    if (!in.json.optional_text(root, "method", text)) return false;
    if (!text.empty()) return answer(in, root, text);
    // Requests that cannot be read at all are answered with an error alone.
    if (!in.json.optional_text(root, "error", text)) return false;
    return text.empty() ? in.json.fail(Error::unknown_message, "channel") : in.named(Control::error);
}

}  // namespace feeds::kraken
