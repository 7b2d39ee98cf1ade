#include "feeds/binance/feed.hpp"
#include "feeds/synthetic/market.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>

using namespace feeds;
using namespace feeds::synthetic;
using namespace std::chrono_literals;
using core::TickKind;

namespace {

/// The book of the ticks that the feed passed on, and the last quote beside it.
struct Reader {
    std::map<std::int64_t, std::int64_t> bids, asks;
    core::Quote quote{};
    std::uint64_t gaps{}, resynchronised{}, compared{};

    void operator()(const core::Tick& tick) {
        if (tick.is(TickKind::quote)) quote = tick.quote;
        if (tick.is(TickKind::session)) {
            gaps += tick.code == static_cast<std::uint16_t>(core::Session::gap) ? 1 : 0;
            resynchronised += tick.code == static_cast<std::uint16_t>(core::Session::resynchronised) ? 1 : 0;
        }
        if (!tick.is(TickKind::level)) return;
        if ((tick.flags & core::tick_flag::snapshot) != 0 && (tick.flags & core::tick_flag::first) != 0) {
            bids.clear();
            asks.clear();
        }
        auto& side = tick.side == core::Side::buy ? bids : asks;
        if (tick.level.quantity.units == 0)
            side.erase(tick.level.price.units);
        else
            side[tick.level.price.units] = tick.level.quantity.units;
        live = live || (tick.flags & core::tick_flag::snapshot) != 0;
        if ((tick.flags & core::tick_flag::last) == 0 || (tick.flags & core::tick_flag::snapshot) != 0 || !comparing)
            return;
        ++compared;
        EXPECT_EQ(bids.rbegin()->first, quote.bid_price.units);
        EXPECT_EQ(bids.rbegin()->second, quote.bid_quantity.units);
        EXPECT_EQ(asks.begin()->first, quote.ask_price.units);
        EXPECT_EQ(asks.begin()->second, quote.ask_quantity.units);
    }
    bool live{}, comparing{};
};

core::InstrumentTable table_of(const Market& market) {
    core::InstrumentTable table;
    for (const auto& instrument : market.instruments()) table.add(instrument);
    return table;
}

}  // namespace

TEST(SyntheticFrames, AreWhatTheRealCodecReads) {
    Market market{{.traps = {{60s, "fake_pump"}}}};
    auto table = table_of(market);
    binance::Feed feed{table};
    Reader reader;
    Frame frame;
    for (int i = 0; i < 100'000; ++i) {
        ASSERT_TRUE(market.next(frame));
        // Bridging events replayed behind the snapshot are older than the quote: the top is compared from then on.
        reader.comparing = reader.live;
        feed.on_frame(frame, reader);
    }

    const auto& stats = feed.stats();
    EXPECT_EQ(stats.frames, 100'000U);
    EXPECT_EQ(stats.faulted(), 0U);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.snapshots.applied, 1U);
    EXPECT_EQ(stats.depth.applied + stats.depth.superseded, stats.depth.received);
    EXPECT_EQ(stats.of(TickKind::quote) + stats.of(TickKind::trade) + stats.depth.received + stats.snapshots.received,
              100'000U);
    EXPECT_GT(reader.compared, 3'000U);
    // The scanner for recorded shapes takes them; only first ones of a stream and surprises go the slow way.
    EXPECT_LT(feed.decoder().surprises(), 100U);
}

TEST(SyntheticFrames, OfSeveralInstrumentsAreReadToo) {
    Market market{{.instruments = usual_instruments(8)}};
    auto table = table_of(market);
    binance::Feed feed{table};
    Frame frame;
    for (int i = 0; i < 50'000; ++i) {
        ASSERT_TRUE(market.next(frame));
        feed.on_frame(frame, [](const core::Tick&) {});
    }
    EXPECT_EQ(feed.stats().faulted(), 0U);
    EXPECT_EQ(feed.stats().sequence_breaks, 0U);
    EXPECT_EQ(feed.stats().snapshots.applied, 8U);
}

TEST(SyntheticFaults, AreSeenByTheRealCodecAndHealed) {
    Market market{{.duration = 20s, .faults = {{5s, Fault::gap}, {10s, Fault::truncated}, {11s, Fault::garbled}}}};
    auto table = table_of(market);
    binance::Feed feed{table};
    Reader reader;
    Frame frame;
    while (market.next(frame)) feed.on_frame(frame, reader);

    EXPECT_EQ(feed.stats().sequence_breaks, 1U);
    EXPECT_EQ(feed.stats().faulted(), 2U);
    EXPECT_GE(reader.gaps, 1U);
    EXPECT_GE(reader.resynchronised, 1U);
    EXPECT_EQ(feed.stats().snapshots.applied, 2U);
}

TEST(SyntheticMarket, MakesUpAsManyInstrumentsAsAreWanted) {
    const auto few = usual_instruments(20), many = usual_instruments(300);
    ASSERT_EQ(many.size(), 300U);
    std::set<std::string> symbols;
    for (std::size_t i = 0; i < many.size(); ++i) {
        symbols.insert(many[i].symbol);
        if (i >= few.size()) continue;
        EXPECT_EQ(few[i].symbol, many[i].symbol);
        EXPECT_EQ(few[i].start_price, many[i].start_price);
        EXPECT_EQ(few[i].usual_quantity, many[i].usual_quantity);
    }
    EXPECT_EQ(symbols.size(), many.size());
    EXPECT_EQ(many[8].symbol, "SYN008USDT");

    Market market{{.instruments = many}};
    core::InstrumentTable table;
    for (const auto& instrument : market.instruments()) table.add(instrument);
    binance::Feed feed{table};
    std::set<std::uint16_t> live;
    Frame frame;
    while (live.size() < many.size()) {
        ASSERT_TRUE(market.next(frame));
        feed.on_frame(frame, [&](const core::Tick& tick) { live.insert(tick.instrument.value); });
        ASSERT_EQ(feed.stats().faulted(), 0U) << frame.bytes;
        live.erase(core::no_instrument.value);
    }
}
