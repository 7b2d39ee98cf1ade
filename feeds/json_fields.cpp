#include "feeds/json_fields.hpp"

#include <algorithm>

namespace feeds {

namespace {

using core::Error;

/// An optional text member that is present and not empty.
bool present(JsonFrame& json, JsonFrame::Object& from, const char* key, std::string_view& text) noexcept {
    return json.optional_text(from, key, text) && !text.empty();
}

struct Level {
    std::int64_t price{}, quantity{};
    LevelText text{};
};

bool read_level(JsonFrame& json, JsonFrame::Value value, const char* key, const core::Instrument& instrument,
                Level& level) noexcept {
    JsonFrame::Array parts;
    int index = 0;
    const bool read = json.get(value, key, parts) && json.each_element(parts, key, [&](JsonFrame::Value part) {
        const int at = index++;
        if (at == 0) return json.decimal(part, key, instrument.price_decimals, level.price, level.text.price);
        return at > 1 || json.decimal(part, key, instrument.quantity_decimals, level.quantity, level.text.quantity);
    });
    return read && (index >= 2 || json.fail(Error::missing_field, key));
}

}  // namespace

core::Result<std::int64_t> parse_rate(std::string_view text) noexcept {
    constexpr std::size_t decimals = 10;
    const bool minus = !text.empty() && text.front() == '-';
    if (minus) text.remove_prefix(1);
    if (const auto point = text.find('.'); point != std::string_view::npos && text.size() - point - 1 > decimals) {
        const auto cut = text.substr(point + 1 + decimals);
        if (!std::all_of(cut.begin(), cut.end(), [](char c) { return c >= '0' && c <= '9'; })) return Error::malformed;
        text.remove_suffix(cut.size());
    }
    const auto units = core::parse_decimal(text, static_cast<int>(decimals));
    if (!units) return units.error() == Error::negative ? Error::malformed : units.error();
    return minus ? -*units : *units;
}

bool read_levels(JsonFrame& json, JsonFrame::Value rows, const char* key, core::Side side,
                 const core::Instrument& instrument, LevelWriter& levels) noexcept {
    JsonFrame::Array array;
    levels.side(side);
    return json.get(rows, key, array) && json.each_element(array, key, [&](JsonFrame::Value row) {
        Level level;
        return read_level(json, row, key, instrument, level) &&
               (levels.add(level.price, level.quantity, level.text) || json.fail(Error::full, key));
    });
}

bool read_best(JsonFrame& json, JsonFrame::Object& book, const char* key, const core::Instrument& instrument,
               core::Price& price, core::Quantity& quantity) noexcept {
    JsonFrame::Array rows;
    int count = 0;
    return json.get(book, key, rows) && json.each_element(rows, key, [&](JsonFrame::Value row) {
        Level level;
        if (count++ != 0) return json.fail(Error::malformed, key);
        if (!read_level(json, row, key, instrument, level)) return false;
        price.units = level.price;
        quantity.units = level.quantity;
        return true;
    });
}

bool read_bar(JsonFrame& json, const CandleTexts& texts, const core::Instrument& instrument, std::uint32_t interval_s,
              core::BarUpdate& bar) noexcept {
    const auto read = [&](std::string_view text, int decimals, const char* field, std::int64_t& units) {
        const auto parsed = core::parse_decimal(text, decimals);
        if (!parsed) return json.fail(parsed.error(), field, text.data());
        units = *parsed;
        return true;
    };
    std::int64_t open = 0, high = 0, close = 0;
    if (!read(texts.open, instrument.price_decimals, "open", open) ||
        !read(texts.high, instrument.price_decimals, "high", high) ||
        !read(texts.low, instrument.price_decimals, "low", bar.low.units) ||
        !read(texts.close, instrument.price_decimals, "close", close) ||
        !read(texts.volume, instrument.quantity_decimals, "volume", bar.volume.units))
        return false;
    const auto above_low = [&](std::int64_t price, const char* field, std::uint32_t& offset) {
        if (price < bar.low.units) return json.fail(Error::malformed, field, texts.low.data());
        if (price - bar.low.units > std::int64_t{0xffffffff})
            return json.fail(Error::out_of_range, field, texts.low.data());
        offset = static_cast<std::uint32_t>(price - bar.low.units);
        return true;
    };
    bar.interval_s = interval_s;
    return above_low(open, "open", bar.open_above_low) && above_low(high, "high", bar.high_above_low) &&
           above_low(close, "close", bar.close_above_low);
}

bool read_candle_row(JsonFrame& json, JsonFrame::Value row, const core::Instrument& instrument,
                     std::uint32_t interval_s, CandleRow& out) noexcept {
    JsonFrame::Array elements;
    if (!json.get(row, "candle", elements)) return false;
    CandleTexts texts;
    int index = 0;
    const bool read = json.each_element(elements, "candle", [&](JsonFrame::Value value) {
        switch (index++) {
            case 0: return json.time(value, "start", std::chrono::milliseconds{1}, out.start);
            case 1: return json.text(value, "open", texts.open);
            case 2: return json.text(value, "high", texts.high);
            case 3: return json.text(value, "low", texts.low);
            case 4: return json.text(value, "close", texts.close);
            case 5: return json.text(value, "volume", texts.volume);
            case 8: return json.text(value, "confirm", out.confirm);
            default: return true;
        }
    });
    if (!read) return false;
    if (index < 6) return json.fail(Error::missing_field, "candle");
    return read_bar(json, texts, instrument, interval_s, out.bar);
}

bool read_mark_and_funding(JsonFrame& json, JsonFrame::Object& ticker, const TickerFields& fields,
                           const core::Instrument& instrument, const Frame& frame, core::Nanoseconds venue_time,
                           Batch& batch) noexcept {
    std::string_view text;
    if (present(json, ticker, fields.mark, text)) {
        auto tick = blank_tick(instrument, frame, core::TickKind::mark, venue_time);
        const auto mark = core::parse_price(text, instrument.price_decimals);
        if (!mark && mark.error() != Error::too_precise) return json.fail(mark.error(), fields.mark, text.data());
        if (present(json, ticker, fields.index, text)) {
            const auto index = core::parse_price(text, instrument.price_decimals);
            if (!index && index.error() != Error::too_precise)
                return json.fail(index.error(), fields.index, text.data());
            if (index) tick.mark.index = *index;
        }
        if (json.failed()) return false;
        if (mark) {
            tick.mark.mark = *mark;
            if (!append(batch, tick)) return json.fail(Error::full, fields.mark);
        }
    }
    if (json.failed()) return false;
    if (present(json, ticker, fields.rate, text)) {
        auto tick = blank_tick(instrument, frame, core::TickKind::funding, venue_time);
        const auto rate = parse_rate(text);
        if (!rate) return json.fail(rate.error(), fields.rate, text.data());
        tick.funding.rate = *rate;
        std::int64_t next_ns = 0;
        if (present(json, ticker, fields.next, text)) {
            const auto next = core::parse_decimal(text, 0);
            if (!next) return json.fail(next.error(), fields.next, text.data());
            if (__builtin_mul_overflow(*next, std::int64_t{1'000'000}, &next_ns))
                return json.fail(Error::out_of_range, fields.next);
            tick.funding.next = core::Nanoseconds{next_ns};
        }
        if (json.failed()) return false;
        if (!append(batch, tick)) return json.fail(Error::full, fields.rate);
    }
    return !json.failed();
}

}  // namespace feeds
