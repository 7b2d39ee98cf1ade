#include "tools/omega/tick_json.hpp"

#include <charconv>
#include <string_view>

namespace omega {

namespace {

using core::Tick;
using core::TickKind;
using Buffer = fmt::memory_buffer;

void put(Buffer& to, std::string_view text) {
    to.append(text.data(), text.data() + text.size());
}

template <class Integer>
void append_integer(Buffer& to, Integer value) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
    to.append(digits, end);
}

/// 0 stands for "the venue gave none".
void append_id(Buffer& to, std::string_view key, std::uint64_t id) {
    put(to, key);
    if (id == 0)
        put(to, "null");
    else
        append_integer(to, id);
}

void append_flag(Buffer& to, std::string_view key, bool value) {
    put(to, key);
    put(to, value ? "true" : "false");
}

void append_trade(Buffer& to, const Tick& tick, const core::Instrument& of) {
    put(to, tick.side == core::Side::buy ? R"(,"side":"buy","price":)" : R"(,"side":"sell","price":)");
    append_decimal(to, tick.trade.price.units, of.price_decimals);
    put(to, R"(,"quantity":)");
    append_decimal(to, tick.trade.quantity.units, of.quantity_decimals);
    append_id(to, R"(,"trade_id":)", tick.trade.trade_id);
    append_flag(to, R"(,"snapshot":)", (tick.flags & core::tick_flag::snapshot) != 0);
    put(to, R"(,"sequence":null)");
}

void append_quote(Buffer& to, const Tick& tick, const core::Instrument& of) {
    put(to, R"(,"bid_price":)");
    append_decimal(to, tick.quote.bid_price.units, of.price_decimals);
    put(to, R"(,"bid_quantity":)");
    append_decimal(to, tick.quote.bid_quantity.units, of.quantity_decimals);
    put(to, R"(,"ask_price":)");
    append_decimal(to, tick.quote.ask_price.units, of.price_decimals);
    put(to, R"(,"ask_quantity":)");
    append_decimal(to, tick.quote.ask_quantity.units, of.quantity_decimals);
    put(to, R"(,"sequence":null)");
}

void append_level(Buffer& to, const Tick& tick, const core::Instrument& of) {
    put(to, tick.side == core::Side::buy ? R"(,"side":"bid","price":)" : R"(,"side":"ask","price":)");
    append_decimal(to, tick.level.price.units, of.price_decimals);
    put(to, R"(,"quantity":)");
    append_decimal(to, tick.level.quantity.units, of.quantity_decimals);
    append_flag(to, R"(,"snapshot":)", (tick.flags & core::tick_flag::snapshot) != 0);
    append_flag(to, R"(,"first":)", (tick.flags & core::tick_flag::first) != 0);
    append_flag(to, R"(,"last":)", (tick.flags & core::tick_flag::last) != 0);
    append_id(to, R"(,"sequence":)", tick.level.update_id);
}

void append_bar(Buffer& to, const Tick& tick, const core::Instrument& of) {
    const auto price = [&](std::string_view key, std::uint32_t above_low) {
        put(to, key);
        append_decimal(to, tick.bar.low.units + above_low, of.price_decimals);
    };
    price(R"(,"open":)", tick.bar.open_above_low);
    price(R"(,"high":)", tick.bar.high_above_low);
    price(R"(,"low":)", 0);
    price(R"(,"close":)", tick.bar.close_above_low);
    put(to, R"(,"volume":)");
    append_decimal(to, tick.bar.volume.units, of.quantity_decimals);
    put(to, R"(,"interval_s":)");
    append_integer(to, tick.bar.interval_s);
    append_flag(to, R"(,"closed":)", (tick.flags & core::tick_flag::closed) != 0);
    put(to, R"(,"sequence":null)");
}

void append_mark(Buffer& to, const Tick& tick, const core::Instrument& of) {
    put(to, R"(,"mark_price":)");
    append_decimal(to, tick.mark.mark.units, of.price_decimals);
    put(to, R"(,"index_price":)");
    if (tick.mark.index.units == 0)
        put(to, "null");
    else
        append_decimal(to, tick.mark.index.units, of.price_decimals);
    put(to, R"(,"sequence":null)");
}

void append_funding(Buffer& to, const Tick& tick) {
    constexpr int rate_decimals = 10;
    put(to, R"(,"rate":)");
    append_decimal(to, tick.funding.rate, rate_decimals);
    put(to, R"(,"next_time":)");
    if (tick.funding.next.count() == 0)
        put(to, "null");
    else
        append_integer(to, tick.funding.next.count());
    put(to, R"(,"sequence":null)");
}

void append_payload(Buffer& to, const Tick& tick, const core::Instrument& of) {
    switch (tick.kind) {
        case TickKind::trade:
        case TickKind::liquidation: return append_trade(to, tick, of);
        case TickKind::quote: return append_quote(to, tick, of);
        case TickKind::level: return append_level(to, tick, of);
        case TickKind::bar: return append_bar(to, tick, of);
        case TickKind::mark: return append_mark(to, tick, of);
        case TickKind::funding: return append_funding(to, tick);
        default: break;  // no feed makes the others
    }
}

}  // namespace

void append_decimal(Buffer& to, std::int64_t units, int decimals) {
    char text[core::max_decimal_text + 2];
    text[0] = '"';
    auto* end = core::write_decimal(text + 1, units, decimals);
    if (decimals > 0) {
        while (end[-1] == '0') --end;
        if (end[-1] == '.') --end;
    }
    *end++ = '"';
    to.append(text, end);
}

TickJson::TickJson(const core::InstrumentTable& instruments) : instruments_{instruments} {
    for (const auto& instrument : instruments)
        heads_.push_back(fmt::format(R"("venue":"{}","market":"{}","instrument":"{}","venue_time":)",
                                     core::name(instrument.venue), core::name(instrument.market), instrument.symbol));
}

void TickJson::append(Buffer& to, const Tick& tick) const {
    put(to, R"({"kind":")");
    put(to, core::name(tick.kind));
    put(to, R"(",)");
    const bool known = tick.instrument.value < heads_.size();
    if (known)
        put(to, heads_[tick.instrument.value]);
    else
        fmt::format_to(std::back_inserter(to), R"("venue":"{}","market":null,"instrument":null,"venue_time":)",
                       core::name(tick.venue));
    append_integer(to, tick.venue_time.count());
    put(to, R"(,"receive_time":)");
    append_integer(to, tick.receive_time.count());
    if (tick.is(TickKind::session)) {
        put(to, R"(,"session":")");
        put(to, core::name(static_cast<core::Session>(tick.code)));
        put(to, R"(","sequence":null)");
    } else if (known) {
        append_payload(to, tick, instruments_[tick.instrument]);
    }
    put(to, "}\n");
}

}  // namespace omega
