#include "feeds/kraken/scan.hpp"

#include "feeds/clock_text.hpp"
#include "feeds/frame_scanner.hpp"
#include "feeds/tick_writer.hpp"

#include <algorithm>
#include <limits>

namespace feeds::kraken {

namespace {

using core::Side;
using core::TickKind;

bool iso_time(FrameScanner& in, core::Nanoseconds& time) noexcept {
    return in.read([&](const char* at, const char* end) { return read_iso_time(at, end, time); });
}
bool epoch_time(FrameScanner& in, core::Nanoseconds& time) noexcept {
    return in.read([&](const char* at, const char* end) { return read_epoch_time(at, end, time); });
}
bool checksum(FrameScanner& in, BookEvent& event) noexcept {
    std::uint64_t value = 0;
    if (!in.integer(value) || value > std::numeric_limits<std::uint32_t>::max()) return false;
    event.has_checksum = true;
    event.checksum = static_cast<std::uint32_t>(value);
    return true;
}

/// A v1 frame ends with `,"channel","PAIR"]`: the decimals of what comes before hang on it.
struct Tail {
    std::string_view channel, pair;
    const char* start{};

    bool find(std::string_view bytes) noexcept {
        constexpr std::size_t longest = core::InstrumentTable::max_symbol;
        if (bytes.size() < 12 || !bytes.ends_with("\"]")) return false;
        const char* const pair_end = bytes.data() + bytes.size() - 2;
        const char* const pair_start = back_to_quote(pair_end, bytes.data(), longest);
        if (pair_start == nullptr || pair_start - bytes.data() < 4) return false;
        const char* const channel_end = pair_start - 3;  // "channel","PAIR"
        if (channel_end[0] != '"' || channel_end[1] != ',') return false;
        const char* const channel_start = back_to_quote(channel_end, bytes.data(), longest);
        if (channel_start == nullptr || channel_start - bytes.data() < 2 || channel_start[-2] != ',') return false;
        pair = {pair_start, static_cast<std::size_t>(pair_end - pair_start)};
        channel = {channel_start, static_cast<std::size_t>(channel_end - channel_start)};
        start = channel_start - 2;
        return true;
    }

private:
    static const char* back_to_quote(const char* from, const char* first, std::size_t longest) noexcept {
        for (std::size_t i = 0; i < longest + 1 && from != first; ++i)
            if (*--from == '"') return from + 1;
        return nullptr;
    }
};

/// `[["price","volume","time"],["price","volume","time","r"],…]`
bool v1_side(FrameScanner& in, const core::Instrument& instrument, LevelWriter& levels, Side side,
             core::Nanoseconds& newest) noexcept {
    levels.side(side);
    if (!in.skip("[")) return false;
    if (in.skip("]")) return true;
    do {
        std::int64_t price = 0, quantity = 0;
        core::Nanoseconds time{};
        LevelText text;
        if (!in.skip("[\"") || !in.decimal(instrument.price_decimals, price, text.price) || !in.skip("\",\"") ||
            !in.decimal(instrument.quantity_decimals, quantity, text.quantity) || !in.skip("\",\"") ||
            !epoch_time(in, time) || !in.skip("\"") || (!in.skip("]") && !in.skip(",\"r\"]")) ||
            !levels.add(price, quantity, text))
            return false;
        newest = std::max(newest, time);
    } while (in.skip(","));
    return in.skip("]");
}

bool v1_book(FrameScanner& in, const Frame& frame, const Tail& tail, const core::Instrument& instrument,
             Batch& batch) noexcept {
    const bool snapshot = in.skip("{\"as\":");
    LevelWriter levels{batch, instrument, frame, snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    batch.book.depth = number_after("book-", tail.channel);
    if (batch.book.depth == 0) return false;
    core::Nanoseconds newest{};
    if (snapshot) {
        if (!v1_side(in, instrument, levels, Side::sell, newest) || !in.skip(",\"bs\":") ||
            !v1_side(in, instrument, levels, Side::buy, newest))
            return false;
    } else {
        const bool asks = in.skip("{\"a\":");
        if (asks && !v1_side(in, instrument, levels, Side::sell, newest)) return false;
        const bool bids = asks ? in.skip("},{\"b\":") : in.skip("{\"b\":");
        if ((!asks && !bids) || (bids && !v1_side(in, instrument, levels, Side::buy, newest))) return false;
    }
    if (in.skip(",\"c\":\"") && (!checksum(in, batch.book) || !in.skip("\""))) return false;
    if (!in.skip("}") || in.at() != tail.start) return false;
    levels.finish(newest, 0);
    return true;
}

/// `[["price","volume","time","s","l",""],…]`
bool v1_trades(FrameScanner& in, const Frame& frame, const Tail& tail, const core::Instrument& instrument,
               Batch& batch) noexcept {
    if (!in.skip("[")) return false;
    do {
        auto tick = blank_tick(instrument, frame, TickKind::trade, {});
        std::string_view misc;
        if (!in.skip("[\"") || !in.decimal(instrument.price_decimals, tick.trade.price.units) || !in.skip("\",\"") ||
            !in.decimal(instrument.quantity_decimals, tick.trade.quantity.units) || !in.skip("\",\"") ||
            !epoch_time(in, tick.venue_time) || !in.skip("\",\""))
            return false;
        if (in.skip("b"))
            tick.side = Side::buy;
        else if (in.skip("s"))
            tick.side = Side::sell;
        else
            return false;
        if ((!in.skip("\",\"l\",\"\"]") && !in.skip("\",\"m\",\"\"]")) || !append(batch, tick)) return false;
    } while (in.skip(","));
    return in.skip("]") && in.at() == tail.start;
}

bool v1(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    Tail tail;
    std::uint64_t channel_id = 0;
    if (!tail.find(frame.bytes) || !in.integer(channel_id) || !in.skip(",")) return false;
    const auto* instrument = symbols.find(core::Market::spot, tail.pair);
    if (instrument == nullptr) return false;
    return tail.channel == "trade" ? v1_trades(in, frame, tail, *instrument, batch)
                                   : v1_book(in, frame, tail, *instrument, batch);
}

/// `[{"price":45283.5,"qty":0.1},…]`
bool v2_side(FrameScanner& in, const core::Instrument& instrument, LevelWriter& levels, Side side) noexcept {
    levels.side(side);
    if (!in.skip("[")) return false;
    if (in.skip("]")) return true;
    do {
        std::int64_t price = 0, quantity = 0;
        LevelText text;
        if (!in.skip("{\"price\":") || !in.decimal(instrument.price_decimals, price, text.price) ||
            !in.skip(",\"qty\":") || !in.decimal(instrument.quantity_decimals, quantity, text.quantity) ||
            !in.skip("}") || !levels.add(price, quantity, text))
            return false;
    } while (in.skip(","));
    return in.skip("]");
}

/// `{"channel":"book","type":"update","data":[{"symbol":"S","bids":[…],"asks":[…],"checksum":1,"timestamp":"T"}]}`
bool v2_book(FrameScanner& in, const Frame& frame, const Symbols& symbols, const Depths& depths,
             Batch& batch) noexcept {
    const bool snapshot = in.skip("snapshot");
    std::string_view symbol;
    if ((!snapshot && !in.skip("update")) || !in.skip("\",\"data\":[{\"symbol\":\"") || !in.text(symbol)) return false;
    const auto* instrument = symbols.find(core::Market::spot, symbol);
    if (instrument == nullptr) return false;
    LevelWriter levels{batch, *instrument, frame, snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    auto time = frame.receive_time;
    if (!in.skip("\",\"bids\":") || !v2_side(in, *instrument, levels, Side::buy) || !in.skip(",\"asks\":") ||
        !v2_side(in, *instrument, levels, Side::sell) || !in.skip(",\"checksum\":") || !checksum(in, batch.book))
        return false;
    if (in.skip(",\"timestamp\":\"") && (!iso_time(in, time) || !in.skip("\""))) return false;
    batch.book.depth = depths.of(instrument->id);
    levels.finish(time, 0);
    return in.skip("}]}") && in.at_end();
}

/// `{"channel":"trade","type":"update","data":[{"symbol":"S","side":"sell","price":0.5117,"qty":40.0,"ord_type":"market","trade_id":1,
/// "timestamp":"T"},…]}`
bool v2_trades(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    const bool past = in.skip("snapshot");
    if ((!past && !in.skip("update")) || !in.skip("\",\"data\":[")) return false;
    do {
        std::string_view symbol;
        if (!in.skip("{\"symbol\":\"") || !in.text(symbol)) return false;
        const auto* instrument = symbols.find(core::Market::spot, symbol);
        if (instrument == nullptr) return false;
        auto tick = blank_tick(*instrument, frame, TickKind::trade, {});
        if (in.skip("\",\"side\":\"buy\""))
            tick.side = Side::buy;
        else if (in.skip("\",\"side\":\"sell\""))
            tick.side = Side::sell;
        else
            return false;
        if (!in.skip(",\"price\":") || !in.decimal(instrument->price_decimals, tick.trade.price.units) ||
            !in.skip(",\"qty\":") || !in.decimal(instrument->quantity_decimals, tick.trade.quantity.units) ||
            (!in.skip(",\"ord_type\":\"market\"") && !in.skip(",\"ord_type\":\"limit\"")) ||
            !in.skip(",\"trade_id\":") || !in.integer(tick.trade.trade_id) || !in.skip(",\"timestamp\":\"") ||
            !iso_time(in, tick.venue_time) || !in.skip("\"}"))
            return false;
        tick.flags = past ? core::tick_flag::snapshot : std::uint8_t{0};
        if (!append(batch, tick)) return false;
    } while (in.skip(","));
    return in.skip("]}") && in.at_end();
}

}  // namespace

bool scan(const Frame& frame, const Symbols& symbols, const Depths& depths, Batch& batch) noexcept {
    FrameScanner in{frame.bytes};
    if (in.skip("[")) return v1(in, frame, symbols, batch);
    if (in.skip("{\"channel\":\"book\",\"type\":\"")) return v2_book(in, frame, symbols, depths, batch);
    return in.skip("{\"channel\":\"trade\",\"type\":\"") && v2_trades(in, frame, symbols, batch);
}

}  // namespace feeds::kraken
