#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "feeds/any_feed.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/history/candles.hpp"
#include "feeds/synthetic/market.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace omega {

/// Where the ticks of a trap run come from: files, or the synthetic market.
class TrapSource {
public:
    using Sink = std::function<void(const core::Tick&)>;

    virtual ~TrapSource() = default;
    /// Hands the next few ticks to `sink`, in order; false at the end. Throws as its files do.
    virtual bool step(const Sink& sink) = 0;
    [[nodiscard]] virtual const core::InstrumentTable& instruments() const noexcept = 0;
    /// How much has been read, for people: "1.2 M frames".
    [[nodiscard]] virtual std::string progress() const = 0;
    /// What was wrong with the input so far, a line each; empty if nothing was.
    [[nodiscard]] virtual std::vector<std::string> problems() const { return {}; }
    /// What was planted, if that is known.
    [[nodiscard]] virtual std::span<const feeds::synthetic::Truth> truth() const noexcept { return {}; }
};

/// Captures of any format and venue, merged by receive time, and candle files, one instrument each, after them.
///
/// Captures name their venue by their addresses; hftbacktest's format names none and records Binance. A candle file's
/// instrument is its name without endings, its venue the one its path names, else Venue::omega.
/// Throws CaptureError, CandleError, or std::invalid_argument (a file that is neither, a venue that cannot be told).
std::unique_ptr<TrapSource> open_files(const std::vector<std::filesystem::path>& files,
                                       std::optional<core::Venue> venue);

/// The synthetic market for its settings' duration.
std::unique_ptr<TrapSource> open_market(const feeds::synthetic::Settings& settings);

/// A candle as the tick that carries it: venue_time is its start, receive_time its end, and it is final.
core::Tick candle_tick(const feeds::history::Candle& candle, core::Nanoseconds interval,
                       const core::Instrument& instrument) noexcept;

/// A tick holds 32 bits of a candle's range: coarsens the prices of `candles` until every candle fits. The range only
/// grows (low down, high up), open and close are rounded to the nearest. Volumes are coarsened, to the nearest, until
/// those of all candles together fit into a Quantity.
void fit_into_ticks(feeds::history::Candles& candles) noexcept;

}  // namespace omega
