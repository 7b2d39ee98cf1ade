// What a live run records: by default, within a budget, and so that it can be read back.
#include "tools/omega/decode.hpp"
#include "tools/omega/live/folders.hpp"
#include "tools/omega/run.hpp"

#include "tests/tools/session.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <sstream>

using testing::HasSubstr;

namespace {

std::vector<std::filesystem::path> captures(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) files.push_back(entry.path());
    std::ranges::sort(files);
    return files;
}

omega::RunOptions simulated(std::vector<std::string> sets) {
    omega::RunOptions options;
    options.duration = "60s";
    options.json = true;
    options.config.sets = {"profile=short", "venue_sim.enabled=true", "venue_sim.speed=20"};
    options.config.sets.insert(options.config.sets.end(), sets.begin(), sets.end());
    options.enough = [](const auto& seen) { return seen.ready && seen.frames > 300; };
    return options;
}

test::Outcome run(const omega::RunOptions& options) {
    std::ostringstream out, err;
    const int code = omega::run_command(options, out, err);
    return {code, out.str(), err.str()};
}

}  // namespace

TEST(Record, WhatWasRecordedDecodesAndReplays) {
    test::TemporaryFolder folder;
    auto options = simulated({"venues.binance.instruments=[BTC/USDT:USDT]", "venues.bitget.instruments=[BTC/USDT:USDT]",
                              "venues.bybit.instruments=[BTC/USDT:USDT]", "venues.okx.instruments=[BTC/USDT:USDT]",
                              "record.enabled=false"});
    options.record = (folder / "captures").string();  // said by hand, so it wins

    const auto live = run(options);

    ASSERT_EQ(live.exit_code, 0) << live.err;
    const auto record = live.object()["live"]["record"];
    EXPECT_EQ(record["folder"], options.record);
    EXPECT_EQ(record["dropped"], 0);
    for (const auto venue : {core::Venue::binance, core::Venue::bitget, core::Venue::bybit, core::Venue::okx}) {
        SCOPED_TRACE(core::name(venue));
        const auto files = captures(folder / "captures" / core::name(venue));
        ASSERT_EQ(files.size(), 1u);
        std::ostringstream out, err;
        EXPECT_EQ(omega::decode_command({.venue = {}, .files = files, .summary = true}, out, err), 0) << err.str();
        const auto summary = nlohmann::json::parse(out.str());
        EXPECT_EQ(summary["sequence_breaks"], 0);
        ASSERT_EQ(summary["books"].size(), 1u) << summary["books"];
        EXPECT_EQ(summary["books"].begin().value()["valid"], true) << summary["books"];
        EXPECT_GT(summary["ticks"]["trade"], 0);

        const auto replayed = test::replay(test::json_of(files));
        EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
        EXPECT_GE(replayed.object()["frames"], summary["frames"]) << "and connections opened";
    }
}

TEST(Record, OfSimulatedVenuesNothingIsKeptUnasked) {
    const auto live = run(simulated({"venues.okx.instruments=[BTC/USDT:USDT]"}));
    ASSERT_EQ(live.exit_code, 0) << live.err;
    EXPECT_FALSE(live.object()["live"].contains("record"));
}

TEST(Record, GoesBesideTheLedgersUnlessToldOtherwise) {
    ::setenv("XDG_STATE_HOME", "/var/state", 1);
    omega::LiveSettings live;
    EXPECT_EQ(omega::record_folder(live, omega::RunMode::paper), "/var/state/omega/paper/captures");
    EXPECT_EQ(omega::record_folder(live, omega::RunMode::prod), "/var/state/omega/prod/captures");
    EXPECT_EQ(omega::state_folder(live, omega::RunMode::paper), "") << "nothing else is kept on paper";
    live.state = "/srv/omega";
    EXPECT_EQ(omega::record_folder(live, omega::RunMode::prod), "/srv/omega/captures");
    live.record = "/srv/tapes";
    EXPECT_EQ(omega::record_folder(live, omega::RunMode::prod), "/srv/tapes");
    live.record_enabled = false;
    EXPECT_EQ(omega::record_folder(live, omega::RunMode::prod), "");
    live = {};
    live.simulation.enabled = true;
    EXPECT_EQ(omega::record_folder(live, omega::RunMode::testnet), "");
    ::setenv("XDG_STATE_HOME", std::filesystem::temp_directory_path().c_str(), 1);
}

TEST(Record, NeverTakesMoreThanHalfOfWhatTheDiskHasForIt) {
    test::TemporaryFolder folder;
    const auto place = folder / "";
    const auto free = std::filesystem::space(place).available;
    EXPECT_EQ(omega::record_budget(place, 1), 1u);
    const auto bounded = omega::record_budget(place, std::numeric_limits<std::uint64_t>::max());
    EXPECT_GT(bounded, free / 4);
    EXPECT_LT(bounded, free);
    std::filesystem::create_directories(folder / "okx");
    const auto held = omega::record_budget(place, std::numeric_limits<std::uint64_t>::max());
    std::filesystem::resize_file(test::write_file(folder / "okx/old.ocap", "x"), std::uintmax_t{1} << 40);  // sparse
    EXPECT_GT(omega::record_budget(place, std::numeric_limits<std::uint64_t>::max()), held + (std::uint64_t{1} << 38))
        << "what is recorded already counts as had";
}

TEST(Record, AFolderIsLookedAtBeforeItIsNeeded) {
    test::TemporaryFolder folder;
    EXPECT_EQ(omega::why_no_folder(folder / "a/b/c"), std::nullopt);
    test::write_file(folder / "file", "x");
    EXPECT_THAT(omega::why_no_folder(folder / "file/below").value_or(""), HasSubstr("expected a folder"));
    EXPECT_THAT(omega::why_no_folder(folder / "file").value_or(""), HasSubstr("is none"));
}
