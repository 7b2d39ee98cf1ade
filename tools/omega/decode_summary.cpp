#include "tools/omega/decode_summary.hpp"

#include "tools/omega/tick_json.hpp"

#include <fmt/format.h>

#include <iterator>

namespace omega {

namespace {

using core::Tick;
using core::TickKind;

void append_side(fmt::memory_buffer& to, const core::Ladder& side, const core::Instrument& instrument,
                 std::size_t levels) {
    std::size_t count = 0;
    if (levels == 0) return;
    side.walk([&](core::Price price, core::Quantity quantity) {
        if (count != 0) to.push_back(',');
        to.push_back('[');
        append_decimal(to, price.units, instrument.price_decimals);
        to.push_back(',');
        append_decimal(to, quantity.units, instrument.quantity_decimals);
        to.push_back(']');
        return ++count < levels;
    });
}

/// `{"name":n,…}` of the counters that are not 0, and of those always shown.
template <class Counters, class Name, class Always>
std::string counts(const Counters& counters, Name&& name, Always&& always) {
    std::string json = "{";
    for (std::size_t i = 0; i < counters.size(); ++i) {
        if (counters[i] == 0 && !always(i)) continue;
        if (json.size() > 1) json += ',';
        json += fmt::format(R"("{}":{})", name(i), counters[i]);
    }
    return json + "}";
}

}  // namespace

void DecodedBooks::on(const Tick& tick) {
    if (tick.is(TickKind::session)) {
        const auto session = static_cast<core::Session>(tick.code);
        const bool live = session == core::Session::resynchronised;
        if (session == core::Session::connected) return;
        if (tick.instrument == core::no_instrument)
            for (auto& book : books_) book.valid = live;
        else
            books_[tick.instrument.value].valid = live;
        return;
    }
    if (!tick.is(TickKind::level)) return;
    auto& book = books_[tick.instrument.value];
    if (!book.sides) book.sides = std::make_unique<Sides>();
    const auto snapshot_start = core::tick_flag::snapshot | core::tick_flag::first;
    if ((tick.flags & snapshot_start) == snapshot_start) {
        book.sides->bids.clear();
        book.sides->asks.clear();
        book.valid = true;
    }
    auto& side = tick.side == core::Side::buy ? book.sides->bids : book.sides->asks;
    side.set(tick.level.price, tick.level.quantity);
}

std::string DecodedBooks::json(const core::Instrument& instrument, std::size_t levels) const {
    const auto& book = books_[instrument.id.value];
    fmt::memory_buffer to;
    bool valid = book.valid && book.sides;
    if (valid && !book.sides->bids.empty() && !book.sides->asks.empty())
        valid = book.sides->bids.best() < book.sides->asks.best();
    fmt::format_to(std::back_inserter(to), R"({{"valid":{},"bids":[)", valid);
    if (book.sides) append_side(to, book.sides->bids, instrument, levels);
    fmt::format_to(std::back_inserter(to), R"(],"asks":[)");
    if (book.sides) append_side(to, book.sides->asks, instrument, levels);
    fmt::format_to(std::back_inserter(to), "]}}");
    return fmt::to_string(to);
}

std::string summary_json(const feeds::FeedStats& stats, const core::InstrumentTable& instruments,
                         const DecodedBooks& books, std::size_t levels, std::uint64_t dropped_bytes) {
    const auto never = [](std::size_t) { return false; };
    const auto ticks = counts(
        stats.ticks, [](std::size_t i) { return core::name(static_cast<TickKind>(i)); },
        [](std::size_t i) { return i <= static_cast<std::size_t>(TickKind::level); });
    const auto control = counts(
        stats.control, [](std::size_t i) { return feeds::name(static_cast<feeds::Control>(i)); }, never);
    const auto errors = counts(
        stats.errors, [](std::size_t i) { return core::name(static_cast<core::Error>(i)); }, never);
    std::string json = fmt::format(
        R"({{"frames":{},"ticks":{},"depth_events":{{"received":{},"applied":{},"superseded":{},"dropped":{}}},)"
        R"("snapshots":{{"received":{},"applied":{}}},"control":{},"errors":{},"sequence_breaks":{},)"
        R"("checksums":{{"checked":{},"matched":{}}},"dropped_bytes":{},"books":{{)",
        stats.frames, ticks, stats.depth.received, stats.depth.applied, stats.depth.superseded, stats.depth.dropped,
        stats.snapshots.received, stats.snapshots.applied, control, errors, stats.sequence_breaks,
        stats.checksums.checked, stats.checksums.matched, dropped_bytes);
    bool first = true;
    for (const auto& instrument : instruments) {
        json += fmt::format(R"({}"{}":{})", first ? "" : ",", instrument.symbol, books.json(instrument, levels));
        first = false;
    }
    return json + "}}\n";
}

}  // namespace omega
