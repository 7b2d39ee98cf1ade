#pragma once

#include "core/domain/price.hpp"
#include "core/domain/result.hpp"
#include "core/domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace feeds::history {

/// A candle file that cannot be read: which file, where in it, what was expected there. `line` and `column` count from
/// 1; both are 0 where the bytes themselves could not be had (missing, truncated, damaged).
class CandleError : public std::runtime_error {
public:
    CandleError(core::Error reason, std::filesystem::path file, std::uint64_t line, std::uint64_t column,
                std::string expected);

    [[nodiscard]] core::Error reason() const noexcept { return reason_; }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
    [[nodiscard]] std::uint64_t column() const noexcept { return column_; }
    [[nodiscard]] const std::string& expected() const noexcept { return expected_; }

private:
    core::Error reason_;
    std::filesystem::path file_;
    std::uint64_t line_, column_;
    std::string expected_;
};

/// What was traded in the interval that begins at `start`. low <= open, close <= high; low > 0; volume >= 0.
struct Candle {
    core::Nanoseconds start{};
    core::Price open{}, high{}, low{}, close{};
    core::Quantity volume{};

    friend constexpr bool operator==(const Candle&, const Candle&) = default;
};

/// A stretch without candles.
struct Hole {
    core::Nanoseconds from{};  ///< start of the first missing candle
    core::Nanoseconds to{};    ///< start of the first candle after it
    std::uint64_t missing{};   ///< whole intervals between them

    friend constexpr bool operator==(const Hole&, const Hole&) = default;
};

/// The candles of one file, ascending by start, each start once, and what was wrong with them.
struct Candles {
    int price_decimals{};          ///< the most that any price of the file has (trailing zeros do not count)
    int quantity_decimals{};       ///< the same of its volumes
    core::Nanoseconds interval{};  ///< the commonest distance of neighbours; 0 with fewer than two candles
    std::vector<Candle> candles{};
    std::vector<Hole> holes{};
    std::uint64_t rows{};          ///< rows of data in the file
    std::uint64_t duplicates{};    ///< dropped: a row with this start came before it
    std::uint64_t disordered{};    ///< came after a later one; put in its place
    std::uint64_t inconsistent{};  ///< refused: high or low do not hold open and close, price not above 0, volume < 0

    [[nodiscard]] double price(core::Price price) const noexcept;           ///< for statistics
    [[nodiscard]] double quantity(core::Quantity quantity) const noexcept;  ///< for statistics
};

/// Reads a file of candles, plain, gzip or zstd (told by its first bytes), all of it in memory.
///
/// CSV: separated by comma, semicolon or tab. With a header its names (any case, any order, others ignored) say which
///      column is which: timestamp|time|date|datetime|open_time|start|ts|unix, open|o, high|h, low|l, close|c,
///      volume|vol|v. Without one: time, open, high, low, close, volume, or Bitfinex's time, open, CLOSE, HIGH, LOW,
///      volume, whichever fits the file's own prices better.
/// JSON: freqtrade's array of [time, open, high, low, close, volume].
/// Time: whole or decimal s, ms, us or ns since the epoch, told by its size; or ISO 8601, with an offset or "Z"
/// (without
///      either it is UTC).
/// Numbers are exact: the decimals are those the file needs, at most 18; an exponent is understood.
/// Errors (CandleError): io, truncated, corrupt, oversized (more than max_bytes), malformed, missing_field,
/// out_of_range (a number that no 64 bits hold with the decimals its column needs).
Candles read_candles(const std::filesystem::path& file);

/// The same from text at hand; `name` is what errors call it.
Candles parse_candles(std::string_view text, const std::filesystem::path& name = "candles");

inline constexpr std::size_t max_bytes = std::size_t{1} << 31;

}  // namespace feeds::history
