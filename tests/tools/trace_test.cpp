#include "tools/omega/engine/trace.hpp"

#include "core/domain/unknown.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tools/omega/engine/note_senses.hpp"
#include "tools/omega/engine/session_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string_view>

using omega::first_difference;
using omega::Trace;

namespace {

core::Order order(std::uint64_t sequence) {
    core::Order o;
    o.id = core::OrderId::of(1, sequence);
    o.instrument = {0};
    o.price = {6'180'000};
    o.quantity = {15};
    o.sequence = sequence;
    return o;
}

/// Three traps, two decisions and two orders, at sequences 10 to 70.
Trace run() {
    Trace trace;
    for (const std::uint64_t sequence : {10u, 30u, 50u}) trace.traps.push_back({sequence, pipeline::TrapEvent{}});
    for (const std::uint64_t sequence : {20u, 60u}) trace.decisions.push_back({sequence, strategies::Decision{}});
    trace.senses = {
        {35, Trace::Section::indicators, 1}, {45, Trace::Section::predictions, 2}, {55, Trace::Section::weights, 3}};
    for (const std::uint64_t sequence : {40u, 70u}) trace.orders.push_back(order(sequence));
    return trace;
}

}  // namespace

TEST(FirstDifference, RunsThatAgreeHaveNone) {
    EXPECT_FALSE(first_difference(run(), run()));
    EXPECT_FALSE(first_difference(Trace{}, Trace{}));
    Trace unknown = run();
    unknown.decisions[0].decision.stop_bps = core::unknown;  // bit for bit: NaN is itself
    EXPECT_FALSE(first_difference(unknown, unknown));
}

TEST(FirstDifference, NamesTheFirstFieldThatDiffers) {
    struct Case {
        std::uint64_t sequence;
        const char *section, *field;
        std::function<void(Trace&)> change;
    };
    const Case cases[] = {
        {30, "traps", "price", [](Trace& t) { t.traps[1].event.price = 61800, t.traps[1].event.impact = .5; }},
        {50, "traps", "evidence[0]", [](Trace& t) { t.traps[2].event.evidence[0] = 1.5; }},
        {20, "decisions", "action",
         [](Trace& t) {
             t.decisions[0].decision.action = strategies::Action::enter, t.decisions[0].decision.score = 1;
         }},
        {35, "indicators", "values", [](Trace& t) { ++t.senses[0].hash; }},
        {55, "weights", "values", [](Trace& t) { ++t.senses[2].hash; }},
        {45, "predictions", "missing in the second run", [](Trace& t) { t.senses.erase(t.senses.begin() + 1); }},
        {60, "decisions", "score", [](Trace& t) { t.decisions[1].decision.score = .25; }},
        {20, "decisions", "size_fraction", [](Trace& t) { t.decisions[0].decision.size_fraction = core::unknown; }},
        {60, "decisions", "target_count", [](Trace& t) { t.decisions[1].decision.target_count = 1; }},
        {40, "orders", "price", [](Trace& t) { t.orders[0].price.units += 1, t.orders[0].quantity.units += 1; }},
        {70, "orders", "time", [](Trace& t) { t.orders[1].time += core::Nanoseconds{1}; }},
        {70, "orders", "reduce_only", [](Trace& t) { t.orders[1].reduce_only = true; }},
    };
    for (const auto& [sequence, section, field, change] : cases) {
        SCOPED_TRACE(std::string{section} + " " + field);
        Trace other = run();
        change(other);
        for (const bool swapped : {false, true}) {
            const auto difference = swapped ? first_difference(other, run()) : first_difference(run(), other);
            ASSERT_TRUE(difference);
            EXPECT_EQ(difference->sequence, sequence);
            EXPECT_EQ(difference->section, section);
            const bool missing = std::string_view{field}.starts_with("missing");
            EXPECT_EQ(difference->field, missing && swapped ? "missing in the first run" : field);
        }
    }
}

TEST(FirstDifference, OfSeveralTakesTheEarliestTick) {
    Trace other = run();
    other.orders[0].price.units += 1;                     // 40
    other.traps[1].event.confidence = .5;                 // 30
    other.decisions[0].decision.side = core::Side::sell;  // 20
    const auto difference = first_difference(run(), other);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->sequence, 20u);
    EXPECT_EQ(difference->section, "decisions");
    EXPECT_EQ(difference->field, "side");
}

TEST(FirstDifference, AnEntryOnlyOneRunHasIsNamedMissing) {
    Trace other = run();
    other.orders.pop_back();
    auto difference = first_difference(run(), other);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->sequence, 70u);
    EXPECT_EQ(difference->field, "missing in the second run");
    EXPECT_EQ(first_difference(other, run())->field, "missing in the first run");

    other = run();
    other.traps[0].sequence = 9;
    difference = first_difference(run(), other);
    ASSERT_TRUE(difference);
    EXPECT_EQ(difference->sequence, 9u);
    EXPECT_EQ(difference->field, "sequence");

    const auto orders = run().orders;
    EXPECT_FALSE(first_difference(orders, orders));
    EXPECT_EQ(first_difference(orders, {})->sequence, 40u);
}

namespace {

/// One tick's sections, with everything in them new.
struct Sections {
    core::Tick tick;
    pipeline::Bars bars;
    pipeline::Indicators indicators;
    pipeline::Levels levels;
    pipeline::Traps traps;
    pipeline::Trends trends;
    pipeline::Predictions predictions;
    pipeline::Weights weights;

    Sections() {
        bars.bucket_mask = 1;
        indicators.mask = 2;
        levels.changed = true;
        levels.active_count = 1;
        trends.mask = 1;
        trends.pattern_count = 1;
        predictions.fresh = weights.applies = true;
    }
    [[nodiscard]] Trace noted() const {
        Trace trace;
        omega::note_senses(trace, tick, bars, indicators, levels, traps, trends, predictions, weights);
        return trace;
    }
};

}  // namespace

TEST(NoteSenses, SeesEverySectionThatIsNew) {
    const struct {
        const char* section;
        std::function<void(Sections&)> change;
    } cases[] = {
        {"regime", [](Sections& s) { s.traps.pressure_up = .1; }},
        {"regime", [](Sections& s) { s.traps.regime = pipeline::Regime::trending; }},
        {"indicators", [](Sections& s) { s.indicators.values[1].percentile_rank20 = .5; }},
        {"indicators", [](Sections& s) { s.indicators.values[1].sma20 = 0; }},
        {"indicators", [](Sections& s) { s.indicators.vpin = .1; }},
        {"levels", [](Sections& s) { s.levels.active[0].price = 7; }},
        {"levels", [](Sections& s) { s.levels.legs[3].hi = 7; }},
        {"trends", [](Sections& s) { s.trends.now.alignment = .1; }},
        {"trends", [](Sections& s) { s.trends.frames[0].regime = pipeline::SlowRegime::quiet; }},
        {"trends", [](Sections& s) { s.trends.patterns[0].points[4] = 1; }},
        {"predictions", [](Sections& s) { s.predictions.trap.online = .1; }},
        {"predictions", [](Sections& s) { s.predictions.harmony = 5; }},
        {"weights", [](Sections& s) { s.weights.influence.insight = .1; }},
        {"weights", [](Sections& s) { s.weights.exit_factor = 1.1; }},
    };
    const auto plain = Sections{}.noted();
    EXPECT_EQ(plain.senses.size(), 6u);
    EXPECT_FALSE(first_difference(plain, Sections{}.noted())) << "an unknown equals itself";
    for (const auto& [section, change] : cases) {
        SCOPED_TRACE(section);
        Sections other;
        change(other);
        const auto difference = first_difference(plain, other.noted());
        ASSERT_TRUE(difference);
        EXPECT_EQ(difference->section, section);
    }
}

TEST(NoteSenses, SaysNothingOfWhatIsNotNew) {
    Sections quiet;
    quiet.bars.bucket_mask = 0;
    quiet.indicators.mask = 0;
    quiet.levels.changed = quiet.predictions.fresh = false;
    quiet.trends.mask = quiet.trends.pattern_count = 0;
    EXPECT_TRUE(quiet.noted().senses.empty());
    Sections stale;
    stale.indicators.values[0].sma20 = 1;  // not in the mask
    stale.trends.frames[5].change_bps = 1;
    EXPECT_FALSE(first_difference(Sections{}.noted(), stale.noted()));
}

TEST(SessionFile, KnowsTheTablesOfTreesByTheirContents) {
    const test::TemporaryFolder folder;
    const auto table = (folder / "direction.trees").string();
    std::ofstream{table} << "one table";
    omega::Settings settings;
    settings.journal = (folder / "journal").string();
    settings.ai.trees_direction = table;
    core::InstrumentTable instruments;
    const auto written = omega::write_session_file(settings, instruments);

    omega::Settings read;
    EXPECT_EQ(omega::read_session_file(settings.journal, read, instruments), written);
    EXPECT_EQ(read.ai.trees_direction, table);
    std::ofstream{table} << "another one";
    try {
        omega::read_session_file(settings.journal, read, instruments);
        FAIL() << "the table is another one";
    } catch (const std::runtime_error& error) {
        EXPECT_NE(std::string_view{error.what()}.find("not the table of trees"), std::string_view::npos)
            << error.what();
    }
}
