#pragma once

#include "core/domain/time.hpp"
#include "feeds/history/candles.hpp"
#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/indicators/settings.hpp"

#include <CLI/App.hpp>

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string_view>
#include <vector>

namespace omega {

/// `omega indicators`: every indicator of every bar of a candle file.
struct IndicatorsOptions {
    enum class Format : std::uint8_t { human, json, csv };

    std::filesystem::path file{};
    std::optional<core::Nanoseconds> timeframe{};  ///< bars are made as wide as this; absent: as the file has them
    Format format{};
    std::filesystem::path plot{};  ///< an HTML file to write; empty: none
    std::size_t plot_bars{400};    ///< newest bars that it shows
    std::uint32_t gap_bars{3};     ///< more missing bars than these restart the indicators (the key `bars.gap_bars`)
    pipeline::BarFill fill{};      ///< whether holes are filled with candles that stand still (the key `bars.fill`)
    pipeline::IndicatorSettings settings{};
};

struct ConfigOptions;

/// Periods, holes and all else as a configuration has them. Throws core::ConfigError with every problem.
void configure(IndicatorsOptions& options, const ConfigOptions& config);

/// Candles with those of holes that `fill` asks for, as a run's bars have them: a hole of more than a week stays one,
/// and `holes` still tells of all.
feeds::history::Candles filled(feeds::history::Candles candles, pipeline::BarFill fill);

/// "5m", "1h", "1d", "30s", "1w" as a time; nothing if it is not one.
std::optional<core::Nanoseconds> parse_timeframe(std::string_view text) noexcept;

/// The indicators of candles as they are, one row a candle. As everywhere a hole of more than `gap_bars` restarts them.
/// The session's mean price, which live is made of trades, is made of typical prices here.
std::vector<pipeline::IndicatorValues> indicators_of(const feeds::history::Candles& candles,
                                                     const IndicatorsOptions& options);

/// Prints to `out`, what is wrong with the file (holes, duplicates, disorder, refused rows) to `err`.
/// Exit code: 0 done, 1 found a problem (refused, doubled or disordered rows; output or plot not writable), 2
/// unreadable input or wrong usage. Holes alone are no problem: intervals without trades have no candle.
int indicators_command(const IndicatorsOptions& options, std::ostream& out, std::ostream& err);

/// Adds the verb; running it sets `exit_code`.
void add_indicators(CLI::App& app, int& exit_code);

}  // namespace omega
