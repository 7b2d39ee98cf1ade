#include "pipeline/trends/tree_table.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"
#include "tools/omega/train.hpp"
#include "tools/omega/trends.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <string>

namespace {

struct Said {
    int code{};
    std::string out, err;
};

Said train(const omega::TrainOptions& options) {
    std::ostringstream out, err;
    const int code = omega::train_command(options, out, err);
    return {code, out.str(), err.str()};
}
Said trends(const omega::TrendsOptions& options) {
    std::ostringstream out, err;
    const int code = omega::trends_command(options, out, err);
    return {code, out.str(), err.str()};
}

/// Minutes of a price that swings in waves of half an hour (which a model can learn), or of one that only trembles.
std::filesystem::path candles(const std::filesystem::path& file, int minutes, bool waves) {
    std::ofstream out{file};
    out << "timestamp,open,high,low,close,volume\n";
    std::uint64_t noise = 88172645463325252ULL;
    double previous = 60000;
    for (int i = 0; i < minutes; ++i) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        const double shake = static_cast<double>(noise % 2001) / 1000 - 1;
        const double close = waves ? 60000 + 400 * std::sin(i * .2) + 10 * shake : previous + 30 * shake;
        const double high = std::max(previous, close) + 2, low = std::min(previous, close) - 2;
        out << fmt::format("{},{:.1f},{:.1f},{:.1f},{:.1f},{}\n", 1'700'000'040 + 60LL * i, previous, high, low, close,
                           1 + noise % 7);
        previous = std::round(close * 10) / 10;
    }
    return file;
}

}  // namespace

TEST(TrainVerb, WritesATableThatHasSkill) {
    test::TemporaryFolder folder;
    omega::TrainOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 3000, true)};
    options.out = folder / "direction.trees";
    options.folds = 2;
    options.boosting.trees = 15;
    options.json = true;
    const auto said = train(options);
    ASSERT_EQ(said.code, 0) << said.err;
    const auto report = nlohmann::json::parse(said.out);
    EXPECT_GT(report["overall"]["skill"], .1);
    EXPECT_LT(report["overall"]["log_loss"], report["overall"]["base_log_loss"]);
    EXPECT_EQ(report["folds"].size(), 2u);
    EXPECT_TRUE(report["proven"].get<bool>());
    const auto table = pipeline::ai::load_trees(options.out, pipeline::ai::Target::direction);
    ASSERT_TRUE(table);
    EXPECT_EQ(table->trees(), report["trees"]);
}

TEST(TrainVerb, RefusesToWriteATableWithoutSkill) {
    test::TemporaryFolder folder;
    omega::TrainOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 3000, false)};
    options.out = folder / "direction.trees";
    options.folds = 2;
    options.boosting.trees = 15;
    auto said = train(options);
    EXPECT_EQ(said.code, 1);
    EXPECT_NE(said.err.find("no skill was measured"), std::string::npos) << said.err;
    EXPECT_FALSE(std::filesystem::exists(options.out));

    options.force = true;
    said = train(options);
    EXPECT_EQ(said.code, 1);
    EXPECT_NE(said.out.find("--force"), std::string::npos) << said.out;
    EXPECT_TRUE(std::filesystem::exists(options.out));
}

TEST(TrainVerb, SaysWhatItCannotRead) {
    omega::TrainOptions options;
    options.files = {"/nowhere/tape.gz"};
    EXPECT_EQ(train(options).code, 2);

    test::TemporaryFolder folder;
    options.files = {candles(folder / "few.csv", 30, true)};
    const auto said = train(options);
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.err.find("labelled rows"), std::string::npos) << said.err;
}

TEST(TrendsVerb, TellsStatesPatternsAndChanges) {
    test::TemporaryFolder folder;
    omega::TrendsOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 3000, true)};
    options.plot = folder / "trends.html";
    auto said = trends(options);
    ASSERT_EQ(said.code, 0) << said.err;
    EXPECT_NE(said.out.find("BTCUSDT-1m"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("15m"), std::string::npos);
    std::ifstream page{options.plot};
    const std::string html{std::istreambuf_iterator<char>{page}, {}};
    EXPECT_NE(html.find("<svg"), std::string::npos);
    EXPECT_EQ(html.find("nan"), std::string::npos);

    options.plot.clear();
    options.json = true;
    said = trends(options);
    ASSERT_EQ(said.code, 0);
    std::istringstream lines{said.out};
    std::size_t changes = 0;
    std::int64_t time = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto object = nlohmann::json::parse(line);
        EXPECT_GE(object["time"], time);
        time = object["time"];
        if (object.contains("pattern")) continue;
        ++changes;
        EXPECT_TRUE(object["alignment"].is_null() || std::abs(object["alignment"].get<double>()) <= 1);
    }
    EXPECT_GT(changes, 10u);
}

TEST(TrendsVerb, TellsWhatIsPredictedAndHowMuchItIsWorth) {
    test::TemporaryFolder folder;
    omega::TrendsOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 6500, true)};
    options.config.sets = {"ai.warmup_bars=300"};
    auto said = trends(options);
    ASSERT_EQ(said.code, 0) << said.err;
    EXPECT_NE(said.out.find("prediction for 15 minutes at"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("harmony"), std::string::npos) << said.out;

    options.json = true;
    const auto usable = [&](const char* require) {
        options.config.sets = {"ai.warmup_bars=300", std::string{"ai.require_skill="} + require};
        said = trends(options);
        EXPECT_EQ(said.code, 0);
        std::istringstream lines{said.out};
        int told = 0, useful = 0, scored = 0;
        for (std::string line; std::getline(lines, line);) {
            const auto object = nlohmann::json::parse(line);
            if (object.contains("pattern") || object["prediction"].is_null()) continue;
            const auto& direction = object["prediction"]["direction"];
            if (direction["p"].is_null()) continue;
            ++told;
            EXPECT_GT(direction["p"], 0);
            EXPECT_LT(direction["p"], 1);
            useful += direction["usable"].get<bool>();
            if (object["prediction"]["harmony"].is_null()) continue;
            ++scored;
            EXPECT_GE(object["prediction"]["harmony"], 0);
            EXPECT_LE(object["prediction"]["harmony"], 10);
        }
        EXPECT_GT(told, 10);
        EXPECT_GT(scored, 0);
        return std::pair{told, useful};
    };
    const auto any = usable("false"), proven = usable("true");
    EXPECT_EQ(any.second, any.first) << "every model counts";
    EXPECT_LT(proven.second, proven.first) << "a model counts once its skill is measured";
}

TEST(TrendsVerb, SaysWhyNothingIsPredicted) {
    test::TemporaryFolder folder;
    omega::TrendsOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 100, true)};
    EXPECT_NE(trends(options).out.find("no prediction: none before 500 minutes"), std::string::npos);
}

TEST(TrendsVerb, ReadsTheRecordedCandlesThroughTheirHoles) {
    NEEDS_SHARED_DATA();
    omega::TrendsOptions options;
    options.files = {test::shared("ohlcv/bybit_5m/BTCUSDT_5m.csv.zst")};
    const auto said = trends(options);
    ASSERT_EQ(said.code, 0) << said.err;
    EXPECT_NE(said.out.find("1d"), std::string::npos) << said.out;
    EXPECT_NE(said.out.find("alignment"), std::string::npos);
}

TEST(TrendsVerb, SaysWhatItCannotRead) {
    omega::TrendsOptions options;
    options.files = {"/nowhere/candles.csv"};
    const auto said = trends(options);
    EXPECT_EQ(said.code, 2);
    EXPECT_NE(said.err.find("/nowhere/candles.csv"), std::string::npos) << said.err;
}

TEST(TrendsVerb, EndsWithOneWhenSomethingOfItsInputWasRefused) {
    test::TemporaryFolder folder;
    omega::TrendsOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 100, true)};
    EXPECT_EQ(trends(options).code, 0);
    std::ofstream{options.files[0], std::ios::app} << "1700010000,5,4,6,5,1\n";  // its high is below its low
    const auto said = trends(options);
    EXPECT_EQ(said.code, 1);
    EXPECT_NE(said.err.find("impossible"), std::string::npos) << said.err;
}

TEST(TrainVerb, EndsWithOneWhenSomethingOfItsInputWasRefused) {
    test::TemporaryFolder folder;
    omega::TrainOptions options;
    options.files = {candles(folder / "BTCUSDT-1m.csv", 3000, true)};
    options.folds = 2;
    options.boosting.trees = 15;
    options.json = true;
    std::ofstream{options.files[0], std::ios::app} << "1700190000,5,4,6,5,1\n";
    const auto said = train(options);
    EXPECT_EQ(said.code, 1);
    EXPECT_EQ(nlohmann::json::parse(said.out)["proven"], true) << "there was skill all the same";
}
