#include "bench/tools/twin_book_stage.hpp"

#include "core/domain/believable_time.hpp"
#include "core/domain/unknown.hpp"
#include "core/domain/wide.hpp"

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

double number(std::int64_t units) noexcept {
    return static_cast<double>(units);
}

template <class Levels>
double best_quantities(const Levels& levels, std::uint32_t count) noexcept {
    double sum = 0;
    for (auto it = levels.begin(); it != levels.end() && count > 0; ++it, --count) sum += number(it->second);
    return sum;
}

/// What rests from the touch to `edge`; unknown unless a level beyond proves that nothing is missing.
template <class Levels>
double within(const Levels& levels, std::int64_t edge, bool inverse) noexcept {
    core::Int128 sum = 0;
    for (const auto& [price, quantity] : levels) {
        if (levels.key_comp()(edge, price)) return static_cast<double>(sum);
        sum += static_cast<core::Int128>(quantity) * (inverse ? 1 : price);
    }
    return core::unknown;
}

}  // namespace

TwinBookStage::TwinBookStage(const pipeline::BookSettings& settings, const core::InstrumentTable& instruments)
    : settings_{settings} {
    for (const auto& instrument : instruments) {
        auto& book = books_.emplace_back();
        book.venue = instrument.venue;
        book.inverse = instrument.market == core::Market::inverse;
        book.units_per_quote = std::pow(10, instrument.price_decimals);
        const double quantity_unit = 1 / std::pow(10, instrument.quantity_decimals);
        book.notional_per_unit =
            quantity_unit * instrument.contract_value.value() / (book.inverse ? 1 : book.units_per_quote);
    }
}

void TwinBookStage::on(const core::Tick& tick, pipeline::Market& market) noexcept {
    if (tick.instrument.value >= books_.size()) {  // a whole venue: its connections are what the tapes tell of
        const auto what = static_cast<core::Session>(tick.code);
        if (tick.is(core::TickKind::session) && (what == core::Session::gap || what == core::Session::disconnected))
            for (auto& book : books_)
                if (book.venue == tick.venue) distrust(book);
        market = {};
        market.time = core::believable_time(tick);
        return;
    }
    Book& book = books_[tick.instrument.value];
    auto& view = book.view;
    view.top_changed = view.late = view.gap = view.depth_sampled = false;
    if (tick.is(core::TickKind::level)) on_level(book, tick);
    if (tick.whole()) {
        if (!tick.is(core::TickKind::execution)) {
            const auto time = core::believable_time(tick);
            view.late = time < view.time;
            view.time = std::max(view.time, time);
        }
        if (tick.receive_time.count() > 0 && book.arrived.count() > 0)
            view.book_silence = std::max(tick.receive_time - book.arrived, core::Nanoseconds{});
        if (tick.is(core::TickKind::level)) on_whole_event(book, tick);
        if (tick.is(core::TickKind::quote)) on_quote(book, tick);
        if (tick.is(core::TickKind::session)) on_session(book, static_cast<core::Session>(tick.code));
        if (tick.is(core::TickKind::trade)) view.last_trade = tick.trade.price;
    }
    market = view;
}

void TwinBookStage::on_level(Book& book, const core::Tick& tick) {
    namespace flag = core::tick_flag;
    if ((tick.flags & (flag::first | flag::snapshot)) == (flag::first | flag::snapshot)) {
        book.bids.clear();
        book.asks.clear();
    }
    const auto set = [&](auto& levels) {
        if (tick.level.quantity.units == 0)
            levels.erase(tick.level.price.units);
        else
            levels[tick.level.price.units] = tick.level.quantity.units;
    };
    if (tick.side == core::Side::buy)
        set(book.bids);
    else
        set(book.asks);
}

core::Quote TwinBookStage::top_of(const Book& book) noexcept {
    const auto &bid = *book.bids.begin(), &ask = *book.asks.begin();
    return {{bid.first}, {bid.second}, {ask.first}, {ask.second}};
}

void TwinBookStage::on_whole_event(Book& book, const core::Tick& tick) noexcept {
    auto& view = book.view;
    book.has_depth = book.whole_since_gap = true;
    book.depth_time = std::max(book.depth_time, core::believable_time(tick));
    news(book, tick);
    const bool two_sided = !book.bids.empty() && !book.asks.empty();
    if (two_sided && top_of(book).bid_price >= top_of(book).ask_price) {
        view.gap = book.trusted || view.valid;
        return distrust(book);
    }
    book.trusted |= (tick.flags & core::tick_flag::snapshot) != 0 || book.resynchronised;
    if (!book.trusted || !two_sided) return hide(view);
    measure(book);
    if (!view.valid || book.quote_time <= book.depth_time) show(book, top_of(book));
    if (view.time < book.next_sample) return;

    const auto top = top_of(book);
    const double mid = (number(top.bid_price.units) + number(top.ask_price.units)) / 2;
    const auto down = [mid](double share) { return static_cast<std::int64_t>(std::ceil(mid - share * mid)); };
    const auto up = [mid](double share) { return static_cast<std::int64_t>(std::floor(mid + share * mid)); };
    view.bid_depth10 = within(book.bids, down(1e-3), book.inverse) * book.notional_per_unit;
    view.ask_depth10 = within(book.asks, up(1e-3), book.inverse) * book.notional_per_unit;
    view.bid_depth25 = within(book.bids, down(2.5e-3), book.inverse) * book.notional_per_unit;
    view.ask_depth25 = within(book.asks, up(2.5e-3), book.inverse) * book.notional_per_unit;
    view.depth_sampled = true;
    book.next_sample = view.time + std::chrono::milliseconds{settings_.depth_interval_ms};
}

void TwinBookStage::on_quote(Book& book, const core::Tick& tick) noexcept {
    const auto& quote = tick.quote;
    if (quote.bid_price >= quote.ask_price) return;
    if (book.has_depth && (!book.view.valid || core::believable_time(tick) < book.depth_time)) return;
    if (core::believable_time(tick) < book.quote_time) return;
    book.quote_time = core::believable_time(tick);
    news(book, tick);
    show(book, quote);
}

void TwinBookStage::on_session(Book& book, core::Session session) noexcept {
    if (session == core::Session::gap || session == core::Session::disconnected) {
        book.view.gap = true;
        return distrust(book);
    }
    if (session == core::Session::connected) {
        book.view.gap = true;
        if (!book.has_depth) return distrust(book);
        book.quote_time = {};
    }
    if (session != core::Session::resynchronised) return;
    book.resynchronised = true;
    if (book.trusted || !book.has_depth || !book.whole_since_gap || book.bids.empty() || book.asks.empty()) return;
    if (top_of(book).bid_price >= top_of(book).ask_price) return;
    book.trusted = true;
    measure(book);
    show(book, top_of(book));
}

void TwinBookStage::distrust(Book& book) noexcept {
    book.trusted = book.resynchronised = book.whole_since_gap = false;
    book.depth_time = book.quote_time = book.next_sample = {};
    hide(book.view);
}

void TwinBookStage::news(Book& book, const core::Tick& tick) noexcept {
    book.arrived = tick.receive_time;
    book.view.book_time = book.view.time;
    book.view.book_silence = {};
}

void TwinBookStage::hide(pipeline::Market& market) noexcept {
    market.valid = false;
    market.mid = market.spread_bps = market.imbalance5 = market.microprice = core::unknown;
    market.bid_depth10 = market.ask_depth10 = market.bid_depth25 = market.ask_depth25 = core::unknown;
}

void TwinBookStage::show(Book& book, const core::Quote& top) noexcept {
    auto& view = book.view;
    view.top_changed = !view.valid || view.bid != top.bid_price || view.ask != top.ask_price ||
                       view.bid_quantity != top.bid_quantity || view.ask_quantity != top.ask_quantity;
    view.valid = true;
    view.bid = top.bid_price;
    view.ask = top.ask_price;
    view.bid_quantity = top.bid_quantity;
    view.ask_quantity = top.ask_quantity;
    const double bid = number(top.bid_price.units), ask = number(top.ask_price.units);
    const double bids = number(top.bid_quantity.units), asks = number(top.ask_quantity.units);
    const double mid = (bid + ask) / 2;
    view.mid = mid / book.units_per_quote;
    view.spread_bps = 1e4 * (ask - bid) / mid;
    view.microprice = (bid * asks + ask * bids) / ((asks + bids) * book.units_per_quote);
}

void TwinBookStage::measure(Book& book) const noexcept {
    const double bids = best_quantities(book.bids, settings_.imbalance_levels);
    const double asks = best_quantities(book.asks, settings_.imbalance_levels);
    book.view.imbalance5 = bids + asks > 0 ? (bids - asks) / (bids + asks) : core::unknown;
}

}  // namespace bench
