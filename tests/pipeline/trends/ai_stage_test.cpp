#include "pipeline/trends/ai_stage.hpp"
#include "pipeline/flow/chain.hpp"
#include "pipeline/trends/judgement.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/pipeline/trends/trend_world.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <stdexcept>
#include <vector>

using namespace pipeline;

static_assert(Stage<AiStage>);

namespace {

struct World {
    core::InstrumentTable instruments = test::two_instruments();
    AiSettings settings{};
    AiStage stage;
    Trends trends{};
    Predictions out{};

    explicit World(AiSettings s = quick()) : settings{s}, stage{s, {}, instruments} {}

    static AiSettings quick() {
        AiSettings s;
        s.warmup_bars = 60;
        s.skill_labels = 200;
        return s;
    }
    const Predictions& on(const test::TrendMoment& m, double change = 10) {
        trends.mask = m.bars.bar_mask;
        trends.now.alignment = .3;
        trends.frames[0].change_bps = change;
        stage.on(m.tick, m.market, m.bars, m.indicators, m.levels, m.traps, trends, out);
        return out;
    }
};

IndicatorValues full(test::Dice& dice) {
    IndicatorValues v;
    v.rsi14 = 100 * dice.unit();
    v.atr14 = 10;
    v.adx14 = 20;
    v.plus_di14 = 20;
    v.minus_di14 = 15;
    v.macd_histogram = dice.unit() - .5;
    v.bollinger_lower = 9900;
    v.bollinger_upper = 10100;
    v.choppiness14 = 50;
    return v;
}

test::TrendMoment minute(test::Dice& dice, std::int64_t n, std::int64_t open, std::int64_t close,
                         std::uint16_t instrument = 0) {
    auto m = test::closing(0, 60, n, open, close, full(dice), instrument);
    m.market.imbalance5 = dice.unit();
    return m;
}

/// A tape of minutes on which the sign of the last return repeats with `persistence`.
struct Tape {
    test::Dice dice{};
    std::int64_t price{1'000'000}, n{};
    bool up{true};
    double persistence{.5};

    test::TrendMoment next(std::uint16_t instrument = 0) {
        if (dice.unit() > persistence) up = !up;
        const auto open = price;
        price = std::max<std::int64_t>(100'000, price + (up ? 1 : -1) * (300 + dice(900)));
        return minute(dice, n++, open, price, instrument);
    }
};

bool same(double a, double b) {
    return a == b || (!core::known(a) && !core::known(b));
}
bool same(const Predictions& a, const Predictions& b) {
    return a.fresh == b.fresh && a.missing == b.missing && a.trend == b.trend && a.time == b.time &&
           same(a.direction.p, b.direction.p) && same(a.trap.p, b.trap.p) && same(a.harmony, b.harmony) &&
           same(a.direction.skill, b.direction.skill) && a.direction.labels == b.direction.labels &&
           a.direction.usable == b.direction.usable;
}

}  // namespace

TEST(AiStage, PredictsNothingBeforeItIsWarm) {
    World world;
    Tape tape;
    for (int i = 0; i < 60; ++i) {
        EXPECT_TRUE(world.on(tape.next()).fresh);
        EXPECT_FALSE(core::known(world.out.direction.p));
        EXPECT_EQ(world.out.trend, TrendClass::unknown);
        EXPECT_FALSE(core::known(world.out.harmony));
    }
    world.on(tape.next());
    EXPECT_DOUBLE_EQ(world.out.direction.p, .5) << "it has learnt nothing yet";
    EXPECT_DOUBLE_EQ(world.out.direction.online, .5);
    EXPECT_FALSE(core::known(world.out.direction.trees));
    EXPECT_EQ(world.out.direction.standing, Standing::unproven);
    EXPECT_FALSE(world.out.direction.usable);
    EXPECT_TRUE(core::known(world.out.harmony));

    test::TrendMoment quiet;
    quiet.tick.instrument = core::InstrumentId{0};
    EXPECT_FALSE(world.on(quiet).fresh);
}

TEST(AiStage, PredictsNothingWhereTooMuchIsMissing) {
    World world;
    Tape tape;
    for (int i = 0; i < 100; ++i) world.on(tape.next());
    EXPECT_LE(world.out.missing, 8) << "ofi, flow60, intensity, fib and zv";
    ASSERT_TRUE(core::known(world.out.direction.p));
    auto bare = tape.next();
    bare.indicators.mask = 0;
    bare.market.imbalance5 = core::unknown;
    world.on(bare);
    EXPECT_GT(world.out.missing, 8);
    EXPECT_FALSE(core::known(world.out.direction.p));
    EXPECT_EQ(world.stage.counters().too_many_missing, 33u + 1u) << "z34, s34, z55 and s55 need 34 minutes";
}

TEST(AiStage, ComputesTheFeatures) {
    ai::FeatureSource source{300};
    test::Dice dice;
    const core::Instrument instrument{.symbol = "X", .price_decimals = 2};
    ai::Minute out;
    std::vector<double> closes;
    test::TrendMoment m;
    Trends trends;
    trends.now.alignment = -.4;
    std::int64_t price = 1'000'000;
    for (std::int64_t n = 0; n < 80; ++n) {
        price += dice(2001) - 1000;
        m = minute(dice, n, price, price);
        m.indicators.ofi_normalised = 1.5;
        m.indicators.flow60 = -.2;
        m.indicators.intensity_ratio = 2;
        m.traps.pressure_up = .7;
        m.traps.pressure_down = .2;
        if (n == 79) {
            m.levels.changed = true;
            m.levels.active_count = 1;
            m.levels.active[0].price = static_cast<double>(price) / 100 * 1.001;
            m.levels.golden = true;
            m.levels.confluence.confluence = .8;
        }
        closes.push_back(static_cast<double>(price) / 100);
        ASSERT_TRUE(
            source.add(m.market, m.bars, m.indicators, m.levels, m.traps, trends, 0, PriceScale{instrument}, out));
    }
    const auto& f = out.features;
    const double c = closes.back();
    const auto back = [&](std::size_t k) { return closes[closes.size() - 1 - k]; };
    const std::vector<std::size_t> returns{1, 2, 3, 5, 8, 13, 21}, windows{8, 13, 21, 34, 55};
    for (std::size_t i = 0; i < returns.size(); ++i) EXPECT_NEAR(f[i], 1e4 * (c / back(returns[i]) - 1), 1e-7);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        double mean = 0, variance = 0;
        for (std::size_t k = 0; k < windows[i]; ++k) mean += back(k) / static_cast<double>(windows[i]);
        for (std::size_t k = 0; k < windows[i]; ++k)
            variance += std::pow(back(k) - mean, 2) / static_cast<double>(windows[i]);
        EXPECT_NEAR(f[7 + i], (c - mean) / std::sqrt(variance), 1e-9);
        EXPECT_NEAR(f[12 + i], 1e4 * std::sqrt(variance) / c, 1e-9);
    }
    const auto& v = m.indicators.values[0];
    EXPECT_NEAR(f[17], (v.rsi14 - 50) / 50, 1e-12);
    EXPECT_NEAR(f[18], v.macd_histogram / 10, 1e-12);
    EXPECT_NEAR(f[19], 1e5 / c, 1e-9);
    EXPECT_NEAR(f[20], .2, 1e-12);
    EXPECT_NEAR(f[21], .05, 1e-12);
    EXPECT_NEAR(f[22], (c - 9900) / 200 - .5, 1e-12);
    EXPECT_NEAR(f[23], .5, 1e-12);
    EXPECT_EQ(f[24], m.market.imbalance5);
    EXPECT_EQ(f[25], 1.5);
    EXPECT_EQ(f[26], -.2);
    EXPECT_NEAR(f[27], std::log(2), 1e-12);
    EXPECT_NEAR(f[28], 1 - 1e4 * (1 - 1 / 1.001) / 40, 1e-9);
    EXPECT_EQ(f[29], .8);
    EXPECT_EQ(f[30], -.4);
    EXPECT_NEAR(f[31], .5, 1e-12);
    EXPECT_FALSE(core::known(f[32])) << "no volume buckets";
    EXPECT_NEAR(f[33], std::sin(2 * 3.14159265358979323846 * 80 / 1440), 1e-12);
    EXPECT_NEAR(f[34], std::cos(2 * 3.14159265358979323846 * 80 / 1440), 1e-12);
    EXPECT_EQ(out.x_bps, 15);
}

TEST(AiStage, MakesNothingUpOnAFlatSeries) {
    ai::FeatureSource source{300};
    const core::Instrument instrument{.symbol = "X", .price_decimals = 2};
    ai::Minute out;
    for (std::int64_t n = 0; n < 80; ++n) {
        IndicatorValues flat;
        flat.atr14 = 0;
        flat.macd_histogram = 0;
        flat.bollinger_lower = flat.bollinger_upper = 10000;
        auto m = test::closing(0, 60, n, 1'000'000, 1'000'000, flat);
        m.indicators.intensity_ratio = 0;
        source.add(m.market, m.bars, m.indicators, m.levels, m.traps, {}, 0, PriceScale{instrument}, out);
    }
    const auto& f = out.features;
    for (std::size_t i = 0; i < 7; ++i) EXPECT_EQ(f[i], 0);
    for (std::size_t i = 7; i < 12; ++i) EXPECT_FALSE(core::known(f[i]));
    for (std::size_t i = 12; i < 17; ++i) EXPECT_EQ(f[i], 0);
    for (const std::size_t i : {17u, 18u, 22u, 23u, 27u, 28u, 30u, 32u}) EXPECT_FALSE(core::known(f[i])) << i;
    for (const double x : f) EXPECT_FALSE(std::isinf(x));
}

TEST(AiStage, SeesTheVolumeOfTheLastQuarterMinute) {
    ai::FeatureSource source{300};
    const core::Instrument instrument{.symbol = "X", .price_decimals = 2};
    ai::Minute out;
    std::vector<double> volumes;
    test::Dice dice;
    for (std::int64_t n = 0; n < 30 * 4; ++n) {
        const bool last = n % 4 == 3;
        auto m = last ? test::closing(0, 60, n / 4, 1'000'000, 1'000'000, {}) : test::TrendMoment{};
        m.bars.bucket_mask = 2;
        auto& bucket = m.bars.buckets[1].bucket;
        bucket.start = std::chrono::seconds{15 * n};
        bucket.width_s = 15;
        bucket.buy_volume = {dice(1000)};
        volumes.push_back(static_cast<double>(bucket.buy_volume.units));
        source.add(m.market, m.bars, m.indicators, m.levels, m.traps, {}, 0, PriceScale{instrument}, out);
    }
    double mean = 0, variance = 0;
    for (std::size_t i = volumes.size() - 50; i < volumes.size(); ++i) mean += volumes[i] / 50;
    for (std::size_t i = volumes.size() - 50; i < volumes.size(); ++i) variance += std::pow(volumes[i] - mean, 2) / 50;
    EXPECT_NEAR(out.features[32], (volumes.back() - mean) / std::sqrt(variance), 1e-9);

    // The same quarter, with quiet ones behind it that are not of this minute any more.
    auto m = test::closing(0, 60, 30, 1'000'000, 1'000'000, {});
    m.bars.bucket_mask = 2;
    m.bars.buckets[1].bucket.start = std::chrono::seconds{15 * 123};
    m.bars.buckets[1].bucket.buy_volume = {5000};
    m.bars.buckets[1].empties_after = 9;
    source.add(m.market, m.bars, m.indicators, m.levels, m.traps, {}, 0, PriceScale{instrument}, out);
    EXPECT_GT(out.features[32], 3);
}

TEST(AiStage, LearnsWhatPersistsAndIsUsableOnlyThen) {
    World world;
    Tape tape{.persistence = .97};
    for (int i = 0; i < 4000; ++i) world.on(tape.next());
    EXPECT_EQ(world.out.direction.standing, Standing::calibrated);
    EXPECT_GT(world.out.direction.skill, .02);
    EXPECT_TRUE(world.out.direction.usable);
    EXPECT_GT(world.stage.counters().learnt[0], 2000u);

    World blind;
    Tape coin;
    for (int i = 0; i < 4000; ++i) blind.on(coin.next());
    EXPECT_EQ(blind.out.direction.standing, Standing::uncalibrated) << blind.out.direction.skill;
    EXPECT_FALSE(blind.out.direction.usable);

    auto settings = World::quick();
    settings.require_skill = false;
    World careless{settings};
    Tape again;
    for (int i = 0; i < 500; ++i) careless.on(again.next());
    EXPECT_TRUE(careless.out.direction.usable);
}

TEST(AiStage, ScoresWhatItSaidBeforeItLearnt) {
    World world;
    Tape tape{.persistence = .9};
    std::vector<double> told, highs, lows, closes;
    ai::Calibration slow{5000};
    for (std::size_t i = 0; i < 1200; ++i) {
        const auto m = tape.next();
        const auto& bar = m.bars.bars[0];
        highs.push_back(static_cast<double>(bar.high.units));
        lows.push_back(static_cast<double>(bar.low.units));
        closes.push_back(static_cast<double>(bar.close.units));
        world.on(m);
        told.push_back(world.out.direction.p);
        if (i < 15 || !core::known(told[i - 15])) continue;
        for (std::size_t k = i - 14; k <= i; ++k) {
            const bool up = highs[k] >= closes[i - 15] * 1.0015, down = lows[k] <= closes[i - 15] * .9985;
            if (!up && !down) continue;
            if (up != down) slow.add(told[i - 15], up);
            break;
        }
    }
    const auto expected = slow.total();
    const auto got = world.stage.calibration(core::InstrumentId{0}, ai::Target::direction).total();
    ASSERT_GT(expected.n, 500u);
    EXPECT_EQ(got.n, expected.n);
    EXPECT_NEAR(got.brier, expected.brier, 1e-12);
    EXPECT_NEAR(got.log_loss, expected.log_loss, 1e-12);
}

TEST(AiStage, LabelsTrapsThatComeWithinTheHorizon) {
    World world;
    Tape tape;
    for (int i = 0; i < 200; ++i) {
        auto m = tape.next();
        if (i == 100 || i == 150) {
            m.traps.count = 2;
            m.traps.events[0].expect = i == 100 ? Expect::up : Expect::inert;
            m.traps.events[0].severity = Severity::medium;
            m.traps.events[0].time = m.market.time;
            m.traps.events[1].expect = Expect::down;
            m.traps.events[1].severity = Severity::low;
            m.traps.events[1].time = m.market.time;
        }
        world.on(m);
    }
    const auto score = world.stage.calibration(core::InstrumentId{0}, ai::Target::trap).total();
    EXPECT_NEAR(score.base * static_cast<double>(score.n), 15, 1e-9) << "the fifteen rows before the one trap";
}

TEST(AiStage, DropsRowsAcrossAGap) {
    World world;
    Tape tape;
    for (int i = 0; i < 100; ++i) world.on(tape.next());
    const auto learnt = world.stage.counters().learnt[1];
    test::TrendMoment gap;
    gap.tick.instrument = core::InstrumentId{0};
    gap.bars.cleared = true;
    world.on(gap);
    EXPECT_EQ(world.stage.counters().dropped, 15u);
    for (int i = 0; i < 15; ++i) world.on(tape.next());
    EXPECT_EQ(world.stage.counters().learnt[1], learnt);

    auto hole = tape.next();
    hole.bars.gap_mask = 1;
    world.on(hole);
    EXPECT_GT(world.out.missing, 8) << "the windows of closes begin anew";
    EXPECT_FALSE(core::known(world.out.direction.p));
}

TEST(AiStage, SaysTheSameWhateverComesLater) {
    World one, two, again;
    Tape tape{.persistence = .9}, other{.persistence = .9}, same_tape{.persistence = .9};
    for (int i = 0; i < 900; ++i) {
        if (i == 600) other.dice.state = 99, other.persistence = .1;
        const auto a = one.on(tape.next());
        const auto b = two.on(other.next());
        const auto c = again.on(same_tape.next());
        if (i < 600) {
            ASSERT_TRUE(same(a, b)) << i;
        }
        ASSERT_TRUE(same(a, c)) << i;
    }
}

TEST(AiStage, DoesNotCareInWhichOrderInstrumentsSpeak) {
    World together, apart;
    Tape first{.persistence = .9}, second{.dice = {5}, .persistence = .8};
    Predictions last;
    for (int i = 0; i < 600; ++i) {
        last = together.on(first.next(0));
        together.on(second.next(1));
    }
    Tape first_again{.persistence = .9}, second_again{.dice = {5}, .persistence = .8};
    for (int i = 0; i < 600; ++i) apart.on(second_again.next(1));
    EXPECT_TRUE(same(apart.out, together.out));
    for (int i = 0; i < 600; ++i) apart.on(first_again.next(0));
    EXPECT_TRUE(same(apart.out, last));
}

TEST(AiStage, BlendsTheTreesOfAFile) {
    test::TemporaryFolder folder;
    const auto file = folder / "direction.trees";
    std::ofstream{file} << "omega-trees 1\nschema 7b2a2b18ed653db1 target direction base 0.4 trees 0\n";
    auto settings = World::quick();
    settings.trees_direction = file.string();
    World world{settings};
    Tape tape;
    for (int i = 0; i < 61; ++i) world.on(tape.next());
    EXPECT_DOUBLE_EQ(world.out.direction.online, .5);
    EXPECT_NEAR(world.out.direction.trees, ai::logistic(.4), 1e-12);
    EXPECT_NEAR(world.out.direction.p, ai::logistic(.2), 1e-12);
    EXPECT_FALSE(core::known(world.out.trap.trees));
}

TEST(AiStage, RefusesToStartWithAWrongTableOrSetting) {
    test::TemporaryFolder folder;
    const auto file = folder / "trap.trees";
    std::ofstream{file} << "omega-trees 1\nschema 7b2a2b18ed653db1 target trap base 0.4 trees 0\n";
    AiSettings settings;
    settings.trees_direction = file.string();
    try {
        World world{settings};
        FAIL() << "a table for traps must not predict directions";
    } catch (const std::invalid_argument& refused) {
        EXPECT_NE(std::string{refused.what()}.find("trap.trees:2: wrong_target"), std::string::npos) << refused.what();
    }
    const auto refuse = [](auto change) {
        AiSettings wrong;
        change(wrong);
        EXPECT_THROW(World{wrong}, std::invalid_argument);
    };
    refuse([](auto& s) { s.horizon_bars = 0; });
    refuse([](auto& s) { s.ftrl.alpha = 0; });
    refuse([](auto& s) { s.ftrl.l1 = -1; });
    refuse([](auto& s) { s.blend = 1.1; });
    refuse([](auto& s) { s.skill_labels = 6000; });
    refuse([](auto& s) { s.trees_trap = "/nowhere"; });
}
