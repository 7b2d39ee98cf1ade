#include "pipeline/book/book_stage.hpp"

#include "tests/pipeline/book/map_book.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <optional>
#include <vector>

namespace pipeline {
namespace {

using core::Session;
using core::Side;
using core::Tick;
using core::TickKind;
using test::Depth;
using namespace std::chrono_literals;
namespace flag = core::tick_flag;

/// Two instruments of one venue, one of another: prices with two decimals, quantities with three.
core::InstrumentTable table() {
    core::InstrumentTable instruments;
    for (const auto& [venue, market, symbol] : {std::tuple{core::Venue::binance, core::Market::spot, "BTCUSDT"},
                                                std::tuple{core::Venue::binance, core::Market::inverse, "BTCUSD_PERP"},
                                                std::tuple{core::Venue::okx, core::Market::spot, "BTC-USDT"}}) {
        core::Instrument instrument;
        instrument.venue = venue;
        instrument.market = market;
        instrument.symbol = symbol;
        instrument.price_decimals = 2;
        instrument.quantity_decimals = market == core::Market::inverse ? 0 : 3;
        if (market == core::Market::inverse) instrument.contract_value = {100 * 100'000'000LL};
        instruments.add(instrument);
    }
    return instruments;
}

/// Speaks to one stage as a feed would, and keeps the section of the last tick.
class Desk {
public:
    explicit Desk(const BookSettings& settings = {}) : stage{settings, table()} {}

    const Market& event(core::Nanoseconds time, const std::vector<Depth>& levels, bool snapshot = false) {
        for (std::size_t i = 0; i < levels.size(); ++i) {
            Tick tick = at(time, TickKind::level);
            tick.side = levels[i].side;
            tick.level = {{levels[i].price}, {levels[i].quantity}, 0};
            tick.flags =
                static_cast<std::uint8_t>((i == 0 ? flag::first : 0) | (i + 1 == levels.size() ? flag::last : 0) |
                                          (snapshot ? flag::snapshot : 0));
            stage.on(tick, market);
            if (i + 1 < levels.size()) inner.push_back(market);
        }
        return market;
    }
    const Market& snapshot(core::Nanoseconds time, const std::vector<Depth>& levels) {
        return event(time, levels, true);
    }
    const Market& quote(core::Nanoseconds time, std::int64_t bid, std::int64_t bids, std::int64_t ask,
                        std::int64_t asks) {
        Tick tick = at(time, TickKind::quote);
        tick.quote = {{bid}, {bids}, {ask}, {asks}};
        stage.on(tick, market);
        return market;
    }
    const Market& trade(core::Nanoseconds time, std::int64_t price) {
        Tick tick = at(time, TickKind::trade);
        tick.trade = {{price}, {1}, 0};
        stage.on(tick, market);
        return market;
    }
    const Market& session(core::Nanoseconds time, Session what, core::InstrumentId whom = core::InstrumentId{0},
                          core::Venue venue = core::Venue::binance) {
        Tick tick = at(time, TickKind::session);
        tick.instrument = whom;
        tick.venue = venue;
        tick.code = static_cast<std::uint16_t>(what);
        stage.on(tick, market);
        return market;
    }

    BookStage stage;
    Market market;
    std::vector<Market> inner;  ///< what inner levels showed
    core::InstrumentId instrument{0};

private:
    [[nodiscard]] Tick at(core::Nanoseconds time, TickKind kind) const {
        Tick tick;
        tick.kind = kind;
        tick.venue_time = tick.receive_time = time;
        tick.instrument = instrument;
        return tick;
    }
};

const std::vector<Depth> small_book{
    {Side::buy, 10'000, 12}, {Side::buy, 9'999, 5}, {Side::sell, 10'100, 4}, {Side::sell, 10'200, 7}};

void expect_no_market(const Market& market) {
    EXPECT_FALSE(market.valid);
    for (const double measure : {market.mid, market.spread_bps, market.imbalance5, market.microprice,
                                 market.bid_depth10, market.ask_depth10, market.bid_depth25, market.ask_depth25})
        EXPECT_FALSE(core::known(measure));
}

TEST(BookStage, HasTheGoldenImbalanceAndMicroprice) {
    struct Row {
        std::int64_t bid, bids, ask, asks;
        double imbalance, microprice;
    };
    const Row rows[] = {
        {10'000, 12, 10'100, 4, .5, 100.75},
        {10'000, 5, 10'100, 5, 0, 100.5},
        {6'000'000, 500, 6'000'010, 7'500, -.875, 6'000'000.625 / 100},
        {6'000'000, 500, 6'000'010, 1'500, -.5, 60000.025},
    };
    for (const Row& row : rows) {
        Desk desk;
        const Market& market = desk.snapshot(1s, {{Side::buy, row.bid, row.bids}, {Side::sell, row.ask, row.asks}});
        ASSERT_TRUE(market.valid);
        EXPECT_NEAR(market.imbalance5, row.imbalance, 1e-12);
        EXPECT_NEAR(market.microprice, row.microprice, 1e-9);
    }
}

TEST(BookStage, IsInvalidUntilTheLastLevelOfASnapshot) {
    Desk desk;
    expect_no_market(desk.event(1s, {{Side::buy, 9'000, 1}, {Side::sell, 9'100, 1}}));
    EXPECT_FALSE(desk.market.gap);

    const Market& market = desk.snapshot(2s, small_book);

    for (const Market& inner : desk.inner) EXPECT_FALSE(inner.valid);
    EXPECT_TRUE(market.valid && market.top_changed);
    EXPECT_EQ(market.bid, core::Price{10'000});
    EXPECT_EQ(market.ask_quantity, core::Quantity{4});
    EXPECT_EQ(market.mid, 100.5);
    EXPECT_NEAR(market.spread_bps, 1e4 / 100.5, 1e-9);
    EXPECT_EQ(desk.stage.bids(core::InstrumentId{0}).size(), 2u);  // the level before the snapshot is gone
}

TEST(BookStage, InnerLevelsWriteNothingButTheirTimeAndWhatTheyReplaced) {
    Desk desk;
    desk.snapshot(1s, small_book);
    desk.inner.clear();
    desk.market = {};
    desk.market.bid = {7};  // of an earlier tick, whichever
    desk.market.late = true;
    const Market& market =
        desk.event(2s, {{Side::buy, 10'000, 0}, {Side::buy, 9'998, 3}, {Side::sell, 10'050, 2}, {Side::buy, 9'999, 6}});

    ASSERT_EQ(desk.inner.size(), 3u);
    for (const Market& inner : desk.inner) {
        EXPECT_FALSE(inner.valid);
        EXPECT_TRUE(inner.late);
        EXPECT_EQ(inner.bid, core::Price{7});
        EXPECT_EQ(inner.time, 2s) << "the level's own";
    }
    EXPECT_EQ(desk.inner[0].replaced, core::Quantity{12});
    EXPECT_TRUE(market.valid);
    EXPECT_FALSE(market.late);
    EXPECT_TRUE(market.top_changed);
    EXPECT_EQ(market.bid, core::Price{9'999});
    EXPECT_EQ(market.bid_quantity, core::Quantity{6});
    EXPECT_EQ(market.ask, core::Price{10'050});
    EXPECT_EQ(market.book_time, 2s);
    EXPECT_FALSE(desk.trade(3s, 10'000).top_changed);
}

TEST(BookStage, AGapOrDisconnectHidesTheMarketUntilTheNextSnapshot) {
    for (const Session lost : {Session::gap, Session::disconnected}) {
        Desk desk;
        desk.snapshot(1s, small_book);
        desk.trade(1500ms, 10'050);

        const Market& market = desk.session(2s, lost);
        EXPECT_TRUE(market.gap);
        expect_no_market(market);
        EXPECT_EQ(market.last_trade, core::Price{10'050});
        expect_no_market(desk.event(3s, {{Side::buy, 10'001, 1}}));
        expect_no_market(desk.quote(3s, 10'001, 1, 10'100, 4));
        EXPECT_FALSE(desk.market.gap);

        EXPECT_TRUE(desk.snapshot(4s, small_book).valid);
        EXPECT_EQ(desk.market.bid, core::Price{10'000});
    }
}

TEST(BookStage, ResynchronisedTrustsTheBookOnlyAfterAWholeEvent) {
    Desk before, after;
    for (Desk* desk : {&before, &after}) {
        desk->snapshot(1s, small_book);
        desk->session(2s, Session::gap);
    }
    expect_no_market(before.session(3s, Session::resynchronised));
    EXPECT_TRUE(before.event(4s, {{Side::buy, 10'001, 1}}).valid);

    expect_no_market(after.event(3s, {{Side::buy, 10'001, 1}}));
    EXPECT_TRUE(after.session(4s, Session::resynchronised).valid);
    EXPECT_EQ(after.market.bid, core::Price{10'001});
}

TEST(BookStage, ALostVenueHidesAllItsInstrumentsAndNoOther) {
    Desk desk;
    for (std::uint16_t i = 0; i < 3; ++i) {
        desk.instrument = core::InstrumentId{i};
        desk.snapshot(1s, small_book);
    }
    expect_no_market(desk.session(2s, Session::disconnected, core::no_instrument));

    for (std::uint16_t i = 0; i < 3; ++i) {
        desk.instrument = core::InstrumentId{i};
        EXPECT_EQ(desk.trade(3s, 10'000).valid, i == 2);
    }
}

TEST(BookStage, ACrossedBookIsAGapUntilTheNextSnapshot) {
    Desk desk;
    desk.snapshot(1s, small_book);
    const Market& market = desk.event(2s, {{Side::buy, 10'100, 1}});
    EXPECT_TRUE(market.gap);
    expect_no_market(market);
    EXPECT_EQ(desk.stage.counters().crossed, 1u);

    expect_no_market(desk.event(3s, {{Side::buy, 10'100, 0}}));
    EXPECT_FALSE(desk.market.gap);
    EXPECT_TRUE(desk.snapshot(4s, small_book).valid);
}

TEST(BookStage, CrossingInsideAnEventDoesNotMatter) {
    Desk desk;
    desk.snapshot(1s, small_book);

    const Market& market = desk.event(2s, {{Side::buy, 10'100, 1}, {Side::sell, 10'100, 0}});
    EXPECT_TRUE(market.valid);
    EXPECT_FALSE(market.gap);
    EXPECT_EQ(market.bid, core::Price{10'100});
    EXPECT_EQ(market.ask, core::Price{10'200});
}

TEST(BookStage, AnEmptySideShowsNoMarketButIsNoGap) {
    Desk desk;
    desk.snapshot(1s, small_book);

    expect_no_market(desk.event(2s, {{Side::sell, 10'100, 0}, {Side::sell, 10'200, 0}}));
    EXPECT_FALSE(desk.market.gap);
    EXPECT_TRUE(desk.event(3s, {{Side::sell, 10'300, 1}}).valid);
    EXPECT_TRUE(core::known(desk.market.imbalance5));
}

TEST(BookStage, AnInstrumentWithoutDepthLivesOnItsQuotes) {
    Desk desk;
    const Market& market = desk.quote(1s, 10'000, 12, 10'100, 4);
    EXPECT_TRUE(market.valid && market.top_changed);
    EXPECT_EQ(market.microprice, 100.75);
    EXPECT_FALSE(core::known(market.imbalance5));
    EXPECT_FALSE(core::known(market.bid_depth10));
    EXPECT_FALSE(desk.quote(2s, 10'000, 12, 10'100, 4).top_changed);

    expect_no_market(desk.session(3s, Session::gap));
    EXPECT_TRUE(desk.quote(4s, 10'000, 12, 10'100, 4).valid);
    expect_no_market(desk.quote(5s, 10'000, 12, 10'000, 4));
    EXPECT_EQ(desk.stage.counters().refused_quotes, 1u);
}

TEST(BookStage, ShowsTheNewestTopOfQuotesAndDepth) {
    Desk desk;
    desk.snapshot(10s, small_book);

    EXPECT_EQ(desk.quote(11s, 10'010, 1, 10'090, 1).bid, core::Price{10'010});
    EXPECT_EQ(desk.market.mid, 100.5);
    EXPECT_EQ(desk.stage.bids(core::InstrumentId{0}).best(), core::Price{10'000});
    EXPECT_EQ(desk.event(10500ms, {{Side::buy, 10'005, 1}}).bid, core::Price{10'010});  // older than the quote
    EXPECT_EQ(desk.event(11s, {{Side::buy, 10'006, 1}}).bid, core::Price{10'006});      // a tie: the later arrival
    EXPECT_EQ(desk.quote(10s, 10'020, 1, 10'090, 1).bid, core::Price{10'006});          // an old quote
    EXPECT_EQ(desk.quote(12s, 10'090, 1, 10'090, 1).bid, core::Price{10'006});          // a crossed one
    EXPECT_TRUE(desk.market.valid);
}

TEST(BookStage, TimeNeverFallsAndLateTicksAreCounted) {
    Desk desk;
    desk.trade(10s, 10'000);
    const Market& market = desk.trade(9s, 10'001);

    EXPECT_EQ(market.time, 10s);
    EXPECT_TRUE(market.late);
    EXPECT_EQ(market.last_trade, core::Price{10'001});
    EXPECT_EQ(desk.stage.counters().late, 1u);
    EXPECT_FALSE(desk.trade(10s, 10'002).late);
}

TEST(BookStage, AClosedCandleIsKnownAtItsEnd) {
    Desk desk;
    Tick candle;
    candle.kind = TickKind::bar;
    candle.instrument = core::InstrumentId{0};
    candle.venue_time = 60s;
    candle.bar = {{1}, {1}, 0, 0, 0, 60};
    desk.stage.on(candle, desk.market);
    EXPECT_EQ(desk.market.time, 60s);
    candle.flags = flag::closed;
    desk.stage.on(candle, desk.market);

    EXPECT_EQ(desk.market.time, 120s);
    EXPECT_FALSE(desk.market.late);
}

TEST(BookStage, SamplesTheDepthNearTheMidAtMostOncePerInterval) {
    // mid 10000.00: 10 bps are 10.00, 25 bps 25.00.
    const std::vector<Depth> book{{Side::buy, 999'900, 1'000},    {Side::buy, 999'000, 2'000},
                                  {Side::buy, 997'500, 4'000},    {Side::buy, 997'400, 8'000},
                                  {Side::sell, 1'000'100, 1'000}, {Side::sell, 1'000'500, 500}};
    Desk desk;
    const Market& market = desk.snapshot(1s, book);
    EXPECT_TRUE(market.depth_sampled);
    EXPECT_NEAR(market.bid_depth10, 9'999 + 2 * 9'990, 1e-6);
    EXPECT_NEAR(market.bid_depth25, 9'999 + 2 * 9'990 + 4 * 9'975, 1e-6);
    EXPECT_FALSE(core::known(market.ask_depth10));  // nothing is known beyond 10005
    EXPECT_FALSE(core::known(market.ask_depth25));

    EXPECT_FALSE(desk.event(1099ms, {{Side::buy, 999'000, 0}}).depth_sampled);
    EXPECT_NEAR(market.bid_depth10, 9'999 + 2 * 9'990, 1e-6);
    EXPECT_TRUE(desk.event(1100ms, {{Side::sell, 1'001'100, 1}}).depth_sampled);
    EXPECT_NEAR(market.bid_depth10, 9'999, 1e-6);
    EXPECT_NEAR(market.ask_depth10, 10'001 + .5 * 10'005, 1e-6);
    EXPECT_FALSE(desk.trade(2s, 1'000'000).depth_sampled);
}

TEST(BookStage, InverseContractsAreWorthTheirFaceValue) {
    Desk desk;
    desk.instrument = core::InstrumentId{1};
    const Market& market = desk.snapshot(
        1s, {{Side::buy, 999'900, 7}, {Side::buy, 900'000, 1}, {Side::sell, 1'000'100, 3}, {Side::sell, 1'100'000, 1}});
    EXPECT_NEAR(market.bid_depth10, 700, 1e-9);
    EXPECT_NEAR(market.ask_depth25, 300, 1e-9);
}

TEST(BookStage, ATickOfNoKnownInstrumentShowsNoMarket) {
    Desk desk;
    desk.snapshot(1s, small_book);
    desk.instrument = core::InstrumentId{9};
    expect_no_market(desk.trade(2s, 10'000));
}

RC_GTEST_PROP(BookStage, AgreesWithAMapBookAfterEveryEvent, ()) {
    const auto level = rc::gen::map(
        rc::gen::tuple(rc::gen::inRange(0, 81), rc::gen::inRange(0, 6)), [](const std::tuple<int, int>& t) {
            const int offset = std::get<0>(t);
            // Bids below 10020, asks above, with a little overlap so that some events cross.
            const Side side = offset % 2 ? Side::buy : Side::sell;
            return Depth{side, side == Side::buy ? 10'021 - offset : 10'019 + offset, std::get<1>(t) * 10};
        });
    const auto events = *rc::gen::container<std::vector<std::pair<int, std::vector<Depth>>>>(
        60, rc::gen::pair(rc::gen::inRange(0, 12), rc::gen::nonEmpty(rc::gen::container<std::vector<Depth>>(level))));

    BookSettings settings;
    settings.window = 64;
    Desk desk{settings};
    test::MapBook twin;
    core::Nanoseconds now{};
    for (const auto& [dice, levels] : events) {
        now += 50ms;
        if (dice == 0) {
            desk.session(now, Session::gap);
            twin.trusted = false;
        }
        desk.inner.clear();
        desk.event(now, levels, dice < 4);
        twin.apply(levels, dice < 4);
        desk.inner.push_back(desk.market);
        for (std::size_t i = 0; i < levels.size(); ++i) {
            RC_ASSERT(desk.inner[i].replaced.units == twin.replaced[i]);
            RC_ASSERT(desk.inner[i].time == now);
        }

        const Market& market = desk.market;
        RC_ASSERT(market.valid == twin.valid());
        if (!market.valid) {
            RC_ASSERT(!core::known(market.mid) && !core::known(market.imbalance5) && !core::known(market.bid_depth10));
            continue;
        }
        const auto [bid, bid_quantity] = *twin.bids.begin();
        const auto [ask, ask_quantity] = *twin.asks.begin();
        RC_ASSERT(market.bid.units == bid && market.bid_quantity.units == bid_quantity);
        RC_ASSERT(market.ask.units == ask && market.ask_quantity.units == ask_quantity);
        RC_ASSERT(std::abs(market.mid - static_cast<double>(bid + ask) / 200) < 1e-9);
        const double b = test::MapBook::top(5, twin.bids), a = test::MapBook::top(5, twin.asks);
        test::MapBook::expect_top(market.bids, twin.bids);
        test::MapBook::expect_top(market.asks, twin.asks);
        RC_ASSERT(std::abs(market.imbalance5 - (b - a) / (b + a)) < 1e-12);
        RC_ASSERT(market.microprice >= static_cast<double>(bid) / 100 - 1e-9);
        RC_ASSERT(market.microprice <= static_cast<double>(ask) / 100 + 1e-9);
        RC_ASSERT(desk.stage.bids(core::InstrumentId{0}).size() == twin.bids.size());
        if (market.depth_sampled) {
            const double mid = static_cast<double>(bid + ask) / 2;
            std::optional<double> depth10;
            double sum = 0;
            for (const auto& [price, quantity] : twin.bids) {
                if ((mid - static_cast<double>(price)) * 1e4 > 10 * mid && !depth10) depth10 = sum;
                sum += static_cast<double>(price * quantity) * 1e-5;
            }
            RC_ASSERT(core::known(market.bid_depth10) == depth10.has_value());
            if (depth10) RC_ASSERT(std::abs(market.bid_depth10 - *depth10) < 1e-6);
        }
    }
}

}  // namespace
}  // namespace pipeline
