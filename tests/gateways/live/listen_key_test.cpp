#include "tests/gateways/live/private_world.hpp"

#include <gtest/gtest.h>

namespace test {
namespace {

using Event = VenueEventKind;

/// Binance USD-M, whose stream hangs on a key that has to be kept.
struct ListenKey : testing::Test, PrivateWorld {
    ListenKey() : PrivateWorld{account_cases()[1]} {}
    [[nodiscard]] std::size_t asked(const std::string& method) const {
        return static_cast<std::size_t>(
            std::count_if(requests.begin(), requests.end(), [&](const auto& one) { return one.first == method; }));
    }
    /// The key at the end of the newest url of the stream.
    [[nodiscard]] std::string key() const {
        for (auto open = opens.rbegin(); open != opens.rend(); ++open)
            if (const auto at = open->second.find("listenKey="); at != std::string::npos)
                return open->second.substr(at + 10);
        return {};
    }
};

TEST_F(ListenKey, IsKeptEveryThirtyMinutes) {
    ASSERT_TRUE(come_up());
    EXPECT_EQ(requests, (std::vector<std::pair<std::string, std::string>>{{"POST", "/fapi/v1/listenKey"}}));

    run(29min, 1s);
    EXPECT_EQ(asked("PUT"), 0u);
    run(70min, 1s);

    EXPECT_EQ(asked("PUT"), 3u);
    EXPECT_EQ(asked("POST"), 1u);
    EXPECT_EQ(count(Event::stream_down), 0u);
    EXPECT_EQ(link.status().counts.keys, 1u);
    EXPECT_EQ(link.status().counts.keys_kept, 3u);
}

TEST_F(ListenKey, IsMadeAnewWhenTheVenueSaysThatItExpired) {
    ASSERT_TRUE(come_up());
    const auto first = key();

    simulator.add_fault({.kind = venue::FaultKind::listen_key_expiry, .count = 1});
    ASSERT_TRUE(run_until([&] { return !link.stream_up(); }, 1s));
    EXPECT_EQ(count(Event::stream_down), 1u);
    ASSERT_TRUE(come_up());

    EXPECT_EQ(asked("POST"), 2u);
    EXPECT_NE(key(), first);
    EXPECT_EQ(troubles(LinkTrouble::ended), 1u);
    EXPECT_TRUE(link.entry_up());  // orders have their own socket
    const auto action = resting(Market::linear);
    ASSERT_TRUE(link.submit(action, now));
    run(1s);
    EXPECT_NE(find(Event::order_update, action.order.id), nullptr);
}

TEST_F(ListenKey, IsMadeAnewWhenTheVenueDoesNotKnowItAnyMore) {
    ASSERT_TRUE(come_up());
    // It expires, and the message that says so is lost.
    swallow = [](const std::string& text) { return text.find("listenKeyExpired") != std::string::npos; };
    simulator.add_fault({.kind = venue::FaultKind::listen_key_expiry, .count = 1});

    run(29min, 1s);
    EXPECT_EQ(count(Event::stream_down), 0u);
    ASSERT_TRUE(run_until([&] { return !link.stream_up(); }, 2min));

    EXPECT_EQ(troubles(LinkTrouble::key_refused), 1u);
    EXPECT_TRUE(come_up());
    EXPECT_EQ(asked("POST"), 2u);
}

TEST_F(ListenKey, IsMadeAnewWhenAConnectionWithItIsRefused) {
    ASSERT_TRUE(come_up());
    const auto first = key();
    // It ends unsaid, and then the connection breaks.
    swallow = [](const std::string& text) { return text.find("listenKeyExpired") != std::string::npos; };
    simulator.add_fault({.kind = venue::FaultKind::listen_key_expiry, .count = 1});
    run(1s);
    simulator.add_fault({.kind = venue::FaultKind::disconnect, .count = 1});
    ASSERT_TRUE(run_until([&] { return !link.stream_up(); }, 5s));

    ASSERT_TRUE(come_up());
    EXPECT_NE(key(), first);
    EXPECT_EQ(troubles(LinkTrouble::open_failed), 1u);
    EXPECT_EQ(asked("POST"), 2u);
    EXPECT_EQ(asked("PUT"), 0u);
}

TEST_F(ListenKey, OutlivesRequestsThatFail) {
    ASSERT_TRUE(come_up());
    simulator.add_fault({.kind = venue::FaultKind::server_error, .match = "listenKey", .lasting = 45min});

    run(50min, 1s);
    EXPECT_EQ(count(Event::stream_down), 0u) << link.status().trouble;
    EXPECT_GE(troubles(LinkTrouble::key_failed), 10u);  // asked again every minute
    EXPECT_GE(link.status().counts.keys_kept, 1u);
    EXPECT_EQ(asked("POST"), 1u);
}

TEST_F(ListenKey, IsAskedForLessAndLessWhileTheVenueRefusesIt) {
    simulator.add_fault({.kind = venue::FaultKind::too_many_requests, .match = "listenKey", .lasting = 5min});

    run(5min, 100ms);
    EXPECT_GE(troubles(LinkTrouble::key_failed), 2u);
    EXPECT_LT(asked("POST"), 30u);
    EXPECT_FALSE(link.stream_up());
    EXPECT_NE(link.status().trouble.find("Too many requests"), std::string_view::npos) << link.status().trouble;

    EXPECT_TRUE(run_until([&] { return link.stream_up(); }, 90s));
}

TEST_F(ListenKey, IsAskedForAgainWhenNobodyAnswers) {
    simulator.add_fault({.kind = venue::FaultKind::lost_ack, .match = "listenKey", .count = 1});

    ASSERT_TRUE(come_up());
    EXPECT_EQ(asked("POST"), 2u);
    EXPECT_EQ(troubles(LinkTrouble::key_failed), 1u);
}

}  // namespace
}  // namespace test
