#pragma once

#include "pipeline/traps/kinds.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace pipeline {

/// What a configuration may change of one kind; the defaults stand in the table of kinds.
struct TrapKindSettings {
    bool enabled{true};
    double cooldown_s{};
    double outcome_x{};  ///< X = x·T
    double outcome_s{};  ///< Y; of bull_trap, bear_trap and fractal_trap for bars of one minute
};

/// The keys under `traps.` (spec/traps.md), spelled as there.
struct TrapSettings {
    double base_threshold_bps{30};
    double volatility_gain{2.5};
    struct Regime {
        std::uint32_t bucket_s{15}, window{50}, minimum{20};
        double trend_multiplier{1.5}, volatile_multiplier{.75};
        double dir_hi{.6}, dir_lo{.3};
    } regime;

    std::uint32_t move_window_s{15};   ///< W
    std::uint32_t pump_window_s{300};  ///< P
    std::uint32_t volume_window{50};   ///< closed W-buckets that the volume z-score looks at
    double pump_bps{200};              ///< full fakes; half of it for the half ones
    double level_proximity_bps{10};
    double hit_range{.005};  ///< `fib.hit_range`: the hit band of a level as a share of its leg
    double cluster_bps{10};  ///< `fib.cluster_bps`: width of a cluster of levels
    double suspicion_min{.5};

    double min_confidence{.3}, confirmed_confidence{.7}, notify_confidence{.8};
    double upgrade_step{.2};

    struct Flash {
        std::uint32_t window_ms{1000};
    } flash;
    struct Sweep {
        std::uint32_t bars{20};
        double min_bps{2};
    } sweep;
    struct Reversal {
        std::vector<std::uint32_t> timeframes{1, 5, 15,
                                              60};  ///< minutes; one that the run does not have is not watched
        double break_bps{2};
        std::uint32_t fail_bars{3};
    } reversal;
    struct Fractal {
        std::uint32_t timeframe_min{5};
        std::uint32_t fail_bars{3};
    } fractal;
    struct Wash {
        std::uint32_t min_run{4};
    } wash;
    struct Stealth {
        std::uint32_t window_s{900};  ///< whole minutes
        double band_bps{25};
    } stealth;
    struct Dilation {
        double z{6};
    } dilation;
    struct Spoof {
        double multiple{5};          ///< of the mean level size, at least
        std::uint32_t max_ms{3000};  ///< life of the order, at most
    } spoof;
    struct Layering {
        std::uint32_t levels{3};
    } layering;
    struct HighFrequency {
        double move_bps{50}, volatility_ratio{1.5};
        std::uint32_t min_traps{2}, window_s{180}, cooldown_s{600};
        bool schumann{false};  ///< `hf.schumann` and the cosmic master switch, both
    } hf;

    std::array<TrapKindSettings, trap_kind_count> kinds = default_kinds();
    [[nodiscard]] const TrapKindSettings& of(TrapKind kind) const noexcept {
        return kinds[static_cast<std::size_t>(kind)];
    }

private:
    static constexpr std::array<TrapKindSettings, trap_kind_count> default_kinds() noexcept {
        std::array<TrapKindSettings, trap_kind_count> all{};
        for (const TrapKindRow& row : trap_kinds)
            all[static_cast<std::size_t>(row.kind)] = {true, row.cooldown_s, row.outcome_x, row.outcome_s};
        return all;
    }
};

/// Throws std::invalid_argument naming the key, what was expected and what was found.
void check(const TrapSettings& settings);

}  // namespace pipeline
