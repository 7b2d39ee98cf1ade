#include "tests/gateways/live/live_loop.hpp"

#include <random>

using namespace test;

namespace {

/// Orders, cancels, trades and everything that goes wrong with requests, by the dice.
class Chaos {
public:
    Chaos(Venue venue, std::uint32_t seed) : loop{venue}, dice_{seed} {}

    Loop loop;

    void step() {
        const auto& btc = loop.btc();
        switch (roll(10)) {
            case 0: return loop.submit(loop.order(side(), 1 + roll(3)));
            case 1:
            case 2:
            case 3: {
                auto order = loop.order(Side::buy, 1 + roll(3), 4'990 - roll(60));
                if (roll(2) == 0) order = loop.order(Side::sell, 1 + roll(3), 5'010 + roll(60));
                if (roll(4) == 0) order.time_in_force = core::TimeInForce::post_only;
                if (roll(6) == 0) order.time_in_force = core::TimeInForce::ioc;
                placed_.push_back(order);
                return loop.submit(order);
            }
            case 4: {
                const auto held = loop.rig.held(btc);
                if (held == 0) return;
                auto stop = loop.rig.stop(btc, held > 0 ? Side::sell : Side::buy, 1,
                                          held > 0 ? 4'970 - roll(30) : 5'030 + roll(30));
                placed_.push_back(stop);
                return loop.submit(stop);
            }
            case 5:
                if (!placed_.empty()) loop.cancel(placed_[static_cast<std::size_t>(roll(placed_.size()))]);
                return;
            case 6: return loop.rig.trade(btc, 4'950 + roll(100));
            case 7: return fault();
            default: return loop.run(std::chrono::milliseconds{20 + 100 * roll(20)});
        }
    }

private:
    std::int64_t roll(std::size_t sides) { return static_cast<std::int64_t>(dice_() % sides); }
    Side side() { return roll(2) == 0 ? Side::buy : Side::sell; }
    void fault() {
        using venue::FaultKind;
        constexpr FaultKind kinds[] = {FaultKind::lost_ack,       FaultKind::unknown_outcome,   FaultKind::server_error,
                                       FaultKind::maintenance,    FaultKind::too_many_requests, FaultKind::lost_ack,
                                       FaultKind::unknown_outcome};
        const auto which = static_cast<std::size_t>(roll(std::size(kinds) + 1));
        if (which == std::size(kinds))
            loop.rig.lose_before = 1;
        else
            loop.rig.simulator.add_fault({.kind = kinds[which], .count = 1 + roll(2)});
    }

    std::mt19937 dice_;
    std::vector<core::Order> placed_;
};

}  // namespace

/// Whatever is lost, late, refused or broken on the way, ledger and venue are equal when it has become quiet.
TEST(LiveChaos, LedgerAndVenueAreEqualAfterwards) {
    std::size_t orders = 0, fills = 0;
    for (const auto venue : venues)
        for (std::uint32_t seed = 1; seed <= 4; ++seed) {
            SCOPED_TRACE(std::string{core::name(venue)} + " seed " + std::to_string(seed));
            Chaos chaos{venue, seed};
            ASSERT_TRUE(chaos.loop.ready());
            for (int i = 0; i < 120; ++i) chaos.step();
            chaos.loop.rig.simulator.faults().clear();
            chaos.loop.rig.lose_before = 0;

            chaos.loop.run(90s);
            chaos.loop.settle();

            chaos.loop.expect_equal();
            if (::testing::Test::HasFailure()) FAIL() << chaos.loop.told();
            orders += chaos.loop.rig.simulator.engine().orders(1).size();
            fills += chaos.loop.rig.simulator.engine().account(1).fills.size();
        }
    EXPECT_GT(orders, 400u);
    EXPECT_GT(fills, 100u);
}
