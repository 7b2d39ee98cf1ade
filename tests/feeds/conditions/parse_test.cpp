#include "feeds/conditions/condition_feed.hpp"
#include "tests/feeds/capture/temporary.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <string>

using namespace feeds::conditions;
using namespace std::chrono_literals;
using core::Error;

namespace {

/// As alternative.me answers.
constexpr std::string_view two_days = R"({"name":"Fear and Greed Index","data":[)"
                                      R"({"value":"47","value_classification":"Neutral","timestamp":"1777248000",)"
                                      R"("time_until_update":"25675"},)"
                                      R"({"value":"33","value_classification":"Fear","timestamp":"1777161600"}],)"
                                      R"("metadata":{"error":null}})";
constexpr core::Nanoseconds older = 1777161600s, newer = 1777248000s;

constexpr std::string_view quiet_earth =
    R"({"ts":1777248000123,"modes":[{"n":2,"freq_hz":14.3},{"n":1,"freq_hz":7.83,"amp_pt":0.9,"q":4.5}],)"
    R"("source":"synthetic"})";

std::string one_day(std::string_view value, std::string_view timestamp) {
    return R"({"data":[{"value":)" + std::string{value} + R"(,"timestamp":)" + std::string{timestamp} + "}]}";
}

}  // namespace

TEST(FearGreed, IsReadAsItsApiAnswers) {
    const auto history = parse_fear_greed(two_days);

    ASSERT_TRUE(history);
    ASSERT_EQ(history->size(), 2U);
    EXPECT_EQ((*history)[0].time, older);
    EXPECT_EQ((*history)[0].index, 33);
    EXPECT_EQ((*history)[1].time, newer);
    EXPECT_EQ((*history)[1].index, 47);
}

TEST(FearGreed, OfADayIsTheNewestThatWasKnown) {
    const auto history = *parse_fear_greed(two_days);
    EXPECT_FALSE(sentiment_at(history, older - 1ns));
    EXPECT_EQ(sentiment_at(history, older)->index, 33);
    EXPECT_EQ(sentiment_at(history, newer - 1ns)->index, 33);
    EXPECT_EQ(sentiment_at(history, newer + 240h)->index, 47) << "its age is the reader's business";
}

TEST(FearGreed, RefusesWhatItCannotMean) {
    const std::pair<std::string, Error> cases[] = {
        {"", Error::malformed},
        {"<html>", Error::malformed},
        {"[]", Error::wrong_type},
        {"{}", Error::missing_field},
        {R"({"data":{}})", Error::wrong_type},
        {R"({"data":[]})", Error::missing_field},
        {R"({"data":[7]})", Error::wrong_type},
        {R"({"data":[{"value":"7"}]})", Error::missing_field},
        {one_day("\"101\"", "\"1\""), Error::out_of_range},
        {one_day("\"-1\"", "\"1\""), Error::out_of_range},
        {one_day("\"nan\"", "\"1\""), Error::malformed},
        {one_day("null", "\"1\""), Error::wrong_type},
        {one_day("\"4 7\"", "\"1\""), Error::malformed},
        {one_day("\"47\"", "\"04-27-2026\""), Error::malformed},
        {one_day("\"47\"", "\"1e300\""), Error::out_of_range},
        {one_day("\"47\"", "-1"), Error::out_of_range},
        {R"({"data":[{"value":"7","timestamp":"1"}],"metadata":{"error":"quota"}})", Error::refused},
        {std::string(max_sentiment_bytes + 1, ' '), Error::oversized},
        {std::string(100'000, '['), Error::malformed},
    };
    for (const auto& [text, error] : cases) {
        SCOPED_TRACE(text.substr(0, 100));
        const auto read = parse_fear_greed(text);
        ASSERT_FALSE(read);
        EXPECT_EQ(core::name(read.error().reason), core::name(error));
    }
}

TEST(SchumannReading, IsModeOne) {
    const auto measured = parse_schumann(quiet_earth);
    ASSERT_TRUE(measured);
    EXPECT_EQ(measured->time, 1777248000123ms);
    EXPECT_EQ(measured->hz, 7.83);
}

TEST(SchumannReading, RefusesWhatItCannotMean) {
    const std::pair<std::string, Error> cases[] = {
        {"7.83", Error::wrong_type},
        {R"({"modes":[]})", Error::missing_field},
        {R"({"ts":1})", Error::missing_field},
        {R"({"ts":1,"modes":[]})", Error::missing_field},
        {R"({"ts":1,"modes":[{"n":2,"freq_hz":14}]})", Error::missing_field},
        {R"({"ts":1,"modes":[{"n":1}]})", Error::missing_field},
        {R"({"ts":1,"modes":[{"n":1,"freq_hz":0}]})", Error::out_of_range},
        {R"({"ts":1,"modes":[{"n":1,"freq_hz":100}]})", Error::out_of_range},
        {R"({"ts":1,"modes":[{"n":1,"freq_hz":[]}]})", Error::wrong_type},
        {R"({"ts":-5,"modes":[{"n":1,"freq_hz":8}]})", Error::out_of_range},
        {R"({"ts":1e30,"modes":[{"n":1,"freq_hz":8}]})", Error::out_of_range},
        {std::string(max_schumann_bytes + 1, ' '), Error::oversized},
    };
    for (const auto& [text, error] : cases) {
        SCOPED_TRACE(text.substr(0, 100));
        const auto read = parse_schumann(text);
        ASSERT_FALSE(read);
        EXPECT_EQ(core::name(read.error().reason), core::name(error));
    }
}

RC_GTEST_PROP(ConditionDocuments, DamagedOnesNeverGiveImpossibleValues, (std::string noise)) {
    for (std::string text : {std::string{two_days}, std::string{quiet_earth}}) {
        for (const char c : noise) text[*rc::gen::inRange<std::size_t>(0, text.size())] = c;
        if (const auto history = parse_fear_greed(text))
            for (const auto& day : *history) RC_ASSERT(day.index >= 0 && day.index <= 100 && day.time >= 0ns);
        if (const auto measured = parse_schumann(text)) RC_ASSERT(measured->hz > 0 && measured->hz < 100);
    }
}

TEST(ConditionFeed, ReadsAFileAgainWhenItChanges) {
    test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "fng.json", two_days);
    ConditionFeed feed{{.sentiment = {.file = file.string()}, .schumann = {}, .ca_file = {}}};

    EXPECT_FALSE(core::known(feed.at(newer).sentiment)) << "not read yet";
    EXPECT_TRUE(feed.poll_files());
    EXPECT_EQ(feed.at(newer).sentiment, 47);
    EXPECT_EQ(feed.at(newer).sentiment_time, newer);
    EXPECT_EQ(feed.at(newer - 1s).sentiment, 33) << "no look ahead";
    EXPECT_FALSE(feed.poll_files()) << "unchanged";

    test::write_file(file, one_day("\"80\"", "\"1777334400\""));
    EXPECT_TRUE(feed.poll_files());
    EXPECT_EQ(feed.at(newer + 24h).sentiment, 80);
    EXPECT_EQ(feed.at(newer).sentiment, 47) << "other days stay known";
    EXPECT_EQ(feed.counts().taken, 2U);
}

TEST(ConditionFeed, KeepsTheLastGoodValueAndCountsWhatFails) {
    test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "schumann.json", quiet_earth);
    ConditionFeed feed{{.sentiment = {}, .schumann = {.file = file.string()}, .ca_file = {}}};
    feed.poll_files();
    const auto fault = [&](Error error) { return feed.counts().faults[static_cast<std::size_t>(error)]; };

    test::write_file(file, "{\"ts\":");
    EXPECT_FALSE(feed.poll_files());
    EXPECT_EQ(fault(Error::malformed), 1U);
    EXPECT_NE(feed.problem().find("schumann: malformed"), std::string::npos) << feed.problem();
    test::write_file(file, std::string(max_schumann_bytes + 1, ' '));
    EXPECT_FALSE(feed.poll_files());
    EXPECT_EQ(fault(Error::oversized), 1U);
    std::filesystem::remove(file);
    EXPECT_FALSE(feed.poll_files());
    EXPECT_FALSE(feed.poll_files());
    EXPECT_EQ(fault(Error::io), 1U) << "counted once, not every second";
    EXPECT_EQ(feed.at(newer + 1s).schumann_hz, 7.83);

    test::write_file(file, quiet_earth);
    EXPECT_TRUE(feed.poll_files()) << "there again";
}

TEST(ConditionFeed, WithoutSourcesKnowsNothing) {
    ConditionFeed feed{{}};
    EXPECT_FALSE(FeedSettings{}.any());
    EXPECT_FALSE(feed.poll_files());
    EXPECT_FALSE(feed.poll_urls(1s));
    EXPECT_FALSE(core::known(feed.at(newer).sentiment));
    EXPECT_FALSE(core::known(feed.at(newer).schumann_hz));
}
