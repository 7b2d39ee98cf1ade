#include "tools/omega/indicators.hpp"

#include "pipeline/indicators/fields.hpp"
#include "pipeline/indicators/indicator_set.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/pipeline/indicators/series.hpp"
#include "tests/support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

using nlohmann::json;
using omega::IndicatorsOptions;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace {

struct Run {
    int exit_code{};
    std::string out, err;

    [[nodiscard]] std::vector<json> lines() const {
        std::vector<json> all;
        std::istringstream in{out};
        for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
        return all;
    }
};

Run run(const IndicatorsOptions& options) {
    std::ostringstream out, err;
    const int code = omega::indicators_command(options, out, err);
    return {code, out.str(), err.str()};
}

/// Series G as a candle file, its bars at the given minutes.
std::string series_text(const std::vector<int>& minutes) {
    std::ostringstream text;
    text << "timestamp,open,high,low,close,volume\n";
    const auto bars = test::series_g();
    for (std::size_t i = 0; i < minutes.size(); ++i) {
        const auto& bar = bars[i % bars.size()];
        text << minutes[i] * 60 << ',' << bar.open << ',' << bar.high << ',' << bar.low << ',' << bar.close << ','
             << bar.volume << '\n';
    }
    return text.str();
}

std::vector<int> minutes(int count) {
    std::vector<int> all;
    for (int i = 0; i < count; ++i) all.push_back(i);
    return all;
}

}  // namespace

TEST(IndicatorsVerb, PrintsAnObjectABarWithEveryIndicator) {
    const test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "g.csv", series_text(minutes(60)));

    const auto result = run({.file = file, .format = IndicatorsOptions::Format::json});

    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err, "");
    const auto lines = result.lines();
    ASSERT_EQ(lines.size(), 60u);
    EXPECT_EQ(lines[1]["time"], 60'000'000'000);
    EXPECT_EQ(lines[1]["open"], "10000");
    EXPECT_EQ(lines[1]["close"], "10027");
    EXPECT_EQ(lines[1]["volume"], "129");
    EXPECT_EQ(lines[1]["tr"], 41);
    EXPECT_TRUE(lines[18]["sma20"].is_null());
    EXPECT_NEAR(lines[19]["sma20"], 10050.9, 1e-9);
    EXPECT_NEAR(lines[59]["macd_signal"], 20.986687, 5.1e-7);
    EXPECT_NEAR(lines[59]["volatility20_annual"], 3.864697, 5.1e-7);
    EXPECT_NEAR(lines[59]["vwap_session"], 10111.281364, 5.1e-7);
    for (const auto& field : pipeline::indicator_fields)
        EXPECT_TRUE(lines[59][std::string{field.name}].is_number()) << field.name;
    for (const char* name : {"time",
                             "open",
                             "high",
                             "low",
                             "close",
                             "volume",
                             "sma20",
                             "ema12",
                             "ema26",
                             "wma10",
                             "rsi14",
                             "macd",
                             "macd_signal",
                             "macd_histogram",
                             "tr",
                             "atr14",
                             "bollinger_upper",
                             "bollinger_middle",
                             "bollinger_lower",
                             "plus_di14",
                             "minus_di14",
                             "adx14",
                             "stochastic_k",
                             "stochastic_slow_k",
                             "stochastic_slow_d",
                             "obv",
                             "cci20",
                             "choppiness14",
                             "donchian_high20",
                             "donchian_low20"})
        EXPECT_TRUE(lines[0].contains(name)) << name;
}

TEST(IndicatorsVerb, PrintsTheSameAsCsv) {
    const test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "g.csv", series_text(minutes(30)));

    const auto csv = run({.file = file, .format = IndicatorsOptions::Format::csv});
    const auto objects = run({.file = file, .format = IndicatorsOptions::Format::json}).lines();

    std::istringstream in{csv.out};
    std::string header, line;
    std::getline(in, header);
    EXPECT_THAT(header, testing::StartsWith("time,open,high,low,close,volume,sma20,ema12"));
    for (std::size_t i = 0; std::getline(in, line); ++i) {
        std::istringstream names{header}, values{line};
        for (std::string name, value; std::getline(names, name, ',');) {
            std::getline(values, value, ',');
            const auto& expected = objects[i][name];
            EXPECT_EQ(value, expected.is_null() ? "" : expected.is_string() ? expected.get<std::string>() : value);
            if (expected.is_number()) {
                EXPECT_EQ(std::stod(value), expected.get<double>());
            }
        }
    }
}

TEST(IndicatorsVerb, MakesWiderBarsAndLeavesTheOpenOneOut) {
    const test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "g.csv", series_text(minutes(58)));

    const auto lines = run({.file = file, .timeframe = 5min, .format = IndicatorsOptions::Format::json}).lines();

    ASSERT_EQ(lines.size(), 11u);
    EXPECT_EQ(lines[0]["open"], "10000");
    EXPECT_EQ(lines[0]["close"], "10010");
    EXPECT_EQ(lines[10]["time"], 50 * 60'000'000'000);
}

TEST(IndicatorsVerb, TellsOfHolesAndRestartsAfterLongOnes) {
    const test::TemporaryFolder folder;
    auto times = minutes(100);
    for (std::size_t i = 30; i < times.size(); ++i) times[i] += 3;  // survives
    for (std::size_t i = 60; i < times.size(); ++i) times[i] += 4;  // restarts
    const auto file = test::write_file(folder / "g.csv", series_text(times));

    const auto result = run({.file = file, .format = IndicatorsOptions::Format::json});

    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.err, HasSubstr("hole of 3 bars from 1970-01-01T00:30:00"));
    EXPECT_THAT(result.err, HasSubstr("hole of 4 bars from 1970-01-01T01:03:00"));
    EXPECT_THAT(result.err, HasSubstr("01:07:00.000000000Z: the indicators restart"));
    const auto lines = result.lines();
    EXPECT_TRUE(lines[30]["sma20"].is_number());
    EXPECT_TRUE(lines[59]["sma20"].is_number());
    EXPECT_TRUE(lines[60]["sma20"].is_null());
    EXPECT_TRUE(lines[78]["sma20"].is_null());
    EXPECT_TRUE(lines[79]["sma20"].is_number());
}

TEST(IndicatorsVerb, FindsAProblemInAFaultyFile) {
    const test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "faulty.csv",
                                       "time,open,high,low,close,volume\n60,1,2,1,1,1\n60,1,2,1,1,1\n180,1,2,1,1,1\n"
                                       "120,1,2,1,1,1\n240,1,.5,1,1,1\n"
                                       "300,1,2,1,1,1\n");
    const auto result = run({.file = file});
    EXPECT_EQ(result.exit_code, 2) << "a number begins with a digit";

    const auto other = test::write_file(folder / "other.csv",
                                        "time,open,high,low,close,volume\n60,1,2,1,1,1\n60,1,2,1,1,1\n180,1,2,1,1,1\n"
                                        "120,1,2,1,1,1\n240,1,0.5,1,1,1\n");
    const auto found = run({.file = other});
    EXPECT_EQ(found.exit_code, 1);
    EXPECT_THAT(found.err, HasSubstr("1 of 5 rows refused"));
    EXPECT_THAT(found.err, HasSubstr("1 rows of a time that came before"));
    EXPECT_THAT(found.err, HasSubstr("1 rows out of order"));
}

TEST(IndicatorsVerb, RefusesWhatItCannotRead) {
    const test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "g.csv", series_text(minutes(5)));
    const auto bad = test::write_file(folder / "bad.csv", "time,open\n");

    EXPECT_EQ(run({.file = folder / "missing.csv"}).exit_code, 2);
    EXPECT_EQ(run({.file = bad}).exit_code, 2);
    EXPECT_THAT(run({.file = bad}).err, HasSubstr("bad.csv:1:1: missing_field: expected a column named high"));
    EXPECT_EQ(run({.file = file, .timeframe = 90s}).exit_code, 2);
    EXPECT_EQ(run({.file = file, .settings = {.rsi = 1}}).exit_code, 2);
}

TEST(IndicatorsVerb, DrawsAPageThatNeedsNothingElse) {
    const test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "a<b.csv", series_text(minutes(60)));

    EXPECT_EQ(run({.file = file, .plot = folder / "out.html"}).exit_code, 0);

    const auto page = test::read_file(folder / "out.html");
    EXPECT_THAT(page, HasSubstr("a&lt;b.csv"));
    EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
    EXPECT_THAT(page, HasSubstr("60 bars of 60 s, 1970-01-01 00:00 to 1970-01-01 00:59 UTC"));
    for (const char* panel : {"Bollinger 20", "RSI 14", "MACD 12/26/9"}) EXPECT_THAT(page, HasSubstr(panel));
    for (const char* outside : {"http", "src=", "url(", "nan", "inf"}) EXPECT_EQ(page.find(outside), std::string::npos);
    EXPECT_EQ(run({.file = file, .plot = folder / "no/such/out.html"}).exit_code, 1);
}

TEST(IndicatorsVerb, UnderstandsTimeframes) {
    EXPECT_EQ(omega::parse_timeframe("5m"), 5min);
    EXPECT_EQ(omega::parse_timeframe("90s"), 90s);
    EXPECT_EQ(omega::parse_timeframe("4h"), 4h);
    EXPECT_EQ(omega::parse_timeframe("1d"), 24h);
    EXPECT_EQ(omega::parse_timeframe("1w"), 168h);
    for (const char* wrong : {"", "5", "m", "0m", "-5m", "5 m", "5M", "5min", "9999999d"})
        EXPECT_FALSE(omega::parse_timeframe(wrong)) << wrong;
}

TEST(IndicatorsVerb, ReadsARecordedFile) {
    NEEDS_SHARED_DATA();
    const auto result = run({.file = test::shared("ohlcv/binance_spot_2023/LINK_USDT-1m.json.zst"),
                             .timeframe = 1h,
                             .format = IndicatorsOptions::Format::csv});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(std::ranges::count(result.out, '\n'), 1 + 720);
}
