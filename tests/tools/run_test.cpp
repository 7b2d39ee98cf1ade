#include "tools/omega/run.hpp"

#include "tests/tools/session.hpp"

#include <gmock/gmock.h>
#include <CLI/CLI.hpp>

using testing::HasSubstr;

namespace {

test::Outcome run(const omega::RunOptions& options) {
    std::ostringstream out, err;
    const int code = omega::run_command(options, out, err);
    return {code, out.str(), err.str()};
}

/// As much market as fits into a second of wall time: hours, for each minute has a planted trap.
omega::RunOptions a_second() {
    omega::RunOptions options;
    options.duration = "1s";
    options.speed = 1e9;
    options.json = true;
    options.config.sets = {"profile=short",         "market.instruments=1", "market.seed=8",
                           "market.events_per_s=2", "market.volatility=8",  "market.traps_per_h=60"};
    return options;
}

std::vector<std::string> keys(const nlohmann::json& object) {
    std::vector<std::string> names;
    for (const auto& [key, value] : object.items()) names.push_back(key);
    return names;
}

}  // namespace

TEST(Run, ASecondOfTheSyntheticMarketFindsTrapsAndReplaysFromItsRecordings) {
    test::TemporaryFolder folder;
    auto options = a_second();
    options.record = (folder / "market.omcap").string();
    options.config.sets.push_back("journal.directory=" + (folder / "journal").string());
    const auto live = run(options);
    ASSERT_EQ(live.exit_code, 0) << live.err;
    const auto summary = live.object();
    EXPECT_GT(summary["traps"].size(), 0u);
    EXPECT_GT(summary["ticks"], 1000);
    EXPECT_EQ(summary["drops"], 0);
    EXPECT_EQ(summary["feed_errors"], 0);
    EXPECT_EQ(summary["sequence_breaks"], 0);

    auto again = test::json_of({folder / "journal"});
    again.verify = true;
    const auto from_journal = test::replay(again);
    EXPECT_EQ(from_journal.exit_code, 0) << from_journal.err;
    EXPECT_EQ(from_journal.digest(), live.digest());
    EXPECT_EQ(from_journal.object()["verified"], true);

    const auto from_capture = test::replay(test::json_of({folder / "market.omcap"}));
    EXPECT_EQ(from_capture.exit_code, 0) << from_capture.err;
    EXPECT_EQ(keys(from_capture.object()), keys(summary)) << "one shape for both verbs";
    EXPECT_EQ(from_capture.object()["frames"], summary["frames"]);
}

TEST(Run, AMarketOfTwoVenuesIsRecordedAFileAVenue) {
    test::TemporaryFolder folder;
    auto options = a_second();
    options.record = (folder / "market.omcap").string();
    options.config.sets.emplace_back("market.venues=[bybit]");
    options.config.sets.emplace_back("market.kinds=[cross_venue_divergence]");
    const auto live = run(options);
    ASSERT_EQ(live.exit_code, 0) << live.err;
    const auto summary = live.object();
    EXPECT_EQ(summary["feed_errors"], 0);
    EXPECT_EQ(summary["sequence_breaks"], 0);
    EXPECT_TRUE(summary["traps"].contains("cross_venue_divergence")) << summary["traps"];

    const auto one = test::replay(test::json_of({folder / "market.omcap"}));
    const auto other = test::replay(test::json_of({folder / "market-bybit.omcap"}));
    EXPECT_EQ(one.exit_code + other.exit_code, 0) << one.err << other.err;
    EXPECT_EQ(one.object()["frames"].get<std::uint64_t>() + other.object()["frames"].get<std::uint64_t>(),
              summary["frames"].get<std::uint64_t>());
}

TEST(Run, OnlyPaperIsTraded) {
    for (const auto* mode : {"testnet", "prod"}) {
        auto options = a_second();
        options.mode = mode;
        const auto refused = run(options);
        EXPECT_EQ(refused.exit_code, 2);
        EXPECT_TRUE(refused.out.empty());
        EXPECT_THAT(refused.err, HasSubstr("expected mode: paper"));
    }
}

TEST(Run, AWrongDurationIsRefusedBeforeAnythingIsWritten) {
    test::TemporaryFolder folder;
    for (const auto* duration : {"soon", "5", "-1s", "1d", "nans"}) {
        auto options = a_second();
        options.duration = duration;
        options.config.sets.push_back("journal.directory=" + (folder / "journal").string());
        const auto refused = run(options);
        EXPECT_EQ(refused.exit_code, 2) << duration;
        EXPECT_THAT(refused.err, HasSubstr("expected a duration such as 30s, 5m or 2h"));
    }
    EXPECT_FALSE(std::filesystem::exists(folder / "journal"));
}

TEST(Run, KeepsItsJournalWhateverElseIsSet) {
    test::TemporaryFolder folder;
    CLI::App app;
    int exit_code = -1;
    omega::add_run(app, exit_code);
    const auto journal = (folder / "journal").string();
    testing::internal::CaptureStdout();
    app.parse("run --for 1s --json --journal " + journal + " --set market.seed=3", false);
    testing::internal::GetCapturedStdout();
    EXPECT_EQ(exit_code, 0);
    EXPECT_TRUE(std::filesystem::exists(folder / "journal" / "session.json"));
}
