#include "feeds/bar_fields.hpp"
#include "feeds/clock_text.hpp"
#include "feeds/coinbase/decoder.hpp"
#include "feeds/coinbase/scan.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/tick_writer.hpp"

#include <algorithm>
#include <array>

namespace feeds::coinbase {

using core::Error;
using core::Side;
using core::TickKind;
using Object = JsonFrame::Object;
using Array = JsonFrame::Array;
using Value = JsonFrame::Value;

/// One frame's reading. Every verb returns false with the reason in `json`.
struct Decoder::General {
    JsonFrame& json;
    Symbols& symbols;
    const Frame& frame;
    Batch& batch;
    bool learn;

    bool frame_object() noexcept;

private:
    // Coinbase Exchange
    bool exchange(Object& root, std::string_view type) noexcept;
    bool book_snapshot(Object& root) noexcept;
    bool book_update(Object& root) noexcept;
    bool match(Object& root, bool past) noexcept;
    bool exchange_ticker(Object& root) noexcept;
    // Coinbase Advanced Trade
    bool advanced(Object& root, std::string_view channel) noexcept;
    bool event(Object& event, std::string_view channel, core::Nanoseconds sent) noexcept;
    bool l2_data(Object& event) noexcept;
    bool market_trades(Object& event) noexcept;
    bool tickers(Object& event, core::Nanoseconds sent) noexcept;
    bool candles(Object& event) noexcept;

    bool instrument(Object& from, const core::Instrument*& to) noexcept;
    bool time(Object& from, const char* key, core::Nanoseconds& to) noexcept;
    bool quote(Object& from, const core::Instrument& of, core::Nanoseconds at,
               const std::array<const char*, 4>& keys) noexcept;
    bool side_of(std::string_view text, const char* field, std::string_view buy, std::string_view sell,
                 Side& to) noexcept;
    bool bar(Object& from, const core::Instrument& of, core::BarUpdate& to) noexcept;
    bool add(const core::Tick& tick) noexcept { return append(batch, tick) || json.fail(Error::oversized, ""); }
    bool named(Control control) noexcept {
        batch.control = control;
        return true;
    }
    /// f(value) of each element of an array while it returns true.
    template <class F>
    bool each(Value value, const char* field, F&& f) noexcept {
        Array array;
        if (!json.get(value, field, array)) return false;
        for (auto element : array) {
            Value item;
            if (const auto error = element.get(item)) return json.fail(error, field);
            if (!f(item)) return false;
        }
        return true;
    }
    template <class F>
    bool each(Object& from, const char* key, F&& f) noexcept {
        Value value;
        return json.member(from, key, value) && each(value, key, f);
    }
    /// f(index, cell) of each cell of a row that has at least `count`.
    template <class F>
    bool cells(Value value, const char* field, std::size_t count, F&& f) noexcept {
        std::size_t index = 0;
        if (!each(value, field, [&](Value cell) { return f(index++, cell); })) return false;
        return index >= count || json.fail(Error::missing_field, field);
    }
};

bool Decoder::General::instrument(Object& from, const core::Instrument*& to) noexcept {
    std::string_view product;
    if (!json.text(from, "product_id", product)) return false;
    to = symbols.find_or_learn(core::Market::spot, product);
    return to != nullptr || json.fail(Error::unknown_symbol, "product_id", product.data());
}

bool Decoder::General::time(Object& from, const char* key, core::Nanoseconds& to) noexcept {
    std::string_view text;
    if (!json.text(from, key, text)) return false;
    return read_iso_time(text.data(), text.data() + text.size(), to) == text.data() + text.size() ||
           json.fail(Error::malformed, key, text.data());
}

bool Decoder::General::quote(Object& from, const core::Instrument& of, core::Nanoseconds at,
                             const std::array<const char*, 4>& keys) noexcept {
    auto tick = blank_tick(of, frame, TickKind::quote, at);
    return json.decimal(from, keys[0], of.price_decimals, tick.quote.bid_price.units) &&
           json.decimal(from, keys[1], of.quantity_decimals, tick.quote.bid_quantity.units) &&
           json.decimal(from, keys[2], of.price_decimals, tick.quote.ask_price.units) &&
           json.decimal(from, keys[3], of.quantity_decimals, tick.quote.ask_quantity.units) && add(tick);
}

bool Decoder::General::frame_object() noexcept {
    Object root;
    std::string_view type, channel;
    if (!json.open(frame.bytes, root)) return false;
    // Asking for a key that is not there walks the whole frame: first the one that stands first.
    const bool advanced_first = frame.bytes.starts_with(R"({"channel")");
    if (!advanced_first && !json.optional_text(root, "type", type)) return false;
    if (type.empty() && !json.optional_text(root, "channel", channel)) return false;
    const bool read = !channel.empty() ? advanced(root, channel)
                      : type.empty()   ? json.text(root, "type", type) && exchange(root, type)
                                       : exchange(root, type);
    return read && json.close(root);
}

bool Decoder::General::exchange(Object& root, std::string_view type) noexcept {
    if (type == "l2update") return book_update(root);
    if (type == "snapshot") return book_snapshot(root);
    if (type == "match" || type == "last_match") return match(root, type == "last_match");
    if (type == "ticker") return exchange_ticker(root);
    if (type == "heartbeat") return named(Control::heartbeat);
    if (type == "subscriptions") return named(Control::subscribed);
    if (type == "error") return named(Control::error);
    if (type == "status") return named(Control::instruments);
    // The full channel's orders: nothing subscribes to them, and nobody is wrong to send them.
    for (const auto* order : {"received", "open", "done", "change", "activate"})
        if (type == order) return named(Control::other);
    return json.fail(Error::unknown_message, "type", type.data());
}

bool Decoder::General::book_snapshot(Object& root) noexcept {
    const core::Instrument* of = nullptr;
    if (!instrument(root, of)) return false;
    LevelWriter levels{batch, *of, frame, BookEvent::Kind::snapshot};
    const auto side = [&](const char* key) {
        return each(root, key, [&](Value level) {
            std::int64_t price = 0, quantity = 0;
            return cells(level, key, 2,
                         [&](std::size_t index, Value cell) {
                             return index == 0   ? json.decimal(cell, key, of->price_decimals, price)
                                    : index == 1 ? json.decimal(cell, key, of->quantity_decimals, quantity)
                                                 : true;
                         }) &&
                   (levels.add(price, quantity) || json.fail(Error::oversized, key));
        });
    };
    // In the order of the frame, which the venue has changed over the years: the side that stands first comes first.
    Value asks, bids;
    if (!json.member(root, "asks", asks) || !json.member(root, "bids", bids)) return false;
    const bool asks_first = asks.raw_json_token().data() < bids.raw_json_token().data();
    levels.side(asks_first ? Side::sell : Side::buy);
    if (!side(asks_first ? "asks" : "bids")) return false;
    levels.side(asks_first ? Side::buy : Side::sell);
    if (!side(asks_first ? "bids" : "asks")) return false;
    auto at = frame.receive_time;
    Value there;
    if (json.optional(root, "time", there) && !time(root, "time", at)) return false;
    if (json.failed()) return false;
    levels.finish(at, 0);
    return true;
}

bool Decoder::General::side_of(std::string_view text, const char* field, std::string_view buy, std::string_view sell,
                               Side& to) noexcept {
    to = text == buy ? Side::buy : Side::sell;
    return text == buy || text == sell || json.fail(Error::malformed, field, text.data());
}

bool Decoder::General::book_update(Object& root) noexcept {
    const core::Instrument* of = nullptr;
    if (!instrument(root, of)) return false;
    LevelWriter levels{batch, *of, frame, BookEvent::Kind::update};
    const bool read = each(root, "changes", [&](Value change) {
        std::int64_t price = 0, quantity = 0;
        Side side{};
        std::string_view text;
        return cells(change, "changes", 3,
                     [&](std::size_t index, Value cell) {
                         switch (index) {
                             case 0:
                                 return json.text(cell, "changes", text) &&
                                        side_of(text, "changes", "buy", "sell", side);
                             case 1: return json.decimal(cell, "changes", of->price_decimals, price);
                             case 2: return json.decimal(cell, "changes", of->quantity_decimals, quantity);
                             default: return true;
                         }
                     }) &&
               (levels.side(side), levels.add(price, quantity) || json.fail(Error::oversized, "changes"));
    });
    core::Nanoseconds at{};
    if (!read || !time(root, "time", at)) return false;
    levels.finish(at, 0);
    return true;
}

bool Decoder::General::match(Object& root, bool past) noexcept {
    const core::Instrument* of = nullptr;
    core::Nanoseconds at{};
    std::string_view side;
    std::int64_t id = 0;
    if (!instrument(root, of) || !time(root, "time", at)) return false;
    auto tick = blank_tick(*of, frame, TickKind::trade, at);
    Side maker{};
    if (!json.text(root, "side", side) || !side_of(side, "side", "buy", "sell", maker) ||
        !json.decimal(root, "price", of->price_decimals, tick.trade.price.units) ||
        !json.decimal(root, "size", of->quantity_decimals, tick.trade.quantity.units) ||
        !json.integer(root, "trade_id", id))
        return false;
    if (id < 0) return json.fail(Error::negative, "trade_id");
    tick.trade.trade_id = static_cast<std::uint64_t>(id);
    tick.side = core::opposite(maker);
    tick.flags = past ? core::tick_flag::snapshot : std::uint8_t{0};
    return add(tick);
}

bool Decoder::General::exchange_ticker(Object& root) noexcept {
    Value size;
    if (!json.optional(root, "best_bid_size", size)) return !json.failed() && named(Control::ticker);
    const core::Instrument* of = nullptr;
    core::Nanoseconds at{};
    return instrument(root, of) && time(root, "time", at) &&
           quote(root, *of, at, {"best_bid", "best_bid_size", "best_ask", "best_ask_size"});
}

bool Decoder::General::advanced(Object& root, std::string_view channel) noexcept {
    Value value;
    std::int64_t sequence = 0;
    if (json.optional(root, "sequence_num", value)) {
        if (!json.integer(value, "sequence_num", sequence)) return false;
        if (sequence < 0) return json.fail(Error::negative, "sequence_num");
        batch.has_connection_sequence = true;
        batch.connection_sequence = static_cast<std::uint64_t>(sequence);
    }
    if (json.failed()) return false;
    if (channel == "heartbeats") return named(Control::heartbeat);
    if (channel == "subscriptions") return named(Control::subscribed);
    if (channel == "status") return named(Control::instruments);
    for (const auto* account : {"user", "futures_balance_summary"})
        if (channel == account) return named(Control::other);
    for (const auto* market : {"l2_data", "market_trades", "ticker", "ticker_batch", "candles"}) {
        if (channel != market) continue;
        auto sent = frame.receive_time;
        if (channel.starts_with("ticker") && !time(root, "timestamp", sent)) return false;
        std::size_t events = 0;
        const bool read = each(root, "events", [&](Value item) {
            Object object;
            return json.get(item, "events", object) && (++events, event(object, channel, sent));
        });
        if (!read) return false;
        if (channel == "l2_data" && events != 1) return json.fail(Error::unknown_message, "events");
        if (channel == "market_trades") oldest_first(batch.ticks());
        if (channel.starts_with("ticker") && batch.ticks().empty()) return named(Control::ticker);
        return true;
    }
    return json.fail(Error::unknown_message, "channel", channel.data());
}

bool Decoder::General::event(Object& object, std::string_view channel, core::Nanoseconds sent) noexcept {
    if (channel == "l2_data") return l2_data(object);
    if (channel == "market_trades") return market_trades(object);
    if (channel == "candles") return candles(object);
    return tickers(object, sent);
}

bool Decoder::General::l2_data(Object& object) noexcept {
    // One book event a frame is all the venue sends and a Batch holds.
    if (batch.book.kind != BookEvent::Kind::none) return json.fail(Error::unknown_message, "events");
    std::string_view type;
    const core::Instrument* of = nullptr;
    if (!json.text(object, "type", type) || !instrument(object, of)) return false;
    if (type != "snapshot" && type != "update") return json.fail(Error::unknown_message, "type", type.data());
    LevelWriter levels{batch, *of, frame, type == "snapshot" ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    core::Nanoseconds newest{};
    const bool read = each(object, "updates", [&](Value item) {
        Object level;
        std::string_view text;
        Side side{};
        core::Nanoseconds at{};
        std::int64_t price = 0, quantity = 0;
        if (!json.get(item, "updates", level) || !json.text(level, "side", text) ||
            !side_of(text, "side", "bid", "offer", side) || !time(level, "event_time", at) ||
            !json.decimal(level, "price_level", of->price_decimals, price) ||
            !json.decimal(level, "new_quantity", of->quantity_decimals, quantity))
            return false;
        newest = std::max(newest, at);
        levels.side(side);
        return levels.add(price, quantity) || json.fail(Error::oversized, "updates");
    });
    if (!read) return false;
    levels.finish(newest, batch.connection_sequence);
    return true;
}

bool Decoder::General::market_trades(Object& object) noexcept {
    std::string_view type;
    if (!json.text(object, "type", type)) return false;
    return each(object, "trades", [&](Value item) {
        Object trade;
        const core::Instrument* of = nullptr;
        core::Nanoseconds at{};
        std::int64_t id = 0;
        std::string_view side;
        Side maker{};
        if (!json.get(item, "trades", trade) || !instrument(trade, of) || !json.integer(trade, "trade_id", id))
            return false;
        if (id < 0) return json.fail(Error::negative, "trade_id");
        auto tick = blank_tick(*of, frame, TickKind::trade, {});
        if (!json.decimal(trade, "price", of->price_decimals, tick.trade.price.units) ||
            !json.decimal(trade, "size", of->quantity_decimals, tick.trade.quantity.units) ||
            !time(trade, "time", at) || !json.text(trade, "side", side) || !side_of(side, "side", "BUY", "SELL", maker))
            return false;
        tick.venue_time = at;
        tick.trade.trade_id = static_cast<std::uint64_t>(id);
        tick.side = core::opposite(maker);
        tick.flags = type == "snapshot" ? core::tick_flag::snapshot : std::uint8_t{0};
        return add(tick);
    });
}

bool Decoder::General::tickers(Object& object, core::Nanoseconds sent) noexcept {
    return each(object, "tickers", [&](Value item) {
        Object ticker;
        Value size;
        if (!json.get(item, "tickers", ticker)) return false;
        if (!json.optional(ticker, "best_bid_quantity", size))
            return !json.failed();  // ticker_batch has no best prices
        const core::Instrument* of = nullptr;
        return instrument(ticker, of) &&
               quote(ticker, *of, sent, {"best_bid", "best_bid_quantity", "best_ask", "best_ask_quantity"});
    });
}

bool Decoder::General::bar(Object& from, const core::Instrument& of, core::BarUpdate& to) noexcept {
    BarPrices prices;
    to.interval_s = 300;  // the channel knows no other
    return json.decimal(from, "open", of.price_decimals, prices.open) &&
           json.decimal(from, "high", of.price_decimals, prices.high) &&
           json.decimal(from, "low", of.price_decimals, prices.low) &&
           json.decimal(from, "close", of.price_decimals, prices.close) &&
           json.decimal(from, "volume", of.quantity_decimals, to.volume.units) &&
           (set_prices(to, prices, learn) || json.fail(Error::out_of_range, "low"));
}

bool Decoder::General::candles(Object& object) noexcept {
    return each(object, "candles", [&](Value item) {
        Object candle;
        Value start;
        const core::Instrument* of = nullptr;
        core::Nanoseconds at{};
        if (!json.get(item, "candles", candle) || !json.member(candle, "start", start) ||
            !json.time(start, "start", std::chrono::seconds{1}, at) || !instrument(candle, of))
            return false;
        auto tick = blank_tick(*of, frame, TickKind::bar, at);
        return bar(candle, *of, tick.bar) && add(tick);
    });
}

core::Result<std::size_t, core::Fault> Decoder::decode_general(const Frame& frame, Batch& batch) noexcept {
    if (frame.bytes.size() > max_frame_bytes) return core::Fault{Error::oversized, 0, ""};
    // The only REST answers a recording holds are product lists; books come by the stream.
    if (frame.origin == FrameOrigin::rest) {
        batch.control = Control::instruments;
        return std::size_t{0};
    }
    General general{*json_, symbols_, frame, batch, learn_};
    if (general.frame_object()) return batch.ticks().size();
    const auto fault = json_->fault();
    batch.clear();
    return fault;
}

}  // namespace feeds::coinbase
