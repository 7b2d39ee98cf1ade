#include "pipeline/fibonacci/zigzag.hpp"
#include "pipeline/fibonacci/pivots.hpp"

#include "tests/pipeline/fibonacci/golden_bars.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <optional>

using namespace pipeline;
using test::minute_bar;

namespace {

/// Feeds bars and keeps every confirmed pivot with the bar at which it became known.
struct Found {
    Pivot pivot;
    std::int64_t known_at_bar;
};

std::vector<Found> find_all(ZigZag& zigzag, const std::vector<SwingBar>& bars) {
    std::vector<Found> found;
    for (const auto& bar : bars) {
        Pivot pivot;
        if (zigzag.add(bar, pivot)) found.push_back({pivot, zigzag.bar()});
    }
    return found;
}

/// The definition of a pivot, looked up in all bars every time.
std::vector<Found> find_all_slowly(const std::vector<SwingBar>& bars, double min_swing_bps, std::int64_t confirm) {
    std::vector<Found> found;
    const auto size = static_cast<std::int64_t>(bars.size());
    const auto bar = [&](std::int64_t i) -> const SwingBar& { return bars[static_cast<std::size_t>(i)]; };
    const auto extreme = [&](std::int64_t first, std::int64_t last, bool high) {
        auto best = first;
        for (auto i = first; i <= last; ++i)
            if (high ? bar(i).high > bar(best).high : bar(i).low < bar(best).low) best = i;
        return best;
    };
    std::optional<Found> newest;
    for (std::int64_t i = 0; i < size; ++i) {
        const auto confirmed = [&](bool high) -> std::optional<std::int64_t> {
            const auto first = newest ? newest->pivot.bar + 1 : 0;
            const auto at = extreme(first, i, high);
            const double price = high ? bar(at).high : bar(at).low;
            const double back = 1e4 * (high ? price - bar(i).close : bar(i).close - price) / price;
            return i - at >= confirm && back >= min_swing_bps ? std::optional{at} : std::nullopt;
        };
        std::optional<std::int64_t> high, low;
        if (!newest || !newest->pivot.high) high = confirmed(true);
        if (!newest || newest->pivot.high) low = confirmed(false);
        if (high && low) (*high <= *low ? low : high).reset();
        if (!high && !low) continue;
        const auto at = high ? *high : *low;
        newest = Found{
            {.high = high.has_value(), .seed = !newest, .price = high ? bar(at).high : bar(at).low, .bar = at}, i};
        found.push_back(*newest);
    }
    return found;
}

std::vector<SwingBar> random_bars() {
    std::vector<SwingBar> bars;
    int close = 10000;
    for (const int move : *rc::gen::container<std::vector<int>>(100, rc::gen::inRange(-40, 41))) {
        const int open = close;
        close += move;
        bars.push_back(minute_bar(static_cast<int>(bars.size()), std::max(open, close) + *rc::gen::inRange(0, 40),
                                  std::min(open, close) - *rc::gen::inRange(0, 40), close));
    }
    return bars;
}

}  // namespace

TEST(ZigZag, FindsTheGoldenPivots) {
    ZigZag zigzag{50, 3, 500};
    const auto found = find_all(zigzag, test::golden_bars());

    ASSERT_EQ(found.size(), 4U);
    const struct {
        bool high, seed;
        double price;
        std::int64_t bar, known_at_bar;
    } expected[] = {{false, true, 9995, 0, 3},
                    {true, false, 10110, 3, 6},
                    {false, false, 10010, 8, 11},
                    {true, false, 10150, 12, 15}};
    for (std::size_t i = 0; i < 4; ++i) {
        SCOPED_TRACE(i);
        EXPECT_EQ(found[i].pivot.high, expected[i].high);
        EXPECT_EQ(found[i].pivot.seed, expected[i].seed);
        EXPECT_EQ(found[i].pivot.price, expected[i].price);
        EXPECT_EQ(found[i].pivot.bar, expected[i].bar);
        EXPECT_EQ(found[i].known_at_bar, expected[i].known_at_bar);
        EXPECT_EQ(found[i].pivot.time, std::chrono::minutes{expected[i].bar});
        EXPECT_EQ(found[i].pivot.known_at, std::chrono::minutes{expected[i].known_at_bar + 1});
    }
    EXPECT_EQ(zigzag.seek(), ZigZag::Seek::low);
    EXPECT_EQ(zigzag.extreme(), 10040);
    EXPECT_EQ(zigzag.extreme_bar(), 16);
}

TEST(ZigZag, AnEqualHighDoesNotRestartTheCount) {
    ZigZag zigzag{10, 3, 500};
    const std::vector<SwingBar> bars{minute_bar(0, 100, 99, 100), minute_bar(1, 110, 100, 109),
                                     minute_bar(2, 110, 100, 105), minute_bar(3, 105, 100, 101),
                                     minute_bar(4, 105, 100, 101)};
    const auto found = find_all(zigzag, bars);

    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.back().pivot.bar, 1);
}

TEST(ZigZag, StartsAgainAfterARestart) {
    ZigZag zigzag{50, 3, 500};
    const auto before = find_all(zigzag, test::golden_bars());
    zigzag.restart();
    EXPECT_EQ(zigzag.bar(), -1);
    const auto after = find_all(zigzag, test::golden_bars());

    ASSERT_EQ(after.size(), before.size());
    EXPECT_TRUE(after[0].pivot.seed);
    EXPECT_EQ(after[3].pivot.price, 10150);
}

RC_GTEST_PROP(ZigZag, AgreesWithTheDefinition, ()) {
    const auto bars = random_bars();
    const double swing = *rc::gen::inRange(5, 100);
    const auto confirm = *rc::gen::inRange(1, 6);
    ZigZag zigzag{swing, static_cast<std::uint32_t>(confirm), 500};

    const auto fast = find_all(zigzag, bars), slow = find_all_slowly(bars, swing, confirm);

    RC_ASSERT(fast.size() == slow.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
        RC_ASSERT(fast[i].pivot.high == slow[i].pivot.high);
        RC_ASSERT(fast[i].pivot.seed == slow[i].pivot.seed);
        RC_ASSERT(fast[i].pivot.price == slow[i].pivot.price);
        RC_ASSERT(fast[i].pivot.bar == slow[i].pivot.bar);
        RC_ASSERT(fast[i].known_at_bar == slow[i].known_at_bar);
    }
}

RC_GTEST_PROP(ZigZag, AlternatesAndNeverKnowsAPivotEarly, ()) {
    const auto bars = random_bars();
    ZigZag zigzag{20, 3, 500};
    const auto found = find_all(zigzag, bars);
    for (std::size_t i = 0; i < found.size(); ++i) {
        RC_ASSERT(found[i].known_at_bar >= found[i].pivot.bar + 3);
        if (i == 0) continue;
        RC_ASSERT(found[i].pivot.high != found[i - 1].pivot.high);
        RC_ASSERT(found[i].pivot.bar > found[i - 1].pivot.bar);
        RC_ASSERT(found[i].pivot.high == (found[i].pivot.price > found[i - 1].pivot.price));
    }
}

TEST(Pivots, MakeALegOfTheNewestTwo) {
    Pivots pivots;
    EXPECT_FALSE(pivots.leg(10).known);
    pivots.add({.high = true, .price = 10110, .bar = 3}, 8);
    EXPECT_FALSE(pivots.leg(10).known);
    pivots.add({.high = false, .price = 10010, .bar = 8}, 8);
    EXPECT_TRUE(pivots.leg(10).known);
    EXPECT_FALSE(pivots.leg(10).up);
    pivots.add({.high = true, .price = 10150, .bar = 12}, 8);
    EXPECT_TRUE(pivots.leg(10).up);
    EXPECT_EQ(pivots.leg(10).lo, 10010);
    EXPECT_EQ(pivots.leg(10).hi, 10150);
    EXPECT_FALSE(pivots.leg(200).known) << "139.9 bps are too short then";
}

TEST(Pivots, KeepTheNewestAndExpireTheOld) {
    Pivots pivots;
    for (int i = 0; i < 10; ++i) pivots.add({.high = i % 2 == 0, .price = 100, .bar = i}, 8);
    ASSERT_EQ(pivots.all().size(), 8U);
    EXPECT_EQ(pivots.all()[0].bar, 2);

    EXPECT_FALSE(pivots.expire(502, 500));
    EXPECT_TRUE(pivots.expire(505, 500));
    EXPECT_EQ(pivots.all()[0].bar, 5);
}

TEST(Pivots, BreakOnACloseBeyondThem) {
    Pivots pivots;
    pivots.add({.high = true, .price = 10000, .bar = 0}, 8);
    pivots.add({.high = false, .price = 9000, .bar = 1}, 8);

    EXPECT_FALSE(pivots.mark_broken(10002, 2)) << "2 bps exactly";
    EXPECT_TRUE(pivots.mark_broken(10003, 2));
    EXPECT_FALSE(pivots.mark_broken(10003, 2)) << "broken once";
    EXPECT_TRUE(pivots.all()[0].broken);
    EXPECT_FALSE(pivots.all()[1].broken);
    EXPECT_TRUE(pivots.mark_broken(8990, 2));
    EXPECT_TRUE(pivots.leg(10).known) << "a broken pivot stays as history";
}
