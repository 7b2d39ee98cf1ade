// "Liquidation unseen", "manual trade on the same account", "dust and lot-step rejects".
#include "tests/faults/account_world.hpp"

using namespace gateways;
using namespace std::chrono_literals;
using core::Side;

namespace strangers {
namespace {

struct Started : test::StartedAccount {
    using StartedAccount::StartedAccount;
    void manual(Side side, const char* price, std::int64_t count) {
        venue::NewOrder wanted;
        wanted.listing = listing;
        wanted.side = side;
        wanted.kind = price == nullptr ? venue::OrderKind::market : venue::OrderKind::limit;
        if (price != nullptr) wanted.price = core::Price{*core::parse_decimal(price, instrument.price_decimals)};
        wanted.quantity = core::Quantity{count * unit};
        ASSERT_TRUE(engine().submit(owner().id, wanted));
    }
};

}  // namespace

TEST(LiquidationUnseen, IsSeenSaidAndThePositionIsTheVenues) {
    for (const auto dialect : test::account_dialects)
        for (const bool away : {false, true}) {
            SCOPED_TRACE(std::string{core::name(dialect)} + (away ? " while nobody listened" : ""));
            Started world{{.venue = dialect}};
            (void)world.submit(world.market(Side::buy, 5));
            ASSERT_TRUE(world.until(10s, [&] { return world.position() == 5; }));
            world.pass(1s);
            if (away) {
                world.network = false;
                const auto cut = world.fault("{kind: disconnect, count: 1}");
                world.pass(1s);
                EXPECT_EQ(world.strokes(cut), 1u);
            }
            world.engine().liquidate(world.owner().id, world.listing);
            ASSERT_EQ(world.position_there(), 0) << "it is gone";
            world.pass(2s);
            if (away) {
                EXPECT_EQ(world.position(), 5) << "nobody could know";
            }
            world.network = true;

            // What cannot be explained blocks; what can is booked. Either way nobody trades on a position that is gone.
            ASSERT_TRUE(world.until(2min, [&] {
                return world.position() == 0 || world.alerts_of(AlertKind::position_mismatch) > 0;
            })) << world.position();
            // Fills that are asked for do not say whose doing they were: then it is an order that is not ours.
            EXPECT_GT(world.alerts_of(AlertKind::liquidated) + world.alerts_of(AlertKind::position_mismatch) +
                          world.alerts_of(AlertKind::outside_order),
                      0u);
            ASSERT_TRUE(world.until(2min, [&] { return world.position() == 0; })) << name(world.block());
            EXPECT_TRUE(world.agree());
        }
}

TEST(ManualTradeOnTheSameAccount, IsFencedOrCountedAndThePositionIsTheVenues) {
    for (const auto& place : test::account_places)
        for (const auto policy : {OutsidePolicy::fence, OutsidePolicy::adopt}) {
            SCOPED_TRACE(place.name() + (policy == OutsidePolicy::fence ? " fence" : " adopt"));
            Started world{{.venue = place.venue, .market = place.market, .outside = policy}};
            const auto before = world.reached();
            world.manual(Side::buy, "40000", 2);
            world.pass(5s);
            EXPECT_GT(world.alerts_of(AlertKind::outside_order), 0u);
            EXPECT_EQ(world.owner().open.size(), policy == OutsidePolicy::fence ? 0u : 1u);
            world.manual(Side::buy, nullptr, 3);  // filled before anybody can say no
            ASSERT_TRUE(world.until(1min, [&] { return world.position() == 3; })) << world.doubts();
            ASSERT_TRUE(world.until(1min, [&] { return world.block() == Block::none; })) << world.doubts();
            EXPECT_EQ(world.reached() - before, 2u) << "we sent nothing of our own";
            EXPECT_TRUE(world.agree());
        }
}

TEST(DustAndLotStepRejects, AreRefusedOnceSaidAndLeaveNothingInDoubt) {
    for (const auto dialect : test::account_dialects) {
        SCOPED_TRACE(core::name(dialect));
        Started world{{.venue = dialect}};
        // Too little to be worth an order, off the tick, far beyond the largest.
        auto dust = world.limit(Side::buy, "50000", 1);
        dust.quantity = core::Quantity{world.instrument.min_quantity.units};
        dust.price = core::Price{world.instrument.tick_size};
        auto off = world.limit(Side::buy, "50000", 1);
        const bool has_ticks = world.instrument.tick_size.units > 1;
        off.price.units += has_ticks ? 1 : 0;
        auto huge = world.limit(Side::buy, "50000", 1);
        huge.quantity = core::Quantity{world.engine().market(world.listing).rules.max_quantity.units * 10};
        std::vector<core::OrderId> refused;
        if (world.instrument.min_notional.units > 0) refused.push_back(world.submit(dust));
        if (has_ticks) refused.push_back(world.submit(off));
        refused.push_back(world.submit(huge));
        world.pass(40s);
        for (const auto id : refused) {
            ASSERT_NE(world.ledger->find(id), nullptr);
            EXPECT_EQ(world.state(id), OrderState::rejected);
            EXPECT_EQ(world.heard(id), "rejected") << "once";
            EXPECT_EQ(world.there(id), nullptr);
        }
        EXPECT_EQ(world.reached(), 0u);
        const auto& counts = world.account->counts();
        EXPECT_EQ(counts.by_socket + counts.by_rest, refused.size()) << "no order is tried again by itself";
        EXPECT_EQ(world.block(), Block::none);
        const auto good = world.submit(world.limit(Side::buy, "50000", 1));
        EXPECT_TRUE(world.until(10s, [&] { return world.state(good) == OrderState::working; }));
        EXPECT_TRUE(world.agree());
    }
}

}  // namespace strangers
