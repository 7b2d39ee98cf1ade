#include "pipeline/bars/quiet_bars.hpp"

#include "pipeline/book/book_stage.hpp"
#include "tests/pipeline/bars/slow_bars.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>

using namespace pipeline;
using namespace test;
using core::Price;
using core::Quantity;

namespace {

/// What a driver does: the ends of quiet bars, then the tick, each through book and bars. Keeps every closed bar.
struct Driver {
    explicit Driver(BarSettings settings, BarFill fill = BarFill::carry) : table{instruments(2)} {
        settings.fill = fill;
        count = settings.timeframes.count;
        quiet = QuietBars{settings, table};
        stage = BarStage{settings, table};
    }

    void on(const core::Tick& tick) {
        quiet.before(tick, [&](const core::Tick& timer) {
            EXPECT_TRUE(timer.is(core::TickKind::timer));
            EXPECT_EQ(timer.instrument, tick.instrument);
            EXPECT_EQ(timer.receive_time, tick.receive_time);
            ++timers;
            run(timer);
        });
        run(tick);
    }
    /// Of timeframe i, in order.
    [[nodiscard]] const std::vector<Bar>& bars(std::size_t i = 0) const { return closed[i]; }

    core::InstrumentTable table;
    BookStage book{{}, table};
    QuietBars quiet{{}, table};
    BarStage stage{{}, table};
    Market market;
    Bars section;
    std::size_t count{}, timers{};
    std::array<std::vector<Bar>, max_timeframes> closed;
    std::array<std::size_t, max_timeframes> gaps{};

private:
    void run(const core::Tick& tick) {
        book.on(tick, market);
        stage.on(tick, market, section);
        for (std::size_t i = 0; i < count; ++i) {
            if (section.bar_closed(i)) closed[i].push_back(section.bars[i]);
            gaps[i] += (section.gap_mask >> i & 1) != 0 ? 1U : 0U;
        }
    }
};

core::Tick session(core::Session what, core::Nanoseconds time, std::uint16_t instrument = 0) {
    auto t = tick(core::TickKind::session, time, instrument);
    t.code = static_cast<std::uint16_t>(what);
    return t;
}

/// Every price of it is `close`, nothing traded in it.
void expect_still(const Bar& bar, core::Nanoseconds start, std::int64_t close) {
    EXPECT_EQ(bar.start, start);
    for (const Price price : {bar.open, bar.high, bar.low, bar.close}) EXPECT_EQ(price, Price{close});
    EXPECT_EQ(bar.volume(), Quantity{0});
    EXPECT_EQ(bar.trades, 0U);
}

}  // namespace

TEST(QuietBars, GiveAQuietMinuteABarThatStandsStill) {
    Driver driver{with_timeframes({60})};

    driver.on(trade(10s, 1000));
    driver.on(trade(50s, 1010));
    driver.on(quote(61s));
    driver.on(quote(125s));
    driver.on(trade(190s, 1020));
    driver.on(quote(241s));

    ASSERT_EQ(driver.bars().size(), 4U);
    expect_still(driver.bars()[1], 60s, 1010);
    expect_still(driver.bars()[2], 120s, 1010);
    EXPECT_EQ(driver.bars()[2].width_s, 60U);
    EXPECT_EQ(driver.bars()[3].open, Price{1020});
    EXPECT_EQ(driver.timers, 0U) << "a quote came in every minute";
}

TEST(QuietBars, LeaveQuietMinutesOutUnlessTold) {
    Driver driver{with_timeframes({60}), BarFill::skip};

    driver.on(trade(10s, 1000));
    driver.on(trade(6000s, 1010));
    driver.on(quote(6060s));

    EXPECT_EQ(driver.bars().size(), 2U);
    EXPECT_EQ(driver.timers, 0U);
    EXPECT_EQ(driver.gaps[0], 1U);
}

TEST(QuietBars, TellEveryEndOfASilenceInOrder) {
    Driver driver{with_timeframes({60, 300})};

    driver.on(trade(10s, 1000));
    driver.on(trade(81 * 60s + 30s, 1100));  // 80 whole minutes between the two minutes that traded
    driver.on(quote(82 * 60s));

    EXPECT_EQ(driver.timers, 80U);
    ASSERT_EQ(driver.bars().size(), 82U);
    for (std::size_t i = 1; i <= 80; ++i) expect_still(driver.bars()[i], i * 60s, 1000);
    ASSERT_EQ(driver.bars(1).size(), 16U);
    EXPECT_EQ(driver.bars(1)[0].trades, 1U);
    for (std::size_t i = 1; i < 16; ++i) expect_still(driver.bars(1)[i], i * 300s, 1000);
    EXPECT_EQ(driver.gaps[0] + driver.gaps[1], 0U) << "nothing is missing";
}

TEST(QuietBars, FillTheHolesOfATapeOfCandles) {
    for (const auto& [width_s, missing] : {std::pair{60U, 81U}, std::pair{300U, 24U}}) {
        SCOPED_TRACE(width_s);
        Driver driver{with_timeframes({60, 300})};
        const auto i = width_s == 60 ? std::size_t{0} : std::size_t{1};
        const auto start = [&, w = width_s](unsigned n) { return core::Nanoseconds{std::chrono::seconds{n * w}}; };

        for (unsigned n = 0; n < 10; ++n) driver.on(candle(start(n), width_s, 1000, 1010, 990, 1000 + n));
        EXPECT_EQ(driver.timers, 0U);
        for (unsigned n = 10 + missing; n < 20 + missing; ++n)
            driver.on(candle(start(n), width_s, 1000, 1010, 990, 1005));

        const auto& bars = driver.bars(i);
        ASSERT_EQ(bars.size(), 19U + missing) << "the last candle's bar is open";
        for (unsigned n = 10; n < 10 + missing; ++n) expect_still(bars[n], start(n), 1009);
        for (unsigned n = 0; n < bars.size(); ++n) EXPECT_EQ(bars[n].start, start(n));
        EXPECT_EQ(driver.gaps[i], 0U);
    }
}

TEST(QuietBars, CarryNothingAcrossALoss) {
    for (const bool venue : {true, false}) {
        SCOPED_TRACE(venue);
        Driver driver{with_timeframes({60})};
        driver.on(trade(10s, 1000));
        driver.on(quote(60s));
        driver.on(session(core::Session::disconnected, 70s, venue ? core::no_instrument.value : 0));
        driver.on(quote(600s));
        EXPECT_EQ(driver.timers, venue ? 0U : 8U) << "told all the same where the loss was the instrument's own";
        driver.on(quote(700s));
        EXPECT_EQ(driver.bars().size(), 1U) << "nobody knows what traded";

        driver.on(trade(710s, 1100));
        driver.on(quote(900s));
        ASSERT_EQ(driver.bars().size(), 5U);
        EXPECT_EQ(driver.gaps[0], 1U) << "ten minutes are missing";
        expect_still(driver.bars()[4], 840s, 1100);
    }
}

TEST(QuietBars, TakeMoreThanAWeekForAnotherTape) {
    Driver driver{with_timeframes({3600})};
    driver.on(trade(0s, 1000));
    driver.on(trade(QuietBars::longest, 1000));
    EXPECT_EQ(driver.timers, 7U * 24 - 1);
    driver.on(trade(2 * QuietBars::longest + 2 * 3600s, 1100));
    EXPECT_EQ(driver.timers, 7U * 24 - 1);
    driver.on(quote(2 * QuietBars::longest + 3 * 3600s));

    EXPECT_EQ(driver.bars().size(), 7U * 24 + 2);
    EXPECT_EQ(driver.gaps[0], 1U);
}

TEST(QuietBars, BelieveNoStampFarAheadOfItsArrival) {
    Driver driver{with_timeframes({60})};
    driver.on(trade(10s, 1000));
    auto ahead = quote(20s);
    ahead.venue_time = 100h;
    driver.on(ahead);
    driver.on(trade(130s, 1010));

    EXPECT_EQ(driver.timers, 1U) << "of the quiet minute, and none of a hundred hours";
    EXPECT_EQ(driver.bars().size(), 2U);
}

TEST(QuietBars, AreNotToldOfConditionsCommandsAndOtherInstruments) {
    Driver driver{with_timeframes({60})};
    driver.on(trade(10s, 1000));
    driver.on(tick(core::TickKind::condition, 500s, core::no_instrument.value));
    driver.on(tick(core::TickKind::command, 500s));
    driver.on(tick(core::TickKind::quote, 500s, 1));
    EXPECT_EQ(driver.timers, 0U);
    EXPECT_TRUE(driver.bars().empty());
}

TEST(BarStage, CarriesNothingWhenNobodyToldTheTimeInBetween) {
    auto settings = with_timeframes({60});
    settings.fill = BarFill::carry;
    const auto table = instruments();
    BarStage stage{settings, table};
    Bars bars;
    const auto on = [&](const core::Tick& t) { stage.on(t, at(t.venue_time), bars); };

    on(trade(10s, 1000));
    on(quote(60s));
    on(quote(600s));
    EXPECT_EQ(bars.bar_mask, 0);
    on(quote(660s));
    EXPECT_EQ(bars.bar_mask, 0);
    on(trade(661s, 1000));
    on(quote(720s));
    EXPECT_EQ(bars.gap_mask, 1);
    on(quote(780s));
    EXPECT_EQ(bars.bar_mask, 1);
}

RC_GTEST_PROP(QuietBars, AgreeWithASlowTwinThatCarriesEveryMissingInterval, ()) {
    const auto settings = with_timeframes({1, 5, 60});
    Driver driver{settings};
    std::vector<core::Tick> trades;
    core::Nanoseconds time{};
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 4000), rc::gen::inRange(0, 20)));
    for (const auto& [step, dice] : steps) {
        time += std::chrono::milliseconds{dice == 0 ? 100 * step : step};
        const auto next = dice % 3 == 0 ? quote(time)
                                        : trade(time, *rc::gen::inRange(900, 1100), *rc::gen::inRange(1, 9),
                                                *rc::gen::element(core::Side::buy, core::Side::sell));
        driver.on(next);
        if (next.is(core::TickKind::trade)) trades.push_back(next);
    }

    for (std::size_t i = 0; i < settings.timeframes.count; ++i) {
        const auto width = std::chrono::seconds{settings.timeframes.seconds[i]};
        std::size_t n = 0;
        Price close{};
        if (!trades.empty())
            for (auto start = core::floor_to(trades.front().venue_time, width); start + width <= time; start += width) {
                RC_ASSERT(n < driver.bars(i).size());
                const Bar& bar = driver.bars(i)[n++];
                if (const auto twin = bar_of(trades, start, settings.timeframes.seconds[i])) {
                    RC_ASSERT(equal(*twin, bar));
                    close = bar.close;
                } else {
                    RC_ASSERT(bar.start == start && bar.open == close && bar.high == close && bar.low == close &&
                              bar.close == close && bar.volume() == Quantity{0});
                }
            }
        RC_ASSERT(n == driver.bars(i).size());
        RC_ASSERT(driver.gaps[i] == 0U);
    }
}
