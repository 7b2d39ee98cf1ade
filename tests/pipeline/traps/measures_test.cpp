#include "pipeline/traps/measures.hpp"

#include "pipeline/traps/flash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <deque>
#include <vector>

namespace pipeline::traps {
namespace {

/// run(w) as the spec words it, over a list of seconds.
Run slow_run(const std::vector<Second>& seconds) {
    std::size_t hi = 0, lo = 0;
    for (std::size_t i = 0; i < seconds.size(); ++i) {
        if (seconds[i].high >= seconds[hi].high) hi = i;
        if (seconds[i].low <= seconds[lo].low) lo = i;
    }
    double base_low = seconds[0].low, base_high = seconds[0].high;
    for (std::size_t i = 0; i <= hi; ++i) base_low = std::min(base_low, seconds[i].low);
    for (std::size_t i = 0; i <= lo; ++i) base_high = std::max(base_high, seconds[i].high);
    const double up = 1e4 * (seconds[hi].high - base_low) / base_low;
    const double down = 1e4 * (base_high - seconds[lo].low) / base_high;
    if (up > down || (up == down && hi >= lo)) return {up, 1, base_low, seconds[hi].high};
    return {down, -1, base_high, seconds[lo].low};
}

void expect_same(const Run& run, const Run& slow) {
    RC_ASSERT(run.size == slow.size);
    RC_ASSERT(run.sign == slow.sign);
    RC_ASSERT(run.base == slow.base);
    RC_ASSERT(run.extreme == slow.extreme);
}

struct Print {
    double price, quantity;
    core::Side side;
};

/// Some tapes trade in every second, some in one of many.
std::vector<std::vector<Print>> random_seconds(int seconds) {
    const auto price = rc::gen::inRange(9900, 10101);
    const auto print = rc::gen::map(
        rc::gen::tuple(price, rc::gen::inRange(1, 50), rc::gen::inRange(0, 2)), [](const std::tuple<int, int, int>& t) {
            return Print{static_cast<double>(std::get<0>(t)), static_cast<double>(std::get<1>(t)),
                         std::get<2>(t) ? core::Side::buy : core::Side::sell};
        });
    const auto second = rc::gen::resize(4, rc::gen::container<std::vector<Print>>(print));
    auto all = *rc::gen::container<std::vector<std::vector<Print>>>(static_cast<std::size_t>(seconds), second);
    const auto silence = *rc::gen::element(0, 1, 4, 60);  // seconds between two that may trade
    for (std::size_t i = 0; silence != 0 && i < all.size(); ++i)
        if (static_cast<int>(i) % (silence + 1) != 0) all[i].clear();
    if (all.front().empty()) all.front().push_back({10000, 1, core::Side::buy});
    return all;
}

RC_GTEST_PROP(Measures, EqualTheSlowDefinitionsAtEveryTradeAndClose, ()) {
    const auto tape = random_seconds(400);
    TrapSettings settings;
    settings.pump_window_s = 100;
    Measures measures{settings};
    std::vector<Second> closed;
    const auto last = [&](std::size_t n) {
        return std::vector<Second>(closed.end() - static_cast<std::ptrdiff_t>(std::min(n, closed.size())),
                                   closed.end());
    };

    double carried = 0;
    for (std::size_t s = 0; s < tape.size(); ++s) {
        Second open{carried, carried, carried, 0, 0};
        for (const Print& print : tape[s]) {
            if (open.buy + open.sell == 0) open = {print.price, print.price, print.price, 0, 0};
            open.high = std::max(open.high, print.price);
            open.low = std::min(open.low, print.price);
            open.close = print.price;
            (print.side == core::Side::buy ? open.buy : open.sell) += print.quantity;
            measures.trade(print.price, print.quantity, print.side);

            auto window = last(14);
            window.push_back(open);
            RC_ASSERT(measures.moving_window_full() == (window.size() == 15));
            if (window.size() == 15) {
                const Run slow = slow_run(window);
                expect_same(measures.run_w(), slow);
                RC_ASSERT(measures.move_may_reach(slow.size * (1 - 1e-12)));
            } else {
                RC_ASSERT(!core::known(measures.run_w().size));
            }
            double buy = open.buy, sell = open.sell;
            for (const Second& second : last(99)) buy += second.buy, sell += second.sell;
            RC_ASSERT(std::abs(measures.flow_p() - (buy - sell) / (buy + sell)) < 1e-12);
        }
        closed.push_back(open);
        carried = open.close;
        measures.close(open, static_cast<std::int64_t>(s));
        if (closed.size() >= 100) expect_same(measures.closed_run(100), slow_run(last(100)));
        RC_ASSERT(core::known(measures.closed_run(100).size) == (closed.size() >= 100));
        if (closed.size() > 60) {
            double squares = 0;
            for (std::size_t i = closed.size() - 60; i < closed.size(); ++i)
                squares += std::pow(std::log(closed[i].close / closed[i - 1].close), 2);
            RC_ASSERT(std::abs(measures.sigma60() - std::sqrt(squares / 60)) < 1e-15);
        } else {
            RC_ASSERT(!core::known(measures.sigma60()));
        }
        if (closed.size() >= 15 * 20 && measures.move_bucket_closed()) {
            std::vector<double> volumes;
            for (std::size_t b = 0; b + 15 <= closed.size(); b += 15) {
                double volume = 0;
                for (std::size_t i = b; i < b + 15; ++i) volume += closed[i].volume();
                volumes.push_back(volume);
            }
            double mean = 0, variance = 0;
            for (const double v : volumes) mean += v / static_cast<double>(volumes.size());
            for (const double v : volumes) variance += (v - mean) * (v - mean) / static_cast<double>(volumes.size());
            RC_ASSERT(std::abs(measures.closed_volume_z() - (volumes.back() - mean) / std::sqrt(variance)) < 1e-9);
        }
    }
    RC_ASSERT(core::known(measures.sigma300()));
    RC_ASSERT(core::known(measures.closed_volume_z()));
}

TEST(Measures, TheLaterExtremeWinsATieAndNothingMovedMeansNoRetrace) {
    Extremes flat;
    flat.add(100, 100);
    flat.add(100, 100);
    EXPECT_EQ(flat.run().size, 0);
    EXPECT_FALSE(core::known(flat.run().retrace(100)));

    Extremes later;
    later.add(100, 100);
    later.add(110, 110);
    later.add(104, 104);
    EXPECT_EQ(later.run().sign, 1);
    EXPECT_EQ(later.run().base, 100);
    EXPECT_NEAR(later.run().retrace(104), .6, 1e-12);
    EXPECT_EQ(later.run().retrace(90), 1);
}

TEST(Measures, TheCarriedPriceIsNoPartOfASecondThatTrades) {
    Measures measures{TrapSettings{}};
    for (std::int64_t s = 0; s < 20; ++s) measures.close({11000, 11000, 11000, 1, 1}, s);

    // Straight down from the carried price: no rise may be seen after it.
    measures.trade(10000, 1, core::Side::sell);

    EXPECT_EQ(measures.run_w().sign, -1);
    EXPECT_EQ(measures.run_w().base, 11000);
    EXPECT_NEAR(measures.run_w().size, 1e4 / 11, 1e-9);
}

TEST(Measures, TheMoveOfTheLastThreeBucketsIsKnownOnceThereAreThree) {
    Measures measures{TrapSettings{}};
    std::array<double, 3> moves{};
    for (std::int64_t s = 0; s < 59; ++s) measures.close({0, 0, 10000. + 10. * static_cast<double>(s / 15), 0, 0}, s);
    EXPECT_FALSE(measures.last_moves(moves));

    measures.close({0, 0, 10030, 0, 0}, 59);

    ASSERT_TRUE(measures.last_moves(moves));
    EXPECT_NEAR(moves[0], 10, 1e-9);
    EXPECT_NEAR(moves[2], core::bps(10030, 10020), 1e-9);
}

TEST(Measures, AGapMakesEveryMeasureUnknownUntilItsWindowIsFullAgain) {
    Measures measures{TrapSettings{}};
    for (std::int64_t s = 0; s < 1000; ++s)
        measures.close({10000, 9990, s % 2 ? 10000. : 9990., double(s % 13), double(s % 7)}, s);
    ASSERT_TRUE(core::known(measures.run_w().size) && core::known(measures.sigma300()) &&
                core::known(measures.volume_z()) && core::known(measures.closed_move(300)));

    measures.clear();

    EXPECT_FALSE(measures.has_price());
    EXPECT_FALSE(core::known(measures.run_w().size));
    EXPECT_FALSE(core::known(measures.closed_run(300).size));
    EXPECT_FALSE(core::known(measures.sigma60()));
    EXPECT_FALSE(core::known(measures.volume_z()));
    EXPECT_FALSE(core::known(measures.flow_p()));
    EXPECT_FALSE(core::known(measures.closed_move(60)));
    std::array<double, 3> moves{};
    EXPECT_FALSE(measures.last_moves(moves));
}

RC_GTEST_PROP(FlashWindow, EqualsTheSlowDefinition, ()) {
    const auto steps = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(0, 400), rc::gen::inRange(-3, 4)));
    FlashWindow window{std::chrono::seconds{1}};
    std::vector<std::pair<core::Nanoseconds, double>> trades;
    core::Nanoseconds now{};
    double price = 1000;
    for (const auto& [wait_ms, step] : steps) {
        now += std::chrono::milliseconds{wait_ms};
        price += step;
        window.trade(now, price);
        trades.emplace_back(now, price);

        double low = price, high = price;
        std::uint32_t ups = 0, downs = 0;
        for (std::size_t i = 0; i < trades.size(); ++i) {
            if (trades[i].first <= now - std::chrono::seconds{1}) continue;
            low = std::min(low, trades[i].second);
            high = std::max(high, trades[i].second);
            ups += i > 0 && trades[i].second > trades[i - 1].second;
            downs += i > 0 && trades[i].second < trades[i - 1].second;
        }
        const double up = 1e4 * (price - low) / low, down = 1e4 * (high - price) / high;
        const auto move = window.move(price);
        RC_ASSERT(move.bps == (up >= down ? up : -down));
        RC_ASSERT(move.trades == (up >= down ? ups : downs));
        RC_ASSERT(window.reaches(price, std::max(up, down) * (1 - 1e-12)));
    }
}

TEST(FlashWindow, SurvivesMorePriceChangesThanItHolds) {
    FlashWindow window{std::chrono::seconds{1}};
    for (int i = 0; i < 5000; ++i) window.trade(core::Nanoseconds{i}, 1000 + i);

    const auto move = window.move(5999);
    EXPECT_EQ(move.trades, 512u);
    EXPECT_NEAR(move.bps, core::bps(5999, 5999 - 511), 1e-9);

    window.expire(std::chrono::seconds{3});
    EXPECT_FALSE(core::known(window.move(5999).bps));
}

TEST(DepthHistory, ComparesTheSideHitWithASecondAgo) {
    using namespace std::chrono_literals;
    DepthHistory depth;
    EXPECT_FALSE(core::known(depth.depletion(1s, 1)));
    for (int i = 0; i <= 20; ++i) depth.add(i * 100ms, 1000 - i * 10, 500);

    EXPECT_EQ(depth.depletion(2s, 1), 0);
    EXPECT_NEAR(depth.depletion(2s, -1), 1 - 800. / 900, 1e-12);
    EXPECT_FALSE(core::known(depth.depletion(20s, -1)));
    EXPECT_NEAR(depth.depletion(3s, -1), 1 - 800. / 810, 1e-12);
    EXPECT_FALSE(core::known(depth.depletion(3001ms, -1))) << "both samples are history: the book fell silent";
    depth.clear();
    EXPECT_FALSE(core::known(depth.depletion(2s, -1)));
}

}  // namespace
}  // namespace pipeline::traps
