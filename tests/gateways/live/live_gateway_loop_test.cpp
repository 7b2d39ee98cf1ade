#include "tests/gateways/live/live_loop.hpp"

using namespace test;

namespace {

class LiveLoop : public ::testing::TestWithParam<Venue> {
protected:
    Loop loop{GetParam()};
};

}  // namespace

TEST_P(LiveLoop, LedgerAndVenueAgreeAfterAnOrdinaryHour) {
    ASSERT_TRUE(loop.ready());
    const auto entry = loop.order(Side::buy, 4);
    loop.submit(entry);
    loop.settle();
    auto stop = loop.rig.stop(loop.btc(), Side::sell, 4, 4'900);
    loop.submit(stop);
    const auto target = loop.order(Side::sell, 2, 5'100);
    loop.submit(target);
    const auto far = loop.order(Side::buy, 1, 4'000);
    loop.submit(far);
    loop.settle();
    loop.expect_equal();

    loop.cancel(far);
    auto crooked = loop.order(Side::buy, 1, 4'000);
    crooked.quantity = core::Quantity{loop.btc().lot_size.units};
    crooked.price = loop.rig.price(loop.btc(), 1);  // worth too little, where there is a least
    loop.submit(crooked);
    loop.settle();
    loop.expect_equal();
    EXPECT_TRUE(gateways::final(loop.ledger.find(far.id)->state()));

    loop.rig.trade(loop.btc(), 4'890);  // the stop
    loop.settle();
    loop.expect_equal();
    EXPECT_EQ(loop.ledger.position(loop.btc().id).units, 0);
    EXPECT_EQ(loop.ledger.find(stop.id)->state(), OrderState::filled);
    EXPECT_GT(loop.accounts, 1u);
    EXPECT_TRUE(gateways::dead_man_timer(loop.rig.venue, Market::linear).renew_every.count() == 0 || loop.timers > 3);
    EXPECT_EQ(loop.ledger.unbooked(), 0u);
    for (const auto& alert : loop.alerts)
        EXPECT_EQ(alert.kind, gateways::AlertKind::naked_position) << gateways::name(alert.kind);
}

TEST_P(LiveLoop, LostAnswersAndBrokenServersLeaveNoDoubt) {
    using venue::FaultKind;
    ASSERT_TRUE(loop.ready());
    auto& simulator = loop.rig.simulator;

    simulator.add_fault({.kind = FaultKind::lost_ack, .count = 1});
    const auto lost = loop.order(Side::buy, 2, 4'900);
    loop.submit(lost);
    loop.settle();
    loop.expect_equal();
    EXPECT_EQ(loop.ledger.find(lost.id)->state(), OrderState::working);

    simulator.add_fault({.kind = FaultKind::unknown_outcome, .count = 1});
    loop.cancel(lost);
    loop.settle();
    loop.expect_equal();
    EXPECT_EQ(loop.ledger.find(lost.id)->state(), OrderState::cancelled);

    simulator.add_fault({.kind = FaultKind::server_error, .count = 1});
    const auto failed = loop.order(Side::buy, 2, 4'900);
    loop.submit(failed);
    loop.run(15s);
    loop.settle();
    loop.expect_equal();
    EXPECT_EQ(loop.ledger.find(failed.id)->state(), OrderState::rejected);

    loop.rig.lose_before = 1;
    const auto unsent = loop.order(Side::buy, 2, 4'900);
    loop.submit(unsent);
    loop.settle();
    EXPECT_EQ(loop.ledger.find(unsent.id)->state(), OrderState::rejected);

    const auto filled_in_the_dark = loop.order(Side::buy, 2);
    simulator.add_fault({.kind = FaultKind::lost_ack, .count = 1});
    loop.submit(filled_in_the_dark);
    loop.settle();
    loop.expect_equal();
    EXPECT_GT(loop.ledger.position(loop.btc().id).units, 0);
}

TEST_P(LiveLoop, AStopOfTheProgramCancelsAllButWhatProtects) {
    for (const bool keeps : {true, false}) {
        Loop one{GetParam(), keeps};
        ASSERT_TRUE(one.ready());
        one.submit(one.order(Side::buy, 4));
        one.settle();
        const auto stop = one.rig.stop(one.btc(), Side::sell, 4, 4'900);
        one.submit(stop);
        for (int i = 0; i < 5; ++i) one.submit(one.order(Side::buy, 1, 4'000 - i));
        one.settle();
        const auto& open = one.rig.simulator.engine().account(1).open;
        ASSERT_EQ(open.size(), 6u);

        one.gateway->stop(one.rig.now, 20s);
        for (int i = 0; i < 2'000 && one.gateway->gate().state() != gateways::GateState::closed; ++i) one.turn();

        ASSERT_EQ(open.size(), keeps ? 1u : 0u) << one.told();
        EXPECT_EQ(venue::live(one.rig.there(stop)->state), keeps);
        one.expect_equal();
    }
}

INSTANTIATE_TEST_SUITE_P(Venues, LiveLoop, ::testing::ValuesIn(venues),
                         [](const auto& tested) { return std::string{core::name(tested.param)}; });
