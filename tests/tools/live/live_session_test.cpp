#include "tools/omega/live/live_session.hpp"

#include "core/runtime/clock.hpp"
#include "strategies/command.hpp"
#include "tests/feeds/capture/temporary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <set>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using core::InstrumentId;
using core::Tick;
using core::Venue;

namespace {

core::Order order_of(InstrumentId instrument, std::uint64_t id, bool reduces) {
    core::Order order;
    order.id = core::OrderId{id};
    order.venue = Venue::binance;
    order.instrument = instrument;
    order.type = core::OrderType::limit;
    order.reduce_only = reduces;
    return order;
}

Tick execution(InstrumentId instrument, core::Execution what) {
    Tick tick;
    tick.kind = core::TickKind::execution;
    tick.instrument = instrument;
    tick.venue = Venue::binance;
    tick.code = static_cast<std::uint16_t>(what);
    return tick;
}

/// What would otherwise be sockets: instruments that agree or not, and a record of what happened, in order.
struct Account {
    std::set<std::uint16_t> agreeing;
    std::deque<Tick> executions;
    std::vector<std::string> history;
    bool opened{}, is_stopped{};

    [[nodiscard]] bool trades(Venue venue) const noexcept { return venue == Venue::binance; }
    bool agrees(InstrumentId id, core::Nanoseconds, bool) { return agreeing.count(id.value) != 0; }
    void open(Venue) {
        opened = true;
        history.emplace_back("open");
    }
    omega::Departure submit(const core::Order& order, core::Nanoseconds) {
        history.push_back("sent " + std::to_string(order.id.value));
        return omega::Departure::written;
    }
    void refuse(const core::Order& order, core::Nanoseconds) {
        history.push_back("refused " + std::to_string(order.id.value));
    }
    void price(const Tick&) noexcept {}
    std::size_t poll(core::Clock&) { return 0; }
    template <class F>
    void take_executions(F&& f) {
        for (; !executions.empty(); executions.pop_front()) f(executions.front());
    }
    void stop(core::Nanoseconds, core::Nanoseconds) { is_stopped = true; }
    [[nodiscard]] bool stopped() const noexcept { return is_stopped; }
};

/// A position of every instrument.
std::optional<std::vector<Tick>> restored_state(const Account&, const core::Instrument& instrument,
                                                const omega::LastPrices&, core::Nanoseconds) {
    return std::vector{execution(instrument.id, core::Execution::held)};
}

/// Stages on threads of their own, as late as they can be: what was published is looked at when somebody waits for it.
/// Every tick of the market leads to an entry, and every position to a stop.
struct Late {
    static constexpr bool immediate = false;
    struct Sequencer {
        [[nodiscard]] static bool journal_starved() noexcept { return false; }
    };
    omega::DispatchRing& orders;
    std::deque<Tick> published;
    std::vector<Tick> seen;
    std::uint64_t next_id{1};

    [[nodiscard]] static Sequencer sequencer() noexcept { return {}; }
    template <class Poll>
    void publish(const Tick& tick, const pipeline::Timing&, Poll&&) {
        published.push_back(tick);
    }
    template <class Poll>
    void settle(core::Nanoseconds, Poll&& poll) {
        for (; !published.empty(); published.pop_front()) look(published.front());
        poll();
    }
    template <class Poll>
    void stop(Poll&& poll) {
        settle(core::Nanoseconds::max(), poll);
    }
    void look(const Tick& tick) {
        seen.push_back(tick);
        const bool market = tick.is(core::TickKind::trade);
        const bool held = tick.is(core::TickKind::execution) &&
                          static_cast<core::Execution>(tick.code & 0xff) == core::Execution::held;
        if (!market && !held) return;
        ASSERT_TRUE(orders.try_push({.order = order_of(tick.instrument, next_id++, !market)}));
    }
};

struct World {
    core::InstrumentTable instruments;
    InstrumentId first, second;
    omega::DispatchRing orders{64};
    gateways::binance::OrderEncoder encoder;
    omega::LatencyBook latency{{"one"}};
    omega::OrderDesk desk;
    Account account;
    Late late{orders, {}, {}};
    core::Clock clock;
    omega::LiveSession<Late, Account> session;

    static core::Instrument instrument(const char* symbol) {
        core::Instrument made;
        made.symbol = symbol;
        made.venue = Venue::binance;
        return made;
    }
    World()
        : first{instruments.add(instrument("BTCUSDT"))},
          second{instruments.add(instrument("ETHUSDT"))},
          encoder{instruments, core::Signer{core::Secret{std::string{"test"}}}},
          desk{orders, encoder, nullptr, latency, 1},
          session{late, account, desk, instruments, clock, 1s} {
        desk.go_live();
    }
    void trade(InstrumentId instrument) {
        Tick tick;
        tick.kind = core::TickKind::trade;
        tick.instrument = instrument;
        tick.venue = Venue::binance;
        session.on_tick(tick, {});
    }
};

using History = std::vector<std::string>;

}  // namespace

TEST(LiveSession, OpensTheGateAfterTheStagesSawWhatIsRestored) {
    World world;
    world.trade(world.first);  // will be an entry that knows nothing of the position
    world.account.agreeing = {world.first.value, world.second.value};

    world.session.advance(1s);

    EXPECT_EQ(world.account.history, (History{"refused 1", "sent 2", "sent 3", "open", "open"}))
        << "the blind entry is refused, the stops go, and only then may entries leave";
    EXPECT_TRUE(world.session.trading());
    world.trade(world.first);
    world.session.finish(2s);
    EXPECT_EQ(world.account.history.back(), "sent 4");
}

TEST(LiveSession, OneInstrumentThatDiffersDoesNotKeepTheOthersFromTrading) {
    World world;
    world.account.agreeing = {world.first.value};

    world.session.advance(1s);
    world.trade(world.first);
    world.trade(world.second);
    world.late.settle({}, [] {});
    world.session.advance(2s);

    EXPECT_FALSE(world.session.trading());
    EXPECT_EQ(world.session.waiting(), 1u);
    EXPECT_EQ(world.account.history, (History{"sent 1", "open", "sent 2", "refused 3"}));

    world.account.agreeing.insert(world.second.value);  // somebody resolved it
    world.session.advance(3s);
    EXPECT_TRUE(world.session.trading());
    world.trade(world.second);
    world.late.settle({}, [] {});
    world.session.advance(4s);
    EXPECT_EQ(world.account.history.back(), "sent 5") << "after its stop, number 4";
}

TEST(LiveSession, RemembersRiskThoughOneInstrumentNeverAgrees) {
    World world;
    test::TemporaryFolder folder;
    omega::RiskKeeper keeper{folder / ".", world.instruments};
    world.session.remember(&keeper);
    world.account.agreeing = {world.first.value};
    const auto ended = [&] {
        world.late.settle({}, [] {});
        return std::ranges::any_of(world.late.seen, [](const Tick& tick) {
            return tick.is(core::TickKind::command) &&
                   tick.code == static_cast<std::uint16_t>(strategies::Command::restored);
        });
    };

    world.session.advance(1s);
    world.session.advance(60s);
    EXPECT_FALSE(ended()) << "the other may still agree";
    world.session.advance(61s);
    EXPECT_TRUE(ended());
    EXPECT_EQ(world.session.waiting(), 1u);
    world.late.seen.clear();
    world.account.agreeing.insert(world.second.value);
    world.session.advance(62s);
    EXPECT_FALSE(ended()) << "once is enough";
    ASSERT_GE(world.late.seen.size(), 2U);
    EXPECT_TRUE(world.late.seen[0].is(core::TickKind::execution));
    EXPECT_EQ(world.late.seen[1].code, static_cast<std::uint16_t>(strategies::Command::instrument_restored))
        << "its plan is done with now, and not when the others were restored";
    EXPECT_EQ(world.late.seen[1].instrument, world.second);
    world.session.finish(63s);
}

TEST(LiveSession, TellsExecutionsOfAnInstrumentFromItsRestoreOn) {
    World world;
    world.account.agreeing = {world.first.value};
    world.session.advance(1s);
    const auto tell_both = [&](core::Execution what) {
        world.late.seen.clear();
        world.account.executions = {execution(world.first, what), execution(world.second, what)};
        world.session.advance(2s);
        world.late.settle({}, [] {});
        std::vector<InstrumentId> told;
        for (const auto& tick : world.late.seen) told.push_back(tick.instrument);
        return told;
    };
    EXPECT_EQ(tell_both(core::Execution::filled_taker), (std::vector{world.first}))
        << "the other one's fill is part of the position that will be restored";
    EXPECT_EQ(tell_both(core::Execution::rejected), (std::vector{world.first, world.second}));
}

TEST(OrderDesk, TimesAndCountsOnlyWhatLeft) {
    World world;
    pipeline::Stamps stamps{};
    stamps.received = 1;
    for (std::uint64_t id = 1; id <= 4; ++id)
        ASSERT_TRUE(world.orders.try_push({.order = order_of(world.first, id, true), .stamps = stamps}));
    std::uint64_t n = 0;
    world.desk.drain(
        [&](const core::Order&, core::Nanoseconds) {
            return ++n == 1 ? omega::Departure::handed_over
                   : n == 2 ? omega::Departure::held_back
                            : omega::Departure::written;
        },
        [](const core::Order&, core::Nanoseconds) {});
    EXPECT_EQ(world.desk.departed(omega::Departure::written), 2u);
    EXPECT_EQ(world.desk.departed(omega::Departure::handed_over), 1u);
    EXPECT_EQ(world.desk.departed(omega::Departure::held_back), 1u);
    EXPECT_EQ(world.desk.sent(), 3u);
    EXPECT_EQ(world.latency.tick_to_order().count(), 2u) << "of the others nobody knows when they left";
}
