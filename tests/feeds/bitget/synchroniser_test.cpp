#include "feeds/bitget/synchroniser.hpp"

#include "feeds/bitget/decoder.hpp"
#include "feeds/feed.hpp"
#include "tests/feeds/venue_frames.hpp"

namespace {

using core::Session;
using core::TickKind;

struct Bench : test::FeedBench<feeds::bitget::Decoder, feeds::bitget::Synchroniser> {
    Bench() : FeedBench{core::Venue::bitget, core::Market::spot, "BTCUSDT"} {}

    /// A books frame; `tail` is what stands between the levels and the time.
    void push(std::string_view action, std::string_view asks, std::string_view bids, std::string_view tail) {
        std::string text = R"({"action":")";
        text.append(action)
            .append(R"(","arg":{"instType":"SPOT","channel":"books","instId":"BTCUSDT"},"data":[{"asks":[)")
            .append(asks);
        text.append(R"(],"bids":[)")
            .append(bids)
            .append("]")
            .append(tail)
            .append(R"(,"ts":"1695716059516"}],"ts":1695716059516})");
        on(text);
    }
};

TEST(BitgetSynchroniser, ChecksTheDocumentedVectors) {
    Bench bench;

    bench.push("snapshot", R"(["3366.8","9"],["3368","8"],["3372","8"])", R"(["3366.1","7"])",
               R"(,"checksum":831078360)");
    bench.push("snapshot", R"(["43232.8","9"],["43232.9","8"])", R"(["43231.1","4"],["43231","6"])",
               R"(,"checksum":-1504501796)");

    EXPECT_EQ(bench.stats().checksums.checked, 2U);
    EXPECT_EQ(bench.stats().checksums.matched, 2U);
}

TEST(BitgetSynchroniser, KeepsTrailingZerosInTheChecksum) {
    Bench bench;

    bench.push("snapshot", R"(["2.50","0.5000"])", "",
               R"(,"checksum":)" + std::to_string(static_cast<std::int32_t>(feeds::crc32("2.50:0.5000"))));

    EXPECT_EQ(bench.stats().checksums.matched, 1U);
}

TEST(BitgetSynchroniser, TakesAWrongChecksumForAGapUntilTheNextSnapshot) {
    Bench bench;
    bench.push("snapshot", R"(["101","1"])", R"(["100","1"])", R"(,"checksum":0,"seq":1)");

    bench.push("update", R"(["101","2"])", "", R"(,"checksum":5,"seq":2)");
    bench.push("update", R"(["101","3"])", "", R"(,"checksum":0,"seq":3)");
    EXPECT_EQ(bench.ticks.size(), 3U) << "neither update was passed on";
    EXPECT_EQ(bench.sessions(Session::gap), 1);
    EXPECT_TRUE(bench.feed.synchroniser().needs_snapshot(core::InstrumentId{0}));
    bench.push("snapshot", R"(["101","4"])", "", R"(,"checksum":0,"seq":4)");

    EXPECT_EQ(bench.sessions(Session::resynchronised), 1);
    EXPECT_TRUE(bench.live());
    EXPECT_EQ(bench.stats().depth.received, 4U);
    EXPECT_EQ(bench.stats().depth.applied, 2U);
    EXPECT_EQ(bench.stats().checksums.checked, 1U);
    EXPECT_EQ(bench.stats().checksums.matched, 0U);
}

TEST(BitgetSynchroniser, LetsSequencesJumpButNotFallBack) {
    Bench bench;
    bench.push("snapshot", R"(["101","1"])", "", R"(,"seq":10)");

    bench.push("update", R"(["101","2"])", "", R"(,"seq":25)");
    EXPECT_EQ(bench.sessions(Session::gap), 0);
    bench.push("update", R"(["101","3"])", "", R"(,"seq":24)");

    EXPECT_EQ(bench.sessions(Session::gap), 1);
    EXPECT_EQ(bench.stats().sequence_breaks, 1U);
}

TEST(BitgetSynchroniser, HoldsAnUpdateToThePredecessorItNames) {
    Bench bench;
    bench.push("snapshot", R"(["101","1"])", "", R"(,"seq":10)");

    bench.push("update", R"(["101","2"])", "", R"(,"seq":25,"pseq":10)");
    EXPECT_EQ(bench.sessions(Session::gap), 0);
    bench.push("update", R"(["101","3"])", "", R"(,"seq":27,"pseq":26)");

    EXPECT_EQ(bench.sessions(Session::gap), 1);
}

TEST(BitgetSynchroniser, DistrustsItsBooksAfterABrokenFrame) {
    Bench bench;
    bench.push("snapshot", R"(["101","1"])", "", R"(,"seq":10)");

    bench.push("update", R"(["nan","2"])", "", R"(,"seq":11)");
    bench.on(
        R"({"action":"update","arg":{"instType":"SPOT","channel":"trade","instId":"BTCUSDT"},"data":[["1649290077777","101","1","buy"]]})");

    EXPECT_EQ(bench.sessions(Session::gap), 1);
    EXPECT_EQ(bench.stats().of(core::Error::malformed), 1U);
    EXPECT_EQ(bench.stats().of(TickKind::trade), 1U) << "the stream goes on";
}

TEST(BitgetSynchroniser, MatchesEveryPublishedChecksum) {
    NEEDS_SHARED_DATA();

    const auto stats =
        test::play_beside_twin<feeds::bitget::Decoder, feeds::bitget::Synchroniser>(test::recorded("BITGET.ws.1.0"), 8);

    EXPECT_EQ(stats.checksums.checked, 443U);
    EXPECT_EQ(stats.checksums.matched, 443U);
    EXPECT_EQ(stats.depth.received, 443U);
    EXPECT_EQ(stats.depth.applied, 443U);
    EXPECT_EQ(stats.sequence_breaks, 0U);
    EXPECT_EQ(stats.faulted(), 0U);
}

}  // namespace
