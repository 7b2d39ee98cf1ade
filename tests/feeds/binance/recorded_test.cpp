#include "feeds/binance/feed.hpp"
#include "tests/feeds/binance/both.hpp"
#include "tests/feeds/binance/recordings.hpp"
#include "tests/support.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <vector>

using core::Market;
using core::TickKind;

namespace {

core::InstrumentId add(core::InstrumentTable& table, Market market, const char* symbol, int price, int quantity) {
    core::Instrument instrument;
    instrument.venue = core::Venue::binance;
    instrument.market = market;
    instrument.symbol = symbol;
    instrument.price_decimals = price;
    instrument.quantity_decimals = quantity;
    return table.add(instrument);
}

using Sides = std::array<std::map<std::int64_t, std::int64_t>, 2>;

void set(Sides& sides, const core::Tick& tick) {
    auto& side = sides[static_cast<std::size_t>(tick.side)];
    if (tick.level.quantity.units == 0)
        side.erase(tick.level.price.units);
    else
        side[tick.level.price.units] = tick.level.quantity.units;
}

/// Best bid and ask: price, quantity, price, quantity.
using Top = std::array<std::int64_t, 4>;
Top top_of(const Sides& book) {
    return {book[0].rbegin()->first, book[0].rbegin()->second, book[1].begin()->first, book[1].begin()->second};
}
/// The update id of a bookTicker's line, 0 of any other.
std::uint64_t quote_id(std::string_view line) {
    const auto at = line.find("\"u\":");
    if (line.find("bookTicker") == std::string_view::npos || at == std::string_view::npos) return 0;
    return std::strtoull(line.data() + at + 4, nullptr, 10);
}

/// What comes out of the feed.
struct Seen {
    Sides book;
    bool trusted{};
    core::Quote quote{};
    std::map<std::uint64_t, Top> tops;  ///< after each event, by its last update id
    void operator()(const core::Tick& tick) {
        if (tick.is(TickKind::quote)) quote = tick.quote;
        if (tick.is(TickKind::session))
            trusted = tick.code == static_cast<std::uint16_t>(core::Session::resynchronised);
        if (!tick.is(TickKind::level)) return;
        constexpr auto start = core::tick_flag::first | core::tick_flag::snapshot;
        if ((tick.flags & start) == start) {
            book = {};
            trusted = true;
        }
        set(book, tick);
        if (trusted && tick.whole() && !book[0].empty() && !book[1].empty()) tops[tick.level.update_id] = top_of(book);
    }
};

/// The documented procedure, with everything kept: all updates, the one snapshot, then the book from both.
struct Twin {
    struct Event {
        feeds::BookEvent event;
        std::vector<core::Tick> ticks;
    };
    std::vector<Event> updates;
    Event snapshot;
    std::uint64_t applied{}, before_snapshot{};

    void keep(const feeds::Batch& batch) {
        if (batch.book.kind == feeds::BookEvent::Kind::none) return;
        Event event{batch.book, {batch.ticks().begin(), batch.ticks().end()}};
        if (batch.book.rest)
            snapshot = std::move(event);
        else
            updates.push_back(std::move(event));
    }
    Sides book(bool futures) {
        Sides sides;
        for (const auto& tick : snapshot.ticks) set(sides, tick);
        const auto id = snapshot.event.last;
        std::uint64_t last = 0;
        for (const auto& [event, ticks] : updates) {
            if (futures ? event.last < id : event.last <= id) {
                ++before_snapshot;
                continue;
            }
            if (last == 0)
                EXPECT_TRUE(futures ? event.first <= id && id <= event.last
                                    : event.first <= id + 1 && id + 1 <= event.last);
            else
                EXPECT_TRUE(futures ? event.previous == last : event.first == last + 1);
            last = event.last;
            for (const auto& tick : ticks) set(sides, tick);
            ++applied;
        }
        return sides;
    }
};

struct Tape {
    const char* file;
    Market market;
    const char* symbol;
    int price_decimals, quantity_decimals;
    std::uint64_t depth, quotes, trades;
};
void PrintTo(const Tape& tape, std::ostream* out) {
    *out << tape.file;
}

/// Spot books hold old orders finer than today's lot ("25.42618900"): eight decimals.
constexpr Tape tapes[] = {
    {"usdm_btcusdt_20240808", Market::linear, "BTCUSDT", 2, 3, 6'551, 66'089, 21'313},
    {"spot_btcusdt_20240808", Market::spot, "BTCUSDT", 2, 8, 3'451, 28'040, 9'757},
    {"spot_ethusdt_20240808", Market::spot, "ETHUSDT", 2, 8, 3'434, 24'077, 6'106},
    {"cm_btcusd_perp_20240808", Market::inverse, "BTCUSD_PERP", 1, 0, 26'847, 19'136, 2'286},
};

class Tapes : public testing::TestWithParam<Tape> {};

}  // namespace

TEST_P(Tapes, DecodeAlikeAndGiveTheTwinsBook) {
    NEEDS_SHARED_DATA();
    const auto& tape = GetParam();
    const test::Recording recording{test::shared("l2/hftbacktest/" + std::string{tape.file} + ".gz")};
    core::InstrumentTable table;
    add(table, tape.market, tape.symbol, tape.price_decimals, tape.quantity_decimals);
    feeds::binance::Feed feed{table};
    test::Both both{table};
    Seen seen;
    Twin twin;
    std::map<std::uint64_t, Top> quotes;  // by update id

    std::uint64_t lines = 0, different = 0;
    recording.each([&](std::string_view line) {
        const auto frame = test::tape_frame(line);
        ++lines;
        if (const auto difference = both.differs(frame); !difference.empty() && ++different < 4)
            ADD_FAILURE() << difference << ": " << line;
        twin.keep(both.general_batch);
        feed.on_frame(frame, seen);
        if (const auto id = quote_id(line); id != 0)
            quotes[id] = {seen.quote.bid_price.units, seen.quote.bid_quantity.units, seen.quote.ask_price.units,
                          seen.quote.ask_quantity.units};
    });

    const auto& stats = feed.stats();
    EXPECT_EQ(different, 0U);
    EXPECT_LT(both.fast.surprises(), 20U) << "the scanner should know every stream of the tape";
    EXPECT_EQ(stats.frames, lines);
    EXPECT_EQ(stats.faulted(), 0U);
    EXPECT_EQ(stats.of(TickKind::quote), tape.quotes);
    EXPECT_EQ(stats.of(TickKind::trade), tape.trades);
    EXPECT_EQ(stats.of(TickKind::session), 0U);
    EXPECT_EQ(stats.depth.received, tape.depth);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.snapshots.applied, 1U);

    const auto book = twin.book(tape.market != Market::spot);
    EXPECT_EQ(stats.depth.applied, twin.applied);
    EXPECT_EQ(stats.depth.superseded, twin.before_snapshot);
    EXPECT_EQ(stats.depth.received, stats.depth.applied + stats.depth.superseded);
    EXPECT_TRUE(seen.trusted);
    EXPECT_EQ(seen.book[0], book[0]);
    EXPECT_EQ(seen.book[1], book[1]);
    EXPECT_GT(book[0].size(), 900U);
    EXPECT_LT(book[0].rbegin()->first, book[1].begin()->first);

    // Where a quote and a depth event end at one update id they show one top, exactly; elsewhere they are of two
    // moments.
    std::size_t met = 0;
    for (const auto& [id, top] : quotes)
        if (const auto found = seen.tops.find(id); found != seen.tops.end()) {
            EXPECT_EQ(found->second, top) << "update " << id;
            ++met;
        }
    EXPECT_GT(met, 500U);
}

INSTANTIATE_TEST_SUITE_P(Binance, Tapes, testing::ValuesIn(tapes),
                         [](const auto& tape) { return std::string{tape.param.file}; });

/// The day's second file goes on where the first ends, without a snapshot of its own.
TEST(BinanceTapes, AFileContinuesTheOneBeforeIt) {
    NEEDS_SHARED_DATA();
    core::InstrumentTable table;
    add(table, Market::spot, "BTCUSDT", 2, 8);
    feeds::binance::Feed feed{table};
    Seen seen;

    for (const auto* file : {"l2/hftbacktest/spot_btcusdt_20240808.gz", "l2/hftbacktest/spot_btcusdt_20240809.gz"})
        test::Recording{test::shared(file)}.each(
            [&](std::string_view line) { feed.on_frame(test::tape_frame(line), seen); });

    EXPECT_EQ(feed.stats().frames, 41'249U + 58'325U);
    EXPECT_EQ(feed.stats().depth.received, 3'451U + 3'044U);
    EXPECT_EQ(feed.stats().sequence_breaks, 0U);
    EXPECT_EQ(feed.stats().of(TickKind::quote), 28'040U + 45'134U);
    EXPECT_EQ(feed.stats().of(TickKind::trade), 9'757U + 10'147U);
    EXPECT_TRUE(seen.trusted);
}

/// Without a snapshot no level comes out, however many updates there are.
TEST(BinanceTapes, AFileWithoutASnapshotGivesNoBook) {
    NEEDS_SHARED_DATA();
    core::InstrumentTable table;
    const auto id = add(table, Market::spot, "BTCUSDT", 2, 8);
    feeds::binance::Feed feed{table};

    const test::Recording recording{test::shared("l2/hftbacktest/spot_btcusdt_20240809.gz")};
    recording.each([&](std::string_view line) { feed.on_frame(test::tape_frame(line), [](const core::Tick&) {}); });

    EXPECT_EQ(feed.stats().of(TickKind::level), 0U);
    EXPECT_EQ(feed.stats().depth.buffered, 3'044U);
    EXPECT_EQ(feed.stats().depth.applied, 0U);
    EXPECT_TRUE(feed.synchroniser().needs_snapshot(id));
}

namespace {

struct Capture {
    const char* name;
    Market market;
    std::uint64_t frames, snapshots, depth, quotes, trades, bars;
};
void PrintTo(const Capture& capture, std::ostream* out) {
    *out << capture.name;
}

class Captures : public testing::TestWithParam<Capture> {};

/// Socket frames and REST answers of one session, by receive time.
std::vector<feeds::Frame> merged(const test::Recording& socket, const test::Recording& rest) {
    std::vector<feeds::Frame> frames;
    for (const auto* recording : {&socket, &rest})
        recording->each([&](std::string_view line) {
            auto frame = test::cryptofeed_frame(line);
            frame.connection = recording == &rest ? 1 : 0;
            if (!frame.bytes.empty()) frames.push_back(frame);
        });
    std::stable_sort(frames.begin(), frames.end(),
                     [](const auto& a, const auto& b) { return a.receive_time < b.receive_time; });
    return frames;
}

}  // namespace

TEST_P(Captures, DecodeAlikeAndLeaveNothingUnexplained) {
    NEEDS_SHARED_DATA();
    const auto& capture = GetParam();
    const auto path = "ws/cryptofeed/" + std::string{capture.name};
    const test::Recording socket{test::shared(path + ".ws.1.0.zst")}, rest{test::shared(path + ".http.0.0.zst")};
    core::InstrumentTable table;
    feeds::binance::Feed feed{table, true};
    test::Both both{table, true};

    for (const auto& frame : merged(socket, rest)) {
        EXPECT_EQ(both.differs(frame), "") << frame.bytes.substr(0, 200);
        feed.on_frame(frame, [&](const core::Tick& tick) { EXPECT_EQ(table[tick.instrument].market, capture.market); });
    }

    const auto& stats = feed.stats();
    EXPECT_EQ(stats.frames, capture.frames + capture.snapshots);
    EXPECT_EQ(stats.faulted(), 0U);
    EXPECT_EQ(stats.of(TickKind::quote), capture.quotes);
    EXPECT_EQ(stats.of(TickKind::trade), capture.trades);
    EXPECT_EQ(stats.of(TickKind::bar), capture.bars);
    EXPECT_EQ(stats.depth.received, capture.depth);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.snapshots.received, capture.snapshots);
    EXPECT_EQ(stats.snapshots.applied, capture.snapshots);
    EXPECT_EQ(table.size(), 4U);
}

INSTANTIATE_TEST_SUITE_P(Binance, Captures,
                         testing::Values(Capture{"BINANCE", Market::spot, 265, 4, 177, 84, 2, 2},
                                         Capture{"BINANCE_FUTURES", Market::linear, 1535, 4, 764, 613, 91, 67}),
                         [](const auto& capture) { return std::string{capture.param.name}; });
