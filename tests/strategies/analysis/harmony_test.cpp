#include "strategies/analysis/harmony.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <vector>

using namespace strategies;
using core::Side;

namespace {

/// A position whose mark is 1 and entry 1, so that contracts are its notional.
PositionView held(std::string instrument, Side side, double notional, double pnl = 0, double leverage = 1) {
    return {.instrument = std::move(instrument),
            .side = side,
            .contracts = notional,
            .entry = 1,
            .mark = 1,
            .leverage = leverage,
            .pnl = pnl};
}

double portfolio(double long_notional, double short_notional, double equity, double pnl) {
    return portfolio_harmony({.long_notional = long_notional, .short_notional = short_notional, .pnl = pnl}, equity);
}

std::vector<Advice> advice(const std::vector<PositionView>& positions, double equity = 10000) {
    std::vector<Advice> list;
    for (const auto& r : recommend(positions, equity)) list.push_back(r.advice);
    return list;
}

}  // namespace

TEST(PortfolioHarmony, HasTheWorkedExamples) {
    EXPECT_NEAR(portfolio(3820, 2360, 10000, 50), 1, 1e-3);
    EXPECT_EQ(portfolio(3820, 2360, 10000, 50), portfolio(3820, 2360, 10000, 1)) << "only the sign of the result";
    EXPECT_NEAR(portfolio(5000, 0, 10000, -10), .309017, 5e-7);
    EXPECT_NEAR(portfolio(1000, 1000, 10000, 0), .5, 5e-7);
    EXPECT_NEAR(portfolio(30000, 5000, 10000, -500), .3, 5e-7);
    EXPECT_EQ(portfolio(0, 0, 10000, 0), .5);
    EXPECT_FALSE(core::known(portfolio(1, 1, core::unknown, 0)));
    EXPECT_FALSE(core::known(portfolio(1, 1, 10, core::unknown)));
    EXPECT_EQ(portfolio(1, 0, -5, 0), portfolio(1, 0, 1, 0)) << "equity counts as one at least";
}

TEST(PositionHarmony, HasTheWorkedExamples) {
    EXPECT_NEAR(position_harmony(6180, 10000, 5, 1), .999945, 5e-7);
    EXPECT_NEAR(position_harmony(5500, 10000, 10, -1), .439919, 5e-7);
    EXPECT_NEAR(position_harmony(500, 10000, 1, 1), .8, 5e-7);
    EXPECT_FALSE(core::known(position_harmony(500, 10000, core::unknown, 1)));
}

TEST(PhiResonance, HasTheWorkedExamples) {
    EXPECT_EQ(phi_resonance(0, 0), .5);
    EXPECT_NEAR(phi_resonance(3, 0), .618034, 5e-7);
    EXPECT_NEAR(phi_resonance(0, 3), .618034, 5e-7);
    EXPECT_NEAR(phi_resonance(1.618, 1), .999979, 5e-7);
    EXPECT_NEAR(phi_resonance(1, 1.618), .999979, 5e-7);
    EXPECT_NEAR(phi_resonance(1, 1), .618034, 5e-7);
    EXPECT_NEAR(phi_resonance(3, 1), .145898, 5e-7);
}

TEST(GainShare, NamesTheStateOfGainsAgainstLosses) {
    const struct {
        double gains, losses, balance;
        GainState state;
    } cases[] = {
        {1.618034, 1, 1, GainState::divine},  {1, 1, .618034, GainState::harmony}, {.8, 1, .494427, GainState::neutral},
        {.5, 1, .309017, GainState::discord}, {.2, 1, .123607, GainState::chaos},  {5, 1, 0, GainState::chaos},
        {7, 0, 1, GainState::divine},         {0, 7, 0, GainState::chaos},         {0, 0, .5, GainState::neutral}};
    for (const auto& c : cases) {
        const auto share = gain_share(c.gains, c.losses);
        EXPECT_NEAR(share.balance, c.balance, 1e-6) << c.gains << '/' << c.losses;
        EXPECT_EQ(share.state, c.state) << c.gains << '/' << c.losses;
    }
    EXPECT_FALSE(core::known(gain_share(1, 0).ratio));
}

TEST(Changes, AreWhatIsNewClosedOrMuchDifferent) {
    const std::vector<PositionView> before{held("A", Side::buy, 100, 10), held("B", Side::buy, 100, 10),
                                           held("C", Side::sell, 100, 10), held("D", Side::buy, 100, -10),
                                           held("E", Side::buy, 100, 0)};
    const std::vector<PositionView> now{held("A", Side::buy, 105, 11), held("B", Side::buy, 105.1, 10),
                                        held("C", Side::buy, 100, 10), held("D", Side::buy, 100, -11.1),
                                        held("E", Side::buy, 100, .01)};
    const auto found = changes(before, now);

    ASSERT_EQ(found.size(), 5U);
    EXPECT_EQ(found[0].kind, ChangeKind::changed);
    EXPECT_EQ(found[0].instrument, "B") << "A moved by exactly 5 % and 10 %: not more";
    EXPECT_EQ(found[1].kind, ChangeKind::opened);
    EXPECT_EQ(found[1].instrument, "C") << "the other side is another position";
    EXPECT_EQ(found[2].instrument, "D");
    EXPECT_EQ(found[3].instrument, "E") << "anything is more than a tenth of nothing";
    EXPECT_EQ(found[4].kind, ChangeKind::closed);
    EXPECT_EQ(found[4].side, Side::sell);
    EXPECT_TRUE(changes(before, before).empty());
    EXPECT_TRUE(changes({}, {}).empty());
}

TEST(Recommendations, FollowTheTable) {
    EXPECT_EQ(advice({}), (std::vector{Advice::wait_for_levels}));
    EXPECT_EQ(advice({held("A", Side::buy, 3820, 50), held("B", Side::sell, 2360)}), (std::vector{Advice::keep}));
    EXPECT_EQ(advice({held("A", Side::buy, 5000, -10)}), (std::vector{Advice::rebalance, Advice::consider_hedge}));
    EXPECT_EQ(advice({held("A", Side::buy, 1000), held("B", Side::sell, 1000)}), (std::vector{Advice::room_to_add}))
        << "equal sides lie between 1/φ and φ";
    EXPECT_EQ(advice({held("A", Side::buy, 30000, -500), held("B", Side::sell, 5000)}),
              (std::vector{Advice::rebalance, Advice::reduce_longs, Advice::reduce_exposure}));
    EXPECT_EQ(advice({held("A", Side::buy, 500), held("B", Side::sell, 5000)}), (std::vector{Advice::reduce_shorts}));
}

TEST(Recommendations, JudgeAPositionByItsMargin) {
    // 2 % of the value at leverage 10 are 20 % of the margin.
    const auto list = recommend(std::vector{held("A", Side::buy, 1000, -20, 10), held("B", Side::sell, 1000, 41, 10),
                                            held("C", Side::buy, 1000, -20, 1)},
                                4000);
    ASSERT_EQ(list.size(), 2U);
    EXPECT_EQ(list[0].advice, Advice::cut_loss);
    EXPECT_EQ(list[0].instrument, "A");
    EXPECT_NEAR(list[0].value, -.2, 1e-12);
    EXPECT_EQ(list[1].advice, Advice::take_profit);
    EXPECT_EQ(list[1].instrument, "B");
}

TEST(Recommendations, AreFiveAtMostAndInOrder) {
    std::vector<PositionView> positions;
    for (int i = 0; i < 9; ++i) positions.push_back(held("X" + std::to_string(i), Side::buy, 100, -50));
    EXPECT_EQ(advice(positions), (std::vector{Advice::rebalance, Advice::consider_hedge, Advice::room_to_add,
                                              Advice::cut_loss, Advice::cut_loss}));
}

RC_GTEST_PROP(Harmony, StaysBetweenZeroAndOne, ()) {
    const auto amount = [] { return *rc::gen::inRange(0, 1'000'000) * .1; };
    const double equity = amount(), pnl = amount() - 5e4;
    const double h = portfolio(amount(), amount(), equity, pnl);
    RC_ASSERT(h >= 0 && h <= 1);
    const double p = position_harmony(amount(), equity, 1 + amount(), pnl);
    RC_ASSERT(p >= 0 && p <= 1);
    const double r = phi_resonance(amount(), amount());
    RC_ASSERT(r >= 0 && r <= 1);
}
