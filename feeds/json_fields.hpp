#pragma once

#include "feeds/json_frame.hpp"
#include "feeds/tick_writer.hpp"

#include <string_view>

namespace feeds {

/// A funding rate as a count of 1e-10, cut towards zero: venues publish up to 16 digits. Errors: malformed,
/// out_of_range.
[[nodiscard]] core::Result<std::int64_t> parse_rate(std::string_view text) noexcept;

/// Appends a side's levels, each an array whose first two elements are price and quantity texts; the rest is ignored.
[[nodiscard]] bool read_levels(JsonFrame& json, JsonFrame::Value rows, const char* key, core::Side side,
                               const core::Instrument& instrument, LevelWriter& levels) noexcept;

/// The best of one side of a one-level book, zeros if the side is empty.
[[nodiscard]] bool read_best(JsonFrame& json, JsonFrame::Object& book, const char* key,
                             const core::Instrument& instrument, core::Price& price, core::Quantity& quantity) noexcept;

/// A candle's numbers as the venue wrote them.
struct CandleTexts {
    std::string_view open, high, low, close, volume;
};
/// Fills a bar from its texts. Errors: those of decimals; malformed when the low is not the lowest; out_of_range.
[[nodiscard]] bool read_bar(JsonFrame& json, const CandleTexts& texts, const core::Instrument& instrument,
                            std::uint32_t interval_s, core::BarUpdate& bar) noexcept;
/// A candle row `[start_ms, open, high, low, close, volume, …]`.
struct CandleRow {
    core::Nanoseconds start{};
    core::BarUpdate bar{};
    std::string_view confirm;  ///< the ninth element (OKX), "" if absent
};
[[nodiscard]] bool read_candle_row(JsonFrame& json, JsonFrame::Value row, const core::Instrument& instrument,
                                   std::uint32_t interval_s, CandleRow& out) noexcept;

/// Names of the fields of a futures ticker that carry a mark price and funding.
struct TickerFields {
    const char* mark;
    const char* index;
    const char* rate;
    const char* next;
};
/// Appends the mark and funding that a ticker carries, if any. Broken ones are faults; a mark that does not fit the
/// instrument's price unit is left out, an index likewise 0.
[[nodiscard]] bool read_mark_and_funding(JsonFrame& json, JsonFrame::Object& ticker, const TickerFields& fields,
                                         const core::Instrument& instrument, const Frame& frame,
                                         core::Nanoseconds venue_time, Batch& batch) noexcept;

}  // namespace feeds
