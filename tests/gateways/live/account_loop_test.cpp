#include "core/random/xoshiro.hpp"
#include "gateways/live/account_calls.hpp"
#include "gateways/orders/live_gateway.hpp"
#include "tests/gateways/live/private_world.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

namespace test {
namespace {

using gateways::LiveGateway;
using gateways::OrderLedger;

core::RateLedger ample_budget() {
    core::RateRules rules;
    rules.windows[0] = {.length = 60s, .limit = 1'000'000, .reserve = 100};
    rules.count = 1;
    auto made = core::RateLedger::anonymous(rules);
    return std::move(*made);
}

AccountCase linear_only(const AccountCase& account) {
    auto made = account;
    made.markets = {Market::linear};
    return made;
}

/// The whole account: LiveGateway decides, PrivateLink brings the stream and takes orders, AccountCalls does the rest
/// over REST, and the simulated venue is behind both.
class AccountLoop {
public:
    explicit AccountLoop(const AccountCase& account) : world{linear_only(account)}, budget{ample_budget()} {
        settings.venue = account.venue;
        settings.epoch = 7;
        settings.websocket_entry = true;
        ledger = std::make_unique<OrderLedger>(settings.ledger, world.instruments());
        gateway = std::make_unique<LiveGateway>(settings, world.instruments(), *ledger, budget);
        calls = std::make_unique<gateways::live::AccountCalls>(
            account.venue, std::vector{Market::linear}, world.instruments(), gateways::exchange::Environment::live,
            PrivateWorld::keys(), "http://sim");
        gateway->open();
    }

    /// 10 ms.
    void turn() {
        world.time_known = gateway->clock().known();
        world.run(PrivateWorld::step);
        take();
        gateway->step(world.now, out);
        carry_out();
    }
    void run(Nanoseconds time) {
        for (const auto end = world.now + time; world.now < end;) turn();
    }
    [[nodiscard]] core::InstrumentId btc() const { return world.instrument(Market::linear); }
    [[nodiscard]] bool ready() const {
        return gateway->block(btc()) == gateways::Block::none && world.link.stream_up() && world.link.entry_up();
    }
    void submit(const core::Order& order) {
        gateway->submit(order, world.now, out);
        carry_out();
    }
    [[nodiscard]] std::int64_t held() {
        const auto* position =
            world.simulator.engine().account("omega-sim-key")->position(world.listing(btc()), venue::PositionSide::net);
        return position == nullptr ? 0 : position->held.quantity().units;
    }

    PrivateWorld world;
    gateways::LiveSettings settings{};
    core::RateLedger budget;
    std::unique_ptr<OrderLedger> ledger;
    std::unique_ptr<LiveGateway> gateway;
    std::unique_ptr<gateways::live::AccountCalls> calls;
    gateways::Outcome out;
    std::size_t by_socket{}, by_rest{};

private:
    /// What the link learnt, in its order, and whether orders may go by socket.
    void take() {
        for (; taken_ < world.events.size(); ++taken_) gateway->on(world.events[taken_], world.now, out);
        if (const bool up = world.link.entry_up(); up != entry_up_) gateway->entry(entry_up_ = up, world.now, out);
    }
    void carry_out() {
        while (!out.actions.empty()) {
            const auto actions = std::exchange(out.actions, {});
            for (const auto& action : actions) carry_out(action);
        }
        out.clear();
    }
    void carry_out(const Action& action) {
        if (action.route == gateways::Route::websocket && world.link.submit(action, world.now)) {
            ++by_socket;
            world.carry_out();
            return take();
        }
        if (action.kind == ActionKind::place) ++by_rest;
        auto conversation = calls->begin(action, world.now);
        while (!conversation.done())
            if (const auto wire = conversation.next(world.now))
                conversation.answer(world.rest(*wire), world.now, world.now);
        const auto answered = conversation.take();
        if (answered.not_sent) gateway->not_sent(action.order.id, world.now, out);
        for (const auto& event : answered.events) {
            if (event.kind == VenueEventKind::acknowledged) world.link.expect_news(event.order, world.now);
            gateway->on(event, world.now, out);
        }
        if (answered.snapshot) gateway->on(*answered.snapshot, world.now, out);
        if (answered.account_failed) gateway->account_failed(world.now);
        if (answered.timer_renewed) gateway->timer_renewed(action, *answered.timer_renewed, world.now);
        if (answered.venue_time) gateway->clock().sample(world.now, *answered.venue_time, world.now, 1ms);
    }

    std::size_t taken_{};
    bool entry_up_{};
};

struct AccountLoops : testing::TestWithParam<AccountCase> {};
INSTANTIATE_TEST_SUITE_P(, AccountLoops,
                         testing::Values(account_cases()[1], account_cases()[3], account_cases()[4],
                                         account_cases()[5]),
                         case_name);

TEST_P(AccountLoops, ResolveAnOrderWhoseSocketBrokeBeforeItsAnswer) {
    AccountLoop loop{GetParam()};
    loop.run(5s);
    ASSERT_TRUE(loop.ready()) << loop.world.link.status().trouble;
    bool cut = false;
    loop.world.cut_after = [&](std::size_t, const std::string& text) {
        return !cut && text.find("o00000700") != std::string::npos && (cut = true);
    };

    const auto order = loop.world.resting(Market::linear).order;
    loop.submit(order);
    ASSERT_TRUE(cut);
    loop.run(40s);

    ASSERT_NE(loop.world.at_venue(order.id), nullptr);
    const auto* tracked = loop.ledger->find(order.id);
    ASSERT_NE(tracked, nullptr);
    EXPECT_EQ(tracked->state(), gateways::OrderState::working);
    EXPECT_FALSE(tracked->venue_order.empty());
    EXPECT_TRUE(loop.ready());
}

TEST_P(AccountLoops, AgreeWithTheVenueAfterAStorm) {
    using venue::FaultKind;
    AccountLoop loop{GetParam()};
    loop.run(5s);
    ASSERT_TRUE(loop.ready()) << loop.world.link.status().trouble;
    core::Xoshiro chance{2024};
    auto& simulator = loop.world.simulator;
    for (const auto topic : {venue::Topic::order, venue::Topic::fill, venue::Topic::ack})
        simulator.add_fault({.kind = FaultKind::drop, .topic = topic, .parts_per_million = 60'000, .lasting = 60s});
    simulator.add_fault({.kind = FaultKind::duplicate, .parts_per_million = 100'000});
    loop.world.cut_after = [&](std::size_t, const std::string& text) {
        return text.find("o00000700") != std::string::npos && chance.below(25) == 0;
    };

    std::deque<core::Order> open;
    std::vector<core::OrderId> all;
    for (int round = 0; round < 120; ++round) {
        if (!open.empty() && chance.below(3) == 0) {
            auto cancel = open.front();
            open.pop_front();
            cancel.type = core::OrderType::cancel;
            loop.submit(cancel);
        } else {
            auto order = loop.world.resting(Market::linear).order;
            const auto tick = loop.world.instruments()[order.instrument].tick_size.units;
            const auto last = loop.world.last(order.instrument).units;
            order.side = chance.below(2) == 0 ? core::Side::buy : core::Side::sell;
            const auto away = static_cast<std::int64_t>(chance.below(4)) - 1;  // one in four reaches into the market
            const auto moved = last / 200 * away * (order.side == core::Side::buy ? -1 : 1);
            order.price.units = (last + moved) / tick * tick;
            loop.submit(order);
            all.push_back(order.id);
            open.push_back(order);
        }
        loop.run(500ms);
    }
    loop.world.cut_after = nullptr;
    simulator.faults().clear();
    loop.run(100s);

    EXPECT_TRUE(loop.ready()) << loop.world.link.status().trouble << ", block "
                              << gateways::name(loop.gateway->block(loop.btc()));
    EXPECT_GT(loop.by_socket, 20u);
    EXPECT_GT(simulator.faults().struck(FaultKind::drop), 3u);
    EXPECT_GT(simulator.faults().struck(FaultKind::duplicate), 0u);
    EXPECT_GT(loop.world.opens.size(), 2 * loop.world.link.status().lines.size());
    EXPECT_GT(simulator.engine().account("omega-sim-key")->fills.size(), 10u);
    EXPECT_EQ(loop.ledger->position(loop.btc()).units, loop.held());
    for (const auto id : all) {
        SCOPED_TRACE(id.value & 0xffff);
        const auto* tracked = loop.ledger->find(id);
        const auto* there = loop.world.at_venue(id);
        if (tracked == nullptr) {  // it never left
            EXPECT_EQ(there, nullptr);
            continue;
        }
        if (there == nullptr) {
            EXPECT_EQ(tracked->state(), gateways::OrderState::rejected);
            continue;
        }
        EXPECT_EQ(tracked->booked, there->filled);
        EXPECT_EQ(gateways::final(tracked->state()), !venue::live(there->state));
    }
}

}  // namespace
}  // namespace test
