#include "feeds/coinbase/scan.hpp"

#include "feeds/clock_text.hpp"
#include "feeds/frame_scanner.hpp"
#include "feeds/tick_writer.hpp"

#include <algorithm>

namespace feeds::coinbase {

namespace {

using core::Side;
using core::TickKind;

bool is_order_id(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
}

/// 36 characters of an order id: any other text may need a real string parser.
const char* skip_order_id(const char* at, const char* end) noexcept {
    if (end - at < 36 || !std::all_of(at, at + 36, is_order_id)) return nullptr;
    return at + 36;
}

/// A text in quotes met before the instrument, hence before its decimals, is known.
bool decimal_in(std::string_view text, int decimals, std::int64_t& units) noexcept {
    // The scanner wants to see what ends the number: the quote behind it.
    FrameScanner scanner{{text.data(), text.size() + 1}};
    return scanner.decimal(decimals, units) && scanner.at() == text.data() + text.size();
}

/// `[["price","size"],…]`
bool snapshot_side(FrameScanner& in, const core::Instrument& instrument, LevelWriter& levels, Side side) noexcept {
    levels.side(side);
    if (!in.skip("[")) return false;
    if (in.skip("]")) return true;
    do {
        std::int64_t price = 0, quantity = 0;
        if (!in.skip("[\"") || !in.decimal(instrument.price_decimals, price) || !in.skip("\",\"") ||
            !in.decimal(instrument.quantity_decimals, quantity) || !in.skip("\"]") || !levels.add(price, quantity))
            return false;
    } while (in.skip(","));
    return in.skip("]");
}

/// `{"type":"snapshot","product_id":"P","asks":[…],"bids":[…]}`, either side first, perhaps with a time.
bool snapshot(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    std::string_view product;
    if (!in.text(product)) return false;
    const auto* instrument = symbols.find(core::Market::spot, product);
    if (instrument == nullptr) return false;
    LevelWriter levels{batch, *instrument, frame, BookEvent::Kind::snapshot};
    if (in.skip("\",\"asks\":")) {
        if (!snapshot_side(in, *instrument, levels, Side::sell) || !in.skip(",\"bids\":") ||
            !snapshot_side(in, *instrument, levels, Side::buy))
            return false;
    } else if (!in.skip("\",\"bids\":") || !snapshot_side(in, *instrument, levels, Side::buy) ||
               !in.skip(",\"asks\":") || !snapshot_side(in, *instrument, levels, Side::sell)) {
        return false;
    }
    auto time = frame.receive_time;
    if (in.skip(",\"time\":\"") &&
        (!in.read([&](const char* at, const char* end) { return read_iso_time(at, end, time); }) || !in.skip("\"")))
        return false;
    levels.finish(time, 0);
    return in.skip("}") && in.at_end();
}

/// `{"type":"l2update","product_id":"P","changes":[["buy","price","size"],…],"time":"T"}`
bool l2update(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    std::string_view product;
    if (!in.text(product) || !in.skip("\",\"changes\":[")) return false;
    const auto* instrument = symbols.find(core::Market::spot, product);
    if (instrument == nullptr) return false;
    LevelWriter levels{batch, *instrument, frame, BookEvent::Kind::update};
    do {
        if (in.skip("[\"buy\",\""))
            levels.side(Side::buy);
        else if (in.skip("[\"sell\",\""))
            levels.side(Side::sell);
        else
            return false;
        std::int64_t price = 0, quantity = 0;
        if (!in.decimal(instrument->price_decimals, price) || !in.skip("\",\"") ||
            !in.decimal(instrument->quantity_decimals, quantity) || !in.skip("\"]") || !levels.add(price, quantity))
            return false;
    } while (in.skip(","));
    core::Nanoseconds time{};
    if (!in.skip("],\"time\":\"") ||
        !in.read([&](const char* at, const char* end) { return read_iso_time(at, end, time); }) || !in.skip("\"}"))
        return false;
    levels.finish(time, 0);
    return in.at_end();
}

/// `{"type":"match","trade_id":1,"maker_order_id":"…","taker_order_id":"…","side":"buy","size":"…","price":"…","product_id":"P",
/// "sequence":1,"time":"T"}`
bool match(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    std::uint64_t trade_id = 0, sequence = 0;
    std::string_view size, price, product;
    if (!in.integer(trade_id) || !in.skip(",\"maker_order_id\":\"") || !in.read(skip_order_id) ||
        !in.skip("\",\"taker_order_id\":\"") || !in.read(skip_order_id) || !in.skip("\",\"side\":\""))
        return false;
    const bool maker_bought = in.skip("buy");
    if (!maker_bought && !in.skip("sell")) return false;
    core::Nanoseconds time{};
    if (!in.skip("\",\"size\":\"") || !in.text(size) || !in.skip("\",\"price\":\"") || !in.text(price) ||
        !in.skip("\",\"product_id\":\"") || !in.text(product) || !in.skip("\",\"sequence\":") ||
        !in.integer(sequence) || !in.skip(",\"time\":\"") ||
        !in.read([&](const char* at, const char* end) { return read_iso_time(at, end, time); }) || !in.skip("\"}") ||
        !in.at_end())
        return false;
    const auto* instrument = symbols.find(core::Market::spot, product);
    if (instrument == nullptr) return false;
    auto tick = blank_tick(*instrument, frame, TickKind::trade, time);
    tick.side = maker_bought ? Side::sell : Side::buy;
    std::int64_t price_units = 0, size_units = 0;
    if (!decimal_in(price, instrument->price_decimals, price_units) ||
        !decimal_in(size, instrument->quantity_decimals, size_units))
        return false;
    tick.trade = {core::Price{price_units}, core::Quantity{size_units}, trade_id};
    return append(batch, tick);
}

/// `{"type":"update","product_id":"P","updates":[{"side":"bid","event_time":"T","price_level":"…","new_quantity":"…"},…]}]}`
bool l2_data(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    const bool is_snapshot = in.skip("{\"type\":\"snapshot\",\"product_id\":\"");
    std::string_view product;
    if ((!is_snapshot && !in.skip("{\"type\":\"update\",\"product_id\":\"")) || !in.text(product) ||
        !in.skip("\",\"updates\":["))
        return false;
    const auto* instrument = symbols.find(core::Market::spot, product);
    if (instrument == nullptr) return false;
    LevelWriter levels{batch, *instrument, frame, is_snapshot ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    core::Nanoseconds newest{};
    do {
        if (in.skip("{\"side\":\"bid\",\"event_time\":\""))
            levels.side(Side::buy);
        else if (in.skip("{\"side\":\"offer\",\"event_time\":\""))
            levels.side(Side::sell);
        else
            return false;
        core::Nanoseconds time{};
        std::int64_t price = 0, quantity = 0;
        if (!in.read([&](const char* at, const char* end) { return read_iso_time(at, end, time); }) ||
            !in.skip("\",\"price_level\":\"") || !in.decimal(instrument->price_decimals, price) ||
            !in.skip("\",\"new_quantity\":\"") || !in.decimal(instrument->quantity_decimals, quantity) ||
            !in.skip("\"}") || !levels.add(price, quantity))
            return false;
        newest = std::max(newest, time);
    } while (in.skip(","));
    levels.finish(newest, batch.connection_sequence);
    return in.skip("]}]}") && in.at_end();
}

/// `{"type":"update","trades":[{"product_id":"P","trade_id":"1","price":"…","size":"…","time":"T","side":"BUY"},…]}]}`
bool market_trades(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    const bool past = in.skip("{\"type\":\"snapshot\",\"trades\":[");
    if (!past && !in.skip("{\"type\":\"update\",\"trades\":[")) return false;
    do {
        std::string_view product;
        if (!in.skip("{\"product_id\":\"") || !in.text(product)) return false;
        const auto* instrument = symbols.find(core::Market::spot, product);
        if (instrument == nullptr) return false;
        std::uint64_t trade_id = 0;
        std::int64_t price = 0, size = 0;
        core::Nanoseconds time{};
        if (!in.skip("\",\"trade_id\":\"") || !in.integer(trade_id) || !in.skip("\",\"price\":\"") ||
            !in.decimal(instrument->price_decimals, price) || !in.skip("\",\"size\":\"") ||
            !in.decimal(instrument->quantity_decimals, size) || !in.skip("\",\"time\":\"") ||
            !in.read([&](const char* at, const char* end) { return read_iso_time(at, end, time); }) ||
            !in.skip("\",\"side\":\""))
            return false;
        auto tick = blank_tick(*instrument, frame, TickKind::trade, time);
        if (in.skip("BUY\"}"))
            tick.side = Side::sell;
        else if (in.skip("SELL\"}"))
            tick.side = Side::buy;
        else
            return false;
        tick.flags = past ? core::tick_flag::snapshot : std::uint8_t{0};
        tick.trade = {core::Price{price}, core::Quantity{size}, trade_id};
        if (!append(batch, tick)) return false;
    } while (in.skip(","));
    if (!in.skip("]}]}") || !in.at_end()) return false;
    oldest_first(batch.ticks());
    return true;
}

/// `{"channel":"l2_data","client_id":"","timestamp":"T","sequence_num":1,"events":[…]}`
bool advanced(FrameScanner& in, const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    const bool is_book = in.skip("l2_data\",");
    core::Nanoseconds ignored{};
    if (!is_book && !in.skip("market_trades\",")) return false;
    if (!in.skip("\"client_id\":\"\",\"timestamp\":\"") ||
        !in.read([&](const char* at, const char* end) { return read_iso_time(at, end, ignored); }) ||
        !in.skip("\",\"sequence_num\":") || !in.integer(batch.connection_sequence) || !in.skip(",\"events\":["))
        return false;
    batch.has_connection_sequence = true;
    return is_book ? l2_data(in, frame, symbols, batch) : market_trades(in, frame, symbols, batch);
}

}  // namespace

void oldest_first(std::span<core::Tick> trades) noexcept {
    if (trades.size() > 1 && trades.back().venue_time < trades.front().venue_time)
        std::reverse(trades.begin(), trades.end());
}

bool scan(const Frame& frame, const Symbols& symbols, Batch& batch) noexcept {
    FrameScanner in{frame.bytes};
    if (in.skip("{\"type\":\"")) {
        if (in.skip("l2update\",\"product_id\":\"")) return l2update(in, frame, symbols, batch);
        if (in.skip("match\",\"trade_id\":")) return match(in, frame, symbols, batch);
        return in.skip("snapshot\",\"product_id\":\"") && snapshot(in, frame, symbols, batch);
    }
    return in.skip("{\"channel\":\"") && advanced(in, frame, symbols, batch);
}

}  // namespace feeds::coinbase
