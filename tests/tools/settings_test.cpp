#include "tools/omega/settings.hpp"

#include "core/config/load.hpp"
#include "core/config/print.hpp"
#include "core/domain/instrument.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tools/omega/engine/session_file.hpp"
#include "tools/omega/wiring.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

using omega::Profile;
using omega::Settings;

namespace {

core::InstrumentTable two_instruments() {
    core::InstrumentTable table;
    table.add({.venue = core::Venue::binance,
               .market = core::Market::linear,
               .symbol = "BTCUSDT",
               .price_decimals = 2,
               .quantity_decimals = 3,
               .tick_size = {10},
               .lot_size = {1},
               .min_quantity = {1},
               .min_notional = {500'000'000}});
    table.add({.venue = core::Venue::binance,
               .market = core::Market::inverse,
               .symbol = "BTCUSD_PERP",
               .price_decimals = 1,
               .quantity_decimals = 0,
               .contract_value = {10'000'000'000}});
    return table;
}

Settings configured(const std::vector<std::string>& sets) {
    Settings settings;
    auto schema = omega::make_schema(settings);
    core::load_or_throw(schema, {.flags = sets});
    omega::apply_profile(schema, settings);
    return settings;
}

std::string text_of(Settings settings) {
    settings.journal.clear();
    return core::canonical_text(omega::make_schema(settings));
}

void expect_equal(const Settings& a, const Settings& b) {
    EXPECT_EQ(text_of(a), text_of(b));
    EXPECT_EQ(a.bars.timeframes.count, b.bars.timeframes.count);
    EXPECT_EQ(a.bars.timeframes.seconds, b.bars.timeframes.seconds);
    ASSERT_EQ(a.fibonacci.count, b.fibonacci.count);
    for (std::size_t i = 0; i < a.fibonacci.count; ++i) {
        EXPECT_EQ(a.fibonacci.timeframes[i].seconds, b.fibonacci.timeframes[i].seconds) << i;
        EXPECT_EQ(a.fibonacci.timeframes[i].min_swing_bps, b.fibonacci.timeframes[i].min_swing_bps) << i;
        EXPECT_EQ(a.fibonacci.timeframes[i].weight, b.fibonacci.timeframes[i].weight) << i;
    }
}

}  // namespace

TEST(Profile, ImpliesOnlyWhatNobodySaidAndShowsIt) {
    Settings settings;
    auto schema = omega::make_schema(settings);
    const auto standard = settings.fibo.threshold;
    core::load_or_throw(schema, {.flags = {"profile=short", "bots.strategic_fibo.threshold=" + std::to_string(standard),
                                           "fib.min_range_bps=50"}});
    omega::apply_profile(schema, settings);

    EXPECT_EQ(settings.fibo.threshold, standard) << "said, though it is the default";
    EXPECT_EQ(settings.fibonacci.min_range_bps, 50);
    EXPECT_EQ(settings.fibo.leg_s, 5u);
    EXPECT_EQ(settings.fibo.trigger_s, 1u);
    EXPECT_EQ(settings.fibo.stop_min_bps, 5);
    EXPECT_THAT(core::to_yaml(schema, {.origins = true}), testing::HasSubstr("leg_s: 5  # default, profile: short"));
    EXPECT_EQ(omega::effective(settings).fibo.threshold, standard);
}

TEST(Settings, DefaultsPassTheirOwnSchema) {
    Settings defaults, loaded;
    auto schema = omega::make_schema(loaded);
    const auto problems =
        core::load(schema, {.file = "defaults.yaml", .text = core::to_yaml(omega::make_schema(defaults))});
    for (const auto& problem : problems) ADD_FAILURE() << core::to_text(problem);
    expect_equal(loaded, defaults);
}

TEST(Settings, EveryKeySaysWhatItMeans) {
    Settings settings;
    const auto schema = omega::make_schema(settings);
    EXPECT_GT(schema.settings().size(), 100u);
    for (const auto& setting : schema.settings()) EXPECT_FALSE(setting.help.empty()) << setting.key;
}

TEST(Settings, WrongValuesAndUnknownKeysAreNamed) {
    const auto refusal = [](const std::string& set) -> std::string {
        try {
            configured({set});
        } catch (const core::ConfigError& error) {
            return error.what();
        }
        return "";
    };
    using testing::AllOf;
    using testing::HasSubstr;
    EXPECT_THAT(refusal("risk.max_position=11"),
                AllOf(HasSubstr("risk.max_position"), HasSubstr("11"), HasSubstr("expected")));
    EXPECT_THAT(refusal("risk.max_postion=1"),
                AllOf(HasSubstr("risk.max_postion"), HasSubstr("unknown key"), HasSubstr("risk.max_position")));
    EXPECT_THAT(refusal("topology.ring_slots=1000"),
                AllOf(HasSubstr("topology.ring_slots"), HasSubstr("expected a power of two")));
    EXPECT_THAT(refusal("risk.daily_loss.limit=0.9"), HasSubstr("expected limit not above flatten"));
    EXPECT_THAT(refusal("traps.stealth.window_s=100"), HasSubstr("expected whole minutes"));
    EXPECT_THAT(refusal("traps.reversal.timeframes=[5, 5]"), HasSubstr("expected at most ten, each once"));
    EXPECT_THAT(refusal("traps.dilation.z=0"), HasSubstr("traps.dilation.z"));
    EXPECT_THAT(refusal("traps.upgrade_step=0"), HasSubstr("traps.upgrade_step"));
    EXPECT_THAT(refusal("traps.regime.dir_lo=0.7"), HasSubstr("expected dir_lo not above dir_hi"));
    EXPECT_THAT(refusal("traps.pump_window_s=15"), HasSubstr("the longer one"));
    EXPECT_THAT(refusal("market.kinds=[liquidity_grab, dragon]"),
                AllOf(HasSubstr("market.kinds"), HasSubstr("expected names of trap kinds")));
    EXPECT_THAT(refusal("market.wildness=2"), HasSubstr("market.wildness"));
    EXPECT_THAT(refusal("bars.fill=zero"), AllOf(HasSubstr("bars.fill"), HasSubstr("skip"), HasSubstr("carry")));
}

TEST(Settings, ReachTheSyntheticMarketAndTheBars) {
    const auto settings = configured(
        {"market.kinds=[flash_pump, spoofing]", "market.wildness=0.25", "bars.fill=carry", "bars.gap_bars=9"});
    EXPECT_THAT(settings.market.kinds, testing::ElementsAre("flash_pump", "spoofing"));
    EXPECT_EQ(settings.market.wildness, .25);
    EXPECT_EQ(settings.bars.fill, pipeline::BarFill::carry);
    EXPECT_EQ(settings.bars.gap_bars, 9u);
    EXPECT_EQ(Settings{}.bars.fill, pipeline::BarFill::skip);
}

TEST(Settings, TrapsShareTheLevelsWidthsAndTheCosmicSwitch) {
    const auto settings = omega::effective(configured(
        {"fib.hit_range=0.01", "fib.cluster_bps=7", "traps.hf.schumann=true", "traps.reversal.timeframes=[15]"}));
    EXPECT_EQ(settings.traps.hit_range, .01);
    EXPECT_EQ(settings.traps.cluster_bps, 7);
    EXPECT_THAT(settings.traps.reversal.timeframes, testing::ElementsAre(15u));
    EXPECT_FALSE(settings.traps.hf.schumann);
    EXPECT_TRUE(omega::effective(configured({"traps.hf.schumann=true", "cosmic.enabled=true"})).traps.hf.schumann);
}

TEST(Settings, PeriodsOfIndicatorsStayInTheirRange) {
    Settings known;
    const auto schema = omega::make_schema(known);
    int periods = 0;
    for (const auto& setting : schema.settings()) {
        const auto& key = setting.key;
        if (!key.starts_with("indicators.") || key.ends_with("mode") || key.ends_with(".k") || key.ends_with("_h") ||
            key.ends_with("window_s") || key.ends_with("enabled"))
            continue;
        ++periods;
        for (const char* wrong : {"1", "4097", "-14"}) EXPECT_THROW(configured({key + "=" + wrong}), core::ConfigError);
        EXPECT_NO_THROW(configured({key + (key == "indicators.macd.slow" ? "=4096" : "=2")}));
    }
    EXPECT_EQ(periods, 24);
    EXPECT_THROW(configured({"indicators.macd.fast=26"}), core::ConfigError);
    EXPECT_THROW(configured({"indicators.rsi.mode=simple"}), core::ConfigError);
    EXPECT_EQ(configured({"indicators.rsi.mode=cutler"}).indicators.rsi_mode, pipeline::RsiMode::cutler);
    EXPECT_EQ(configured({"indicators.rsi.n=9"}).indicators.rsi, 9);
}

TEST(Settings, EveryProfileMakesAWiring) {
    const auto instruments = two_instruments();
    for (const auto* profile : {"profile=standard", "profile=short"}) {
        SCOPED_TRACE(profile);
        const auto settings = omega::effective(configured({profile}));
        for (std::size_t i = 0; i < settings.fibonacci.count; ++i)
            EXPECT_GE(settings.bars.timeframes.index_of(settings.fibonacci.timeframes[i].seconds), 0)
                << settings.fibonacci.timeframes[i].seconds;
        EXPECT_GE(settings.bars.timeframes.index_of(static_cast<std::uint32_t>(settings.fibo.leg_s)), 0);
        EXPECT_GE(settings.bars.timeframes.index_of(static_cast<std::uint32_t>(settings.fibo.trigger_s)), 0);
        EXPECT_NO_THROW(std::make_unique<omega::Wiring>(settings, instruments));
    }
}

TEST(Settings, AProfileLeavesWhatWasSaidAlone) {
    const auto settings =
        omega::effective(configured({"profile=short", "bots.strategic_fibo.leg_s=60",
                                     "bots.strategic_fibo.threshold=0.7", "fib.min_swing.15m_bps=44"}));
    EXPECT_EQ(settings.fibo.leg_s, 60u);
    EXPECT_EQ(settings.fibo.threshold, .7);
    EXPECT_EQ(settings.fibo.trigger_s, 1u);
    EXPECT_EQ(settings.fibonacci.timeframes[2].seconds, 900u);
    EXPECT_EQ(settings.fibonacci.timeframes[2].min_swing_bps, 44);
}

TEST(SessionFile, GivesBackSettingsAndInstruments) {
    const auto instruments = two_instruments();
    for (const auto* profile : {"profile=standard", "profile=short"}) {
        SCOPED_TRACE(profile);
        test::TemporaryFolder folder;
        auto settings =
            configured({profile, "fib.min_swing.1m_bps=33", "fib.min_swing.1440m_bps=444", "cosmic.enabled=true",
                        "topology.cuts=[fibonacci, bots]", "paper.entry_samples_us=[1.5, 3]", "start_equity=2500.5"});
        settings.journal = (folder / "journal").string();
        const auto hash = omega::write_session_file(settings, instruments);
        EXPECT_EQ(hash.size(), 64u);

        Settings read;
        core::InstrumentTable table;
        EXPECT_EQ(omega::read_session_file(folder / "journal", read, table), hash);
        EXPECT_TRUE(read.journal.empty());
        expect_equal(read, settings);
        ASSERT_EQ(table.size(), instruments.size());
        for (std::size_t i = 0; i < table.size(); ++i) {
            const auto &a = *(table.begin() + static_cast<std::ptrdiff_t>(i)),
                       &b = *(instruments.begin() + static_cast<std::ptrdiff_t>(i));
            EXPECT_EQ(a.id, b.id);
            EXPECT_EQ(a.name(), b.name());
            EXPECT_EQ(std::tie(a.price_decimals, a.quantity_decimals), std::tie(b.price_decimals, b.quantity_decimals));
            EXPECT_EQ(std::tie(a.tick_size, a.lot_size, a.min_quantity, a.min_notional, a.contract_value),
                      std::tie(b.tick_size, b.lot_size, b.min_quantity, b.min_notional, b.contract_value));
        }
    }
}

TEST(SessionFile, ADamagedOneIsNamed) {
    test::TemporaryFolder folder;
    const auto refusal = [&]() -> std::string {
        Settings settings;
        core::InstrumentTable table;
        try {
            omega::read_session_file(folder / "", settings, table);
        } catch (const std::runtime_error& error) {
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(refusal(), testing::HasSubstr("session.json: cannot be read; expected the session file"));
    for (const auto* text :
         {"{", "[]", R"({"format":"omega-session-9"})",
          R"({"format":"omega-session-1","instruments":[{"venue":"nowhere"}]})",
          R"({"format":"omega-session-1","instruments":[],"configuration":"risk.max_position: 99\n"})"}) {
        test::write_file(folder / "session.json", text);
        EXPECT_THAT(refusal(), testing::HasSubstr("session.json: damaged")) << text;
    }
}
