#pragma once

#include "core/domain/time.hpp"
#include "feeds/history/candle_text.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace feeds::history {

/// One row as it was written: four prices and a volume, each with its own decimals.
struct Row {
    core::Nanoseconds start{};
    std::array<Exact, 5> numbers{};  ///< in the order of `Rows::columns`
    std::uint64_t line{}, column{};  ///< where it begins
};

/// What a row's numbers mean.
enum class Columns : std::uint8_t {
    ohlcv,   ///< open, high, low, close, volume
    unsaid,  ///< a CSV without a header: in the order of the file, ohlcv or Bitfinex's open, close, high, low, volume
};

struct Rows {
    std::vector<Row> rows{};
    Columns columns{};
};

/// The rows of a CSV or a JSON text; `name` is what errors (CandleError) call it.
Rows read_csv(std::string_view text, const std::filesystem::path& name);
Rows read_json(std::string_view text, const std::filesystem::path& name);

/// Reads a field's time or number. Errors (CandleError) name the place.
struct Place {
    const std::filesystem::path& file;
    std::uint64_t line, column;
};
core::Nanoseconds stamp_at(std::string_view field, const Place& place);
Exact number_at(std::string_view field, std::string_view what, const Place& place);

}  // namespace feeds::history
