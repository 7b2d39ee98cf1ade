// "24 h cut": the venue ends every connection after a day, whatever goes on on it.
#include "tests/faults/market_world.hpp"

using namespace std::chrono_literals;
using test::MarketWorld;

TEST(DayCut, WithoutAPlanCostsSecondsAndLeavesNoStaleBook) {
    // A whole day at Binance; at Bitget, whose day is as long, one of an hour.
    for (const auto& [dialect, day] : {std::pair{core::Venue::binance, core::Nanoseconds{24h}},
                                       std::pair{core::Venue::bitget, core::Nanoseconds{1h}}}) {
        SCOPED_TRACE(core::name(dialect));
        MarketWorld world{
            dialect, core::Market::linear, {}, 2s, day == 24h ? std::nullopt : std::optional<core::Nanoseconds>{day}};
        ASSERT_TRUE(world.until(1min, [&] { return world.session->ready(); })) << world.session->trouble();
        world.pass(day - 2min);
        EXPECT_EQ(world.simulator.worn_out(), 0u);
        EXPECT_EQ(world.consumer.disconnected, 0u) << world.session->trouble();

        core::Nanoseconds without{};
        world.pass(4min, [&] { without += world.consumer.valid ? 0ns : core::Nanoseconds{2s}; });

        EXPECT_EQ(world.simulator.worn_out(), 1u);
        EXPECT_EQ(world.consumer.disconnected, 1u);
        EXPECT_LE(without, 20s);
        EXPECT_EQ(world.consumer.levels_while_invalid, 0u);
        EXPECT_TRUE(world.settled());
    }
}
