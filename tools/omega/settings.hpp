#pragma once

#include "core/config/schema.hpp"
#include "feeds/conditions/condition_feed.hpp"
#include "feeds/synthetic/settings.hpp"
#include "gateways/paper/settings.hpp"
#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/book/settings.hpp"
#include "pipeline/cosmic/settings.hpp"
#include "pipeline/fibonacci/settings.hpp"
#include "pipeline/flow/topology.hpp"
#include "pipeline/indicators/indicator_stage.hpp"
#include "pipeline/traps/settings.hpp"
#include "pipeline/trends/settings.hpp"
#include "strategies/bots/bot_stage.hpp"
#include "strategies/risk/settings.hpp"
#include "strategies/sizing.hpp"
#include "tools/omega/live/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace omega {

enum class RunMode : std::uint8_t { paper, testnet, prod };
enum class Profile : std::uint8_t { standard, short_ };

/// Everything that can be configured, with its defaults: read once, checked, and passed down by value.
struct Settings {
    RunMode mode{RunMode::paper};
    /// `short` adds second timeframes and lets the bot trade their legs: for tapes of minutes, where no 15-minute leg
    /// ever forms.
    Profile profile{Profile::standard};
    double start_equity{10000};  ///< quote currency: of the paper account; of real ones the cap of what is counted

    pipeline::TopologySettings topology{};
    pipeline::BookSettings book{};
    pipeline::BarSettings bars{};
    pipeline::IndicatorSettings indicators{};
    pipeline::FibonacciSettings fibonacci{};
    pipeline::TrapSettings traps{};
    pipeline::TrendSettings trends{};
    pipeline::PatternSettings patterns{};
    pipeline::AiSettings ai{};
    pipeline::CosmicSettings cosmic{};
    feeds::conditions::FeedSettings conditions{};  ///< where sentiment and Schumann resonance come from
    strategies::FiboSettings fibo{};
    strategies::SizingSettings sizing{};
    strategies::BracketSettings bracket{};
    strategies::RiskSettings risk{};
    gateways::paper::Settings paper{};
    feeds::synthetic::Settings market{.events_per_s = 50, .depth_interval = std::chrono::milliseconds{250}};
    std::uint32_t market_instruments{3};
    std::vector<std::string> market_venues{};  ///< beside Binance: the same pairs there
    LiveSettings live{};                       ///< venues outside; none: the synthetic market

    std::string journal;  ///< directory; "" keeps none
    std::uint32_t sample_every{
        64};  ///< of so many frames one is timed stage by stage; every order always has its total
};

/// Binds every key to its field. `settings` must outlive the schema and stay where it is.
core::Schema make_schema(Settings& settings);

/// Gives the keys that nobody said what the profile implies: `short` has legs of 5 s, triggers of 1 s, stops from 5
/// bps, a threshold of .40 and levels on legs of 4 bps. `schema` is that of `settings`, after it was read.
void apply_profile(core::Schema& schema, Settings& settings);
/// The defaults of the short profile, where no configuration is read.
[[nodiscard]] Settings short_profile();

/// The synthetic market as it is configured: its instruments, on each of its venues. Throws std::invalid_argument for a
/// venue that it does not speak.
[[nodiscard]] feeds::synthetic::Settings synthetic_market(const Settings& settings);

/// The settings as they take effect: with the timeframes of the profile, and with what one part takes from another.
/// Call it once, on settings as configured: they, not the result, are what is kept and shown.
[[nodiscard]] Settings effective(Settings configured);

}  // namespace omega
