#include "pipeline/book/book_stage.hpp"

#include "core/domain/believable_time.hpp"
#include "core/domain/unknown.hpp"

#include <algorithm>
#include <limits>

namespace pipeline {
namespace {

using core::Price;
using core::Quantity;
using core::tick_flag::first;
using core::tick_flag::snapshot;

constexpr Price lowest{std::numeric_limits<std::int64_t>::min()}, highest{std::numeric_limits<std::int64_t>::max()};

double number(Price price) noexcept {
    return static_cast<double>(price.units);
}
double number(Quantity quantity) noexcept {
    return static_cast<double>(quantity.units);
}

double power_of_ten(int exponent) noexcept {
    double value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

bool sound(const core::Quote& quote) noexcept {
    return quote.bid_price.units > 0 && quote.bid_price < quote.ask_price && quote.bid_quantity.units > 0 &&
           quote.ask_quantity.units > 0;
}

/// Executions, commands and conditions carry times of other clocks than the instrument's stream.
bool moves_time(core::TickKind kind) noexcept {
    using enum core::TickKind;
    return kind != execution && kind != command && kind != condition;
}

}  // namespace

BookStage::Book::Book(const BookSettings& settings, const core::Instrument& instrument)
    : bids{core::Side::buy, settings.window},
      asks{core::Side::sell, settings.window},
      bid_depth{core::Side::buy, instrument.market == core::Market::inverse},
      ask_depth{core::Side::sell, instrument.market == core::Market::inverse},
      venue{instrument.venue},
      inverse{instrument.market == core::Market::inverse},
      units_per_quote{power_of_ten(instrument.price_decimals)} {
    const double quantity_unit = 1 / power_of_ten(instrument.quantity_decimals);
    notional_per_unit = quantity_unit * instrument.contract_value.value() / (inverse ? 1 : units_per_quote);
}

BookStage::BookStage(const BookSettings& settings, const core::InstrumentTable& instruments) : settings_{settings} {
    books_.reserve(instruments.size());
    for (const core::Instrument& instrument : instruments) books_.emplace_back(settings_, instrument);
}

void BookStage::on(const core::Tick& tick, Market& market) noexcept {
    if (tick.instrument.value >= books_.size()) {
        on_venue(tick);
        market = {};
        market.time = core::believable_time(tick);
        return;
    }

    Book& book = books_[tick.instrument.value];
    if (!tick.whole()) {  // half an event: nobody may look at the rest of the section
        market.time = std::max(book.view.time, core::believable_time(tick));
        market.replaced = on_level(book, tick);
        return;
    }
    // The view is copied before anything in it changes, and what changes is written back after: the other way round the
    // copy's wide loads would wait for the narrow stores before them.
    market = book.view;
    if (tick.is(core::TickKind::level)) market.replaced = on_level(book, tick);
    keep_time(market, tick);
    if (tick.receive_time.count() > 0 && book.arrived.count() > 0)
        market.book_silence = std::max(tick.receive_time - book.arrived, core::Nanoseconds{});
    switch (tick.kind) {
        case core::TickKind::level: on_whole_event(book, tick, market); break;
        case core::TickKind::quote: on_quote(book, tick, market); break;
        case core::TickKind::session: on_session(book, static_cast<core::Session>(tick.code), market); break;
        case core::TickKind::trade: market.last_trade = tick.trade.price; [[fallthrough]];
        default:
            book.view.time = market.time;
            book.view.last_trade = market.last_trade;
            return;
    }
    book.view = market;
    book.view.top_changed = book.view.late = book.view.gap = book.view.depth_sampled = false;
}

void BookStage::keep_time(Market& market, const core::Tick& tick) noexcept {
    if (!moves_time(tick.kind)) return;
    auto time = core::believable_time(tick);
    if (time != tick.venue_time) [[unlikely]]
        ++counters_.ahead;
    if (tick.is(core::TickKind::bar)) {  // stamped with its start, known at its end
        if ((tick.flags & core::tick_flag::closed) != 0)
            time = core::believable_time(time + std::chrono::seconds{tick.bar.interval_s}, tick.receive_time);
        market.time = std::max(market.time, time);
        return;
    }
    if (time < market.time) {
        market.late = true;
        ++counters_.late;
        return;
    }
    market.time = time;
}

core::Quantity BookStage::on_level(Book& book, const core::Tick& tick) noexcept {
    if ((tick.flags & (first | snapshot)) == (first | snapshot)) {
        book.bids.clear();
        book.asks.clear();
        book.bid_depth.clear();
        book.ask_depth.clear();
        book.best_bids.changed = book.best_asks.changed = true;
    }
    const auto [price, quantity, id] = tick.level;
    if (price.units <= 0) return {};  // no ladder holds such a level
    if (tick.side == core::Side::buy) {
        book.best_bids.changed |= price >= book.best_bids.edge;
        const auto before = book.bids.set(price, quantity);
        book.bid_depth.on_level(price, before, quantity);
        return before;
    }
    book.best_asks.changed |= price <= book.best_asks.edge;
    const auto before = book.asks.set(price, quantity);
    book.ask_depth.on_level(price, before, quantity);
    return before;
}

void BookStage::on_whole_event(Book& book, const core::Tick& tick, Market& market) noexcept {
    book.has_depth = book.whole_since_gap = true;
    book.depth_time = std::max(book.depth_time, core::believable_time(tick));
    news(book, tick, market);
    const bool whole_book = (tick.flags & snapshot) != 0 || book.resynchronised;
    const bool two_sided = !book.bids.empty() && !book.asks.empty();

    if (two_sided && book.bids.best() >= book.asks.best()) {
        ++counters_.crossed;
        if (book.trusted || market.valid) market.gap = true;
        distrust(book, market);
        return;
    }
    book.trusted |= whole_book;
    if (!book.trusted || !two_sided) {
        hide(market);
        return;
    }

    if (book.best_bids.changed || book.best_asks.changed || !core::known(market.imbalance5))
        measure_imbalance(book, market);
    const bool quote_is_newer = market.valid && book.quote_time > book.depth_time;
    if (!quote_is_newer)
        show(book, {book.bids.best(), book.bids.best_quantity(), book.asks.best(), book.asks.best_quantity()}, market);
    if (market.time >= book.next_sample) sample_depth(book, market);
}

void BookStage::on_quote(Book& book, const core::Tick& tick, Market& market) noexcept {
    if (!sound(tick.quote)) {
        ++counters_.refused_quotes;
        if (!book.has_depth) hide(market);
        return;
    }
    const auto time = core::believable_time(tick);
    if (book.has_depth && (!market.valid || time < book.depth_time)) return;
    if (time < book.quote_time) return;
    book.quote_time = time;
    news(book, tick, market);
    show(book, tick.quote, market);
}

void BookStage::on_session(Book& book, core::Session session, Market& market) noexcept {
    switch (session) {
        case core::Session::gap:
        case core::Session::disconnected:
            ++counters_.gaps;
            market.gap = true;
            distrust(book, market);
            break;
        case core::Session::resynchronised:
            // Before the first whole event since the gap the ladder still holds the past.
            book.resynchronised = true;
            if (book.trusted || !book.has_depth || !book.whole_since_gap || book.bids.empty() || book.asks.empty() ||
                book.bids.best() >= book.asks.best())
                break;
            book.trusted = true;
            measure_imbalance(book, market);
            show(book, {book.bids.best(), book.bids.best_quantity(), book.asks.best(), book.asks.best_quantity()},
                 market);
            break;
        case core::Session::connected:  // something else than the book was missed
            ++counters_.gaps;
            market.gap = true;
            if (book.has_depth)
                book.quote_time = {};
            else
                distrust(book, market);
            break;
    }
}

void BookStage::on_venue(const core::Tick& tick) noexcept {
    if (tick.instrument != core::no_instrument || !tick.is(core::TickKind::session)) return;
    const auto session = static_cast<core::Session>(tick.code);
    if (session != core::Session::gap && session != core::Session::disconnected) return;
    ++counters_.gaps;
    for (Book& book : books_)
        if (book.venue == tick.venue) distrust(book, book.view);
}

void BookStage::distrust(Book& book, Market& market) noexcept {
    book.trusted = book.resynchronised = book.whole_since_gap = false;
    book.depth_time = book.quote_time = {};
    book.next_sample = {};
    hide(market);
}

void BookStage::news(Book& book, const core::Tick& tick, Market& market) noexcept {
    book.arrived = tick.receive_time;
    market.book_time = market.time;
    market.book_silence = {};
}

void BookStage::hide(Market& market) noexcept {
    market.valid = false;
    market.mid = market.spread_bps = market.imbalance5 = market.microprice = core::unknown;
    market.bid_depth10 = market.ask_depth10 = market.bid_depth25 = market.ask_depth25 = core::unknown;
}

void BookStage::show(const Book& book, const core::Quote& top, Market& market) noexcept {
    if (market.valid && market.bid == top.bid_price && market.ask == top.ask_price &&
        market.bid_quantity == top.bid_quantity && market.ask_quantity == top.ask_quantity)
        return;
    market.valid = market.top_changed = true;
    market.bid = top.bid_price;
    market.ask = top.ask_price;
    market.bid_quantity = top.bid_quantity;
    market.ask_quantity = top.ask_quantity;

    const double bid = number(top.bid_price), ask = number(top.ask_price);
    const double bids = number(top.bid_quantity), asks = number(top.ask_quantity);
    const double mid = (bid + ask) / 2;
    market.mid = mid / book.units_per_quote;
    market.spread_bps = 1e4 * (ask - bid) / mid;
    market.microprice = (bid * asks + ask * bids) / ((asks + bids) * book.units_per_quote);
}

void BookStage::look_at_best(const core::Ladder& side, Price none, Book::Best& best, TopLevels& top) const noexcept {
    constexpr std::uint32_t all = 20;
    best.edge = top.tenth = top.twentieth = none;
    best.quantity = top.quantity20 = top.largest20 = 0;
    std::uint32_t seen = 0;
    const std::uint32_t most = std::max(all, settings_.imbalance_levels);
    side.walk([&](Price price, Quantity quantity) {
        ++seen;
        if (seen <= settings_.imbalance_levels) best.quantity += number(quantity);
        if (seen <= all) {
            top.quantity20 += number(quantity);
            top.largest20 = std::max(top.largest20, number(quantity));
        }
        if (seen == 10) top.tenth = price;
        if (seen == all) top.twentieth = price;
        if (seen < most) return true;
        best.edge = price;
        return false;
    });
    best.changed = false;
}

void BookStage::measure_imbalance(Book& book, Market& market) const noexcept {
    if (book.best_bids.changed) look_at_best(book.bids, lowest, book.best_bids, market.bids);
    if (book.best_asks.changed) look_at_best(book.asks, highest, book.best_asks, market.asks);
    const double bids = book.best_bids.quantity, asks = book.best_asks.quantity;
    market.imbalance5 = bids + asks > 0 ? (bids - asks) / (bids + asks) : core::unknown;
}

void BookStage::sample_depth(Book& book, Market& market) const noexcept {
    const double mid = (number(book.bids.best()) + number(book.asks.best())) / 2;
    book.bid_depth.centre(book.bids, mid);
    book.ask_depth.centre(book.asks, mid);
    market.bid_depth10 = book.bid_depth.near(book.bids) * book.notional_per_unit;
    market.ask_depth10 = book.ask_depth.near(book.asks) * book.notional_per_unit;
    market.bid_depth25 = book.bid_depth.far(book.bids) * book.notional_per_unit;
    market.ask_depth25 = book.ask_depth.far(book.asks) * book.notional_per_unit;
    market.depth_sampled = true;
    book.next_sample = market.time + std::chrono::milliseconds{settings_.depth_interval_ms};
}

}  // namespace pipeline
