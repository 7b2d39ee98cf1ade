#include "pipeline/book/book_stage.hpp"

#include "core/domain/unknown.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace pipeline {
namespace {

using core::Price;
using core::Quantity;
using core::tick_flag::first;
using core::tick_flag::last;
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

/// Quantity of the best `levels` of a side; `edge` becomes the price of the last, or `none` if there are fewer.
double top_quantity(const core::Ladder& side, std::uint32_t levels, Price none, Price& edge) noexcept {
    double sum = 0;
    std::uint32_t seen = 0;
    edge = none;
    side.walk([&](Price price, Quantity quantity) {
        sum += number(quantity);
        if (++seen < levels) return true;
        edge = price;
        return false;
    });
    return sum;
}

}  // namespace

BookStage::Book::Book(const BookSettings& settings, const core::Instrument& instrument)
    : bids{core::Side::buy, settings.window},
      asks{core::Side::sell, settings.window},
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
        market.time = tick.venue_time;
        return;
    }

    Book& book = books_[tick.instrument.value];
    Market& view = book.view;
    view.top_changed = view.late = view.gap = view.depth_sampled = false;
    switch (tick.kind) {
        case core::TickKind::level:
            on_level(book, tick);
            if ((tick.flags & last) == 0) break;  // half an event: the view stays the last whole one
            keep_time(book, tick);
            on_whole_event(book, tick);
            break;
        case core::TickKind::quote:
            keep_time(book, tick);
            on_quote(book, tick);
            break;
        case core::TickKind::trade:
            keep_time(book, tick);
            view.last_trade = tick.trade.price;
            break;
        case core::TickKind::session:
            keep_time(book, tick);
            on_session(book, static_cast<core::Session>(tick.code));
            break;
        default: keep_time(book, tick);
    }
    market = view;
}

void BookStage::keep_time(Book& book, const core::Tick& tick) noexcept {
    if (!moves_time(tick.kind)) return;
    auto time = tick.venue_time;
    if (tick.is(core::TickKind::bar)) {  // stamped with its start, known at its end
        if ((tick.flags & core::tick_flag::closed) != 0) time += std::chrono::seconds{tick.bar.interval_s};
        book.view.time = std::max(book.view.time, time);
        return;
    }
    if (time < book.view.time) {
        book.view.late = true;
        ++counters_.late;
        return;
    }
    book.view.time = time;
}

void BookStage::on_level(Book& book, const core::Tick& tick) noexcept {
    if ((tick.flags & (first | snapshot)) == (first | snapshot)) {
        book.bids.clear();
        book.asks.clear();
        book.edges_changed = true;
    }
    const auto [price, quantity, id] = tick.level;
    if (tick.side == core::Side::buy) {
        book.edges_changed |= price >= book.bid_edge;
        book.bids.set(price, quantity);
    } else {
        book.edges_changed |= price <= book.ask_edge;
        book.asks.set(price, quantity);
    }
}

void BookStage::on_whole_event(Book& book, const core::Tick& tick) noexcept {
    book.has_depth = book.whole_since_gap = true;
    book.depth_time = std::max(book.depth_time, tick.venue_time);
    book.view.book_time = book.view.time;
    const bool whole_book = (tick.flags & snapshot) != 0 || book.resynchronised;
    const bool two_sided = !book.bids.empty() && !book.asks.empty();

    if (two_sided && book.bids.best() >= book.asks.best()) {
        ++counters_.crossed;
        if (book.trusted || book.view.valid) book.view.gap = true;
        distrust(book);
        return;
    }
    book.trusted |= whole_book;
    if (!book.trusted || !two_sided) {
        hide(book);
        return;
    }

    if (book.edges_changed || !core::known(book.view.imbalance5)) measure_imbalance(book);
    const bool quote_is_newer = book.view.valid && book.quote_time > book.depth_time;
    if (!quote_is_newer)
        show(book, {book.bids.best(), book.bids.best_quantity(), book.asks.best(), book.asks.best_quantity()});
    if (book.view.time >= book.next_sample) sample_depth(book);
}

void BookStage::on_quote(Book& book, const core::Tick& tick) noexcept {
    if (!sound(tick.quote)) {
        ++counters_.refused_quotes;
        if (!book.has_depth) hide(book);
        return;
    }
    if (book.has_depth && (!book.view.valid || tick.venue_time < book.depth_time)) return;
    if (tick.venue_time < book.quote_time) return;
    book.quote_time = tick.venue_time;
    book.view.book_time = book.view.time;
    show(book, tick.quote);
}

void BookStage::on_session(Book& book, core::Session session) noexcept {
    switch (session) {
        case core::Session::gap:
        case core::Session::disconnected:
            ++counters_.gaps;
            book.view.gap = true;
            distrust(book);
            break;
        case core::Session::resynchronised:
            // Before the first whole event since the gap the ladder still holds the past.
            book.resynchronised = true;
            if (book.trusted || !book.has_depth || !book.whole_since_gap || book.bids.empty() || book.asks.empty() ||
                book.bids.best() >= book.asks.best())
                break;
            book.trusted = true;
            measure_imbalance(book);
            show(book, {book.bids.best(), book.bids.best_quantity(), book.asks.best(), book.asks.best_quantity()});
            break;
        case core::Session::connected: break;
    }
}

void BookStage::on_venue(const core::Tick& tick) noexcept {
    if (tick.instrument != core::no_instrument || !tick.is(core::TickKind::session)) return;
    const auto session = static_cast<core::Session>(tick.code);
    if (session != core::Session::gap && session != core::Session::disconnected) return;
    ++counters_.gaps;
    for (Book& book : books_)
        if (book.venue == tick.venue) distrust(book);
}

void BookStage::distrust(Book& book) noexcept {
    book.trusted = book.resynchronised = book.whole_since_gap = false;
    book.quote_time = {};
    book.next_sample = {};
    hide(book);
}

void BookStage::hide(Book& book) noexcept {
    Market& view = book.view;
    view.valid = false;
    view.mid = view.spread_bps = view.imbalance5 = view.microprice = core::unknown;
    view.bid_depth10 = view.ask_depth10 = view.bid_depth25 = view.ask_depth25 = core::unknown;
}

void BookStage::show(Book& book, const core::Quote& top) noexcept {
    Market& view = book.view;
    if (view.valid && view.bid == top.bid_price && view.ask == top.ask_price && view.bid_quantity == top.bid_quantity &&
        view.ask_quantity == top.ask_quantity)
        return;
    view.valid = view.top_changed = true;
    view.bid = top.bid_price;
    view.ask = top.ask_price;
    view.bid_quantity = top.bid_quantity;
    view.ask_quantity = top.ask_quantity;

    const double bid = number(top.bid_price), ask = number(top.ask_price);
    const double bids = number(top.bid_quantity), asks = number(top.ask_quantity);
    const double mid = (bid + ask) / 2;
    view.mid = mid / book.units_per_quote;
    view.spread_bps = 1e4 * (ask - bid) / mid;
    view.microprice = (bid * asks + ask * bids) / ((asks + bids) * book.units_per_quote);
}

void BookStage::measure_imbalance(Book& book) const noexcept {
    const double bids = top_quantity(book.bids, settings_.imbalance_levels, lowest, book.bid_edge);
    const double asks = top_quantity(book.asks, settings_.imbalance_levels, highest, book.ask_edge);
    book.view.imbalance5 = bids + asks > 0 ? (bids - asks) / (bids + asks) : core::unknown;
    book.edges_changed = false;
}

void BookStage::sample_depth(Book& book) const noexcept {
    const double mid = (number(book.bids.best()) + number(book.asks.best())) / 2;
    // A sum is known once a level beyond its bound proves that nothing nearer is missing.
    const auto within = [&](const core::Ladder& side, double& near, double& far) {
        double sum = 0;
        near = far = core::unknown;
        side.walk([&](Price price, Quantity quantity) {
            const double distance = std::abs(number(price) - mid) * 1e4;
            if (distance > 10 * mid && !core::known(near)) near = sum * book.notional_per_unit;
            if (distance > 25 * mid) {
                far = sum * book.notional_per_unit;
                return false;
            }
            sum += number(quantity) * (book.inverse ? 1 : number(price));
            return true;
        });
    };
    Market& view = book.view;
    within(book.bids, view.bid_depth10, view.bid_depth25);
    within(book.asks, view.ask_depth10, view.ask_depth25);
    view.depth_sampled = true;
    book.next_sample = view.time + std::chrono::milliseconds{settings_.depth_interval_ms};
}

}  // namespace pipeline
