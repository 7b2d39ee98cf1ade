#include "feeds/session/arbiter.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

using core::Session;
using core::TickKind;
using feeds::Arbiter;
using namespace std::chrono_literals;

namespace {

core::Tick tick(TickKind kind, core::Nanoseconds time = 1s) {
    core::Tick made;
    made.kind = kind;
    made.instrument = core::InstrumentId{0};
    made.venue_time = time;
    made.receive_time = time + 1ms;
    return made;
}
core::Tick trade(std::uint64_t id) {
    auto made = tick(TickKind::trade);
    made.trade = {.price = {1}, .quantity = {1}, .trade_id = id};
    return made;
}
core::Tick book(std::uint64_t id, bool snapshot = false) {
    auto made = tick(TickKind::level);
    made.level = {.price = {1}, .quantity = {1}, .update_id = id};
    made.flags =
        core::tick_flag::first | core::tick_flag::last | (snapshot ? core::tick_flag::snapshot : std::uint8_t{0});
    return made;
}
core::Tick session(Session what, core::InstrumentId instrument = core::InstrumentId{0}) {
    auto made = tick(TickKind::session);
    made.instrument = instrument;
    made.code = static_cast<std::uint16_t>(what);
    return made;
}

/// What gets through, in short: "t7", "b12", "s10", "gap", …
struct World {
    Arbiter arbiter{1};
    std::string passed{};

    World() { arbiter.sessions(2); }
    World& on(std::size_t from, const core::Tick& event) {
        arbiter.on(from, event, [&](const core::Tick& t) {
            if (!passed.empty()) passed += ' ';
            if (t.kind == TickKind::trade)
                passed += 't' + std::to_string(t.trade.trade_id);
            else if (t.kind == TickKind::level)
                passed += ((t.flags & core::tick_flag::snapshot) != 0 ? 's' : 'b') + std::to_string(t.level.update_id);
            else if (t.kind == TickKind::session)
                passed += core::name(static_cast<Session>(t.code));
            else
                passed += std::string{core::name(t.kind)} + '@' + std::to_string(t.venue_time.count() / 1'000'000'000);
        });
        return *this;
    }
};

}  // namespace

TEST(Arbiter, PassesEachTradeOnceWhoeverBringsItFirst) {
    World world;
    world.on(0, trade(1))
        .on(1, trade(1))
        .on(1, trade(2))
        .on(0, trade(2))
        .on(0, trade(4))
        .on(1, trade(3))
        .on(1, trade(4));
    EXPECT_EQ(world.passed, "t1 t2 t4 t3") << "in any order of their ids";
    EXPECT_EQ(world.arbiter.counts().copies, 3U);
}

TEST(Arbiter, LetsWhoeverIsAheadLeadABook) {
    World world;
    world.on(0, book(10, true)).on(1, book(10, true)).on(0, book(11)).on(1, book(11)).on(1, book(12)).on(0, book(12));
    world.on(1, book(13)).on(0, book(13));
    EXPECT_EQ(world.passed, "s10 b11 b12 b13");
}

TEST(Arbiter, BridgesAGapOfOneWithTheOther) {
    World world;
    world.on(0, book(10, true)).on(1, book(10, true)).on(0, book(11));
    world.on(0, session(Session::gap)).on(1, book(11)).on(0, book(20)).on(1, book(12));
    EXPECT_EQ(world.passed, "s10 b11 b12") << "what follows the gap of the first is not to be trusted";
    EXPECT_EQ(world.arbiter.counts().gaps_bridged, 1U);
    world.on(0, book(12, true)).on(0, session(Session::resynchronised)).on(0, book(13));
    EXPECT_EQ(world.passed, "s10 b11 b12 b13") << "its new snapshot was no news";
}

TEST(Arbiter, TellsAGapWhenNobodyHasTheBookAndThatItCameBack) {
    World world;
    world.on(0, book(10, true)).on(1, book(10, true)).on(0, session(Session::gap)).on(1, session(Session::gap));
    world.on(0, book(15)).on(1, book(5, true)).on(1, session(Session::resynchronised)).on(1, book(6));
    EXPECT_EQ(world.passed, "s10 gap s5 resynchronised b6") << "numbers may begin anew after maintenance";
}

TEST(Arbiter, FollowsOneSessionWhereBooksAreNotNumbered) {
    World world;
    world.on(0, book(0, true)).on(1, book(0, true)).on(0, book(0)).on(1, book(0)).on(0, book(0));
    EXPECT_EQ(world.passed, "s0 b0 b0");
    world.on(0, session(Session::gap)).on(1, book(0));
    EXPECT_EQ(world.passed, "s0 b0 b0 gap") << "where the other stands nobody can tell";
    world.on(1, session(Session::gap)).on(1, book(0, true)).on(1, session(Session::resynchronised)).on(1, book(0));
    EXPECT_EQ(world.passed, "s0 b0 b0 gap s0 resynchronised b0");
}

TEST(Arbiter, PassesTheRestByTheVenuesTime) {
    World world;
    world.on(0, tick(TickKind::quote, 5s)).on(1, tick(TickKind::quote, 5s)).on(1, tick(TickKind::quote, 6s));
    world.on(0, tick(TickKind::quote, 4s)).on(0, tick(TickKind::mark, 4s)).on(1, tick(TickKind::mark, 4s));
    EXPECT_EQ(world.passed, "quote@5 quote@6 mark@4");
}

TEST(Arbiter, LetsNoStampFromTheFutureSilenceTheRest) {
    World world;
    world.on(0, session(Session::connected, core::no_instrument))
        .on(1, session(Session::connected, core::no_instrument));
    auto ahead = tick(TickKind::quote, 3600s);
    ahead.receive_time = 5s;
    world.on(0, tick(TickKind::quote, 4s)).on(1, ahead).on(0, ahead);
    world.on(0, tick(TickKind::quote, 6s)).on(1, tick(TickKind::quote, 7s)).on(0, tick(TickKind::quote, 7s));
    EXPECT_EQ(world.passed, "connected quote@4 quote@3600 quote@6 quote@7");
}

TEST(Arbiter, TakesTimelessQuotesFromOneSession) {
    World world;
    auto timeless = tick(TickKind::quote, 5s);
    timeless.receive_time = timeless.venue_time;
    world.on(0, session(Session::connected, core::no_instrument))
        .on(1, session(Session::connected, core::no_instrument));
    world.on(0, timeless).on(1, timeless);
    world.on(0, session(Session::disconnected, core::no_instrument)).on(1, timeless);
    EXPECT_EQ(world.passed, "connected quote@5 quote@5") << "one is still connected";
    world.on(1, session(Session::disconnected, core::no_instrument));
    EXPECT_EQ(world.passed, "connected quote@5 quote@5 disconnected");
}

RC_GTEST_PROP(Arbiter, MakesOneUnbrokenBookOfTwoThatBreak, ()) {
    // Two sessions walk along the same updates at their own speed, break, and begin anew with a snapshot.
    World world;
    std::array<std::uint64_t, 2> at{100, 100};
    std::array<bool, 2> has{};
    std::vector<std::pair<char, std::uint64_t>> passed;
    const auto send = [&](std::size_t from, const core::Tick& event) {
        world.arbiter.on(from, event, [&](const core::Tick& t) {
            if (t.kind == TickKind::level)
                passed.emplace_back((t.flags & core::tick_flag::snapshot) != 0 ? 's' : 'b', t.level.update_id);
            else if (static_cast<Session>(t.code) == Session::gap)
                passed.emplace_back('g', 0);
        });
    };
    for (const int step : *rc::gen::container<std::vector<int>>(200, rc::gen::inRange(0, 40))) {
        const auto from = static_cast<std::size_t>(step % 2);
        if (!has[from]) {
            at[from] += static_cast<std::uint64_t>(step % 3);
            send(from, book(at[from], true));
            has[from] = true;
        } else if (step >= 36) {
            send(from, session(Session::gap));
            has[from] = false;
        } else {
            send(from, book(++at[from]));
        }
    }
    bool valid = false;
    std::uint64_t last = 0;
    for (const auto& [what, id] : passed) {
        if (what == 'b') RC_ASSERT(valid && id == last + 1);
        if (what == 's' && valid) RC_ASSERT(id > last);
        valid = what != 'g';
        last = id;
    }
}
