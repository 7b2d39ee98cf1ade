#include "feeds/binance/general.hpp"

#include "feeds/binance/values.hpp"

#include <algorithm>
#include <new>

namespace feeds::binance {

namespace {

/// Events that carry nothing for the engine's markets: account events, indices, other kinds of candles.
constexpr std::string_view other_events[] = {"continuous_kline",
                                             "indexPrice_kline",
                                             "markPrice_kline",
                                             "contractInfo",
                                             "compositeIndex",
                                             "assetIndexUpdate",
                                             "indexPriceUpdate",
                                             "avgPrice",
                                             "executionReport",
                                             "outboundAccountPosition",
                                             "balanceUpdate",
                                             "listStatus",
                                             "liabilityChange",
                                             "externalLockUpdate",
                                             "eventStreamTerminated",
                                             "listenKeyExpired",
                                             "ACCOUNT_UPDATE",
                                             "ORDER_TRADE_UPDATE",
                                             "TRADE_LITE",
                                             "MARGIN_CALL",
                                             "ACCOUNT_CONFIG_UPDATE",
                                             "STRATEGY_UPDATE",
                                             "GRID_UPDATE",
                                             "CONDITIONAL_ORDER_TRIGGER_REJECT",
                                             "ALGO_UPDATE"};

/// Streams and book snapshots stay below this; a longer REST list (instruments) makes the parser grow, once.
constexpr std::size_t usual_frame_bytes = std::size_t{256} << 10;

}  // namespace

General::General(Symbols& symbols, Connections& connections) : symbols_{symbols}, connections_{connections} {
    if (parser_.allocate(usual_frame_bytes) != simdjson::SUCCESS) throw std::bad_alloc{};
}

core::Result<std::size_t, core::Fault> General::decode(const Frame& frame, Batch& batch) noexcept {
    frame_ = &frame;
    batch_ = &batch;
    instrument_ = nullptr;
    if (document() && event()) {
        if (instrument_) connections_.note(frame.connection, instrument_->id, instrument_->market);
        return batch.ticks().size();
    }
    batch.clear();
    return fault_;
}

/// Reads the frame into message_, its structure checked to the end.
bool General::document() noexcept {
    const auto bytes = frame_->bytes;
    if (bytes.empty()) return fail(core::Error::truncated, "", bytes);
    if (bytes.size() > max_frame_bytes) return fail(core::Error::oversized, "", bytes.substr(max_frame_bytes));
    open_ = false;
    if (const auto error = parser_.iterate(bytes.data(), bytes.size(), bytes.size() + frame_padding).get(document_))
        return fail(error, "");
    open_ = true;

    for (auto& level : message_.levels) level.clear();
    message_.event = 0;
    simdjson::ondemand::json_type type{};
    if (const auto error = document_.type().get(type)) return fail(error, "");
    if (type == simdjson::ondemand::json_type::array) {
        simdjson::ondemand::array rows;
        if (const auto error = document_.get_array().get(rows)) return fail(error, "");
        for (auto row : rows)
            if (const auto error = row.error()) return fail(error, "");
        if (!document_.is_alive()) return fail(simdjson::TAPE_ERROR, "");
    } else {
        simdjson::ondemand::object object;
        if (const auto error = document_.get_object().get(object)) return fail(error, "");
        if (const auto error = read(document_, object, message_, 0)) return fail(error, "");
    }
    const char* rest = nullptr;
    if (document_.current_location().get(rest) == simdjson::SUCCESS)
        return fail(core::Error::malformed, "", {rest, rest});
    if (type == simdjson::ondemand::json_type::array) named(Control::other);  // REST rows: klines, trades
    return true;
}

bool General::event() noexcept {
    if (batch_->control != Control::none) return true;
    const Fields& fields = message_.fields();
    if (fields.has(letter('e'), Field::Type::string)) {
        const auto event = fields[letter('e')].text;
        if (event == "trade") return trade(letter('t'));
        if (event == "aggTrade") return trade(letter('a'));
        if (event == "bookTicker") return quote(true);
        if (event == "depthUpdate") return depth();
        if (event == "kline") return kline();
        if (event == "markPriceUpdate") return mark_price();
        if (event == "forceOrder") return liquidation();
        if (event == "serverShutdown") return named(Control::status);
        if (event.ends_with("Ticker")) return named(Control::ticker);
        if (std::find(std::begin(other_events), std::end(other_events), event) != std::end(other_events))
            return named(Control::other);
        return fail(core::Error::unknown_message, "e", event);
    }
    if (fields.has(Key::last_update_id)) return snapshot();
    if (fields.has(letter('u')) && fields.has(letter('B'))) return quote(false);
    return control();
}

/// Answers to our own requests, and REST answers other than the book.
bool General::control() noexcept {
    const Fields& outer = message_.outer();
    if (outer.has(Key::id, Field::Type::number))
        if (const auto id = parse_integer(outer[Key::id].text)) batch_->control_id = *id;
    if (outer.has(Key::error)) return named(Control::error);
    if (outer.has(Key::code) && outer.has(Key::msg))
        return named(outer[Key::code].text == "200" ? Control::other : Control::error);
    if (outer.has(Key::symbols) || outer.has(Key::rate_limits)) return named(Control::instruments);
    if (outer.has(Key::result, Field::Type::null)) return named(Control::subscribed);
    if (outer.has(Key::result) || outer.has(Key::status)) return named(Control::other);
    if (outer.has(Key::data, Field::Type::array))
        return named(outer[Key::stream].text.find("icker") != std::string_view::npos ? Control::ticker
                                                                                     : Control::other);
    return fail(core::Error::unknown_message, "", frame_->bytes.substr(0, 0));
}

/// "trade" (id "t") and "aggTrade" (id "a"). Only spot says "M"; futures say in "X" what the trade was, and only MARKET
/// ones met in the book (the others are takeovers by the insurance fund, or empty).
bool General::trade(Key id) noexcept {
    const Fields& fields = message_.fields();
    std::string_view symbol;
    if (!text(fields, letter('s'), symbol)) return false;
    if (!resolve(fields.has(letter('M')) ? core::Market::spot : futures_market(symbol), symbol, "s")) return false;
    if (fields.has(letter('X')) && fields[letter('X')].text != "MARKET") return named(Control::other);

    core::Nanoseconds venue_time{};
    bool buyer_is_maker = false;
    core::Trade trade{};
    if (!time(fields, letter('T'), venue_time) || !integer(fields, id, trade.trade_id) ||
        !price(fields, letter('p'), trade.price) || !quantity(fields, letter('q'), trade.quantity) ||
        !truth(fields, letter('m'), buyer_is_maker))
        return false;
    auto tick = blank_tick(*instrument_, *frame_, core::TickKind::trade, venue_time);
    tick.side = buyer_is_maker ? core::Side::sell : core::Side::buy;
    tick.trade = trade;
    return emit(tick);
}

/// Best bid and ask. Spot gives neither "e" nor a time.
bool General::quote(bool futures) noexcept {
    const Fields& fields = message_.fields();
    std::string_view symbol;
    if (!text(fields, letter('s'), symbol)) return false;
    if (!resolve(futures ? futures_market(symbol) : core::Market::spot, symbol, "s")) return false;

    auto venue_time = frame_->receive_time;
    if (futures && !time(fields, letter('T'), venue_time)) return false;
    std::uint64_t update_id = 0;
    core::Quote quote{};
    if (!integer(fields, letter('u'), update_id) || !price(fields, letter('b'), quote.bid_price) ||
        !quantity(fields, letter('B'), quote.bid_quantity) || !price(fields, letter('a'), quote.ask_price) ||
        !quantity(fields, letter('A'), quote.ask_quantity))
        return false;
    auto tick = blank_tick(*instrument_, *frame_, core::TickKind::quote, venue_time);
    tick.quote = quote;
    return emit(tick);
}

/// `@depth5`, `@depth10`, `@depth20`: a whole small book, in the futures' case in the clothes of an update.
bool General::is_partial_depth() const noexcept {
    constexpr std::string_view mark = "@depth";
    const auto stream = message_.outer()[Key::stream].text;
    const auto at = stream.find(mark);
    return at != stream.npos && at + mark.size() < stream.size() && stream[at + mark.size()] != '@';
}

bool General::depth() noexcept {
    const Fields& fields = message_.fields();
    std::string_view symbol;
    if (!text(fields, letter('s'), symbol)) return false;
    const bool futures = fields.has(Key::pu);
    if (!resolve(futures ? futures_market(symbol) : core::Market::spot, symbol, "s")) return false;

    core::Nanoseconds venue_time{};
    BookEvent& book = batch_->book;
    if (!time(fields, letter(futures ? 'T' : 'E'), venue_time) || !integer(fields, letter('U'), book.first) ||
        !integer(fields, letter('u'), book.last) || (futures && !integer(fields, Key::pu, book.previous)))
        return false;
    book.has_previous = futures;
    LevelWriter writer{*batch_, *instrument_, *frame_,
                       is_partial_depth() ? BookEvent::Kind::snapshot : BookEvent::Kind::update};
    return finish_book(writer, venue_time, letter('b'), letter('a'));
}

/// A partial book of spot (a stream names it), or the answer to a REST request.
bool General::snapshot() noexcept {
    const Fields& fields = message_.fields();
    const auto& known = connections_[frame_->connection];
    const auto url_market = market_of_url(frame_->url);
    const bool rest = !message_.outer().has(Key::stream);
    if (!rest) {
        const auto stream = message_.outer()[Key::stream].text;
        char symbol[core::InstrumentTable::max_symbol];
        const auto length = std::min(stream.find('@'), stream.size());
        if (length > sizeof symbol) return fail(core::Error::unknown_symbol, "stream", stream);
        std::transform(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(length), symbol,
                       [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
        if (!resolve(core::Market::spot, std::string_view{symbol, length}, "stream")) return false;
    } else if (const auto symbol = symbol_of_url(frame_->url); !symbol.empty()) {
        const bool futures = fields.has(letter('T'));
        if (!resolve(url_market.value_or(futures ? futures_market(symbol) : core::Market::spot), symbol, "url"))
            return false;
    } else if (fields.has(Key::symbol, Field::Type::string)) {
        if (!resolve(futures_market(fields[Key::symbol].text), fields, Key::symbol)) return false;
    } else if (known.only != core::no_instrument && !known.several) {
        instrument_ = &symbols_[known.only];
    } else {
        return fail(core::Error::unknown_symbol, "symbol", frame_->bytes.substr(0, 0));
    }

    auto venue_time = frame_->receive_time;
    if (fields.has(letter('T')) && !time(fields, letter('T'), venue_time)) return false;
    if (!integer(fields, Key::last_update_id, batch_->book.last)) return false;
    batch_->book.rest = rest;
    LevelWriter writer{*batch_, *instrument_, *frame_, BookEvent::Kind::snapshot};
    return finish_book(writer, venue_time, Key::bids, Key::asks);
}

bool General::finish_book(LevelWriter& writer, core::Nanoseconds time, Key bids, Key asks) noexcept {
    // A second walk: the first has told the instrument, whose decimals the levels need, wherever "s" stood.
    document_.rewind();
    simdjson::ondemand::object book;
    auto error = document_.get_object().get(book);
    if (!error && message_.event == 1) error = book["data"].get_object().get(book);
    if (error) return fail(error, "data");
    if (!levels(book, bids, core::Side::buy, writer) || !levels(book, asks, core::Side::sell, writer)) return false;
    writer.finish(time, batch_->book.last);
    return true;
}

bool General::levels(simdjson::ondemand::object& book, Key key, core::Side side, LevelWriter& writer) noexcept {
    const auto* const field = name(key);
    if (!message_.fields().has(key)) return fail(core::Error::missing_field, field, frame_->bytes.substr(0, 0));
    writer.side(side);
    simdjson::ondemand::array rows;
    simdjson::error_code error{};
    if ((error = book[field].get_array().get(rows))) return fail(error, field);
    for (auto row : rows) {
        std::string_view texts[2];
        std::size_t count = 0;
        simdjson::ondemand::array row_texts;
        if ((error = row.get_array().get(row_texts))) return fail(error, field);
        for (auto element : row_texts) {
            simdjson::ondemand::raw_json_string raw;
            if (count == 2) break;
            if ((error = element.get(raw))) return fail(error, field);
            texts[count++] = string_text(raw.raw());
        }
        if (!document_.is_alive()) return fail(simdjson::TAPE_ERROR, field);
        if (count != 2) return fail(core::Error::missing_field, field, frame_->bytes.substr(0, 0));
        const auto price = core::parse_decimal(texts[0], instrument_->price_decimals);
        if (!price) return fail(price.error(), field, texts[0]);
        const auto quantity = core::parse_decimal(texts[1], instrument_->quantity_decimals);
        if (!quantity) return fail(quantity.error(), field, texts[1]);
        if (!writer.add(*price, *quantity)) return fail(core::Error::oversized, field, texts[0]);
    }
    return document_.is_alive() || fail(simdjson::TAPE_ERROR, field);
}

/// Candles of spot and futures look alike: the address tells, or the connection's other frames, or where the symbol is
/// known.
core::Market General::kline_market(std::string_view symbol) const noexcept {
    if (const auto market = market_of_url(frame_->url)) return *market;
    if (symbol.find('_') != symbol.npos) return futures_market(symbol);
    const auto& known = connections_[frame_->connection];
    if (known.only != core::no_instrument) return known.market;
    for (const auto market : {core::Market::spot, core::Market::linear})
        if (symbols_.find(market, symbol)) return market;
    return core::Market::spot;
}

bool General::kline() noexcept {
    const Fields& bar = message_.inner();
    std::string_view symbol, interval;
    if (!text(message_.fields(), letter('s'), symbol) || !resolve(kline_market(symbol), symbol, "s")) return false;

    core::Nanoseconds start{};
    core::Price open, high, low, close;
    core::Quantity volume;
    bool closed = false;
    if (!time(bar, letter('t'), start) || !text(bar, letter('i'), interval) || !price(bar, letter('o'), open) ||
        !price(bar, letter('h'), high) || !price(bar, letter('l'), low) || !price(bar, letter('c'), close) ||
        !quantity(bar, letter('v'), volume) || !truth(bar, letter('x'), closed))
        return false;
    const auto interval_s = interval_seconds(interval);
    if (interval_s == 0) return fail(core::Error::unknown_message, "i", interval);
    if (low > open || low > close || high < open || high < close) return fail(core::Error::malformed, "k", interval);
    if ((high - low).units > std::int64_t{UINT32_MAX}) return fail(core::Error::out_of_range, "h", interval);

    auto tick = blank_tick(*instrument_, *frame_, core::TickKind::bar, start);
    const auto above = [low](core::Price at) { return static_cast<std::uint32_t>((at - low).units); };
    tick.flags = closed ? core::tick_flag::closed : std::uint8_t{0};
    tick.bar = {.low = low,
                .volume = volume,
                .open_above_low = above(open),
                .high_above_low = above(high),
                .close_above_low = above(close),
                .interval_s = interval_s};
    return emit(tick);
}

/// Mark and index price (cut to the instrument's price unit: they lie off the price grid), and the funding rate if
/// there is one.
bool General::mark_price() noexcept {
    const Fields& fields = message_.fields();
    std::string_view symbol, mark;
    core::Nanoseconds venue_time{};
    if (!text(fields, letter('s'), symbol) || !resolve(futures_market(symbol), symbol, "s") ||
        !time(fields, letter('E'), venue_time) || !text(fields, letter('p'), mark))
        return false;
    const auto decimals = instrument_->price_decimals;
    const auto mark_units = parse_cut(mark, decimals);
    if (!mark_units) return fail(mark_units.error(), "p", mark);
    const auto index = fields[letter('i')].text;
    const auto index_units = index.empty() ? core::Result<std::int64_t>{std::int64_t{0}} : parse_cut(index, decimals);
    if (!index_units) return fail(index_units.error(), "i", index);

    auto tick = blank_tick(*instrument_, *frame_, core::TickKind::mark, venue_time);
    tick.mark = {.mark = {*mark_units}, .index = {*index_units}};
    if (!emit(tick)) return false;
    const auto rate = fields[letter('r')].text;
    if (rate.empty()) return true;  // dated contracts pay none
    const auto units = parse_rate(rate);
    if (!units) return fail(units.error(), "r", rate);
    core::Nanoseconds next{};
    if (!time(fields, letter('T'), next)) return false;
    tick = blank_tick(*instrument_, *frame_, core::TickKind::funding, venue_time);
    tick.funding = {.rate = *units, .next = next};
    return emit(tick);
}

/// A liquidation order: its own side, limit price and full quantity. It has no trade id.
bool General::liquidation() noexcept {
    const Fields& order = message_.inner();
    std::string_view symbol, side;
    if (!text(order, letter('s'), symbol) || !resolve(futures_market(symbol), symbol, "s") ||
        !text(order, letter('S'), side))
        return false;
    core::Nanoseconds venue_time{};
    core::Trade trade{};
    if (!time(order, letter('T'), venue_time) || !price(order, letter('p'), trade.price) ||
        !quantity(order, letter('q'), trade.quantity))
        return false;
    if (side != "BUY" && side != "SELL") return fail(core::Error::malformed, "S", side);
    auto tick = blank_tick(*instrument_, *frame_, core::TickKind::liquidation, venue_time);
    tick.side = side == "BUY" ? core::Side::buy : core::Side::sell;
    tick.trade = trade;
    return emit(tick);
}

bool General::named(Control what) noexcept {
    batch_->control = what;
    return true;
}

bool General::resolve(core::Market market, const Fields& from, Key key) noexcept {
    return resolve(market, from[key].text, name(key));
}
bool General::resolve(core::Market market, std::string_view symbol, const char* field) noexcept {
    instrument_ = symbols_.find_or_learn(market, symbol);
    return instrument_ || fail(core::Error::unknown_symbol, field, symbol);
}

bool General::text(const Fields& from, Key key, std::string_view& to) noexcept {
    const Field& field = from[key];
    if (field.type == Field::Type::absent)
        return fail(core::Error::missing_field, name(key), frame_->bytes.substr(0, 0));
    if (field.type != Field::Type::string) return fail(core::Error::wrong_type, name(key), field.text);
    to = field.text;
    return true;
}
bool General::integer(const Fields& from, Key key, std::uint64_t& to) noexcept {
    const Field& field = from[key];
    if (field.type == Field::Type::absent)
        return fail(core::Error::missing_field, name(key), frame_->bytes.substr(0, 0));
    if (field.type != Field::Type::number) return fail(core::Error::wrong_type, name(key), field.text);
    const auto value = parse_integer(field.text);
    if (!value) return fail(value.error(), name(key), field.text);
    to = *value;
    return true;
}
bool General::time(const Fields& from, Key key, core::Nanoseconds& to) noexcept {
    std::uint64_t checked = 0;
    if (!integer(from, key, checked)) return false;
    const auto value = parse_time(from[key].text);
    if (!value) return fail(value.error(), name(key), from[key].text);
    to = *value;
    return true;
}
bool General::truth(const Fields& from, Key key, bool& to) noexcept {
    const Field& field = from[key];
    if (field.type == Field::Type::absent)
        return fail(core::Error::missing_field, name(key), frame_->bytes.substr(0, 0));
    if (field.type != Field::Type::boolean) return fail(core::Error::wrong_type, name(key), field.text);
    to = field.truth;
    return true;
}
bool General::price(const Fields& from, Key key, core::Price& to) noexcept {
    std::string_view digits;
    if (!text(from, key, digits)) return false;
    const auto units = core::parse_decimal(digits, instrument_->price_decimals);
    if (!units) return fail(units.error(), name(key), digits);
    to.units = *units;
    return true;
}
bool General::quantity(const Fields& from, Key key, core::Quantity& to) noexcept {
    std::string_view digits;
    if (!text(from, key, digits)) return false;
    const auto units = core::parse_decimal(digits, instrument_->quantity_decimals);
    if (!units) return fail(units.error(), name(key), digits);
    to.units = *units;
    return true;
}

bool General::emit(const core::Tick& tick) noexcept {
    return append(*batch_, tick) || fail(core::Error::oversized, "", frame_->bytes.substr(0, 0));
}

/// `at` points into the frame, or anywhere else when the place is not known (a url): then the offset is the frame's
/// end.
bool General::fail(core::Error reason, const char* field, std::string_view at) noexcept {
    const auto bytes = frame_->bytes;
    const bool inside = at.data() >= bytes.data() && at.data() <= bytes.data() + bytes.size();
    const auto offset = inside ? static_cast<std::size_t>(at.data() - bytes.data()) : bytes.size();
    fault_ = {reason, static_cast<std::uint32_t>(offset), field};
    return false;
}
bool General::fail(simdjson::error_code error, const char* field) noexcept {
    const auto bytes = frame_->bytes;
    const char* location = nullptr;
    const bool known = open_ && document_.current_location().get(location) == simdjson::SUCCESS && location;
    auto why = reason(error);
    // Broken structure at the very end is a frame cut short.
    if (why == core::Error::malformed && open_ && (!known || location >= bytes.data() + bytes.size()))
        why = core::Error::truncated;
    return fail(why, field, known ? std::string_view{location, location} : bytes.substr(bytes.size()));
}

}  // namespace feeds::binance
