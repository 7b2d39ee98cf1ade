#include "feeds/bar_fields.hpp"
#include "feeds/clock_text.hpp"
#include "feeds/kraken/general.hpp"
#include "feeds/kraken/scan.hpp"

#include <algorithm>
#include <optional>

namespace feeds::kraken {

namespace {

using core::Error;
using core::Side;
using core::TickKind;
using Value = JsonFrame::Value;
using Object = JsonFrame::Object;
using Array = JsonFrame::Array;

bool epoch_time(General& in, Value value, const char* field, core::Nanoseconds& to) noexcept {
    std::string_view text;
    if (!in.json.text(value, field, text)) return false;
    return read_epoch_time(text.data(), text.data() + text.size(), to) == text.data() + text.size() ||
           in.json.fail(Error::malformed, field, text.data());
}

/// One book event, which may come as two objects (asks, then bids).
struct Book {
    General& in;
    const core::Instrument& instrument;
    std::optional<LevelWriter> levels{};
    core::Nanoseconds newest{};

    bool side(Value rows, Side side, BookEvent::Kind kind, const char* field) noexcept {
        if (!levels) levels.emplace(in.batch, instrument, in.frame, kind);
        if (in.batch.book.kind != kind) return in.json.fail(Error::malformed, field);
        levels->side(side);
        return in.each(rows, field, [&](Value row) {
            std::int64_t price = 0, quantity = 0;
            core::Nanoseconds time{};
            LevelText text;
            return in.cells(row, field, 3,
                            [&](std::size_t index, Value cell) {
                                switch (index) {
                                    case 0:
                                        return in.json.decimal(cell, field, instrument.price_decimals, price,
                                                               text.price);
                                    case 1:
                                        return in.json.decimal(cell, field, instrument.quantity_decimals, quantity,
                                                               text.quantity);
                                    case 2: return epoch_time(in, cell, field, time);
                                    default: return true;  // "r": sent again
                                }
                            }) &&
                   (newest = std::max(newest, time),
                    levels->add(price, quantity, text) || in.json.fail(Error::oversized, field));
        });
    }

    bool object(Value value) noexcept {
        Object sides;
        if (!in.json.get(value, "book", sides)) return false;
        for (auto member : sides) {
            simdjson::ondemand::raw_json_string raw;
            Value rows;
            if (const auto error = member.key().get(raw)) return in.json.fail(error, "book");
            if (const auto error = member.value().get(rows)) return in.json.fail(error, "book");
            std::int64_t checksum = 0;
            bool read = true;
            if (raw == "as")
                read = side(rows, Side::sell, BookEvent::Kind::snapshot, "as");
            else if (raw == "bs")
                read = side(rows, Side::buy, BookEvent::Kind::snapshot, "bs");
            else if (raw == "a")
                read = side(rows, Side::sell, BookEvent::Kind::update, "a");
            else if (raw == "b")
                read = side(rows, Side::buy, BookEvent::Kind::update, "b");
            else if (raw == "c")
                read = in.json.integer(rows, "c", checksum) && in.set_checksum(checksum, "c");
            if (!read) return false;
        }
        return true;
    }

    bool finish(std::string_view channel) noexcept {
        if (!levels) return in.json.fail(Error::missing_field, "book");
        in.batch.book.depth = number_after("book-", channel);
        if (in.batch.book.depth == 0) return in.json.fail(Error::malformed, "channelName", channel.data());
        levels->finish(newest, 0);
        return true;
    }
};

bool trades(General& in, Value rows, const core::Instrument& instrument) noexcept {
    return in.each(rows, "trade", [&](Value row) {
        auto tick = blank_tick(instrument, in.frame, TickKind::trade, {});
        std::string_view side;
        const bool read = in.cells(row, "trade", 4, [&](std::size_t index, Value cell) {
            switch (index) {
                case 0: return in.json.decimal(cell, "price", instrument.price_decimals, tick.trade.price.units);
                case 1: return in.json.decimal(cell, "volume", instrument.quantity_decimals, tick.trade.quantity.units);
                case 2: return epoch_time(in, cell, "time", tick.venue_time);
                case 3: return in.json.text(cell, "side", side);
                default: return true;
            }
        });
        if (!read) return false;
        if (side != "b" && side != "s") return in.json.fail(Error::malformed, "side", side.data());
        tick.side = side == "b" ? Side::buy : Side::sell;
        return in.add(tick);
    });
}

bool ticker(General& in, Value value, const core::Instrument& instrument) noexcept {
    auto tick = blank_tick(instrument, in.frame, TickKind::quote, in.frame.receive_time);
    Object sides;
    if (!in.json.get(value, "ticker", sides)) return false;
    const auto best = [&](const char* key, core::Price& price, core::Quantity& quantity) {
        Value row;
        // Price, whole lots, lots with decimals.
        return in.json.member(sides, key, row) && in.cells(row, key, 3, [&](std::size_t index, Value cell) {
            return index == 0   ? in.json.decimal(cell, key, instrument.price_decimals, price.units)
                   : index == 2 ? in.json.decimal(cell, key, instrument.quantity_decimals, quantity.units)
                                : true;
        });
    };
    return best("a", tick.quote.ask_price, tick.quote.ask_quantity) &&
           best("b", tick.quote.bid_price, tick.quote.bid_quantity) && in.add(tick);
}

/// `[bid, ask, time, bid volume, ask volume]`
bool spread(General& in, Value value, const core::Instrument& instrument) noexcept {
    auto tick = blank_tick(instrument, in.frame, TickKind::quote, {});
    const int price = instrument.price_decimals, quantity = instrument.quantity_decimals;
    return in.cells(value, "spread", 5, [&](std::size_t index, Value cell) {
        switch (index) {
            case 0: return in.json.decimal(cell, "bid", price, tick.quote.bid_price.units);
            case 1: return in.json.decimal(cell, "ask", price, tick.quote.ask_price.units);
            case 2: return epoch_time(in, cell, "timestamp", tick.venue_time);
            case 3: return in.json.decimal(cell, "bidVolume", quantity, tick.quote.bid_quantity.units);
            case 4: return in.json.decimal(cell, "askVolume", quantity, tick.quote.ask_quantity.units);
            default: return true;
        }
    }) && in.add(tick);
}

/// `[time, end, open, high, low, close, vwap, volume, count]`; the bar starts one interval before its end.
bool ohlc(General& in, Value value, const core::Instrument& instrument, std::uint32_t minutes) noexcept {
    auto tick = blank_tick(instrument, in.frame, TickKind::bar, {});
    if (minutes == 0) return in.json.fail(Error::malformed, "channelName");
    BarPrices prices;
    core::Nanoseconds end{};
    const bool read = in.cells(value, "ohlc", 9, [&](std::size_t index, Value cell) {
        const int decimals = instrument.price_decimals;
        switch (index) {
            case 1: return epoch_time(in, cell, "etime", end);
            case 2: return in.json.decimal(cell, "open", decimals, prices.open);
            case 3: return in.json.decimal(cell, "high", decimals, prices.high);
            case 4: return in.json.decimal(cell, "low", decimals, prices.low);
            case 5: return in.json.decimal(cell, "close", decimals, prices.close);
            case 7: return in.json.decimal(cell, "volume", instrument.quantity_decimals, tick.bar.volume.units);
            default: return true;
        }
    });
    if (!read) return false;
    tick.bar.interval_s = minutes * 60;
    tick.venue_time = end - std::chrono::minutes{minutes};
    return (set_prices(tick.bar, prices, in.learn) || in.json.fail(Error::out_of_range, "low")) && in.add(tick);
}

}  // namespace

bool read_v1(General& in) noexcept {
    // The pair stands last, and what comes before hangs on it: once through for the names, once for the rest.
    Array root;
    if (!in.json.open(in.frame.bytes, root)) return false;
    std::string_view channel, pair;
    std::size_t size = 0;
    for (auto element : root) {
        Value value;
        simdjson::ondemand::json_type type{};
        if (const auto error = element.get(value)) return in.json.fail(error, "");
        if (const auto error = value.type().get(type)) return in.json.fail(error, "");
        ++size;
        if (type != simdjson::ondemand::json_type::string) continue;
        channel = pair;
        if (!in.json.text(value, "pair", pair)) return false;
    }
    if (size < 4 || channel.empty()) return in.json.fail(Error::unknown_message, "channelName");
    const core::Instrument* instrument = nullptr;
    if (!in.instrument(pair, instrument) || !in.json.again(root)) return false;

    Book book{in, *instrument};
    std::size_t index = 0;
    for (auto element : root) {
        Value value;
        if (const auto error = element.get(value)) return in.json.fail(error, "");
        const auto at = index++;
        if (at == 0) continue;
        if (at + 2 >= size) break;
        bool read = true;
        if (channel.starts_with("book"))
            read = book.object(value);
        else if (channel == "trade")
            read = trades(in, value, *instrument);
        else if (channel == "ticker")
            read = ticker(in, value, *instrument);
        else if (channel == "spread")
            read = spread(in, value, *instrument);
        else if (channel.starts_with("ohlc"))
            read = ohlc(in, value, *instrument, number_after("ohlc-", channel));
        else
            read = in.json.fail(Error::unknown_message, "channelName", channel.data());
        if (!read) return false;
    }
    return !channel.starts_with("book") || book.finish(channel);
}

}  // namespace feeds::kraken
