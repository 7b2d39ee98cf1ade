#include "pipeline/traps/kinds.hpp"

#include "core/domain/unknown.hpp"

#include "pipeline/traps/settings.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace pipeline {
namespace {

TEST(TrapKinds, EachNameParsesToItsKindWhateverItsSpelling) {
    for (const TrapKindRow& row : trap_kinds) {
        std::string loud{name(row.kind)};
        SCOPED_TRACE(loud);
        EXPECT_EQ(parse_trap_kind(loud), row.kind);
        EXPECT_EQ(parse_trap_kind("potential_" + loud), row.kind);
        for (char& c : loud) c = c == '_' ? '-' : static_cast<char>(std::toupper(c));
        EXPECT_EQ(parse_trap_kind(loud), row.kind);
    }
}

TEST(TrapKinds, AliasesMeanTheirKind) {
    constexpr std::pair<std::string_view, TrapKind> cases[] = {
        {"Stop Hunt", TrapKind::stop_hunt_up},
        {"liquidity-accumulation", TrapKind::liquidity_accumulation_up},
        {"volatility_liquidity_grab", TrapKind::volatility_grab},
        {"order spoofing", TrapKind::spoofing},
        {"CROSS_EXCHANGE", TrapKind::cross_venue_divergence},
        {"time-dilation-trap", TrapKind::time_dilation},
        {"Potential Fake Pump", TrapKind::fake_pump},
        {"potential stop hunt", TrapKind::stop_hunt_up},
    };
    for (const auto& [text, kind] : cases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_trap_kind(text), kind);
    }
}

TEST(TrapKinds, AnUnknownNameIsNoKind) {
    for (const std::string_view text : {"", "pump", "fake_pump_", " fake_pump", "potential_", "potential_potential_x",
                                        "a name that is far longer than any kind of trap could be"})
        EXPECT_EQ(parse_trap_kind(text), std::nullopt) << text;
}

TEST(TrapKinds, TheTableStandsInTheOrderOfTheKinds) {
    for (std::size_t i = 0; i < trap_kinds.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(trap_kinds[i].kind), i);
}

TEST(TrapKinds, ExpectWhatTheSpecSays) {
    EXPECT_EQ(expectation(TrapKind::liquidity_grab, 1), Expect::down);
    EXPECT_EQ(expectation(TrapKind::liquidity_grab, -1), Expect::up);
    EXPECT_EQ(expectation(TrapKind::fake_pump, 1), Expect::down);
    EXPECT_EQ(expectation(TrapKind::fake_dump, -1), Expect::up);
    EXPECT_EQ(expectation(TrapKind::stop_hunt_up, 1), Expect::down);
    EXPECT_EQ(expectation(TrapKind::liquidity_accumulation_up, 1), Expect::down);
    EXPECT_EQ(expectation(TrapKind::spoofing, 1), Expect::down);
    EXPECT_EQ(expectation(TrapKind::hidden_liquidity, 1), Expect::up);
    EXPECT_EQ(expectation(TrapKind::wash_trading, 1), Expect::inert);
    EXPECT_EQ(expectation(TrapKind::time_dilation, -1), Expect::burst);
    EXPECT_EQ(expectation(TrapKind::stealth_distribution, -1), Expect::down);
}

TEST(TrapKinds, SettingsStartFromTheTableAndMayOverrideIt) {
    TrapSettings settings;

    EXPECT_TRUE(settings.of(TrapKind::fake_pump).enabled);
    EXPECT_EQ(settings.of(TrapKind::fake_pump).cooldown_s, 300);
    EXPECT_EQ(settings.of(TrapKind::half_liquidity_grab).outcome_x, .4);
    EXPECT_EQ(settings.of(TrapKind::stealth_accumulation).outcome_s, 1800);
}

TEST(TrapSettings, ImpossibleOnesAreRefusedByName) {
    EXPECT_NO_THROW(check(TrapSettings{}));
    const auto refused = [](auto change, std::string_view key) {
        TrapSettings settings;
        change(settings);
        try {
            check(settings);
        } catch (const std::invalid_argument& error) {
            return std::string_view{error.what()}.find(key) != std::string_view::npos;
        }
        return false;
    };
    EXPECT_TRUE(refused([](auto& s) { s.base_threshold_bps = 4; }, "traps.base_threshold_bps"));
    EXPECT_TRUE(refused([](auto& s) { s.base_threshold_bps = core::unknown; }, "traps.base_threshold_bps"));
    EXPECT_TRUE(refused([](auto& s) { s.move_window_s = 0; }, "traps.move_window_s"));
    EXPECT_TRUE(refused([](auto& s) { s.pump_window_s = 10; }, "traps.pump_window_s"));
    EXPECT_TRUE(refused([](auto& s) { s.regime.bucket_s = 0; }, "traps.regime.bucket_s"));
    EXPECT_TRUE(refused([](auto& s) { s.regime.window = 101; }, "traps.regime.window"));
    EXPECT_TRUE(refused([](auto& s) { s.regime.dir_lo = .7; }, "traps.regime.dir_lo"));
    EXPECT_TRUE(refused([](auto& s) { s.upgrade_step = 0; }, "traps.upgrade_step"));
    EXPECT_TRUE(refused([](auto& s) { s.notify_confidence = 2; }, "notify_confidence"));
    EXPECT_TRUE(refused([](auto& s) { s.sweep.bars = 0; }, "traps.sweep.bars"));
    EXPECT_TRUE(refused([](auto& s) { s.kinds[2].cooldown_s = -1; }, "traps.fake_pump"));
}

TEST(TrapKinds, SeverityHasItsEdgesInTheHigherStep) {
    EXPECT_EQ(severity(.49, 1), Severity::low);
    EXPECT_EQ(severity(.5, 1), Severity::medium);
    EXPECT_EQ(severity(.5, 2), Severity::high);
    EXPECT_EQ(severity(.5, 4), Severity::critical);
    EXPECT_EQ(severity(.3, 100), severity(.3, 4));
    EXPECT_EQ(severity(.9, core::unknown), Severity::low) << "an unknown impact is no critical one";
}

}  // namespace
}  // namespace pipeline
