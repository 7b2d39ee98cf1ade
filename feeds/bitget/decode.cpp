#include "feeds/bitget/decoder.hpp"
#include "feeds/frame_scanner.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/tick_writer.hpp"

#include <algorithm>
#include <chrono>

namespace feeds::bitget {

namespace {

using std::chrono::milliseconds;

/// `["0.00003530","145214"],…]` up to and including the closing bracket.
bool scan_levels(FrameScanner& scan, const core::Instrument& instrument, core::Side side,
                 LevelWriter& levels) noexcept {
    levels.side(side);
    if (scan.next_is(']')) return scan.skip("]");
    do {
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        LevelText text;
        if (!scan.skip("[\"") || !scan.decimal(instrument.price_decimals, price, text.price) || !scan.skip("\",\"") ||
            !scan.decimal(instrument.quantity_decimals, quantity, text.quantity) || !scan.skip("\"]") ||
            !levels.add(price, quantity, text))
            return false;
    } while (scan.skip(","));
    return scan.skip("]");
}

/// From `{"asks":[` to the end: v1 ends with "checksum" and "ts", v2 has "seq" and sometimes "pseq" among them and a
/// "ts" of its own behind.
bool scan_book(FrameScanner& scan, const core::Instrument& instrument, const Frame& frame, bool snapshot,
               Batch& batch) noexcept {
    LevelWriter levels{batch, instrument, frame, snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    BookEvent& event = batch.book;
    if (!scan.skip("{\"asks\":[") || !scan_levels(scan, instrument, core::Side::sell, levels) ||
        !scan.skip(",\"bids\":[") || !scan_levels(scan, instrument, core::Side::buy, levels))
        return false;
    if (scan.skip(",\"checksum\":")) {
        std::int64_t checksum = 0;
        if (!scan.signed_integer(checksum) || checksum < INT32_MIN || checksum > INT32_MAX) return false;
        event.checksum = static_cast<std::uint32_t>(checksum);
        event.has_checksum = true;
    }
    if (scan.skip(",\"seq\":") && !scan.integer(event.last)) return false;
    if (scan.skip(",\"pseq\":")) {
        if (!scan.integer(event.previous)) return false;
        event.has_previous = true;
    }
    std::int64_t ms = 0;
    std::int64_t sent_ms = 0;
    if (!scan.skip(",\"ts\":\"") || !scan.milliseconds(ms) || !scan.skip("\"}]") ||
        (scan.skip(",\"ts\":") && !scan.milliseconds(sent_ms)) || !scan.skip("}"))
        return false;
    levels.finish(milliseconds{ms}, event.last);
    return scan.at_end();
}

bool scan_side(FrameScanner& scan, core::Side& side) noexcept {
    side = scan.next_is('b') ? core::Side::buy : core::Side::sell;
    return side == core::Side::buy ? scan.skip("buy\"") : scan.skip("sell\"");
}

bool scan_trades(FrameScanner& scan, const core::Instrument& instrument, const Frame& frame, bool snapshot,
                 Batch& batch) noexcept {
    auto tick = blank_tick(instrument, frame, core::TickKind::trade, {});
    tick.flags = snapshot ? core::tick_flag::snapshot : std::uint8_t{0};
    const bool rows = scan.next_is('[');
    do {
        std::int64_t ms = 0;
        if (rows) {
            if (!scan.skip("[\"") || !scan.milliseconds(ms) || !scan.skip("\",\"") ||
                !scan.decimal(instrument.price_decimals, tick.trade.price.units) || !scan.skip("\",\"") ||
                !scan.decimal(instrument.quantity_decimals, tick.trade.quantity.units) || !scan.skip("\",\"") ||
                !scan_side(scan, tick.side) || !scan.skip("]"))
                return false;
        } else {
            std::uint64_t id = 0;
            if (!scan.skip("{\"ts\":\"") || !scan.milliseconds(ms) || !scan.skip("\",\"price\":\"") ||
                !scan.decimal(instrument.price_decimals, tick.trade.price.units) || !scan.skip("\",\"size\":\"") ||
                !scan.decimal(instrument.quantity_decimals, tick.trade.quantity.units) ||
                !scan.skip("\",\"side\":\"") || !scan_side(scan, tick.side) || !scan.skip(",\"tradeId\":\"") ||
                !scan.integer(id) || !scan.skip("\"}"))
                return false;
            tick.trade.trade_id = id;
        }
        tick.venue_time = milliseconds{ms};
        if (!append(batch, tick)) return false;
    } while (scan.skip(","));
    std::int64_t sent_ms = 0;
    if (!scan.skip("]") || (scan.skip(",\"ts\":") && !scan.milliseconds(sent_ms)) || !scan.skip("}")) return false;
    std::reverse(batch.ticks().begin(), batch.ticks().end());
    return scan.at_end();
}

}  // namespace

/// `{"action":"update","arg":{"instType":"sp","channel":"books","instId":"EOSUSDT"},"data":[…`
bool Dialect::scan(const Symbols& symbols, const Frame& frame, Batch& batch) noexcept {
    FrameScanner scan{frame.bytes};
    std::string_view type, symbol;
    if (!scan.skip("{\"action\":\"")) return false;
    const bool snapshot = scan.next_is('s');
    if (!(snapshot ? scan.skip("snapshot") : scan.skip("update")) || !scan.skip("\",\"arg\":{\"instType\":\"") ||
        !scan.text(type) || !scan.skip("\",\"channel\":\""))
        return false;
    const bool book = scan.next_is('b');
    if (!(book ? scan.skip("books") : scan.skip("trade")) || !scan.skip("\",\"instId\":\"") || !scan.text(symbol) ||
        !scan.skip("\"},\"data\":["))
        return false;
    const auto market = market_of(type, symbol);
    const auto* const instrument = market ? symbols.find(*market, symbol) : nullptr;
    if (!instrument) return false;
    return book ? scan_book(scan, *instrument, frame, snapshot, batch)
                : scan_trades(scan, *instrument, frame, snapshot, batch);
}

}  // namespace feeds::bitget
