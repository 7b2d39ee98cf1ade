#include "gateways/live/order_entry.hpp"

#include "core/random/xoshiro.hpp"
#include "tests/allocations/counting_new.hpp"
#include "tests/gateways/live/private_world.hpp"

#include <gtest/gtest.h>

namespace test {
namespace {

using Event = VenueEventKind;
using gateways::Refusal;

struct EntryAccounts : testing::TestWithParam<AccountCase> {};
INSTANTIATE_TEST_SUITE_P(, EntryAccounts, testing::ValuesIn(account_cases()), case_name);

TEST_P(EntryAccounts, PlaceAndCancelOverTheSocket) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    for (const auto market : GetParam().markets) {
        SCOPED_TRACE(core::name(market));
        const auto placed = world.resting(market);
        ASSERT_TRUE(world.link.submit(placed, world.now));
        world.run(500ms);

        const auto* there = world.at_venue(placed.order.id);
        ASSERT_NE(there, nullptr) << world.link.status().trouble;
        EXPECT_EQ(there->price, placed.order.price);
        EXPECT_EQ(there->quantity, placed.order.quantity);
        EXPECT_EQ(there->side, core::Side::buy);
        const auto* acknowledged = world.find(Event::acknowledged, placed.order.id);
        ASSERT_NE(acknowledged, nullptr);
        EXPECT_FALSE(acknowledged->venue_order.empty());

        ASSERT_TRUE(world.link.submit(world.cancel_of(placed), world.now));
        world.run(500ms);
        EXPECT_EQ(world.at_venue(placed.order.id)->state, venue::OrderState::cancelled);
        const auto* cancelled = world.find(Event::cancelled, placed.order.id);
        ASSERT_NE(cancelled, nullptr);
        EXPECT_EQ(cancelled->venue_order, acknowledged->venue_order);

        // Once more: the venue says that it is gone.
        ASSERT_TRUE(world.link.submit(world.cancel_of(placed), world.now));
        world.run(500ms);
        const auto* refused = world.find(Event::cancel_rejected, placed.order.id);
        ASSERT_NE(refused, nullptr);
        EXPECT_TRUE(refused->rejected.refusal == Refusal::unknown_order ||
                    refused->rejected.refusal == Refusal::already_final)
            << gateways::name(refused->rejected.refusal);
    }
    const auto counts = world.link.status().counts;
    EXPECT_EQ(counts.orders, 3 * GetParam().markets.size());
    EXPECT_EQ(counts.answers, counts.orders);
}

TEST_P(EntryAccounts, SayWhyAnOrderWasRefused) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    const auto market = GetParam().markets.front();

    auto dear = world.resting(market);
    dear.order.quantity.units *= 100'000;
    auto twice = world.resting(market);
    ASSERT_TRUE(world.link.submit(dear, world.now));
    ASSERT_TRUE(world.link.submit(twice, world.now));
    ASSERT_TRUE(world.link.submit(twice, world.now));
    world.run(1s);

    const auto* poor = world.find(Event::rejected, dear.order.id);
    ASSERT_NE(poor, nullptr);
    EXPECT_EQ(poor->source, gateways::EventSource::answer);
    EXPECT_TRUE(poor->rejected.refusal == Refusal::insufficient_balance ||
                poor->rejected.refusal == Refusal::max_quantity)
        << gateways::name(poor->rejected.refusal) << ' ' << poor->rejected.code;
    EXPECT_NE(poor->rejected.code, 0);
    const auto* duplicate = world.find(Event::rejected, twice.order.id);
    ASSERT_NE(duplicate, nullptr);
    EXPECT_EQ(duplicate->rejected.refusal, Refusal::duplicate_id) << duplicate->rejected.code;
    EXPECT_NE(world.find(Event::acknowledged, twice.order.id), nullptr);
}

TEST_P(EntryAccounts, BeUnderstoodByTheVenueInEveryKindOfOrder) {
    using venue::OrderKind;
    struct Kind {
        core::OrderType type;
        core::TimeInForce force;
        OrderKind kind;
        venue::TimeInForce theirs;
    };
    const std::vector<Kind> kinds{
        {core::OrderType::limit, core::TimeInForce::gtc, OrderKind::limit, venue::TimeInForce::gtc},
        {core::OrderType::limit, core::TimeInForce::ioc, OrderKind::limit, venue::TimeInForce::ioc},
        {core::OrderType::limit, core::TimeInForce::fok, OrderKind::limit, venue::TimeInForce::fok},
        {core::OrderType::limit, core::TimeInForce::post_only, OrderKind::limit, venue::TimeInForce::post_only},
        {core::OrderType::market, core::TimeInForce::gtc, OrderKind::market, venue::TimeInForce::gtc},
    };
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    for (const auto market : GetParam().markets)
        for (const auto side : {core::Side::buy, core::Side::sell})
            for (const auto& kind : kinds) {
                auto action = world.resting(market);
                auto& order = action.order;
                SCOPED_TRACE(std::string{core::name(market)} + ' ' + std::string{core::name(kind.type)} + ' ' +
                             std::string{core::name(kind.force)} + (side == core::Side::buy ? " buy" : " sell"));
                order.type = kind.type;
                order.time_in_force = kind.force;
                order.side = side;
                // What may rest stands away from the market, what takes reaches into it.
                const bool rests = kind.force == core::TimeInForce::post_only;
                if ((side == core::Side::buy) != rests) order.price.units = order.price.units / 90 * 110;
                if (kind.type == core::OrderType::market) order.price = {};
                // What was bought is sold again; of contracts only what there is.
                order.reduce_only = market == Market::linear && side == core::Side::sell && !rests;
                const bool by_rest = GetParam().venue == Venue::bitget && market == Market::spot &&
                                     side == core::Side::buy && kind.type == core::OrderType::market;
                ASSERT_EQ(world.link.submit(action, world.now), !by_rest);
                if (by_rest) continue;
                world.run(400ms);

                const auto* there = world.at_venue(order.id);
                ASSERT_NE(there, nullptr) << (world.find(Event::rejected, order.id) == nullptr
                                                  ? 0
                                                  : world.find(Event::rejected, order.id)->rejected.code);
                EXPECT_EQ(there->kind, kind.kind);
                if (kind.type == core::OrderType::limit) {
                    EXPECT_EQ(there->time_in_force, kind.theirs);
                    EXPECT_EQ(there->price, order.price);
                }
                EXPECT_EQ(there->side, side);
                EXPECT_EQ(there->quantity, order.quantity);
                EXPECT_EQ(there->reduce_only, order.reduce_only);
            }
}

TEST_P(EntryAccounts, SendEveryNumberAsItWas) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    core::Xoshiro chance{7};
    for (int round = 0; round < 40; ++round) {
        auto action = world.resting(GetParam().markets[static_cast<std::size_t>(round) % GetParam().markets.size()]);
        auto& order = action.order;
        order.price.units -= static_cast<std::int64_t>(chance.below(1'000)) * 10;  // ten units are a tick everywhere
        order.quantity.units += static_cast<std::int64_t>(chance.below(30));
        ASSERT_TRUE(world.link.submit(action, world.now)) << round;
        world.run(200ms);
        const auto* there = world.at_venue(order.id);
        ASSERT_NE(there, nullptr) << round;
        EXPECT_EQ(there->price, order.price);
        EXPECT_EQ(there->quantity, order.quantity);
        ASSERT_TRUE(world.link.submit(world.cancel_of(action), world.now)) << round;
        world.run(200ms);
    }
}

TEST_P(EntryAccounts, GoDownWithTheSocketThatWasAsked) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    const auto action = world.resting(GetParam().markets.front());
    std::size_t asked = 99;
    world.cut_after = [&](std::size_t socket, const std::string& text) {
        char id[gateways::client_id_length];
        gateways::write_client_id(id, action.order.id);
        if (text.find(std::string{id, sizeof id}) == std::string::npos) return false;
        asked = socket;
        return true;
    };

    ASSERT_TRUE(world.link.submit(action, world.now));
    world.carry_out();

    EXPECT_NE(asked, 99u);
    EXPECT_FALSE(world.link.entry_up());  // at once: LiveGateway::entry(false) takes the order for unknown
    EXPECT_EQ(world.find(Event::acknowledged, action.order.id), nullptr);
    EXPECT_FALSE(world.link.submit(world.resting(GetParam().markets.front()), world.now));
    ASSERT_NE(world.at_venue(action.order.id), nullptr);  // it lives
    EXPECT_TRUE(world.run_until([&] { return world.link.entry_up() && world.link.stream_up(); }, 60s));
}

TEST_P(EntryAccounts, GiveASocketUpThatDoesNotAnswer) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    world.simulator.add_fault({.kind = venue::FaultKind::lost_ack, .count = 1});

    ASSERT_TRUE(world.link.submit(world.resting(GetParam().markets.front()), world.now));
    ASSERT_TRUE(world.run_until([&] { return !world.link.entry_up(); }, 10s));

    EXPECT_EQ(world.troubles(LinkTrouble::order_unanswered), 1u);
    EXPECT_TRUE(world.run_until([&] { return world.link.entry_up() && world.link.stream_up(); }, 60s));
}

TEST_P(EntryAccounts, LeaveToRestWhatTheSocketDoesNotTake) {
    PrivateWorld world{GetParam()};
    const auto market = GetParam().markets.back();
    EXPECT_FALSE(world.link.submit(world.resting(market), world.now));  // not up
    ASSERT_TRUE(world.come_up());

    auto unsigned_ = world.resting(market);
    unsigned_.timestamp = {};
    EXPECT_FALSE(world.link.submit(unsigned_, world.now));
    auto nameless = world.resting(market);
    nameless.order.id = {};
    EXPECT_FALSE(world.link.submit(nameless, world.now));
    for (const auto kind : {ActionKind::cancel_all, ActionKind::ask_order, ActionKind::ask_account}) {
        auto other = world.resting(market);
        other.kind = kind;
        EXPECT_FALSE(world.link.submit(other, world.now));
    }
    auto stop = world.resting(market);
    stop.order.type = core::OrderType::stop_market;
    stop.order.side = core::Side::buy;
    stop.order.trigger = core::Price{stop.order.price.units * 2};
    const bool takes = GetParam().venue == Venue::binance || GetParam().venue == Venue::bybit;
    EXPECT_EQ(world.link.submit(stop, world.now), takes);
    if (takes) {
        world.run(500ms);
        const auto* there = world.at_venue(stop.order.id);
        ASSERT_NE(there, nullptr);
        EXPECT_EQ(there->state, venue::OrderState::untriggered);
        EXPECT_EQ(there->trigger, stop.order.trigger);
        auto cancel = world.cancel_of(stop);
        ASSERT_TRUE(world.link.submit(cancel, world.now));
        world.run(500ms);
        EXPECT_EQ(world.at_venue(stop.order.id)->state, venue::OrderState::cancelled);
    } else {
        EXPECT_FALSE(world.link.submit(world.cancel_of(stop), world.now));
    }
}

TEST_P(EntryAccounts, BeWithoutEntryWhereItIsNotWanted) {
    auto account = GetParam();
    account.entry = false;
    PrivateWorld world{account};
    ASSERT_TRUE(world.come_up());
    EXPECT_FALSE(world.link.entry_up());
    EXPECT_FALSE(world.link.submit(world.resting(account.markets.front()), world.now));
}

TEST_P(EntryAccounts, SubmitWithoutAnAllocation) {
    PrivateWorld world{GetParam()};
    ASSERT_TRUE(world.come_up());
    std::vector<Action> actions;
    for (int i = 0; i < 4; ++i) {
        actions.push_back(world.resting(GetParam().markets[static_cast<std::size_t>(i) % GetParam().markets.size()]));
        actions.push_back(world.cancel_of(actions.back()));
    }

    const auto before = allocations();
    bool all = true;
    for (const auto& action : actions) all = world.link.submit(action, world.now) && all;
    const auto made = allocations() - before;

    EXPECT_TRUE(all);
    EXPECT_EQ(made, 0u);
    world.run(1s);
    EXPECT_EQ(world.link.status().counts.answers, actions.size());
}

TEST(OrderEntry, KeepsWithinTheMessagesThatBitgetAllows) {
    PrivateWorld world{account_cases()[3]};
    ASSERT_TRUE(world.come_up());
    world.run(1s);
    int sent = 0;
    for (int i = 0; i < 400; ++i) {  // four seconds
        sent += world.link.submit(world.resting(Market::spot), world.now) ? 1 : 0;
        world.run(10ms);
    }
    EXPECT_GE(sent, 4 * 8 - 1);
    EXPECT_LE(sent, 5 * 8);
    EXPECT_EQ(world.count(Event::stream_down), 0u) << world.link.status().trouble;
}

TEST(OrderEntry, TellsOfAnOrderWhoseSocketWasReplacedBeforeItAnswered) {
    PrivateLinkSettings settings;
    settings.rotation.margin = 23h + 59min;
    settings.rotation.spread = 0ns;
    PrivateWorld world{account_cases()[0], settings};
    ASSERT_TRUE(world.come_up());
    Action action{};
    bool sent = false;
    world.swallow = [&](const std::string& text) {
        char id[gateways::client_id_length];
        gateways::write_client_id(id, action.order.id);
        return sent && text.find("\"id\":\"" + std::string{id, sizeof id}) != std::string::npos;
    };
    const auto rotated = [&] { return world.link.status().counts.rotated > 0; };
    while (!rotated() && world.now < 3min) {
        if (!sent && world.opens.size() == 2) {  // the successor is on its way
            action = world.resting(Market::spot);
            sent = world.link.submit(action, world.now);
        }
        world.run(10ms);
    }
    ASSERT_TRUE(sent);
    ASSERT_TRUE(rotated());

    // The old connection had its time to answer; what it was asked is unknown now, and entry never was down.
    ASSERT_TRUE(world.run_until([&] { return world.find(Event::outcome_unknown, action.order.id) != nullptr; }, 10s));
    EXPECT_TRUE(world.link.entry_up());
    EXPECT_EQ(world.count(Event::stream_down), 0u);
}

}  // namespace
}  // namespace test
