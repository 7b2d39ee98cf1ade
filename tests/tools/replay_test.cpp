#include "tools/omega/replay.hpp"

#include "tests/tools/session.hpp"

#include <gmock/gmock.h>

using nlohmann::json;
using test::json_of;
using test::Outcome;
using test::replay;

namespace {

struct ReplaySynthetic : testing::Test {
    test::TemporaryFolder folder;
    std::filesystem::path capture{test::capture_market(folder / "market.omcap", test::traded_frames)};
};

/// Every key of spec/cli.md's row, with its type.
void expect_the_specified_shape(const json& summary) {
    for (const auto* key : {"ticks", "drops", "decisions", "orders", "fills"})
        EXPECT_TRUE(summary.at(key).is_number_unsigned()) << key;
    for (const auto* key : {"pnl", "fees", "equity", "digest"}) EXPECT_TRUE(summary.at(key).is_string()) << key;
    EXPECT_TRUE(summary.at("wall_s").is_number_float());
    EXPECT_THAT(summary.at("digest").get<std::string>(), testing::MatchesRegex("[0-9a-f]{64}"));
    ASSERT_TRUE(summary.at("traps").is_object());
    for (const auto& [kind, count] : summary["traps"].items()) EXPECT_TRUE(count.is_number_unsigned()) << kind;

    const auto expect_percentiles = [](const json& line) {
        ASSERT_TRUE(line.at("count").is_number_unsigned());
        for (const auto* key : {"p50_ns", "p99_ns", "p999_ns", "max_ns"})
            EXPECT_TRUE(line["count"] == 0 ? line.at(key).is_null() : line.at(key).is_number_unsigned()) << key;
    };
    const auto& latency = summary.at("latency");
    expect_percentiles(latency.at("tick_to_order"));
    ASSERT_TRUE(latency.at("stages").is_object());
    for (const auto* stage : {"decode", "journal", "book", "bars", "indicators", "fibonacci", "traps", "trends", "ai",
                              "cosmic", "bots", "risk", "handover", "encode"})
        expect_percentiles(latency["stages"].at(stage));
}

/// Fused, again, staged on one thread, staged on two: all the same.
void expect_one_digest(const std::vector<std::filesystem::path>& inputs) {
    const auto fused = replay(json_of(inputs));
    ASSERT_EQ(fused.exit_code, 0) << fused.err;
    EXPECT_EQ(replay(json_of(inputs)).digest(), fused.digest()) << "a second run";

    auto staged = json_of(inputs);
    staged.topology = "staged";
    const auto one_thread = replay(staged);
    EXPECT_EQ(one_thread.object()["topology"], "staged");
    EXPECT_EQ(one_thread.digest(), fused.digest()) << "staged";
    staged.config.sets.push_back("topology.cuts=[fibonacci]");
    EXPECT_EQ(replay(staged).digest(), fused.digest()) << "staged with a cut";
}

void expect_its_journal_to_give_the_same(const std::vector<std::filesystem::path>& inputs,
                                         const std::filesystem::path& journal) {
    auto options = json_of(inputs);
    options.journal = journal.string();
    const auto live = replay(options);
    ASSERT_EQ(live.exit_code, 0) << live.err;

    auto again = json_of({journal});
    again.verify = true;
    for (const auto* topology : {"fused", "staged"}) {
        again.topology = topology;
        const auto replayed = replay(again);
        EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
        const auto object = replayed.object();
        EXPECT_EQ(object["digest"], live.digest()) << topology;
        EXPECT_EQ(object["verified"], true) << object["first_difference"].dump();
        EXPECT_TRUE(object["first_difference"].is_null());
        for (const auto* key : {"ticks", "traps", "decisions", "wishes", "denials", "orders", "cancels", "fills", "pnl",
                                "fees", "equity"})
            EXPECT_EQ(object[key], live.object()[key]) << key;
    }
}

}  // namespace

TEST_F(ReplaySynthetic, SummaryHasTheSpecifiedShape) {
    const auto run = replay(json_of({capture}));
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto summary = run.object();
    expect_the_specified_shape(summary);
    EXPECT_EQ(summary["frames"], test::traded_frames);
    EXPECT_EQ(summary["drops"], 0);
    EXPECT_GT(summary["traps"].size(), 0u);
    EXPECT_GT(summary["orders"], 0);
    EXPECT_GT(summary["fills"], 0);
    EXPECT_GT(summary["latency"]["tick_to_order"]["count"], 0);
}

TEST_F(ReplaySynthetic, EveryTopologyAndEveryRunGivesOneDigest) {
    expect_one_digest({capture});
}

TEST_F(ReplaySynthetic, OrdersOfMicrosecondsReachTheVenueAtTheSameMomentsUnderEveryTopology) {
    const auto shorter = test::capture_market(folder / "shorter.omcap", 3'000);
    auto options = json_of({shorter}, {"paper.entry_latency_us=300"});
    const auto fused = replay(options);
    EXPECT_GT(fused.object()["fills"], 0);
    options.topology = "staged";
    EXPECT_EQ(replay(options).digest(), fused.digest());
}

TEST_F(ReplaySynthetic, ItsJournalGivesTheSame) {
    expect_its_journal_to_give_the_same({capture}, folder / "journal");
}

TEST_F(ReplaySynthetic, VerifyRunsTheOtherTopologyAndSaysSo) {
    auto options = json_of({capture});
    options.verify = true;
    const auto run = replay(options);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(run.object()["verified"], true) << run.object()["first_difference"].dump();
    EXPECT_TRUE(run.object()["first_difference"].is_null());
}

TEST_F(ReplaySynthetic, ASettingThatMattersChangesTheDigestAndOneThatDoesNotLeavesIt) {
    const auto usual = replay(json_of({capture})).digest();
    for (const auto* set : {"bots.strategic_fibo.threshold=0.55", "sizing.max_position=0.02", "cosmic.enabled=true",
                            "traps.base_threshold_bps=9"})
        EXPECT_NE(replay(json_of({capture}, {set})).digest(), usual) << set;
    EXPECT_EQ(replay(json_of({capture}, {"latency.sample_every=1"})).digest(), usual);
}

TEST_F(ReplaySynthetic, AJournalKeepsEverySettingOfItsRun) {
    auto options = json_of({capture}, {"fib.min_swing.1m_bps=31", "fib.min_swing.1440m_bps=77", "cosmic.enabled=true",
                                       "paper.seed=5", "topology.cuts=[traps]"});
    options.journal = (folder / "journal").string();
    const auto live = replay(options);
    ASSERT_EQ(live.exit_code, 0) << live.err;
    EXPECT_EQ(replay(json_of({folder / "journal"})).digest(), live.digest());
}

TEST_F(ReplaySynthetic, BarsOfQuietIntervalsAreTheSameUnderEveryTopologyAndFromTheJournal) {
    auto options = json_of({capture}, {"bars.fill=carry"});
    options.journal = (folder / "journal").string();
    options.verify = true;
    const auto live = replay(options);
    ASSERT_EQ(live.exit_code, 0) << live.err;
    EXPECT_EQ(live.object()["verified"], true) << live.object()["first_difference"].dump();
    EXPECT_NE(live.digest(), replay(json_of({capture})).digest()) << "seconds without a trade have bars, too";
    EXPECT_GT(live.object()["ticks"], replay(json_of({capture})).object()["ticks"]) << "the ends of silences are ticks";

    const auto replayed = replay(json_of({folder / "journal"}));
    EXPECT_EQ(replayed.digest(), live.digest());
    EXPECT_EQ(replayed.object()["ticks"], live.object()["ticks"]) << "and are told once";
}

TEST_F(ReplaySynthetic, SaysWhatTheSensesSawOfEveryInstrument) {
    const auto senses = replay(json_of({capture}, {"indicators.vpin.enabled=true"})).object()["senses"];
    ASSERT_EQ(senses.size(), 1u);
    const auto& face = senses.begin().value();
    for (const auto* key : {"pressure_up", "pressure_down"}) {
        ASSERT_TRUE(face[key].is_number()) << key;
        EXPECT_GE(face[key], 0);
        EXPECT_LE(face[key], 1);
    }
    ASSERT_TRUE(face["meter"].is_number()) << "half an hour fills its windows";
    EXPECT_GT(face["meter"], 0);
    EXPECT_LE(face["meter"], 1);
    for (const auto* key : {"ofi", "ofi_normalised", "flow60", "intensity", "intensity_ratio", "intensity_exponential"})
        EXPECT_TRUE(face[key].is_number()) << key;
    EXPECT_TRUE(face["vpin"].is_null()) << "it knows no day before";
}

TEST_F(ReplaySynthetic, AnOlderJournalIsNeverWrittenOver) {
    auto options = json_of({capture});
    options.journal = (folder / "journal").string();
    const auto live = replay(options);
    options.config.sets = {"sizing.max_position=0.02"};
    const auto second = replay(options);
    EXPECT_EQ(second.exit_code, 2);
    EXPECT_THAT(second.err, testing::AllOf(testing::HasSubstr("journal: holds a session already"),
                                           testing::HasSubstr("expected a directory without an older journal")));
    EXPECT_EQ(replay(json_of({folder / "journal"})).digest(), live.digest()) << "the first one is whole";

    const auto with_settings = replay(json_of({folder / "journal"}, {"sizing.max_position=0.02"}));
    EXPECT_EQ(with_settings.exit_code, 2);
    EXPECT_THAT(with_settings.err, testing::HasSubstr("expected no --config and no --set"));
}

TEST_F(ReplaySynthetic, TheConfiguredJournalDirectoryIsUsed) {
    EXPECT_EQ(replay(json_of({capture}, {"journal.directory=" + (folder / "kept").string()})).exit_code, 0);
    EXPECT_TRUE(std::filesystem::exists(folder / "kept" / "session.json"));
    EXPECT_TRUE(std::filesystem::exists(folder / "kept" / "ticks-000000.journal"));
}

TEST(ReplayRecorded, EveryTopologyAndTheJournalOfASpotSessionGiveOneDigest) {
    NEEDS_SHARED_DATA();
    const std::vector<std::filesystem::path> session{test::shared("ws/cryptofeed/BINANCE_FUTURES.ws.1.0.zst"),
                                                     test::shared("ws/cryptofeed/BINANCE_FUTURES.http.0.0.zst")};
    expect_one_digest(session);
    test::TemporaryFolder folder;
    expect_its_journal_to_give_the_same(session, folder / "journal");
}

TEST(ReplayRecorded, ASpotTapeIsTradedAlikeByBothTopologiesAndItsJournal) {
    NEEDS_SHARED_DATA();
    const auto tape = test::shared("l2/hftbacktest/spot_btcusdt_20240809.gz");
    test::TemporaryFolder folder;
    auto options = json_of({tape});
    options.verify = true;  // fused and staged
    options.journal = (folder / "journal").string();
    const auto live = replay(options);
    ASSERT_EQ(live.exit_code, 0) << live.err;
    expect_the_specified_shape(live.object());
    EXPECT_EQ(live.object()["verified"], true) << live.object()["first_difference"].dump();
    EXPECT_EQ(live.object()["feed_errors"], 0);
    EXPECT_EQ(live.object()["sequence_breaks"], 0);
    EXPECT_EQ(live.object()["drops"], 0);
    EXPECT_GT(live.object()["orders"], 0);

    const auto replayed = replay(json_of({folder / "journal"}));
    EXPECT_EQ(replayed.digest(), live.digest());
}

TEST(Replay, RefusesCapturesOfTwoVenuesAndTellsOfFramesOfAnother) {
    NEEDS_SHARED_DATA();
    const auto folder = test::shared("ws/cryptofeed");
    const auto mixed = replay(json_of({folder / "BITGET.ws.1.0.zst", folder / "OKX.ws.1.0.zst"}));
    EXPECT_EQ(mixed.exit_code, 2);
    EXPECT_THAT(mixed.err, testing::AllOf(testing::HasSubstr("bitget"), testing::HasSubstr("okx")));
    const auto unknown = replay(json_of({folder / "GATEIO.ws.1.0.zst"}));
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_THAT(unknown.err, testing::HasSubstr("--venue"));

    auto wrong = json_of({folder / "COINBASE.ws.28.0.zst"});
    wrong.venue = core::Venue::okx;
    const auto refused = replay(wrong);
    EXPECT_EQ(refused.exit_code, 1);
    EXPECT_THAT(refused.err, testing::HasSubstr("refused as okx"));
}
