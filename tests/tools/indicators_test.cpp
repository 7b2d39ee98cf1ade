#include "tools/omega/indicators.hpp"

#include "core/config/problem.hpp"
#include "pipeline/indicators/fields.hpp"
#include "pipeline/indicators/indicator_set.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/pipeline/indicators/series.hpp"
#include "tests/support.hpp"
#include "tools/omega/options.hpp"
#include "tools/omega/senses.hpp"
#include "tools/omega/traps/trap_source.hpp"

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

TEST(IndicatorsVerb, FillsHolesWithThePriceBeforeThem) {
    const test::TemporaryFolder folder;
    auto times = minutes(100);
    for (std::size_t i = 30; i < times.size(); ++i) times[i] += 2 * 60;       // two hours
    for (std::size_t i = 60; i < times.size(); ++i) times[i] += 8 * 24 * 60;  // another tape
    const auto file = test::write_file(folder / "g.csv", series_text(times));

    const auto result =
        run({.file = file, .format = IndicatorsOptions::Format::json, .fill = pipeline::BarFill::carry});

    EXPECT_EQ(result.exit_code, 0);
    EXPECT_THAT(result.err, HasSubstr("hole of 120 bars"));
    EXPECT_THAT(result.err, HasSubstr("filled with the price before it"));
    EXPECT_THAT(result.err, HasSubstr("the indicators restart"));
    const auto lines = result.lines();
    ASSERT_EQ(lines.size(), 220u);
    for (std::size_t i = 30; i < 150; ++i) {
        EXPECT_EQ(lines[i]["time"], static_cast<std::int64_t>(i) * 60'000'000'000);
        for (const char* price : {"open", "high", "low", "close"}) EXPECT_EQ(lines[i][price], lines[29]["close"]);
        EXPECT_EQ(lines[i]["volume"], "0");
        EXPECT_TRUE(lines[i]["sma20"].is_number());
    }
    EXPECT_EQ(lines[100]["bollinger_upper"], lines[100]["bollinger_lower"]);
    EXPECT_TRUE(lines[179]["sma20"].is_number());
    EXPECT_TRUE(lines[180]["sma20"].is_null()) << "a week and more is no silence";
}

TEST(IndicatorsVerb, TakesPeriodsAndHolesFromTheConfiguration) {
    const test::TemporaryFolder folder;
    const auto yaml = test::write_file(folder / "omega.yaml", "indicators:\n  sma:\n    n: 5\n  rsi:\n    n: 7\n");
    const auto file = test::write_file(folder / "g.csv", series_text(minutes(30)));
    IndicatorsOptions options{.file = file, .format = IndicatorsOptions::Format::json};
    omega::configure(options, {.file = yaml.string(), .sets = {"bars.fill=carry", "bars.gap_bars=9"}});

    EXPECT_EQ(options.settings.sma, 5);
    EXPECT_EQ(options.settings.rsi, 7);
    EXPECT_EQ(options.settings.atr, 14);
    EXPECT_EQ(options.fill, pipeline::BarFill::carry);
    EXPECT_EQ(options.gap_bars, 9u);
    const auto lines = run(options).lines();
    EXPECT_TRUE(lines[3]["sma20"].is_null());
    EXPECT_NEAR(lines[4]["sma20"], (10000 + 10027 + 10028 + 10008 + 10010) / 5., 1e-9);
    EXPECT_TRUE(lines[6]["rsi14"].is_null());
    EXPECT_TRUE(lines[7]["rsi14"].is_number());
    EXPECT_THROW(omega::configure(options, {.file = {}, .sets = {"indicators.sma.n=1"}}), core::ConfigError);
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

/// The recorded candles around a hole through the stages of a run, beside the verb's own way.
void expect_the_same_live(const feeds::history::Candles& all, std::size_t from, std::size_t to) {
    feeds::history::Candles cut = all;
    cut.candles.assign(all.candles.begin() + static_cast<std::ptrdiff_t>(from),
                       all.candles.begin() + static_cast<std::ptrdiff_t>(to));
    std::erase_if(cut.holes, [&](const auto& hole) {
        return hole.from < cut.candles.front().start || hole.to > cut.candles.back().start;
    });
    core::InstrumentTable instruments;
    core::Instrument one;
    one.symbol = "TEST";
    one.price_decimals = cut.price_decimals;
    one.quantity_decimals = cut.quantity_decimals;
    const auto id = instruments.add(one);
    for (const auto fill : {pipeline::BarFill::skip, pipeline::BarFill::carry}) {
        SCOPED_TRACE(fill == pipeline::BarFill::carry ? "carry" : "skip");
        const auto rows = omega::filled(cut, fill);
        const auto values = omega::indicators_of(rows, {.file = {}, .fill = fill});
        omega::Settings settings;
        settings.bars.fill = fill;
        const auto senses = std::make_unique<omega::Senses>(omega::effective(settings), instruments);
        std::size_t n = 0, different = 0;
        for (const auto& candle : cut.candles)
            senses->on(omega::candle_tick(candle, cut.interval, instruments[id]), [&](const auto& slot) {
                const auto& bars = slot.template get<pipeline::Bars>();
                const auto i = static_cast<std::size_t>(settings.bars.timeframes.index_of(
                    static_cast<std::uint32_t>(cut.interval / std::chrono::seconds{1})));
                if (!bars.bar_closed(i)) return;
                ASSERT_LT(n, rows.candles.size());
                EXPECT_EQ(bars.bars[i].start, rows.candles[n].start);
                EXPECT_EQ(bars.bars[i].close, rows.candles[n].close);
                const auto& live = slot.template get<pipeline::Indicators>().values[i];
                for (const auto& field : pipeline::indicator_fields) {
                    if (field.name == "vwap_session") continue;  // of trades, where there are any
                    const double a = live.*field.value, b = values[n].*field.value;
                    different += core::known(a) != core::known(b) || (core::known(a) && a != b);
                }
                ++n;
            });
        EXPECT_EQ(n, rows.candles.size() - 1) << "the last bar is open";
        EXPECT_EQ(different, 0u);
        const auto restarts = std::ranges::count_if(values.begin() + 100, values.end(),
                                                    [](const auto& v) { return !core::known(v.sma20); });
        if (fill == pipeline::BarFill::carry)
            EXPECT_EQ(restarts, 0) << "nothing restarts";
        else
            EXPECT_GT(restarts, 0);
    }
}

TEST(IndicatorsVerb, AgreesWithARunAcrossTheRecordedHoles) {
    NEEDS_SHARED_DATA();
    struct Recorded {
        const char* file;
        std::uint64_t missing;
    };
    // The trading halt of 24 March 2023, 81 minutes from candle to candle; more than two hours of July 2016.
    for (const auto& [file, missing] : {Recorded{"ohlcv/binance_spot_2023/BTC_USDT-1m.json.zst", 80},
                                        Recorded{"ohlcv/bitfinex/BTCUSD_1m_2016.csv.gz", 159}}) {
        SCOPED_TRACE(file);
        const auto all = feeds::history::read_candles(test::shared(file));
        const auto hole = std::ranges::find_if(all.holes, [n = missing](const auto& h) { return h.missing == n; });
        ASSERT_NE(hole, all.holes.end());
        const auto after = std::ranges::lower_bound(all.candles, hole->to, {}, &feeds::history::Candle::start);
        const auto at = static_cast<std::size_t>(after - all.candles.begin());
        expect_the_same_live(all, at - 300, at + 300);
    }
}
