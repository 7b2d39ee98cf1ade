#include "feeds/okx/synchroniser.hpp"

#include "feeds/okx/decoder.hpp"
#include "tests/feeds/venue_frames.hpp"

namespace {

using core::Session;

struct Bench : test::FeedBench<feeds::okx::Decoder, feeds::okx::Synchroniser> {
    Bench() : FeedBench{core::Venue::okx, core::Market::spot, "BTC-USDT"} {}

    /// A books frame; `tail` is what stands behind the time.
    void push(std::string_view action, std::string_view asks, std::string_view bids, std::string_view tail) {
        std::string text = R"({"arg":{"channel":"books","instId":"BTC-USDT"},"action":")";
        text.append(action).append(R"(","data":[{"asks":[)").append(asks).append(R"(],"bids":[)").append(bids);
        on(text.append(R"(],"ts":"1597026383085")").append(tail).append("}]}"));
    }
};

TEST(OkxSynchroniser, ChecksTheDocumentedVectors) {
    Bench bench;

    bench.push("snapshot", R"(["3366.8","9","0","1"],["3368","8","0","1"])",
               R"(["3366.1","7","0","1"],["3366","6","0","1"])", R"(,"checksum":-1881014294)");
    bench.push("snapshot", R"(["3366.8","9","0","1"],["3368","8","0","1"],["3372","8","0","1"])",
               R"(["3366.1","7","0","1"])", R"(,"checksum":831078360)");

    EXPECT_EQ(bench.stats().checksums.checked, 2U);
    EXPECT_EQ(bench.stats().checksums.matched, 2U);
}

TEST(OkxSynchroniser, FollowsTheChainOfIds) {
    Bench bench;
    bench.push("snapshot", R"(["101","1","0","1"])", "", R"(,"checksum":0,"seqId":10,"prevSeqId":-1)");

    bench.push("update", R"(["101","2","0","1"])", "", R"(,"checksum":0,"seqId":15,"prevSeqId":10)");
    bench.push("update", "", "", R"(,"checksum":0,"seqId":15,"prevSeqId":15)");  // keep-alive
    bench.push("update", "", "", R"(,"checksum":0,"seqId":3,"prevSeqId":15)");   // reset for maintenance
    bench.push("update", R"(["101","3","0","1"])", "", R"(,"checksum":0,"seqId":5,"prevSeqId":3)");
    EXPECT_TRUE(bench.live());
    EXPECT_EQ(bench.book.asks.begin()->second, 30000);
    bench.push("update", R"(["101","4","0","1"])", "", R"(,"checksum":0,"seqId":9,"prevSeqId":7)");

    EXPECT_FALSE(bench.live());
    EXPECT_EQ(bench.sessions(Session::gap), 1);
    EXPECT_EQ(bench.stats().sequence_breaks, 1U);
    EXPECT_EQ(bench.stats().checksums.checked, 0U) << "0 is no checksum";
    EXPECT_EQ(bench.book.asks.begin()->second, 30000);
    bench.push("snapshot", R"(["101","9","0","1"])", "", R"(,"checksum":0,"seqId":20,"prevSeqId":-1)");
    EXPECT_EQ(bench.sessions(Session::resynchronised), 1);
}

TEST(OkxSynchroniser, TakesAWrongChecksumForAGap) {
    Bench bench;
    bench.push("snapshot", R"(["101","1","0","1"])", "", "");

    bench.push("update", R"(["101","2","0","1"])", "", R"(,"checksum":77)");

    EXPECT_EQ(bench.sessions(Session::gap), 1);
    EXPECT_EQ(bench.book.asks.begin()->second, 10000);
    EXPECT_EQ(bench.stats().checksums.matched, 0U);
}

TEST(OkxSynchroniser, DistrustsAfterABrokenFrameOnlyWithoutIds) {
    Bench bench;
    bench.push("snapshot", R"(["101","1","0","1"])", "", R"(,"checksum":0,"seqId":10,"prevSeqId":-1)");
    bench.on("{");
    EXPECT_TRUE(bench.live());

    bench.push("snapshot", R"(["101","1","0","1"])", "", "");
    bench.on("{");

    EXPECT_FALSE(bench.live());
}

TEST(OkxSynchroniser, MatchesEveryPublishedChecksum) {
    NEEDS_SHARED_DATA();

    const auto stats =
        test::play_beside_twin<feeds::okx::Decoder, feeds::okx::Synchroniser>(test::recorded("OKX.ws.1.0"), 3);

    EXPECT_EQ(stats.checksums.checked, 290U);
    EXPECT_EQ(stats.checksums.matched, 290U);
    EXPECT_EQ(stats.depth.applied, 290U);
    EXPECT_EQ(stats.of(core::TickKind::trade), 74U);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.faulted(), 0U);
}

}  // namespace
