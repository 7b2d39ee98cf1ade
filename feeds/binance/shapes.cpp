#include "feeds/binance/shapes.hpp"

#include <algorithm>

namespace feeds::binance {

namespace {

using scan::Cursor;

constexpr std::size_t least_frame = Shape::head_room;  // so that comparing heads stays inside; no real frame is shorter

/// Behind `{"stream":"`, 24 bytes tell streams apart, also those of short names ("ethusdt@tra…", "1000shibusdt@book…").
std::size_t place(const char* frame, std::size_t size) noexcept {
    std::uint64_t words[3];
    std::memcpy(words, frame + 11, sizeof words);
    const auto mixed = words[0] * 0x9e3779b97f4a7c15U ^ words[1] * 0xc2b2ae3d27d4eb4fU ^ words[2] * 0x165667b19e3779f9U;
    return static_cast<std::size_t>((mixed ^ mixed >> 29) * 0x9e3779b97f4a7c15U >> 32) & (size - 1);
}

bool same32(const char* a, const char* b) noexcept {
    const auto x = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(a));
    const auto y = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(b));
    return _mm256_movemask_epi8(_mm256_cmpeq_epi8(x, y)) == -1;
}
bool same16(const char* a, const char* b) noexcept {
    return _mm_movemask_epi8(_mm_cmpeq_epi8(scan::load(a), scan::load(b))) == 0xffff;
}

/// The first and the last 32 bytes overlap unless there are more than 64.
bool has_head(const Shape& shape, const char* at) noexcept {
    const std::size_t length = shape.head_length;
    return same32(at, shape.head.data()) && same32(at + length - 32, shape.head.data() + length - 32) &&
           (length <= 64 || same32(at + 32, shape.head.data() + 32));
}

bool middle(const Shape& shape, Cursor& cursor) noexcept {
    const std::size_t length = shape.middle_length;
    const char* const text = shape.middle.data();
    if (cursor.at >= cursor.end) return false;
    const bool same = length >= 32 ? same32(cursor.at, text) && same32(cursor.at + length - 32, text + length - 32)
                                   : same16(cursor.at, text) && same16(cursor.at + length - 16, text + length - 16);
    cursor.at += length;
    return same;
}

/// Fills everything but kind, side, flags and payload.
[[gnu::always_inline]] inline void head_of(core::Tick& tick, const Shape& shape, const Frame& frame,
                                           core::Nanoseconds venue_time) noexcept {
    tick.sequence = 0;
    tick.venue_time = venue_time;
    tick.receive_time = frame.receive_time;
    tick.instrument = shape.instrument;
    tick.venue = core::Venue::binance;
    tick.code = 0;
}

/// Price and quantity of one side of a quote, up to and with the closing quote: `61800.20","B":"2.507"`.
template <char Key>
[[gnu::always_inline]] inline bool side_of_quote(Shape& shape, Cursor& cursor, core::Price& price,
                                                 core::Quantity& quantity) noexcept {
    constexpr std::size_t half = std::tuple_size_v<decltype(shape.patterns)> / 2;
    if (cursor.at >= cursor.end) return false;
    const auto text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(cursor.at));
    auto quotes = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8('"'))));
    for (int i = 0; i < 4; ++i) quotes &= quotes - 1;  // those between the two numbers
    const auto size = static_cast<std::size_t>(std::countr_zero(quotes)) + 1;
    auto& pattern = shape.patterns[size % half + (Key == 'A' ? half : 0)];
    if (pattern.read(cursor.at, text, price.units, quantity.units)) [[likely]] {
        cursor.at += size;
        return true;
    }
    const char* const start = cursor.at;
    constexpr char between[] = {'"', ',', '"', Key, '"', ':', '"', '\0'};
    if (!scan::decimal(cursor, shape.price, price.units) || !scan::text(cursor, between) ||
        !scan::decimal(cursor, shape.quantity, quantity.units) || !scan::text(cursor, "\""))
        return false;
    if (pattern.missed())
        pattern.learn(start, static_cast<std::size_t>(cursor.at - start), sizeof between - 1, 1, shape.price,
                      shape.quantity);
    return true;
}

template <bool Futures>
bool quote(Shape& shape, const Frame& frame, Cursor& cursor, Batch& batch) noexcept {
    core::Tick& tick = batch.claim();
    std::uint64_t update_id = 0;
    core::Quote quote;
    auto venue_time = frame.receive_time, event_time = venue_time;
    if (!scan::integer(cursor, update_id) || !middle(shape, cursor) ||
        !side_of_quote<'B'>(shape, cursor, quote.bid_price, quote.bid_quantity) || !scan::text(cursor, ",\"a\":\"") ||
        !side_of_quote<'A'>(shape, cursor, quote.ask_price, quote.ask_quantity))
        return false;
    if constexpr (Futures) {
        if (!scan::text(cursor, ",\"T\":") || !scan::time(cursor, venue_time) || !scan::text(cursor, ",\"E\":") ||
            !scan::time(cursor, event_time) || !scan::text(cursor, "}}"))
            return false;
    } else if (!scan::text(cursor, "}}")) {
        return false;
    }
    head_of(tick, shape, frame, venue_time);
    tick.kind = core::TickKind::quote;
    tick.side = core::Side::buy;
    tick.flags = 0;
    tick.quote = quote;
    batch.commit();
    return true;
}

template <bool Futures, bool Aggregate>
bool trade(const Shape& shape, const Frame& frame, Cursor& cursor, Batch& batch) noexcept {
    core::Tick& tick = batch.claim();
    core::Trade trade;
    core::Nanoseconds event_time{}, venue_time{};
    std::uint64_t number = 0;
    bool buyer_is_maker = false, best_match = false;
    if (!scan::time(cursor, event_time)) return false;
    if constexpr (Futures && !Aggregate)
        if (!scan::text(cursor, ",\"T\":") || !scan::time(cursor, venue_time)) return false;
    if constexpr (Futures && Aggregate)
        if (!scan::text(cursor, ",\"a\":") || !scan::integer(cursor, trade.trade_id)) return false;
    if (!middle(shape, cursor)) return false;
    if constexpr (!(Futures && Aggregate))
        if (!scan::integer(cursor, trade.trade_id) || !scan::text(cursor, ",\"p\":\"")) return false;
    if (!scan::decimal(cursor, shape.price, trade.price.units) || !scan::text(cursor, "\",\"q\":\"") ||
        !scan::decimal(cursor, shape.quantity, trade.quantity.units))
        return false;
    if constexpr (Aggregate) {
        if (!scan::text(cursor, "\",\"f\":") || !scan::integer(cursor, number) || !scan::text(cursor, ",\"l\":") ||
            !scan::integer(cursor, number) || !scan::text(cursor, ",\"T\":") || !scan::time(cursor, venue_time) ||
            !scan::text(cursor, ",\"m\":"))
            return false;
    } else if constexpr (Futures) {
        if (!scan::text(cursor, "\",\"X\":\"MARKET\",\"m\":")) return false;
    } else {
        if (!scan::text(cursor, "\",\"T\":") || !scan::time(cursor, venue_time) || !scan::text(cursor, ",\"m\":"))
            return false;
    }
    if (!scan::truth(cursor, buyer_is_maker)) return false;
    if constexpr (!Futures)
        if (!scan::text(cursor, ",\"M\":") || !scan::truth(cursor, best_match)) return false;
    if (!scan::text(cursor, "}}")) return false;

    head_of(tick, shape, frame, venue_time);
    tick.kind = core::TickKind::trade;
    tick.side = buyer_is_maker ? core::Side::sell : core::Side::buy;
    tick.flags = 0;
    tick.quote = core::Quote{};  // the widest payload: no byte is left over
    tick.trade = trade;
    batch.commit();
    return true;
}

/// One level of a layout not seen before, or seen too long ago.
[[gnu::noinline]] bool new_level(Shape& shape, Cursor& cursor, std::int64_t& price, std::int64_t& quantity) noexcept {
    const char* const start = cursor.at;
    if (!scan::decimal(cursor, shape.price, price) || !scan::text(cursor, "\",\"") ||
        !scan::decimal(cursor, shape.quantity, quantity) || !scan::text(cursor, "\"]"))
        return false;
    const auto size = static_cast<std::size_t>(cursor.at - start);
    auto& pattern = shape.patterns[size % shape.patterns.size()];
    if (pattern.missed()) pattern.learn(start, size, 3, 2, shape.price, shape.quantity);
    return true;
}

/// From behind a level's `["` to behind its `"]`.
[[gnu::always_inline]] inline bool level(Shape& shape, Cursor& cursor, std::int64_t& price,
                                         std::int64_t& quantity) noexcept {
    const auto text = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(cursor.at));
    const auto ends = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(text, _mm256_set1_epi8(']'))));
    const auto size = static_cast<std::size_t>(std::countr_zero(ends)) + 1;
    if (!shape.patterns[size % shape.patterns.size()].read(cursor.at, text, price, quantity)) [[unlikely]]
        return new_level(shape, cursor, price, quantity);
    cursor.at += size;
    return true;
}

/// From behind the opening bracket of "b" or "a" to behind its closing one.
bool levels(Shape& shape, const Frame& frame, Cursor& cursor, Batch& batch, core::Side side,
            core::Nanoseconds venue_time) noexcept {
    if (cursor.at >= cursor.end) return false;
    if (*cursor.at == ']') {
        ++cursor.at;
        return true;
    }
    if (!scan::text(cursor, "[\"")) return false;
    const auto update_id = batch.book.last;
    for (;;) {
        std::int64_t price = 0, quantity = 0;
        if (batch.full() || cursor.at >= cursor.end || !level(shape, cursor, price, quantity)) return false;
        core::Tick& tick = batch.claim();
        head_of(tick, shape, frame, venue_time);
        tick.kind = core::TickKind::level;
        tick.side = side;
        tick.flags = 0;
        tick.quote = core::Quote{};
        tick.level = {{price}, {quantity}, update_id};
        batch.commit();
        if (!scan::text(cursor, ",[\"")) return scan::text(cursor, "]");
    }
}

template <bool Futures>
bool depth(Shape& shape, const Frame& frame, Cursor& cursor, Batch& batch) noexcept {
    core::Nanoseconds event_time{}, venue_time{};
    BookEvent& book = batch.book;
    if (!scan::time(cursor, event_time)) return false;
    if constexpr (Futures)
        if (!scan::text(cursor, ",\"T\":") || !scan::time(cursor, venue_time)) return false;
    if (!middle(shape, cursor) || !scan::integer(cursor, book.first) || !scan::text(cursor, ",\"u\":") ||
        !scan::integer(cursor, book.last))
        return false;
    if constexpr (Futures)
        if (!scan::text(cursor, ",\"pu\":") || !scan::integer(cursor, book.previous)) return false;
    const auto time = Futures ? venue_time : event_time;
    if (!scan::text(cursor, ",\"b\":[") || !levels(shape, frame, cursor, batch, core::Side::buy, time) ||
        !scan::text(cursor, ",\"a\":[") || !levels(shape, frame, cursor, batch, core::Side::sell, time) ||
        !scan::text(cursor, "}}"))
        return false;
    book.kind = BookEvent::Kind::update;
    book.has_previous = Futures;
    book.instrument = shape.instrument;
    if (const auto ticks = batch.ticks(); !ticks.empty()) {
        ticks.front().flags |= core::tick_flag::first;
        ticks.back().flags |= core::tick_flag::last;
    }
    return true;
}

/// What stands between `{"stream":"…","data":` and the first number, and which form that begins. The order of what
/// follows decides between the markets.
struct Opening {
    std::string_view text;
    Form futures, spot;
};
constexpr Opening openings[] = {
    {R"({"e":"bookTicker","u":)", Form::futures_quote, Form::none},
    {R"({"u":)", Form::futures_quote, Form::spot_quote},
    {R"({"e":"trade","E":)", Form::futures_trade, Form::spot_trade},
    {R"({"e":"aggTrade","E":)", Form::futures_aggregate, Form::spot_aggregate},
    {R"({"e":"depthUpdate","E":)", Form::futures_depth, Form::spot_depth},
};

/// What leads from the number before the middle to the one after it.
std::string_view last_of_middle(Form form) noexcept {
    switch (form) {
        case Form::futures_quote:
        case Form::spot_quote: return R"(,"b":")";
        case Form::futures_trade:
        case Form::spot_trade: return R"(,"t":)";
        case Form::futures_aggregate: return R"(,"p":")";
        case Form::spot_aggregate: return R"(,"a":)";
        case Form::futures_depth:
        case Form::spot_depth: return R"(,"U":)";
        case Form::none: break;
    }
    return {};
}

bool step(std::string_view& rest, std::string_view text) noexcept {
    if (!rest.starts_with(text)) return false;
    rest.remove_prefix(text.size());
    return true;
}
bool step_digits(std::string_view& rest) noexcept {
    const auto count = std::min(rest.find_first_not_of("0123456789"), rest.size());
    rest.remove_prefix(count);
    return count != 0;
}
/// A name without quote or escape, up to its closing quote, which is stepped over.
bool step_name(std::string_view& rest) noexcept {
    const auto end = rest.find_first_of("\"\\");
    if (end == rest.npos || rest[end] != '"') return false;
    rest.remove_prefix(end + 1);
    return true;
}

}  // namespace

const Shape* Shapes::decode(const Frame& frame, Batch& batch) noexcept {
    if (frame.bytes.size() < least_frame) return nullptr;
    const char* const at = frame.bytes.data();
    Shape& shape = shapes_[place(at, shapes_.size())];
    if (shape.form == Form::none || !has_head(shape, at)) return nullptr;

    Cursor cursor{at + shape.head_length, at + frame.bytes.size()};
    bool known = false;
    switch (shape.form) {
        case Form::futures_quote: known = quote<true>(shape, frame, cursor, batch); break;
        case Form::spot_quote: known = quote<false>(shape, frame, cursor, batch); break;
        case Form::futures_trade: known = trade<true, false>(shape, frame, cursor, batch); break;
        case Form::spot_trade: known = trade<false, false>(shape, frame, cursor, batch); break;
        case Form::futures_aggregate: known = trade<true, true>(shape, frame, cursor, batch); break;
        case Form::spot_aggregate: known = trade<false, true>(shape, frame, cursor, batch); break;
        case Form::futures_depth: known = depth<true>(shape, frame, cursor, batch); break;
        case Form::spot_depth: known = depth<false>(shape, frame, cursor, batch); break;
        case Form::none: break;
    }
    return known && cursor.at == cursor.end ? &shape : nullptr;
}

void Shapes::learn(const Frame& frame, const Batch& batch, const Symbols& symbols) noexcept {
    if (frame.bytes.size() < least_frame || batch.control != Control::none) return;
    if (batch.book.kind == BookEvent::Kind::snapshot)
        return;  // a partial book looks like an update but for its stream's name
    const bool book = batch.book.kind == BookEvent::Kind::update;
    if (!book && batch.ticks().size() != 1) return;
    const auto& instrument = symbols[book ? batch.book.instrument : batch.ticks().front().instrument];
    const bool futures = instrument.market != core::Market::spot;

    auto rest = frame.bytes;
    if (!step(rest, R"({"stream":")") || !step_name(rest) || !step(rest, R"(,"data":)")) return;
    const auto* const opening = std::find_if(std::begin(openings), std::end(openings),
                                             [rest](const Opening& o) { return rest.starts_with(o.text); });
    if (opening == std::end(openings)) return;
    rest.remove_prefix(opening->text.size());
    const auto form = futures ? opening->futures : opening->spot;
    if (form == Form::none) return;

    Shape shape;
    shape.form = form;
    shape.market = instrument.market;
    shape.instrument = instrument.id;
    shape.price = scan::Scale{instrument.price_decimals};
    shape.quantity = scan::Scale{instrument.quantity_decimals};
    const auto head = frame.bytes.substr(0, frame.bytes.size() - rest.size());

    if (!step_digits(rest)) return;
    if (form == Form::futures_trade || form == Form::futures_depth)
        if (!step(rest, R"(,"T":)") || !step_digits(rest)) return;
    if (form == Form::futures_aggregate)
        if (!step(rest, R"(,"a":)") || !step_digits(rest)) return;
    const auto from_middle = rest;
    if (form == Form::futures_quote && opening->futures != opening->spot && opening->spot != Form::none)
        if (!step(rest, R"(,"e":"bookTicker")")) return;
    if (!step(rest, R"(,"s":")") || !step(rest, instrument.symbol) || !step(rest, "\"")) return;
    if (futures && step(rest, R"(,"ps":")") && !step_name(rest)) return;
    if (!step(rest, last_of_middle(form))) return;
    const auto text = from_middle.substr(0, from_middle.size() - rest.size());

    if (head.size() < Shape::least_head || head.size() > Shape::head_room || text.size() < Shape::least_middle ||
        text.size() > Shape::middle_room)
        return;
    std::copy(head.begin(), head.end(), shape.head.begin());
    std::copy(text.begin(), text.end(), shape.middle.begin());
    shape.head_length = static_cast<std::uint8_t>(head.size());
    shape.middle_length = static_cast<std::uint8_t>(text.size());
    shapes_[place(frame.bytes.data(), shapes_.size())] = shape;
}

}  // namespace feeds::binance
