#include "bench/feeds/binance/plain_decoders.hpp"

#include "feeds/tick_writer.hpp"

#include <string_view>

namespace bench {

namespace {

core::Nanoseconds ms(std::uint64_t count) {
    return core::Nanoseconds{static_cast<std::int64_t>(count) * 1'000'000};
}

bool price(std::string_view text, const core::Instrument& instrument, core::Price& to) {
    const auto parsed = core::parse_price(text, instrument.price_decimals);
    if (parsed) to = *parsed;
    return parsed.has_value();
}
bool quantity(std::string_view text, const core::Instrument& instrument, core::Quantity& to) {
    const auto parsed = core::parse_quantity(text, instrument.quantity_decimals);
    if (parsed) to = *parsed;
    return parsed.has_value();
}

/// Reads members by `get(key, value&)`, which says false on any error.
template <class Get, class Levels>
bool decode(std::string_view kind, const core::InstrumentTable& instruments, core::Market market,
            const feeds::Frame& frame, feeds::Batch& batch, Get&& get, Levels&& levels) {
    const bool futures = market != core::Market::spot;
    std::string_view symbol, p, q, a, b;
    std::uint64_t time = 0, id = 0;
    const auto find = [&] {
        return get("s", symbol) ? instruments.find(core::Venue::binance, market, symbol) : nullptr;
    };
    if (kind.starts_with("trade")) {
        if (futures && !get("T", time)) return false;
        const auto* instrument = find();
        core::Trade trade{};
        bool buyer_is_maker = false;
        if (!instrument || !get("t", trade.trade_id) || !get("p", p) || !get("q", q)) return false;
        if (!futures && !get("T", time)) return false;
        if (futures && (!get("X", a) || a != "MARKET")) return false;
        if (!get("m", buyer_is_maker) || !price(p, *instrument, trade.price) ||
            !quantity(q, *instrument, trade.quantity))
            return false;
        auto tick = feeds::blank_tick(*instrument, frame, core::TickKind::trade, ms(time));
        tick.side = buyer_is_maker ? core::Side::sell : core::Side::buy;
        tick.trade = trade;
        return feeds::append(batch, tick);
    }
    if (kind.starts_with("bookTicker")) {
        core::Quote quote{};
        if (!get("u", id)) return false;
        const auto* instrument = find();
        if (!instrument || !get("b", p) || !get("B", q) || !get("a", a) || !get("A", b)) return false;
        if (futures && !get("T", time)) return false;
        if (!price(p, *instrument, quote.bid_price) || !quantity(q, *instrument, quote.bid_quantity) ||
            !price(a, *instrument, quote.ask_price) || !quantity(b, *instrument, quote.ask_quantity))
            return false;
        auto tick =
            feeds::blank_tick(*instrument, frame, core::TickKind::quote, futures ? ms(time) : frame.receive_time);
        tick.quote = quote;
        return feeds::append(batch, tick);
    }
    if (!kind.starts_with("depth") || !get(futures ? "T" : "E", time)) return false;
    const auto* instrument = find();
    auto& book = batch.book;
    if (!instrument || !get("U", book.first) || !get("u", book.last)) return false;
    if (futures && !get("pu", book.previous)) return false;
    book.has_previous = futures;
    feeds::LevelWriter writer{batch, *instrument, frame, feeds::BookEvent::Kind::update};
    for (const auto side : {core::Side::buy, core::Side::sell}) {
        writer.side(side);
        const bool read =
            levels(side == core::Side::buy ? "b" : "a", [&](std::string_view at, std::string_view amount) {
                core::Price level_price;
                core::Quantity level_quantity;
                return price(at, *instrument, level_price) && quantity(amount, *instrument, level_quantity) &&
                       writer.add(level_price.units, level_quantity.units);
            });
        if (!read) return false;
    }
    writer.finish(ms(time), book.last);
    return true;
}

std::string_view kind_of(std::string_view stream) {
    return stream.substr(std::min(stream.find('@'), stream.size() - 1) + 1);
}

}  // namespace

bool OnDemandDecoder::decode(const feeds::Frame& frame, feeds::Batch& batch) {
    simdjson::ondemand::document document;
    simdjson::ondemand::object data;
    std::string_view stream;
    if (parser_.iterate(frame.bytes.data(), frame.bytes.size(), frame.bytes.size() + feeds::frame_padding)
            .get(document) ||
        document["stream"].get(stream) || document["data"].get_object().get(data))
        return false;
    return bench::decode(
        kind_of(stream), instruments_, market_, frame, batch,
        [&](const char* key, auto& to) { return data[key].get(to) == simdjson::SUCCESS; },
        [&](const char* key, auto&& add) {
            simdjson::ondemand::array rows;
            if (data[key].get_array().get(rows)) return false;
            for (auto row : rows) {
                simdjson::ondemand::array pair;
                std::string_view texts[2];
                std::size_t n = 0;
                if (row.get_array().get(pair)) return false;
                for (auto element : pair)
                    if (n == 2 || element.get(texts[n++])) return false;
                if (n != 2 || !add(texts[0], texts[1])) return false;
            }
            return true;
        });
}

bool DomDecoder::decode(const feeds::Frame& frame, feeds::Batch& batch) {
    simdjson::dom::element document;
    simdjson::dom::object data;
    std::string_view stream;
    if (parser_.parse(frame.bytes.data(), frame.bytes.size(), false).get(document) || document["stream"].get(stream) ||
        document["data"].get(data))
        return false;
    return bench::decode(
        kind_of(stream), instruments_, market_, frame, batch,
        [&](const char* key, auto& to) { return data[key].get(to) == simdjson::SUCCESS; },
        [&](const char* key, auto&& add) {
            simdjson::dom::array rows;
            if (data[key].get(rows)) return false;
            for (const auto row : rows) {
                std::string_view at, amount;
                if (row.at(0).get(at) || row.at(1).get(amount) || !add(at, amount)) return false;
            }
            return true;
        });
}

}  // namespace bench
