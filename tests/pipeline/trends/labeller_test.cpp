#include "pipeline/trends/ai_stage.hpp"
#include "tests/pipeline/trends/trend_world.hpp"

#include <gtest/gtest.h>

#include <cmath>

using namespace pipeline;
using namespace std::chrono_literals;

namespace {

using Labeller = ai::Labeller<int>;

const core::Instrument instrument{.symbol = "X", .price_decimals = 2};

/// A labeller that opens a row with every minute, and the step of the newest tick.
struct Desk {
    Labeller labeller{300, 2, PriceScale{instrument}};
    ai::Minute minute;
    Labeller::Step step;
    int next{};

    void on(const test::TrendMoment& m) {
        step = labeller.on(m.tick, m.market, m.bars, m.indicators, m.levels, m.traps, Trends{}, 0, minute);
    }
    /// A minute that a trade at `price`, `after` its end, closes; T is 30, so X is 15 bps.
    test::TrendMoment closed(std::int64_t n, std::int64_t open, std::int64_t close, std::int64_t price,
                             core::Nanoseconds after = 7s) {
        auto m = test::closing(0, 60, n, open, close, {});
        m.tick.trade.price = {price};
        m.tick.venue_time = m.market.time = m.bars.bars[0].end() + after;
        return m;
    }
    void row(const test::TrendMoment& m) {
        on(m);
        labeller.open(minute, next++);
    }
};

void raise(test::TrendMoment& m, core::Nanoseconds time) {
    auto& event = m.traps.events[m.traps.count++];
    event.expect = Expect::down;
    event.severity = Severity::high;
    event.time = time;
}

}  // namespace

TEST(Labeller, BeginsALabelWhereItsFeaturesEnd) {
    Desk desk;
    desk.row(desk.closed(0, 1'000'000, 1'000'000, 1'008'000));
    EXPECT_EQ(desk.minute.time, 60s);
    EXPECT_EQ(desk.minute.from, 67s);
    EXPECT_EQ(desk.minute.close, 10'000);
    EXPECT_EQ(desk.minute.price, 10'080);

    // The next minute holds the closing trade, 80 bps above the close, and falls 16 bps from there.
    desk.on(desk.closed(1, 1'008'000, 1'006'300, 1'006'300));
    desk.on(desk.closed(2, 1'006'300, 1'006'300, 1'006'300));
    ASSERT_NE(desk.step.matured, nullptr);
    EXPECT_EQ(desk.step.matured->barrier, ai::Barrier::down);
    EXPECT_EQ(desk.step.matured->time, 67s);
}

TEST(Labeller, CountsTheTrapOfTheClosingTickForOlderRowsOnly) {
    Desk desk;
    desk.row(desk.closed(0, 1'000'000, 1'000'000, 1'000'000));
    auto m = desk.closed(1, 1'000'000, 1'000'000, 1'000'000);
    raise(m, m.market.time);
    desk.row(m);
    desk.on(desk.closed(2, 1'000'000, 1'000'000, 1'000'000));
    ASSERT_NE(desk.step.matured, nullptr);
    EXPECT_TRUE(desk.step.matured->trap) << "it came within the first row's horizon";
    desk.labeller.open(desk.minute, 2);
    desk.on(desk.closed(3, 1'000'000, 1'000'000, 1'000'000));
    ASSERT_NE(desk.step.matured, nullptr);
    EXPECT_EQ(desk.step.matured->payload, 1);
    EXPECT_FALSE(desk.step.matured->trap) << "its features knew the event's pressure";
}

TEST(Labeller, TakesACandlesMinuteFromItsEnd) {
    Desk desk;
    auto m = desk.closed(0, 1'000'000, 1'000'000, 0);
    m.tick.kind = core::TickKind::bar;  // known a minute later: the candle that closed it is over by then
    m.market.time = 120s;
    desk.row(m);
    EXPECT_EQ(desk.minute.from, 60s);
    EXPECT_EQ(desk.minute.price, 10'000);
    auto next = desk.closed(1, 1'000'000, 1'000'000, 0);
    next.tick.kind = core::TickKind::bar;
    raise(next, 120s);
    desk.on(next);
    auto last = desk.closed(2, 1'000'000, 1'000'000, 0);
    desk.on(last);
    ASSERT_NE(desk.step.matured, nullptr);
    EXPECT_TRUE(desk.step.matured->trap);
}

TEST(Labeller, CallsAMinuteBlindThatAGapCloses) {
    Desk desk;
    desk.row(desk.closed(0, 1'000'000, 1'000'000, 1'000'000));
    EXPECT_FALSE(desk.step.blind);
    auto m = desk.closed(1, 1'000'000, 1'000'000, 1'000'000);
    m.bars.cleared = true;
    desk.on(m);
    EXPECT_TRUE(desk.step.closed && desk.step.blind);
    EXPECT_EQ(desk.step.dropped, 1U);
    EXPECT_EQ(desk.step.matured, nullptr);
}

/// Minutes that are closed by a trade which jumps 20 bps at random, with imbalance, flow and pressure that have seen
/// it: who is asked for the way from the close has been told the answer.
TEST(AiStage, IsNotToldTheAnswerByTheTickThatAsks) {
    AiSettings settings;
    settings.warmup_bars = 60;
    AiStage stage{settings, {}, test::two_instruments()};
    test::Dice dice;
    Predictions out;
    Desk desk;
    std::int64_t price = 1'000'000;
    for (std::int64_t n = 0; n < 3000; ++n) {
        const auto close = price + dice(201) - 100;
        const int way = dice(2) == 0 ? 1 : -1;
        price = close + way * 2000;
        if (price > 1'300'000 || price < 700'000) price = 1'000'000;
        auto m = desk.closed(n, close, close, price);
        auto& v = m.indicators.values[0];
        v.rsi14 = static_cast<double>(45 + dice(10));
        v.atr14 = 10;
        v.macd_histogram = 0;
        v.adx14 = v.plus_di14 = v.minus_di14 = 20;
        v.choppiness14 = 50;
        v.bollinger_lower = 9000;
        v.bollinger_upper = 11000;
        m.market.imbalance5 = .8 * way;
        m.indicators.flow60 = .5 * way;
        m.indicators.ofi_normalised = way;
        m.traps.pressure_up = way > 0 ? .7 : 0;
        m.traps.pressure_down = way < 0 ? .7 : 0;
        stage.on(m.tick, m.market, m.bars, m.indicators, m.levels, m.traps, Trends{}, out);
    }
    const auto score = stage.calibration(core::InstrumentId{0}, ai::Target::direction).total();
    EXPECT_GT(score.n, 2000U);
    EXPECT_LE(score.skill, 0);
}

TEST(AiStage, OpensNoRowWithTheTickOfAGap) {
    AiSettings settings;
    settings.warmup_bars = 1;
    settings.max_missing = 35;
    AiStage stage{settings, {}, test::two_instruments()};
    Predictions out;
    Desk desk;
    const auto run = [&](std::int64_t from, std::int64_t to, bool gap) {
        for (std::int64_t n = from; n < to; ++n) {
            auto m = desk.closed(n, 1'000'000, 1'000'000, 1'000'000);
            m.bars.cleared = gap;
            stage.on(m.tick, m.market, m.bars, m.indicators, m.levels, m.traps, Trends{}, out);
        }
    };
    run(0, 11, false);
    run(11, 12, true);
    EXPECT_EQ(stage.counters().dropped, 11U) << "ten that waited, and the gap's own";
    run(12, 27, false);
    EXPECT_EQ(stage.counters().learnt[1], 0U) << "its label would look across the gap";
    run(27, 28, false);
    EXPECT_EQ(stage.counters().learnt[1], 1U);
}
