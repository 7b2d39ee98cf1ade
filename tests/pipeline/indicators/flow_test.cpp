#include "pipeline/indicators/indicator_stage.hpp"
#include "pipeline/indicators/ofi.hpp"
#include "pipeline/indicators/session_vwap.hpp"
#include "pipeline/indicators/signed_flow.hpp"
#include "pipeline/indicators/trade_intensity.hpp"
#include "pipeline/indicators/vpin.hpp"

#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>

using namespace pipeline;
using namespace std::chrono_literals;
using core::Side;

namespace {

Top top(std::int64_t bid, std::int64_t bid_quantity, std::int64_t ask, std::int64_t ask_quantity) {
    return {core::Price{bid}, core::Price{ask}, core::Quantity{bid_quantity}, core::Quantity{ask_quantity}};
}

// The quotes of the specification, prices in tenths.
const std::vector<Top> golden_quotes = {top(1000, 5, 1010, 4), top(1000, 8, 1010, 4), top(1005, 2, 1010, 4),
                                        top(1005, 2, 1010, 1), top(1005, 2, 1015, 6), top(1000, 9, 1015, 6)};

}  // namespace

TEST(Ofi, HasTheGoldenIncrements) {
    const std::int64_t increments[] = {3, 2, 3, 1, -2};
    for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(ofi_increment(golden_quotes[i], golden_quotes[i + 1]), increments[i]);

    Ofi ofi{10};
    ofi.add(0, golden_quotes[0]);
    EXPECT_FALSE(core::known(ofi.value(0)));
    for (std::size_t i = 1; i < 6; ++i) ofi.add(0, golden_quotes[i]);
    EXPECT_EQ(ofi.value(0), 7);
}

TEST(Ofi, ForgetsBucketsAtTheWindowsEdge) {
    Ofi ofi{10};
    for (std::size_t i = 0; i < 6; ++i) ofi.add(static_cast<std::int64_t>(100 + i), golden_quotes[i]);

    EXPECT_EQ(ofi.value(110), 7);      // 101..110
    EXPECT_EQ(ofi.value(111), 7 - 3);  // 102..111
    EXPECT_EQ(ofi.value(114), -2);
    EXPECT_EQ(ofi.value(115), 0);
    EXPECT_EQ(ofi.value(100'000), 0);
}

TEST(Ofi, IsMeasuredInTheUsualSizeOfTheTop) {
    Ofi ofi{10};
    for (int i = 0; i < 299; ++i) ofi.add(1000, top(10, 30, 11, 10));
    EXPECT_FALSE(core::known(ofi.normalised(1000)));
    ofi.add(1000, top(10, 30, 11, 10));
    EXPECT_EQ(ofi.normalised(1000), 0);

    ofi.add(1000, top(10, 70, 11, 10));
    EXPECT_NEAR(ofi.normalised(1000), 40 / (20 + 2.0 / 301 * 20), 1e-12);
}

TEST(Ofi, BeginsAnewAfterAGap) {
    Ofi ofi{10};
    for (int i = 0; i < 301; ++i) ofi.add(50, golden_quotes[static_cast<std::size_t>(i % 6)]);
    ofi.reset();

    EXPECT_FALSE(core::known(ofi.value(50)));
    ofi.add(50, golden_quotes[0]);
    ofi.add(50, golden_quotes[1]);
    EXPECT_EQ(ofi.value(50), 3);
    EXPECT_FALSE(core::known(ofi.normalised(50)));
}

RC_GTEST_PROP(SecondBuckets, HoldWhatASlowTwinHolds, ()) {
    const int width = *rc::gen::inRange(1, 30);
    SecondBuckets buckets{width};
    std::map<std::int64_t, std::int64_t> twin;
    std::int64_t second = *rc::gen::inRange<std::int64_t>(0, 2'000'000'000);
    for (const auto& [step, x] : *rc::gen::container<std::vector<std::pair<std::uint8_t, int>>>(
             rc::gen::pair(rc::gen::inRange<std::uint8_t>(0, 40), rc::gen::inRange(-1000, 1000)))) {
        second += step % 3 == 0 ? step : 0;
        buckets.advance(second);
        buckets.add(x);
        twin[second] += x;
        std::int64_t total = 0;
        for (const auto& [b, sum] : twin)
            if (b > second - width) total += sum;
        RC_ASSERT(buckets.total() == total);
    }
}

TEST(SignedFlow, IsTheShareThatBuyersTookMoreOf) {
    SignedFlow flow{60};
    EXPECT_FALSE(core::known(flow.value(0)));
    flow.add(100, Side::buy, core::Quantity{30});
    flow.add(130, Side::sell, core::Quantity{10});
    EXPECT_EQ(flow.value(130), .5);
    EXPECT_EQ(flow.value(159), .5);
    EXPECT_EQ(flow.value(160), -1);
    EXPECT_FALSE(core::known(flow.value(190)));
    // A time before the newest counts in the newest second.
    flow.add(185, Side::sell, core::Quantity{1});
    flow.add(40, Side::buy, core::Quantity{3});
    EXPECT_EQ(flow.value(190), .5);
}

TEST(TradeIntensity, ComparesTenSecondsWithThreeHundred) {
    TradeIntensity intensity;
    for (int second = 0; second < 310; ++second) {
        intensity.add(second);
        EXPECT_EQ(core::known(intensity.rate(second)), second >= 10) << second;
        EXPECT_EQ(core::known(intensity.ratio(second)), second >= 300) << second;
    }
    EXPECT_EQ(intensity.ratio(309), 1);
    for (int i = 0; i < 10; ++i) intensity.add(309);
    EXPECT_EQ(intensity.rate(309), 2);
    EXPECT_NEAR(intensity.ratio(309), 2 / (310. / 300), 1e-12);
    EXPECT_EQ(intensity.ratio(400), 0);
    EXPECT_FALSE(core::known(intensity.ratio(700)));
}

TEST(ExponentialIntensity, DecaysWithItsTimeConstant) {
    ExponentialIntensity intensity{10};
    EXPECT_EQ(intensity.value(0s), 0);
    intensity.add(5s);
    intensity.add(15s);
    EXPECT_NEAR(intensity.value(15s), .1 * std::exp(-1) + .1, 1e-15);
    EXPECT_NEAR(intensity.value(25s), (.1 * std::exp(-1) + .1) * std::exp(-1), 1e-15);
    EXPECT_EQ(intensity.value(3s), intensity.value(15s));
}

TEST(SessionVwap, BeginsAnewAtItsHour) {
    SessionVwap midnight, four{4};
    for (auto* vwap : {&midnight, &four}) {
        EXPECT_FALSE(core::known(vwap->value(0s)));
        vwap->add(core::Nanoseconds{23h + 59min}, 100, 1);
        vwap->add(core::Nanoseconds{23h + 59min}, 130, 2);
        EXPECT_EQ(vwap->value(core::Nanoseconds{23h + 59min}), 120);
    }
    EXPECT_FALSE(core::known(midnight.value(24h)));
    EXPECT_EQ(four.value(24h), 120);
    midnight.add(24h, 50, 1);
    four.add(24h, 50, 1);
    EXPECT_EQ(midnight.value(24h), 50);
    EXPECT_EQ(four.value(24h), 102.5);
    EXPECT_FALSE(core::known(four.value(28h)));
}

TEST(Vpin, IsTheMeanImbalanceOfFiftyBuckets) {
    Vpin vpin{core::Quantity{500}};  // buckets of 10
    for (int i = 0; i < 49; ++i) vpin.add(i % 2 == 0 ? Side::buy : Side::sell, core::Quantity{10});
    EXPECT_FALSE(core::known(vpin.value()));
    vpin.add(Side::sell, core::Quantity{10});
    EXPECT_EQ(vpin.value(), 1);

    // A balanced bucket, filled across trades; then one that is 8 to 2.
    vpin.add(Side::buy, core::Quantity{5});
    vpin.add(Side::sell, core::Quantity{7});
    EXPECT_EQ(vpin.value(), 49. / 50);
    vpin.add(Side::buy, core::Quantity{8});
    EXPECT_NEAR(vpin.value(), (48 + .6) / 50, 1e-15);
}

RC_GTEST_PROP(Vpin, OfHugeTradesIsWhatSmallOnesMake, ()) {
    Vpin large{core::Quantity{500}}, small{core::Quantity{500}};
    for (const auto& [buys, size] : *rc::gen::container<std::vector<std::pair<bool, std::int64_t>>>(
             rc::gen::pair(rc::gen::arbitrary<bool>(), rc::gen::inRange<std::int64_t>(0, 2000)))) {
        const auto side = buys ? Side::buy : Side::sell;
        large.add(side, core::Quantity{size});
        for (std::int64_t i = 0; i < size; ++i) small.add(side, core::Quantity{1});
        RC_ASSERT(large.value() == small.value() || !core::known(large.value()));
        RC_ASSERT(core::known(large.value()) == core::known(small.value()));
        RC_ASSERT(!(large.value() < 0 || large.value() > 1));
    }
}

TEST(DailyVpin, TakesItsBucketsFromTheWholeDayBefore) {
    DailyVpin vpin;
    const auto trade = [&](core::Nanoseconds time, Side side, std::int64_t size) {
        vpin.add(time, side, core::Quantity{size});
    };
    trade(23h, Side::buy, 77);  // the tape begins within a day
    for (int i = 0; i < 50; ++i) trade(24h + i * 1min, Side::buy, 10);
    EXPECT_FALSE(core::known(vpin.value())) << "the first whole day knows no day before it";
    for (int i = 0; i < 49; ++i) trade(48h + i * 1min, Side::sell, 10);
    EXPECT_FALSE(core::known(vpin.value()));
    trade(49h, Side::sell, 10);
    EXPECT_EQ(vpin.value(), 1);
    trade(49h, Side::buy, 6);
    trade(49h, Side::sell, 4);
    EXPECT_NEAR(vpin.value(), (49 + .2) / 50, 1e-15);

    vpin.reset();
    EXPECT_FALSE(core::known(vpin.value())) << "a gap empties the buckets";
    for (int i = 0; i < 50; ++i) trade(50h, Side::buy, 10);
    EXPECT_EQ(vpin.value(), 1) << "but keeps their size";

    trade(120h, Side::buy, 5000);
    EXPECT_FALSE(core::known(vpin.value())) << "nothing is known of the day before";
    trade(144h, Side::buy, 5000);
    EXPECT_FALSE(core::known(vpin.value()));
    trade(168h, Side::buy, 5000);
    EXPECT_EQ(vpin.value(), 1);
}

namespace {

/// A stage with one minute bars and what reaches it.
struct StageAtWork {
    IndicatorSettings settings{};
    core::InstrumentTable table = test::instruments(2, 2, 1);
    Timeframes timeframes = [] {
        Timeframes t;
        t.count = 1;
        return t;
    }();
    IndicatorStage stage{settings, timeframes, table};
    Market market = [] {
        Market m;
        m.valid = true;
        return m;
    }();
    Indicators out{};

    void trade(core::Nanoseconds time, std::int64_t price, std::int64_t quantity, Side side) {
        market.time = time;
        market.top_changed = false;
        stage.on(test::trade(time, price, quantity, side), market, {}, out);
    }
    void quote(core::Nanoseconds time, const Top& t) {
        market.time = time;
        market.top_changed = true;
        market.bid = t.bid;
        market.ask = t.ask;
        market.bid_quantity = t.bid_quantity;
        market.ask_quantity = t.ask_quantity;
        stage.on(test::quote(time), market, {}, out);
    }
    void close_bar(core::Nanoseconds time, bool cleared = false) {
        market.time = time;
        market.top_changed = false;
        Bars bars;
        bars.bar_mask = 1;
        bars.cleared = cleared;
        bars.bars[0] = {.open = core::Price{1}, .high = core::Price{1}, .low = core::Price{1}, .close = core::Price{1}};
        stage.on(test::quote(time), market, bars, out);
    }
};

}  // namespace

TEST(IndicatorStage, SaysWhatTradesAndQuotesDidWhenABarCloses) {
    StageAtWork work;
    for (int i = 0; i < 330; ++i) {
        work.trade(std::chrono::seconds{i}, 10'000 + i, 10, i % 4 == 0 ? Side::sell : Side::buy);
        work.quote(std::chrono::seconds{i}, top(10'000, 20, 10'010, 20));
    }
    work.quote(329s, top(10'000, 50, 10'010, 20));
    EXPECT_EQ(work.out.mask, 0);

    work.close_bar(329s);

    EXPECT_EQ(work.out.mask, 1);
    EXPECT_EQ(work.out.ofi, 3) << "thirty units of a tenth";
    EXPECT_NEAR(work.out.ofi_normalised, 30 / (20 + 2. / 301 * 15), 1e-9);
    EXPECT_EQ(work.out.flow60, .5);
    EXPECT_EQ(work.out.intensity, 1);
    EXPECT_EQ(work.out.intensity_ratio, 1);
    // A trade a second for ever: a tenth of the geometric series, of which 330 terms are nearly all.
    EXPECT_NEAR(work.out.intensity_exponential, .1 / (1 - std::exp(-.1)), 1e-9);
    EXPECT_FALSE(core::known(work.out.vpin)) << "not asked for";
    EXPECT_NEAR(work.out.values[0].vwap_session, (10'000 + 329. / 2) / 100, 1e-9);
}

TEST(IndicatorStage, ForgetsTheFlowAtAGapButNotTheSession) {
    StageAtWork work;
    for (int i = 0; i < 330; ++i) {
        work.trade(std::chrono::seconds{i}, 10'000, 10, Side::buy);
        work.quote(std::chrono::seconds{i}, top(10'000, 20, 10'010, 20));
    }

    work.close_bar(330s, true);

    for (const double value : {work.out.ofi, work.out.ofi_normalised, work.out.flow60, work.out.intensity,
                               work.out.intensity_ratio, work.out.intensity_exponential})
        EXPECT_FALSE(core::known(value));
    EXPECT_EQ(work.out.values[0].vwap_session, 100);
}

TEST(IndicatorStage, KnowsTheExponentialIntensityAfterFiveOfItsMemories) {
    StageAtWork work;
    for (int i = 0; i < 50; ++i) work.trade(std::chrono::seconds{i}, 10'000, 10, Side::buy);
    work.close_bar(49999ms);
    EXPECT_FALSE(core::known(work.out.intensity_exponential));
    work.close_bar(50s);
    EXPECT_NEAR(work.out.intensity_exponential, .1 * std::exp(-.1) * (1 - std::exp(-5)) / (1 - std::exp(-.1)), 1e-12);
}

TEST(IndicatorStage, KnowsVpinWhereItIsWanted) {
    StageAtWork work{.settings = {.vpin = true}};
    for (const auto day : {24h, 48h, 72h})
        for (int i = 0; i < 50; ++i) work.trade(day + i * 1min, 10'000, 10, i % 4 == 0 ? Side::sell : Side::buy);
    work.close_bar(73h);
    EXPECT_EQ(work.out.vpin, 1) << "every bucket is of one side";
}

TEST(IndicatorStage, StatesItsMemory) {
    const auto table = test::instruments(3);
    const IndicatorStage stage{{}, {}, table};
    // Eight timeframes; two thirds of it are rings.
    EXPECT_LE(stage.bytes_per_instrument(), 50u << 10);
    const IndicatorStage short_rings{{.percentile = 2}, {}, table};
    EXPECT_EQ(stage.bytes_per_instrument() - short_rings.bytes_per_instrument(), 8u * 2 * 18 * sizeof(double));
}

/// The trade that closes a bar belongs to the next one, and to the next session where the bar ends the day.
TEST(IndicatorStage, TakesTheSessionsMeanAtTheEndOfTheBar) {
    static constexpr core::Nanoseconds day = std::chrono::hours{24};
    const auto close = [](StageAtWork& work, const core::Tick& tick) {
        Bars bars;
        bars.bar_mask = 1;
        bars.bars[0] = {.start = day - 60s, .width_s = 60};
        bars.bars[0].open = bars.bars[0].high = bars.bars[0].low = bars.bars[0].close = core::Price{10'000};
        work.market.time = tick.venue_time;
        work.market.top_changed = false;
        work.stage.on(tick, work.market, bars, work.out);
    };
    StageAtWork by_trade, by_quote;
    for (auto* work : {&by_trade, &by_quote}) work->trade(day - 1s, 10'000, 1000, Side::buy);

    close(by_trade, test::trade(day + 2s, 11'000, 1, Side::buy));
    close(by_quote, test::quote(day + 2s));

    EXPECT_EQ(by_trade.out.values[0].vwap_session, 100);
    EXPECT_EQ(by_quote.out.values[0].vwap_session, 100);
}
