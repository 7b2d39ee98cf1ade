#include "feeds/bybit/decoder.hpp"
#include "feeds/frame_scanner.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/tick_writer.hpp"

#include <chrono>

namespace feeds::bybit {

namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

struct Scan {
    FrameScanner& at;
    const Frame& frame;
    Batch& batch;
    const core::Instrument& instrument;
    std::string_view symbol;
};

bool scan_side(FrameScanner& at, core::Side& side) noexcept {
    side = at.next_is('B') ? core::Side::buy : core::Side::sell;
    return side == core::Side::buy ? at.skip("Buy\"") : at.skip("Sell\"");
}

bool scan_flag(FrameScanner& at) noexcept {
    return at.skip("true") || at.skip("false");
}

/// `["1.9531","6203"]`
bool scan_level(Scan& scan, std::int64_t& price, std::int64_t& quantity, LevelText& text) noexcept {
    auto& at = scan.at;
    return at.skip("[\"") && at.decimal(scan.instrument.price_decimals, price, text.price) && at.skip("\",\"") &&
           at.decimal(scan.instrument.quantity_decimals, quantity, text.quantity) && at.skip("\"]");
}

/// The levels of one side up to and including the closing bracket.
bool scan_levels(Scan& scan, core::Side side, LevelWriter& levels) noexcept {
    levels.side(side);
    if (scan.at.next_is(']')) return scan.at.skip("]");
    do {
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        LevelText text;
        if (!scan_level(scan, price, quantity, text) || !levels.add(price, quantity)) return false;
    } while (scan.at.skip(","));
    return scan.at.skip("]");
}

bool scan_best(Scan& scan, core::Price& price, core::Quantity& quantity) noexcept {
    LevelText text;
    if (scan.at.next_is('[') && !scan_level(scan, price.units, quantity.units, text)) return false;
    return scan.at.skip("]");
}

/// From `snapshot","ts":1733011200691,"data":{"s":"XRPUSDT","b":[` to the end.
bool scan_book(Scan& scan, bool best_only) noexcept {
    auto& at = scan.at;
    const bool snapshot = at.next_is('s');
    if (!(snapshot ? at.skip("snapshot") : at.skip("delta")) || (best_only && !snapshot)) return false;
    std::int64_t sent_ms = 0;
    std::int64_t ms = 0;
    std::uint64_t update = 0;
    std::uint64_t ignored = 0;
    if (!at.skip("\",\"ts\":") || !at.milliseconds(sent_ms) || !at.skip(",\"data\":{\"s\":\"") ||
        !at.skip_text(scan.symbol) || !at.skip("\",\"b\":["))
        return false;
    const auto ending = [&] {
        if (!at.skip(",\"u\":") || !at.integer(update) || (at.skip(",\"seq\":") && !at.integer(ignored)) ||
            !at.skip("}"))
            return false;
        ms = sent_ms;
        if (at.skip(",\"cts\":") && !at.milliseconds(ms)) return false;
        return at.skip("}") && at.at_end();
    };
    if (best_only) {
        auto tick = blank_tick(scan.instrument, scan.frame, core::TickKind::quote, {});
        if (!scan_best(scan, tick.quote.bid_price, tick.quote.bid_quantity) || !at.skip(",\"a\":[") ||
            !scan_best(scan, tick.quote.ask_price, tick.quote.ask_quantity) || !ending())
            return false;
        tick.venue_time = milliseconds{ms};
        return append(scan.batch, tick);
    }
    LevelWriter levels{scan.batch, scan.instrument, scan.frame,
                       snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    if (!scan_levels(scan, core::Side::buy, levels) || !at.skip(",\"a\":[") ||
        !scan_levels(scan, core::Side::sell, levels) || !ending())
        return false;
    scan.batch.book.first = scan.batch.book.last = update;
    levels.finish(milliseconds{ms}, update);
    return true;
}

/// From `snapshot","ts":1672304486868,"data":[` to the end.
bool scan_trades(Scan& scan) noexcept {
    auto& at = scan.at;
    std::int64_t ms = 0;
    std::uint64_t ignored = 0;
    std::string_view id, direction;
    if (!at.skip("snapshot\",\"ts\":") || !at.milliseconds(ms) || !at.skip(",\"data\":[")) return false;
    auto tick = blank_tick(scan.instrument, scan.frame, core::TickKind::trade, {});
    do {
        if (!at.skip("{\"T\":") || !at.milliseconds(ms) || !at.skip(",\"s\":\"") || !at.skip_text(scan.symbol) ||
            !at.skip("\",\"S\":\"") || !scan_side(at, tick.side) || !at.skip(",\"v\":\"") ||
            !at.decimal(scan.instrument.quantity_decimals, tick.trade.quantity.units) || !at.skip("\",\"p\":\"") ||
            !at.decimal(scan.instrument.price_decimals, tick.trade.price.units) ||
            (at.skip("\",\"L\":\"") && !at.text(direction)) || !at.skip("\",\"i\":\"") || !at.text(id) ||
            !at.skip("\",\"BT\":") || !scan_flag(at) || (at.skip(",\"RPI\":") && !scan_flag(at)) ||
            (at.skip(",\"seq\":") && !at.integer(ignored)) || !at.skip("}"))
            return false;
        tick.trade.trade_id = trade_id_of(id);
        tick.venue_time = milliseconds{ms};
        if (!append(scan.batch, tick)) return false;
    } while (at.skip(","));
    return at.skip("]}") && at.at_end();
}

/// From `[{"symbol":"BCHUSDT",…` of a trade frame before v5 to the end.
bool scan_old_trades(Scan& scan) noexcept {
    auto& at = scan.at;
    std::string_view id, ignored;
    auto tick = blank_tick(scan.instrument, scan.frame, core::TickKind::trade, {});
    do {
        std::int64_t ms = 0;
        if (!at.skip("{\"symbol\":\"") || !at.skip_text(scan.symbol) || !at.skip("\",\"tick_direction\":\"") ||
            !at.text(ignored) || !at.skip("\",\"price\":\"") ||
            !at.decimal(scan.instrument.price_decimals, tick.trade.price.units) || !at.skip("\",\"size\":") ||
            !at.decimal(scan.instrument.quantity_decimals, tick.trade.quantity.units) ||
            !at.skip(",\"timestamp\":\"") || !at.text(ignored) || !at.skip("\",\"trade_time_ms\":\"") ||
            !at.milliseconds(ms) || !at.skip("\",\"side\":\"") || !scan_side(at, tick.side) ||
            !at.skip(",\"trade_id\":\"") || !at.text(id) || !at.skip("\"}"))
            return false;
        tick.trade.trade_id = trade_id_of(id);
        tick.venue_time = milliseconds{ms};
        if (!append(scan.batch, tick)) return false;
    } while (at.skip(","));
    return at.skip("]}") && at.at_end();
}

/// `{"price":"1053.80","symbol":"BCHUSDT","id":"10538000","side":"Buy","size":17.46},…]`
bool scan_old_levels(Scan& scan, bool sized, LevelWriter& levels) noexcept {
    auto& at = scan.at;
    std::string_view id;
    if (at.next_is(']')) return at.skip("]");
    do {
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        core::Side side{};
        if (!at.skip("{\"price\":\"") || !at.decimal(scan.instrument.price_decimals, price) ||
            !at.skip("\",\"symbol\":\"") || !at.skip_text(scan.symbol) || !at.skip("\",\"id\":\"") || !at.text(id) ||
            !at.skip("\",\"side\":\"") || !scan_side(at, side) ||
            (sized && (!at.skip(",\"size\":") || !at.decimal(scan.instrument.quantity_decimals, quantity))) ||
            !at.skip("}"))
            return false;
        levels.side(side);
        if (!levels.add(price, quantity)) return false;
    } while (at.skip(","));
    return at.skip("]");
}

/// From `snapshot","data":{` or `delta","data":{` of a book frame before v5 to the end.
bool scan_old_book(Scan& scan) noexcept {
    auto& at = scan.at;
    const bool snapshot = at.next_is('s');
    if (!(snapshot ? at.skip("snapshot\",\"data\":{") : at.skip("delta\",\"data\":{"))) return false;
    LevelWriter levels{scan.batch, scan.instrument, scan.frame,
                       snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    if (snapshot ? !at.skip("\"order_book\":[") || !scan_old_levels(scan, true, levels)
                 : !at.skip("\"delete\":[") || !scan_old_levels(scan, false, levels) || !at.skip(",\"update\":[") ||
                       !scan_old_levels(scan, true, levels) || !at.skip(",\"insert\":[") ||
                       !scan_old_levels(scan, true, levels))
        return false;
    std::uint64_t us = 0;
    if (!at.skip("},\"cross_seq\":\"") || !at.integer(scan.batch.book.last) || !at.skip("\",\"timestamp_e6\":\"") ||
        !at.integer(us) || us > static_cast<std::uint64_t>(INT64_MAX / 1000) || !at.skip("\"}"))
        return false;
    levels.finish(microseconds{us}, scan.batch.book.last);
    return at.at_end();
}

enum class Topic : std::uint8_t { trade, book, quote, old_trade, old_book };

}  // namespace

/// `{"topic":"orderbook.500.XRPUSDT","type":"` and its kin; the dot before the symbol is the last one.
bool Dialect::scan(const Symbols& symbols, const Frame& frame, Batch& batch) noexcept {
    FrameScanner at{frame.bytes};
    Topic topic{};
    if (!at.skip("{\"topic\":\"")) return false;
    if (at.skip("orderbook.")) {
        std::uint64_t depth = 0;
        if (!at.integer(depth) || !at.skip(".")) return false;
        topic = depth == 1 ? Topic::quote : Topic::book;
    } else if (at.skip("publicTrade.")) {
        topic = Topic::trade;
    } else if (at.skip("orderBookL2_25.")) {
        topic = Topic::old_book;
    } else if (at.skip("trade.")) {
        topic = Topic::old_trade;
    } else {
        return false;
    }
    std::string_view symbol;
    if (!at.text(symbol) || symbol.find('.') != std::string_view::npos) return false;
    const auto* const instrument = find(symbols, frame, symbol);
    if (!instrument) return false;
    Scan scan{at, frame, batch, *instrument, symbol};
    if (topic == Topic::old_trade) return at.skip("\",\"data\":[") && scan_old_trades(scan);
    if (!at.skip("\",\"type\":\"")) return false;
    if (topic == Topic::trade) return scan_trades(scan);
    return topic == Topic::old_book ? scan_old_book(scan) : scan_book(scan, topic == Topic::quote);
}

}  // namespace feeds::bybit
