#include "feeds/frame_scanner.hpp"
#include "feeds/json_frame.hpp"
#include "feeds/okx/decoder.hpp"
#include "feeds/tick_writer.hpp"

#include <chrono>

namespace feeds::okx {

namespace {

using std::chrono::milliseconds;

/// `["30249.5","50","0","1"],…]` up to and including the closing bracket.
bool scan_levels(FrameScanner& at, const core::Instrument& instrument, core::Side side, LevelWriter& levels) noexcept {
    levels.side(side);
    if (at.next_is(']')) return at.skip("]");
    do {
        std::int64_t price = 0;
        std::int64_t quantity = 0;
        std::uint64_t orders = 0;
        LevelText text;
        if (!at.skip("[\"") || !at.decimal(instrument.price_decimals, price, text.price) || !at.skip("\",\"") ||
            !at.decimal(instrument.quantity_decimals, quantity, text.quantity) || !at.skip("\",\"0\",\"") ||
            !at.integer(orders) || !at.skip("\"]") || !levels.add(price, quantity, text))
            return false;
    } while (at.skip(","));
    return at.skip("]");
}

/// From `snapshot","data":[` to the end. Behind the levels stand "ts", "checksum", "seqId", "prevSeqId": the last two
/// since 2023, in either order.
bool scan_book(FrameScanner& at, const core::Instrument& instrument, const Frame& frame, Batch& batch) noexcept {
    const bool snapshot = at.next_is('s');
    if (!(snapshot ? at.skip("snapshot") : at.skip("update")) || !at.skip("\",\"data\":[{\"asks\":[")) return false;
    LevelWriter levels{batch, instrument, frame, snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    BookEvent& event = batch.book;
    std::int64_t ms = 0;
    std::int64_t previous = -1;
    if (!scan_levels(at, instrument, core::Side::sell, levels) || !at.skip(",\"bids\":[") ||
        !scan_levels(at, instrument, core::Side::buy, levels) || !at.skip(",\"ts\":\"") || !at.milliseconds(ms) ||
        !at.skip("\""))
        return false;
    if (at.skip(",\"checksum\":")) {
        std::int64_t checksum = 0;
        if (!at.signed_integer(checksum) || checksum < INT32_MIN || checksum > INT32_MAX) return false;
        event.checksum = static_cast<std::uint32_t>(checksum);
        event.has_checksum = true;
    }
    if (at.skip(",\"prevSeqId\":")) {
        if (!at.signed_integer(previous) || !at.skip(",\"seqId\":") || !at.integer(event.last)) return false;
    } else if (at.skip(",\"seqId\":")) {
        if (!at.integer(event.last) || (at.skip(",\"prevSeqId\":") && !at.signed_integer(previous))) return false;
    }
    if (previous < -1 || !at.skip("}]}")) return false;
    event.has_previous = previous >= 0;
    event.previous = event.has_previous ? static_cast<std::uint64_t>(previous) : 0;
    levels.finish(milliseconds{ms}, event.last);
    return at.at_end();
}

/// From `{"instId":"BTC-USDT","tradeId":"130639474",…` to the end.
bool scan_trades(FrameScanner& at, const core::Instrument& instrument, const Frame& frame, Batch& batch) noexcept {
    auto tick = blank_tick(instrument, frame, core::TickKind::trade, {});
    do {
        std::int64_t ms = 0;
        std::uint64_t count = 0;
        if (!at.skip("{\"instId\":\"") || !at.skip_text(instrument.symbol) || !at.skip("\",\"tradeId\":\"") ||
            !at.integer(tick.trade.trade_id) || !at.skip("\",\"px\":\"") ||
            !at.decimal(instrument.price_decimals, tick.trade.price.units) || !at.skip("\",\"sz\":\"") ||
            !at.decimal(instrument.quantity_decimals, tick.trade.quantity.units) || !at.skip("\",\"side\":\""))
            return false;
        tick.side = at.next_is('b') ? core::Side::buy : core::Side::sell;
        if (!(tick.side == core::Side::buy ? at.skip("buy\",\"ts\":\"") : at.skip("sell\",\"ts\":\"")) ||
            !at.milliseconds(ms) || !at.skip("\"") ||
            (at.skip(",\"count\":\"") && (!at.integer(count) || !at.skip("\""))) ||
            (at.skip(",\"seqId\":") && !at.integer(count)) || !at.skip("}"))
            return false;
        tick.venue_time = milliseconds{ms};
        if (!append(batch, tick)) return false;
    } while (at.skip(","));
    return at.skip("]}") && at.at_end();
}

/// The best level of a side and the closing bracket.
bool scan_best(FrameScanner& at, const core::Instrument& instrument, core::Price& price,
               core::Quantity& quantity) noexcept {
    std::uint64_t orders = 0;
    if (at.next_is('[') && (!at.skip("[\"") || !at.decimal(instrument.price_decimals, price.units) ||
                            !at.skip("\",\"") || !at.decimal(instrument.quantity_decimals, quantity.units) ||
                            !at.skip("\",\"0\",\"") || !at.integer(orders) || !at.skip("\"]")))
        return false;
    return at.skip("]");
}

/// From `{"asks":[` of a bbo-tbt frame to the end.
bool scan_quote(FrameScanner& at, const core::Instrument& instrument, const Frame& frame, Batch& batch) noexcept {
    auto tick = blank_tick(instrument, frame, core::TickKind::quote, {});
    std::int64_t ms = 0;
    std::uint64_t ignored = 0;
    if (!at.skip("{\"asks\":[") || !scan_best(at, instrument, tick.quote.ask_price, tick.quote.ask_quantity) ||
        !at.skip(",\"bids\":[") || !scan_best(at, instrument, tick.quote.bid_price, tick.quote.bid_quantity) ||
        !at.skip(",\"ts\":\"") || !at.milliseconds(ms) || !at.skip("\"") ||
        (at.skip(",\"seqId\":") && !at.integer(ignored)) || !at.skip("}]}") || !at.at_end())
        return false;
    tick.venue_time = milliseconds{ms};
    return append(batch, tick);
}

}  // namespace

/// `{"arg":{"channel":"books","instId":"BTC-USDT"},"action":"update","data":[…` and its kin.
bool Dialect::scan(const Symbols& symbols, const Frame& frame, Batch& batch) noexcept {
    FrameScanner at{frame.bytes};
    std::string_view channel, symbol;
    if (!at.skip("{\"arg\":{\"channel\":\"") || !at.text(channel) || !at.skip("\",\"instId\":\"") || !at.text(symbol) ||
        !at.skip("\"},\""))
        return false;
    const auto* const instrument = symbols.find(market_of(symbol), symbol);
    if (!instrument) return false;
    if (channel == "books" || channel == "books-l2-tbt" || channel == "books50-l2-tbt")
        return at.skip("action\":\"") && scan_book(at, *instrument, frame, batch);
    if (!at.skip("data\":[")) return false;
    if (channel == "trades" || channel == "trades-all") return scan_trades(at, *instrument, frame, batch);
    return channel == "bbo-tbt" && scan_quote(at, *instrument, frame, batch);
}

}  // namespace feeds::okx
