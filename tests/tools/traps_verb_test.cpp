#include "tools/omega/traps.hpp"

#include "strategies/analysis/statistics.hpp"
#include "tests/tools/session.hpp"
#include "tools/omega/traps/price_track.hpp"
#include "tools/omega/traps/seen_trap.hpp"
#include "tools/omega/traps/trap_json.hpp"
#include "tools/omega/traps/trap_recall.hpp"
#include "tools/omega/traps/trap_report.hpp"
#include "tools/omega/traps/trap_source.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <set>

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

namespace {

test::Outcome traps(const omega::TrapsOptions& options) {
    std::ostringstream out, err;
    const int code = omega::traps_command(options, out, err);
    return {code, out.str(), err.str()};
}

std::vector<json> lines(const std::string& text) {
    std::vector<json> all;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);) all.push_back(json::parse(line));
    return all;
}

std::string read(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::filesystem::path write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream{file} << text;
    return file;
}

/// Three hours of minutes around 60000 with a stop hunt above the last twenty highs in minute 100.
std::string hunted_minutes() {
    std::string csv = "timestamp,open,high,low,close,volume\n";
    for (int i = 0; i < 180; ++i) {
        const auto time = 1'700'000'040 + i * 60;
        if (i == 100)
            csv += fmt::format("{},60040,60300,60010,60030,90\n", time);
        else if (i > 100 && i < 104)
            csv += fmt::format("{},60000,60010,59800,59810,10\n", time);
        else
            csv += fmt::format("{},60000,{},59990,60000,{}\n", time, 60050 + i % 10, 10 + i % 3);
    }
    return csv;
}

/// A quarter of an hour of a lively market.
omega::TrapsOptions lively_market() {
    omega::TrapsOptions options;
    options.market = "40m";
    options.seed = 8;
    options.config.sets = {"market.instruments=1", "market.events_per_s=2", "market.volatility=8",
                           "market.traps_per_h=40"};
    return options;
}

}  // namespace

TEST(TrapsVerb, PrintsOneEventALineInTheShapeOfTheSpecification) {
    test::TemporaryFolder folder;
    omega::TrapsOptions options;
    options.inputs = {write(folder / "BTC_USDT-1m.csv", hunted_minutes())};
    options.json = true;
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;

    std::vector<json> hunts;
    for (const auto& event : lines(run.out))
        if (event.at("kind") == "stop_hunt_up") hunts.push_back(event);
    ASSERT_EQ(hunts.size(), 1u);
    const auto& hunt = hunts[0];
    EXPECT_EQ(hunt.at("id"), 1);
    EXPECT_EQ(hunt.at("revision"), 0);
    EXPECT_EQ(hunt.at("instrument"), "BTC_USDT-1m");
    EXPECT_EQ(hunt.at("venue"), "omega") << "the name of the file names none";
    EXPECT_EQ(hunt.at("time"), 1'700'000'040'000'000'000 + 101 * 60'000'000'000) << "the end of its bar";
    EXPECT_EQ(hunt.at("price"), "60030");
    EXPECT_EQ(hunt.at("expect"), "down");
    EXPECT_EQ(hunt.at("threshold_bps"), 30);
    EXPECT_EQ(hunt.at("hf_multiplier"), 1);
    for (const auto* key : {"confidence", "impact", "boost"}) EXPECT_TRUE(hunt.at(key).is_number()) << key;
    EXPECT_TRUE((std::set<std::string>{"low", "medium", "high", "critical"}.contains(hunt.at("severity"))));
    const auto& evidence = hunt.at("evidence");
    ASSERT_EQ(evidence.size(), 8u);
    EXPECT_NEAR(evidence[0].get<double>(), 60059, 1e-6) << "the swept level";
    EXPECT_TRUE(evidence[7].is_null()) << "unknown";
    EXPECT_GT(hunt.at("pressure_down"), 0) << "its own";
    EXPECT_EQ(hunt.at("pressure_up"), 0);
    // Flat minutes before it, on nine times the usual volume; no book, and too little for levels or a regime: .45 of
    // the weight is known.
    EXPECT_TRUE(hunt.at("meter").is_null());
    EXPECT_TRUE(hunt.at("reported").is_null());
    EXPECT_EQ(hunt.at("potential"), hunt.at("confidence") < .7);
    EXPECT_EQ(hunt.at("notable"), hunt.at("confidence") > .8);
}

TEST(SeenTrap, IsReportedFromTheThresholdOfItsKind) {
    pipeline::TrapEvent event;
    const auto reported = [&](pipeline::TrapKind kind, double meter) {
        event.kind = kind;
        return omega::SeenTrap{event, 0, 0, meter}.reported();
    };
    EXPECT_EQ(reported(pipeline::TrapKind::stop_hunt_up, .75), true);
    EXPECT_EQ(reported(pipeline::TrapKind::stop_hunt_up, .74), false);
    EXPECT_EQ(reported(pipeline::TrapKind::bull_trap, .70), true);
    EXPECT_EQ(reported(pipeline::TrapKind::half_fake_dump, .66), true);
    EXPECT_EQ(reported(pipeline::TrapKind::spoofing, .59), false);
    EXPECT_EQ(reported(pipeline::TrapKind::spoofing, core::unknown), std::nullopt);
}

TEST(TrapsVerb, EvaluatesInTheShapeOfTheSpecificationAndConsistently) {
    test::TemporaryFolder folder;
    omega::TrapsOptions options;
    options.inputs = {write(folder / "bybit-BTC.csv", hunted_minutes())};
    options.json = options.evaluate = options.by_instrument = true;
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;

    const auto all = json::parse(run.out);
    ASSERT_EQ(all.at("kinds").size(), pipeline::trap_kind_count);
    for (const auto& row : all.at("kinds")) {
        const auto n = row.at("n").get<std::uint64_t>(), hits = row.at("hits").get<std::uint64_t>();
        EXPECT_EQ(row.at("events").get<std::uint64_t>(),
                  n + row.at("unresolved").get<std::uint64_t>() + row.at("overlapping").get<std::uint64_t>());
        EXPECT_EQ(row.at("precision").is_null(), n == 0);
        if (n == 0) continue;
        EXPECT_NEAR(row.at("precision").get<double>(), static_cast<double>(hits) / static_cast<double>(n), 1e-12);
        EXPECT_NEAR(row.at("precision_interval")[0].get<double>(), strategies::wilson({hits, n}).low, 1e-12);
        EXPECT_NEAR(row.at("precision_interval")[1].get<double>(), strategies::wilson({hits, n}).high, 1e-12);
        EXPECT_EQ(row.at("verdict"), "unproven") << "nothing is proved by so few";
    }
    const auto& hunt = all.at("kinds")[static_cast<std::size_t>(pipeline::TrapKind::stop_hunt_up)];
    EXPECT_EQ(hunt.at("n"), 1);
    EXPECT_EQ(hunt.at("hits"), 1) << "it fell 15 bps before it rose as much";
    EXPECT_FALSE(all.at("instruments").empty());
    EXPECT_EQ(all.at("instruments")[0].at("instrument"), "bybit.bybit-BTC");
}

TEST(TrapsVerb, SaysWhatIsWrongWithItsInputAndHowToCallIt) {
    test::TemporaryFolder folder;
    const auto fails = [](const omega::TrapsOptions& options, const std::string& text) {
        const auto run = traps(options);
        EXPECT_EQ(run.exit_code, 2) << text;
        EXPECT_THAT(run.err, HasSubstr(text));
        EXPECT_EQ(run.out, "");
    };
    omega::TrapsOptions options;
    fails(options, "files");
    options.inputs = {folder / "missing.gz"};
    fails(options, "missing.gz");
    options.inputs = {write(folder / "empty", "")};
    fails(options, "empty");
    options.inputs = {write(folder / "garbage", "this is no market data\nat all\n")};
    fails(options, "garbage");
    options.inputs = {write(folder / "one.csv", "timestamp,open,high,low,close,volume\n1700000040,1,1,1,1,1\n")};
    fails(options, "one.csv");
    options.inputs = {write(folder / "nowhere", "1649290077.5: {\"a\":1}\n")};
    fails(options, "--venue");
    options.inputs = {write(folder / "good.csv", hunted_minutes())};
    options.report = (folder / "no" / "such" / "folder.html").string();
    fails(options, "folder.html");
    options.report.clear();
    options.truth = (folder / "truth").string();
    fails(options, "--truth");
    options.truth.clear();
    options.market = "1h";
    fails(options, "not both");
    options.inputs.clear();
    for (const auto* wrong : {"1", "h", "-1h", "nanh", "1e9d", "5 m"}) {
        options.market = wrong;
        fails(options, "--market");
    }
    options.market = "1h";
    options.config.sets = {"traps.no_such_key=1"};
    fails(options, "no_such_key");
}

TEST(TrapsVerb, ReportsRefusedCandlesAndFramesAndGoesOn) {
    test::TemporaryFolder folder;
    omega::TrapsOptions options;
    options.inputs = {write(folder / "a.csv", hunted_minutes() + "1700010840,5,4,6,5,1\n")};
    options.json = true;
    const auto candles = traps(options);
    EXPECT_EQ(candles.exit_code, 1);
    EXPECT_THAT(candles.err, HasSubstr("1 impossible"));
    EXPECT_THAT(candles.out, HasSubstr("stop_hunt_up"));

    options.inputs = {
        test::capture_market(folder / "damaged", 3'000, test::lively({{20s, feeds::synthetic::Fault::garbled}}))};
    const auto frames = traps(options);
    EXPECT_EQ(frames.exit_code, 1);
    EXPECT_THAT(frames.err, HasSubstr("refused"));
}

TEST(TrapsVerb, JudgesTheSyntheticMarketByWhatWasPlanted) {
    test::TemporaryFolder folder;
    auto options = lively_market();
    options.truth = (folder / "truth.jsonl").string();
    options.evaluate = options.json = true;
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;

    const auto planted = lines(read(options.truth));
    ASSERT_FALSE(planted.empty());
    for (const auto& trap : planted) {
        EXPECT_TRUE(pipeline::parse_trap_kind(trap.at("kind").get<std::string>())) << trap;
        EXPECT_LT(trap.at("start").get<std::int64_t>(), trap.at("time").get<std::int64_t>());
        EXPECT_LE(trap.at("time").get<std::int64_t>(), trap.at("end").get<std::int64_t>());
        EXPECT_TRUE(trap.at("price").is_string());
    }
    std::uint64_t rows = 0;
    const auto judged = run.object();
    for (const auto& row : judged.at("recall")) {
        rows += row.at("planted").get<std::uint64_t>();
        EXPECT_LE(row.at("found"), row.at("planted"));
    }
    EXPECT_EQ(rows, planted.size());

    auto again = lively_market();
    again.evaluate = again.json = true;
    EXPECT_EQ(traps(again).out, run.out) << "the same seed is the same market";
}

TEST(TrapsVerb, ReadsOurOwnCaptures) {
    test::TemporaryFolder folder;
    auto settings = test::lively();
    settings.duration = 20min;
    omega::TrapsOptions options;
    options.inputs = {test::capture_market(folder / "capture", 1'000'000, settings)};
    options.json = true;
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    std::int64_t last = 0;
    for (const auto& event : lines(run.out)) {
        EXPECT_EQ(event.at("venue"), "binance");
        EXPECT_EQ(event.at("instrument"), "BTCUSDT");
        EXPECT_GE(event.at("confidence"), .3);
        last = std::max(last, event.at("time").get<std::int64_t>());
    }
    EXPECT_GT(last, 0);
}

TEST(TrapsReport, StandsAlone) {
    test::TemporaryFolder folder;
    omega::TrapsOptions options;
    options.inputs = {write(folder / "a<b>&c.csv", hunted_minutes())};
    options.report = (folder / "report.html").string();
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_THAT(run.out, HasSubstr("stop_hunt_up")) << "the table is printed, too";

    const auto page = read(options.report);
    EXPECT_THAT(page, HasSubstr("<!doctype html>"));
    EXPECT_THAT(page, HasSubstr("viewport"));
    EXPECT_THAT(page, HasSubstr("prefers-color-scheme:dark"));
    EXPECT_THAT(page, HasSubstr("<svg class=\"chart\""));
    EXPECT_THAT(page, HasSubstr("data-k=\"stop_hunt_up\""));
    EXPECT_THAT(page, HasSubstr("a&lt;b&gt;&amp;c"));
    EXPECT_THAT(page, Not(HasSubstr("a<b>")));
    for (const auto* loads : {"http://", "https://", " src=", "@import", "url("})
        EXPECT_THAT(page, Not(HasSubstr(loads))) << "nothing is loaded";
}

TEST(RecallOf, GivesEachPlantedTrapItsOwnEventAndCountsTheRestAsFalseAlarms) {
    using pipeline::Expect, pipeline::TrapKind;
    const feeds::synthetic::Truth hunt{"stop_hunt_up", "down", 0, 100s, 130s, 190s, {}};
    const feeds::synthetic::Truth grab{"liquidity_grab", "up", 0, 1000s, 1010s, 1020s, {}};
    const std::array truth{hunt, grab, feeds::synthetic::Truth{"liquidity_grab", "up", 0, 1015s, 1018s, 1030s, {}},
                           feeds::synthetic::Truth{"liquidity_grab", "up", 0, 5000s, 5010s, 5020s, {}}};
    std::vector<strategies::LabelledTrap> events;
    const auto see = [&](TrapKind kind, Expect expect, core::Nanoseconds time, std::uint16_t instrument = 0) {
        strategies::LabelledTrap trap;
        trap.event.kind = kind;
        trap.event.expect = expect;
        trap.event.time = time;
        trap.event.instrument = core::InstrumentId{instrument};
        trap.test = {.5, 120s};
        events.push_back(trap);
    };
    see(TrapKind::stop_hunt_up, Expect::down, 180s);
    see(TrapKind::stop_hunt_up, Expect::down, 300s);      // its outcome is still awaited
    see(TrapKind::stop_hunt_up, Expect::down, 900s);      // nothing there
    see(TrapKind::liquidity_grab, Expect::up, 1016s);     // two were under way: the first takes it
    see(TrapKind::liquidity_grab, Expect::up, 1019s);     // the other
    see(TrapKind::liquidity_grab, Expect::down, 5015s);   // the wrong way finds nothing
    see(TrapKind::liquidity_grab, Expect::up, 1010s, 1);  // elsewhere
    see(TrapKind::volatility_grab, Expect::up, 1010s);    // never planted

    const auto rows = omega::recall_of(truth, events);
    ASSERT_EQ(rows.size(), 3u);
    EXPECT_EQ(rows[0].kind, TrapKind::liquidity_grab);
    EXPECT_EQ(rows[0].planted, 3u);
    EXPECT_EQ(rows[0].found, 2u);
    EXPECT_EQ(rows[0].false_alarms, 1u);
    EXPECT_EQ(rows[1].kind, TrapKind::stop_hunt_up);
    EXPECT_EQ(rows[1].recall(), 1);
    EXPECT_EQ(rows[1].false_alarms_per_planted(), 1);
    EXPECT_EQ(rows[2].kind, TrapKind::volatility_grab);
    EXPECT_FALSE(core::known(rows[2].recall()));
}

TEST(PriceTrack, KeepsTheExtremesWhateverItsWidth) {
    omega::PriceTrack track;
    double low = 1e9, high = 0;
    for (int i = 0; i < 50'000; ++i) {
        const double price = 1000 + (i * 7919) % 1237;
        track.add(i * 250ms, price, price, price);
        low = std::min(low, price);
        high = std::max(high, price);
    }
    EXPECT_LE(track.columns().size(), omega::PriceTrack::most_columns);
    EXPECT_GT(track.columns().size(), omega::PriceTrack::most_columns / 4);
    EXPECT_EQ(std::ranges::min(track.columns(), {}, &omega::PriceTrack::Column::low).low, low);
    EXPECT_EQ(std::ranges::max(track.columns(), {}, &omega::PriceTrack::Column::high).high, high);
    for (std::size_t i = 1; i < track.columns().size(); ++i)
        EXPECT_LT(track.columns()[i - 1].start, track.columns()[i].start);
}

TEST(CandleTicks, CoarsenPricesWhoseRangeATickCannotHold) {
    feeds::history::Candles candles{.price_decimals = 8, .interval = 60s};
    candles.candles.push_back({0s, {50'000'12345678}, {50'100'00000001}, {49'900'99999999}, {50'000'50000000}, {1}});
    omega::fit_into_ticks(candles);
    EXPECT_EQ(candles.price_decimals, 7);
    const auto& candle = candles.candles[0];
    EXPECT_EQ(candle.high.units, 50'100'0000001) << "up";
    EXPECT_EQ(candle.low.units, 49'900'9999999) << "down";
    EXPECT_EQ(candle.open.units, 50'000'1234568) << "to the nearest";

    core::Instrument instrument;
    instrument.id = core::InstrumentId{3};
    const auto tick = omega::candle_tick(candle, 60s, instrument);
    EXPECT_EQ(tick.venue_time, 0s);
    EXPECT_EQ(tick.receive_time, 60s);
    EXPECT_EQ(tick.bar.low.units + tick.bar.high_above_low, candle.high.units);
    EXPECT_EQ(tick.bar.interval_s, 60u);
}

TEST(CandleTicks, CoarsenVolumesWhoseSumDoesNotFit) {
    feeds::history::Candles candles{.quantity_decimals = 15, .interval = 60s};
    for (int i = 0; i < 60; ++i)
        candles.candles.push_back(
            {i * 60s, {100}, {100}, {100}, {100}, {i == 0 ? 12'000'000'000'000'002 : 300'000'000'000'000'000}});
    omega::fit_into_ticks(candles);
    EXPECT_EQ(candles.quantity_decimals, 14);
    EXPECT_EQ(candles.candles[0].volume.units, 1'200'000'000'000'000);
    std::int64_t sum = 0;
    for (const auto& candle : candles.candles) ASSERT_FALSE(__builtin_add_overflow(sum, candle.volume.units, &sum));
    EXPECT_NEAR(candles.quantity({sum}), 59 * 300 + 12, 1e-6);
}

TEST(TrapsVerb, ReadsTheSpotTapeAndProvesNothing) {
    NEEDS_SHARED_DATA();
    omega::TrapsOptions options;
    options.inputs = {test::shared("l2/hftbacktest/spot_btcusdt_20240808.gz")};
    options.json = options.evaluate = true;
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    const auto judged = run.object();
    for (const auto& row : judged.at("kinds"))
        EXPECT_NE(row.at("verdict"), "edge") << "six minutes cannot prove " << row.at("kind");
    EXPECT_EQ(run.err, "");
}

TEST(TrapsVerb, RunsOnlyBarKindsOnRecordedCandles) {
    NEEDS_SHARED_DATA();
    omega::TrapsOptions options;
    options.inputs = {test::shared("ohlcv/binance_spot_2023/LINK_USDT-1m.json.zst")};
    options.json = options.evaluate = true;
    const auto run = traps(options);
    ASSERT_EQ(run.exit_code, 0) << run.err;
    using pipeline::TrapKind;
    const std::set<TrapKind> bar_kinds{TrapKind::stop_hunt_up, TrapKind::stop_hunt_down, TrapKind::bull_trap,
                                       TrapKind::bear_trap, TrapKind::fractal_trap};
    std::uint64_t events = 0;
    for (std::size_t i = 0; i < pipeline::trap_kind_count; ++i) {
        const auto n = run.object().at("kinds")[i].at("events").get<std::uint64_t>();
        EXPECT_TRUE(n == 0 || bar_kinds.contains(static_cast<TrapKind>(i))) << i;
        events += n;
    }
    EXPECT_GT(events, 50u);
}

TEST(TrapsVerb, FindsWhatIsPlantedBetweenTheVenuesOfAMarket) {
    omega::TrapsOptions options;
    options.market = "90m";
    options.seed = 8;
    options.evaluate = options.json = true;
    options.config.sets = {"market.instruments=1",
                           "market.events_per_s=5",
                           "market.wildness=0",
                           "market.volatility=0.5",
                           "market.traps_per_h=30",
                           "market.venues=[bybit]",
                           "market.kinds=[cross_venue_divergence]"};
    const auto said = traps(options);
    ASSERT_EQ(said.exit_code, 0) << said.err;
    const auto recall = json::parse(said.out)["recall"];
    const auto row =
        std::ranges::find_if(recall, [](const json& one) { return one["kind"] == "cross_venue_divergence"; });
    ASSERT_NE(row, recall.end()) << recall;
    EXPECT_GE((*row)["planted"], 10);
    EXPECT_GE((*row)["recall"], .9) << *row;
}
