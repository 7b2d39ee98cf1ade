#include "feeds/bybit/synchroniser.hpp"

#include "feeds/bybit/decoder.hpp"
#include "tests/feeds/bybit/ob500.hpp"
#include "tests/feeds/venue_frames.hpp"

namespace {

using core::Session;

struct Bench : test::FeedBench<feeds::bybit::Decoder, feeds::bybit::Synchroniser> {
    Bench() : FeedBench{core::Venue::bybit, core::Market::linear, "BTCUSDT"} {}

    void push(std::string_view type, std::string_view bids, std::string_view asks, std::uint64_t update) {
        std::string text = R"({"topic":"orderbook.50.BTCUSDT","type":")";
        text.append(type)
            .append(R"(","ts":1687940967466,"data":{"s":"BTCUSDT","b":[)")
            .append(bids)
            .append(R"(],"a":[)")
            .append(asks);
        on(text.append(R"(],"u":)")
               .append(std::to_string(update))
               .append(R"(,"seq":66544703342},"cts":1687940967464})"));
    }
    void push_old(std::string_view type, std::string_view data, std::uint64_t cross_seq) {
        std::string text = R"({"topic":"orderBookL2_25.BTCUSDT","type":")";
        text.append(type)
            .append(R"(","data":{)")
            .append(data)
            .append(R"(},"cross_seq":")")
            .append(std::to_string(cross_seq));
        on(text.append(R"(","timestamp_e6":"1618677786548764"})"));
    }
};

TEST(BybitSynchroniser, FollowsUpdatesThatRiseByOne) {
    Bench bench;

    bench.push("snapshot", R"(["100","1"],["99","2"])", R"(["101","1"])", 10);
    bench.push("delta", R"(["100","0"])", "", 11);
    bench.push("delta", "", R"(["101","3"])", 12);

    EXPECT_TRUE(bench.live());
    EXPECT_EQ(bench.book.bids, (std::map<std::int64_t, std::int64_t, std::greater<>>{{9900, 20000}}));
    EXPECT_EQ(bench.book.asks, (std::map<std::int64_t, std::int64_t>{{10100, 30000}}));
    EXPECT_EQ(bench.stats().depth.applied, 3U);
}

TEST(BybitSynchroniser, TakesAMissingUpdateForAGapUntilTheNextSnapshot) {
    Bench bench;
    bench.push("snapshot", R"(["100","1"])", R"(["101","1"])", 10);

    bench.push("delta", R"(["100","5"])", "", 12);
    bench.push("delta", R"(["100","6"])", "", 13);
    EXPECT_EQ(bench.sessions(Session::gap), 1);
    EXPECT_FALSE(bench.live());
    EXPECT_EQ(bench.book.bids.begin()->second, 10000);
    bench.push("snapshot", R"(["100","7"])", R"(["101","1"])", 1);

    EXPECT_EQ(bench.sessions(Session::resynchronised), 1);
    EXPECT_EQ(bench.book.bids.begin()->second, 70000);
    EXPECT_EQ(bench.stats().sequence_breaks, 1U);
}

TEST(BybitSynchroniser, LetsASnapshotReplaceTheBookAtAnyTime) {
    Bench bench;
    bench.push("snapshot", R"(["100","1"])", R"(["101","1"])", 10);

    bench.push("snapshot", R"(["90","1"])", R"(["91","1"])", 1);
    bench.push("delta", R"(["90","2"])", "", 2);

    EXPECT_TRUE(bench.live());
    EXPECT_EQ(bench.sessions(Session::gap), 0);
    EXPECT_EQ(bench.book.bids, (std::map<std::int64_t, std::int64_t, std::greater<>>{{9000, 20000}}));
}

TEST(BybitSynchroniser, HoldsOldStreamsOnlyToARisingNumber) {
    Bench bench;
    constexpr std::string_view update =
        R"("delete":[],"update":[{"price":"100","symbol":"BTCUSDT","id":"1","side":"Buy","size":5}],"insert":[])";
    bench.push_old("snapshot", R"("order_book":[{"price":"100","symbol":"BTCUSDT","id":"1","side":"Buy","size":1}])",
                   100);

    bench.push_old("delta", update, 105);
    bench.push_old("delta", update, 117);
    EXPECT_TRUE(bench.live());
    bench.push_old("delta", update, 110);

    EXPECT_EQ(bench.sessions(Session::gap), 1);
}

TEST(BybitSynchroniser, DistrustsAfterABrokenFrameOnlyWhereTheNumbersWouldHideIt) {
    Bench bench;
    bench.push("snapshot", R"(["100","1"])", R"(["101","1"])", 10);
    bench.on("{");
    EXPECT_TRUE(bench.live()) << "v5: the next update would show a loss";

    bench.push_old("snapshot", R"("order_book":[{"price":"100","symbol":"BTCUSDT","id":"1","side":"Buy","size":1}])",
                   100);
    bench.on("{");

    EXPECT_FALSE(bench.live());
    EXPECT_EQ(bench.stats().of(core::Error::truncated), 2U);
}

TEST(BybitSynchroniser, EndsARecordingWithTheTwinsBooks) {
    NEEDS_SHARED_DATA();

    const auto stats =
        test::play_beside_twin<feeds::bybit::Decoder, feeds::bybit::Synchroniser>(test::recorded("BYBIT.ws.25.0"), 8);

    EXPECT_EQ(stats.depth.received, 3260U);
    EXPECT_EQ(stats.depth.applied, 3260U);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.faulted(), 0U);
}

TEST(BybitSynchroniser, EndsTheV5RecordingWithTheTwinsBook) {
    NEEDS_SHARED_DATA();
    std::vector<test::RecordedFrame> frames;
    for (const auto& line : test::ob500_lines())
        frames.push_back({test::Bytes{line}, "", {}, feeds::FrameOrigin::socket});

    const auto stats = test::play_beside_twin<feeds::bybit::Decoder, feeds::bybit::Synchroniser>(frames, 1);

    EXPECT_EQ(stats.depth.applied, 50U);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.faulted(), 0U);
}

}  // namespace
