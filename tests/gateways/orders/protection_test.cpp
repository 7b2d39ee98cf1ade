#include "gateways/orders/protection.hpp"

#include "gateways/orders/order_gate.hpp"
#include "gateways/orders/watchdog.hpp"
#include "tests/gateways/orders/ledger_world.hpp"

#include <sys/wait.h>

#include <csignal>

using namespace test;
using namespace std::chrono_literals;

namespace {

Order stop_of(std::uint64_t n, std::int64_t quantity) {
    auto order = order_of(n, quantity, Side::sell);
    order.type = OrderType::stop_market;
    order.purpose = Purpose::stop;
    order.reduce_only = true;
    order.price = {};
    order.trigger = {5'880'000};
    return order;
}

struct Protecting : testing::Test {
    InstrumentTable instruments = two_instruments();
    OrderLedger ledger{{}, instruments};
    std::vector<Effect> effects;

    Order send(const Order& order) {
        EXPECT_TRUE(ledger.create(order, 1000s));
        ledger.sent(order.id);
        return order;
    }
    void on(const VenueEvent& event) { ledger.on(event, effects); }
};

}  // namespace

TEST_F(Protecting, FollowsThePositionThroughPartialFills) {
    const auto entry = send(order_of(1, 10));
    EXPECT_EQ(protection(ledger, btc).naked(), Quantity{0});
    on(fill_of(entry, "t1", 4));
    EXPECT_EQ(protection(ledger, btc).naked(), Quantity{4});

    const auto stop = send(stop_of(2, 4));
    EXPECT_EQ(protection(ledger, btc).naked(), Quantity{4}) << "sent is not there yet";
    on(acked(stop));
    EXPECT_EQ(protection(ledger, btc).naked(), Quantity{0});
    on(fill_of(entry, "t2", 6));
    EXPECT_EQ(protection(ledger, btc).naked(), Quantity{6});
    on(fill_of(stop, "t3", 3));
    EXPECT_EQ(protection(ledger, btc).naked(), Quantity{6}) << "seven held, one still covered";
}

TEST_F(Protecting, GivesBackTheStopThatIsGone) {
    const auto entry = send(order_of(1, 10));
    on(fill_of(entry, "t1", 10));
    EXPECT_FALSE(missing_stop(ledger, btc)) << "no trigger was ever known, and none is invented";
    const auto stop = send(stop_of(2, 10));
    EXPECT_FALSE(missing_stop(ledger, btc)) << "its outcome is not known yet";
    on(acked(stop));
    EXPECT_FALSE(missing_stop(ledger, btc));

    on(closed_of(VenueEventKind::cancelled, stop, 0));

    const auto again = missing_stop(ledger, btc);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->quantity, Quantity{10});
    EXPECT_EQ(again->trigger, Price{5'880'000});
    EXPECT_EQ(again->id, OrderId{});
    EXPECT_TRUE(again->reduce_only);
}

TEST_F(Protecting, GivesBackNoStopOfAPositionBeforeThisOne) {
    const auto entry = send(order_of(1, 10));
    on(fill_of(entry, "t1", 10));
    const auto old = send(stop_of(2, 10));
    on(acked(old));
    on(fill_of(old, "t2", 10));  // it did its work
    const auto again = send(order_of(3, 10));
    on(fill_of(again, "t3", 10));
    EXPECT_FALSE(missing_stop(ledger, btc)) << "at 58800 for a position of another time";

    const auto mine = send(stop_of(4, 10));
    on(acked(mine));
    on(closed_of(VenueEventKind::cancelled, mine, 0));
    EXPECT_TRUE(missing_stop(ledger, btc));
}

TEST_F(Protecting, GivesBackNoStopBeyondTheMarket) {
    const auto entry = send(order_of(1, 10));
    on(fill_of(entry, "t1", 10));
    const auto stop = send(stop_of(2, 10));
    on(acked(stop));
    on(closed_of(VenueEventKind::cancelled, stop, 0));

    EXPECT_TRUE(missing_stop(ledger, btc)) << "the market is not known";
    EXPECT_TRUE(missing_stop(ledger, btc, Price{5'880'001}));
    EXPECT_FALSE(missing_stop(ledger, btc, Price{5'880'000})) << "it would be released at once";
    EXPECT_FALSE(missing_stop(ledger, btc, Price{5'000'000}));
}

TEST_F(Protecting, KnowsAfterARestartWhichStopsAreOfThisPosition) {
    Folder folder;
    {
        OrderLedger first{{}, instruments};
        ASSERT_TRUE(first.open(folder.path / "ledger"));
        const auto sent = [&](const Order& order) {
            EXPECT_TRUE(first.create(order, 1000s));
            first.sent(order.id);
        };
        sent(order_of(1, 10));
        first.on(fill_of(order_of(1, 10), "t1", 10), effects);
        sent(stop_of(2, 10));
        first.on(fill_of(stop_of(2, 10), "t2", 10), effects);
        ASSERT_TRUE(first.compact());  // while it is flat
        sent(order_of(3, 10));
        sent(stop_of(4, 10));  // before the news of the fill
        first.on(fill_of(order_of(3, 10), "t3", 10), effects);
    }
    for (int restart = 0; restart < 2; ++restart) {
        OrderLedger again{{}, instruments};
        ASSERT_TRUE(again.open(folder.path / "ledger"));
        EXPECT_EQ(again.position(btc), Quantity{10});
        EXPECT_FALSE(again.of_position(stop_of(2, 10)));
        EXPECT_TRUE(again.of_position(stop_of(4, 10)));
    }
}

TEST_F(Protecting, WaitsForTheRoundTripBeforeItCriesForHelp) {
    ProtectionWatch watch{2, 2s};
    const auto entry = send(order_of(1, 10));
    on(fill_of(entry, "t1", 10));
    EXPECT_FALSE(watch.naked(ledger, btc, 1000s));
    EXPECT_FALSE(watch.naked(ledger, btc, 1001s));
    EXPECT_TRUE(watch.naked(ledger, btc, 1002s));
    const auto stop = send(stop_of(2, 10));
    on(acked(stop));
    EXPECT_FALSE(watch.naked(ledger, btc, 1003s));
}

TEST_F(Protecting, NoEntryPassesTheGateAfterStopAndNothingWhenItIsClosed) {
    OrderGate gate;
    auto entry = order_of(1), exit = stop_of(2, 10), cancel = order_of(1);
    cancel.type = OrderType::cancel;
    const auto passes = [&] { return std::array{gate.pass(entry), gate.pass(exit), gate.pass(cancel)}; };
    EXPECT_EQ(passes(), (std::array{false, true, true}));
    EXPECT_TRUE(gate.open());
    EXPECT_EQ(passes(), (std::array{true, true, true}));

    gate.stop(1000s, 10s);
    EXPECT_EQ(passes(), (std::array{false, true, true}));
    EXPECT_FALSE(gate.open());
    EXPECT_FALSE(gate.reduce());
    EXPECT_TRUE(gate.step(ledger, 1000s, effects).done);
    EXPECT_EQ(passes(), (std::array{false, false, false}));
    EXPECT_FALSE(gate.open());
}

TEST_F(Protecting, StopCancelsOneByOneThenAllAndEndsAtItsDeadline) {
    const auto one = send(order_of(1)), two = send(order_of(2));
    on(acked(one));
    OrderGate gate;
    gate.stop(1000s, 10s);
    effects.clear();

    EXPECT_EQ(gate.step(ledger, 1000s, effects).remaining, 2u);
    EXPECT_EQ(told(effects), "cancel cancel");
    gate.step(ledger, 1000s + 500ms, effects);
    EXPECT_EQ(told(effects), "cancel cancel") << "patience";
    on(closed_of(VenueEventKind::cancelled, one, 0));
    effects.clear();
    EXPECT_FALSE(gate.step(ledger, 1004s, effects).cancel_all);
    EXPECT_EQ(told(effects), "cancel") << "the other once more";
    EXPECT_TRUE(gate.step(ledger, 1005s, effects).cancel_all);
    EXPECT_FALSE(gate.step(ledger, 1006s, effects).cancel_all);
    const auto end = gate.step(ledger, 1010s, effects);
    EXPECT_TRUE(end.done);
    EXPECT_EQ(end.remaining, 1u);
    EXPECT_EQ(ledger.find(two.id)->cancel_asked, true);
}

TEST(Watchdog, FiresOnSilenceAloneAndLeavesWhenTold) {
    using Step = WatchdogLogic::Step;
    WatchdogLogic logic{5s, 0s};
    EXPECT_EQ(logic.step(1, false, false, 4s), Step::wait);
    EXPECT_EQ(logic.step(2, false, false, 8s), Step::wait);
    EXPECT_EQ(logic.step(2, false, false, 12s), Step::wait);
    EXPECT_EQ(logic.step(2, true, false, 20s), Step::leave);
    EXPECT_EQ(logic.step(2, false, true, 13s), Step::fire);
}

TEST(Watchdog, WaitsForTheFirstBeatAndEndsWithAParentThatNeverBeat) {
    using Step = WatchdogLogic::Step;
    WatchdogLogic logic{5s, 0s};
    EXPECT_EQ(logic.step(0, false, false, 60s), Step::wait) << "a slow start is no silence";
    EXPECT_EQ(logic.step(1, false, false, 61s), Step::wait);
    EXPECT_EQ(logic.step(1, false, false, 66s), Step::fire);

    WatchdogLogic orphan{5s, 0s};
    EXPECT_EQ(orphan.step(0, false, true, 1s), Step::leave);
}

TEST(Watchdog, CancelsAllWhenTheParentStopsBeating) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    Heartbeat heartbeat;
    heartbeat.beat();
    const auto watchdog = start_watchdog(heartbeat, 20ms, 1ms, [&] { EXPECT_EQ(::write(pipe[1], "cancel", 6), 6); });

    std::array<char, 6> word{};  // silence from here on; the read waits for the watchdog
    EXPECT_EQ(::read(pipe[0], word.data(), word.size()), 6);
    int status = 0;
    ASSERT_EQ(::waitpid(watchdog, &status, 0), watchdog);
    EXPECT_EQ(WEXITSTATUS(status), 1);
    ::close(pipe[0]);
    ::close(pipe[1]);
}

TEST(Watchdog, OutlivesTheTerminal) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    Heartbeat heartbeat;
    heartbeat.beat();
    const auto watchdog = start_watchdog(heartbeat, 50ms, 1ms, [&] {
        for (const int signal : {SIGHUP, SIGQUIT, SIGINT, SIGTERM}) ::raise(signal);
        EXPECT_EQ(::write(pipe[1], "cancel", 6), 6);
    });

    std::array<char, 6> word{};
    ::close(pipe[1]);  // the watchdog's end is the last: if it dies, the read ends
    EXPECT_EQ(::read(pipe[0], word.data(), word.size()), 6);
    int status = 0;
    ASSERT_EQ(::waitpid(watchdog, &status, 0), watchdog);
    EXPECT_TRUE(WIFEXITED(status));
    ::close(pipe[0]);
}

TEST(Watchdog, SaysNothingWhenTheParentLeavesInOrder) {
    Heartbeat heartbeat;
    heartbeat.beat();
    heartbeat.leave();
    const auto watchdog = start_watchdog(heartbeat, 1h, 1ms, [] { ::_exit(7); });
    int status = 0;
    ASSERT_EQ(::waitpid(watchdog, &status, 0), watchdog);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}
