#include "feeds/synthetic/market.hpp"

#include "tests/feeds/synthetic/read.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <vector>

using namespace feeds;
using namespace feeds::synthetic;
using namespace std::chrono_literals;

namespace {

struct Print {
    core::Nanoseconds time;
    double price;
};

struct Planted {
    const char* kind;
    const char* expect;
    double least_bps;           // from the price at the start to the extreme
    core::Nanoseconds longest;  // the run
};

double bps(double a, double b) {
    return 1e4 * (a - b) / b;
}

}  // namespace

class SyntheticTrap : public testing::TestWithParam<Planted> {};

/// In an otherwise flat market: the run is as large and quick as the specification's gates want, and it is taken back.
TEST_P(SyntheticTrap, DoesWhatItsTruthSays) {
    const auto& planted = GetParam();
    Settings settings{.duration = 50min, .events_per_s = 30, .volatility = 0.02, .traps_per_h = 0};
    settings.traps = {{25min, planted.kind, planted.expect}};
    Market market{settings};
    std::vector<Print> prints;
    Frame frame;
    while (market.next(frame))
        if (test::is(frame, "@trade"))
            prints.push_back(
                {frame.receive_time, static_cast<double>(test::decimal(test::after(frame.bytes, R"("p":)"))) / 100});

    ASSERT_EQ(market.truth().size(), 1U);
    const Truth& truth = market.truth()[0];
    EXPECT_EQ(truth.kind, planted.kind);
    EXPECT_EQ(truth.expect, planted.expect);
    EXPECT_GE(truth.start, settings.start + 25min);
    EXPECT_LE(truth.start, truth.time);
    EXPECT_LT(truth.time, truth.end);

    const auto price_at = [&](core::Nanoseconds time) {
        const auto at = std::ranges::upper_bound(prints, time, {}, &Print::time);
        return std::prev(at)->price;
    };
    const double sign = truth.expect == "down" ? 1 : -1;
    const double extreme = static_cast<double>(truth.price.units) / 100;
    EXPECT_NEAR(bps(price_at(truth.time + 300ms), extreme), 0, 0.3 * planted.least_bps);
    EXPECT_GE(sign * bps(extreme, price_at(truth.time - planted.longest)), planted.least_bps);
    const double run = bps(extreme, price_at(truth.start)), rest = bps(price_at(truth.end), price_at(truth.start));
    EXPECT_LT(std::fabs(rest), 0.3 * std::fabs(run) + 2);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SyntheticTrap,
    testing::Values(Planted{"liquidity_grab", "down", 40, 15s}, Planted{"liquidity_grab", "up", 40, 15s},
                    Planted{"fake_pump", "down", 205, 300s}, Planted{"fake_dump", "up", 205, 300s},
                    Planted{"half_fake_pump", "down", 110, 300s}, Planted{"half_fake_dump", "up", 110, 300s},
                    Planted{"flash_pump", "down", 40, 1200ms}, Planted{"flash_dump", "up", 40, 1200ms}));

/// The swept minute closes back inside with a long wick: the gates of stop_hunt on 60 s bars.
TEST(SyntheticStopHunt, SweepsTwentyMinutesAndClosesInside) {
    Settings settings{.duration = 4h, .events_per_s = 30, .volatility = 0.3, .traps_per_h = 0};
    for (int i = 0; i < 6; ++i)
        settings.traps.push_back({25min + i * 30min, i % 2 == 0 ? "stop_hunt_up" : "stop_hunt_down"});
    Market market{settings};
    struct Bar {
        double open, high, low, close;
    };
    std::map<std::int64_t, Bar> bars;
    Frame frame;
    while (market.next(frame)) {
        if (!test::is(frame, "@trade")) continue;
        const auto minute = test::number(test::after(frame.bytes, R"("T":)")) / 60'000;
        const auto price = static_cast<double>(test::decimal(test::after(frame.bytes, R"("p":)"))) / 100;
        auto& bar = bars.try_emplace(minute, Bar{price, price, price, price}).first->second;
        bar = {bar.open, std::max(bar.high, price), std::min(bar.low, price), price};
    }

    ASSERT_GE(market.truth().size(), 4U);
    int hunted = 0;
    for (const auto& truth : market.truth()) {
        const auto minute = truth.time / std::chrono::minutes{1};
        const Bar& bar = bars.at(minute);
        const bool up = truth.kind == "stop_hunt_up";
        double level = up ? 0 : 1e12;
        for (auto earlier = minute - 20; earlier < minute; ++earlier)
            level = up ? std::max(level, bars.at(earlier).high) : std::min(level, bars.at(earlier).low);
        const double range = bar.high - bar.low, body = std::fabs(bar.close - bar.open);
        const double wick = up ? bar.high - std::max(bar.open, bar.close) : std::min(bar.open, bar.close) - bar.low;
        const bool swept =
            up ? bps(bar.high, level) >= 2 && bar.close < level : bps(level, bar.low) >= 2 && bar.close > level;
        hunted += swept && wick / range >= 0.5 && body / range <= 0.3 ? 1 : 0;
    }
    EXPECT_GE(hunted, static_cast<int>(market.truth().size()) - 1);
}

TEST(SyntheticTruth, IsInOrderAndAsFrequentAsAsked) {
    Market market{{.duration = 6h, .events_per_s = 10, .traps_per_h = 12}};
    Frame frame;
    while (market.next(frame)) {
    }

    const auto truth = market.truth();
    EXPECT_GE(truth.size(), 12U);  // traps take minutes, so fewer than 12 an hour fit
    EXPECT_LE(truth.size(), 72U);
    for (std::size_t i = 1; i < truth.size(); ++i) EXPECT_GT(truth[i].start, truth[i - 1].time);
}
