#include "feeds/history/candles.hpp"

#include "core/domain/wide.hpp"
#include "feeds/capture/byte_source.hpp"
#include "feeds/capture/error.hpp"
#include "feeds/history/rows.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace feeds::history {

namespace {

/// Which of a row's numbers are which.
struct Meaning {
    std::size_t open{0}, high{1}, low{2}, close{3};
};
constexpr Meaning ohlcv{}, bitfinex{.open = 0, .high = 2, .low = 3, .close = 1};
constexpr std::size_t volume_at = 4;

/// Compares exact numbers of different decimals.
bool less(Exact a, Exact b) noexcept {
    // 19 digits and 18 more zeros fit 128 bits.
    core::Int128 left = a.digits, right = b.digits;
    for (int i = a.decimals; i < b.decimals; ++i) left *= 10;
    for (int i = b.decimals; i < a.decimals; ++i) right *= 10;
    return left < right;
}

bool consistent(const Row& row, const Meaning& is) noexcept {
    const auto& n = row.numbers;
    const Exact open = n[is.open], high = n[is.high], low = n[is.low], close = n[is.close];
    return low.digits > 0 && !less(open, low) && !less(close, low) && !less(high, open) && !less(high, close) &&
           n[volume_at].digits >= 0;
}

/// A header says it; without one the file's own prices do.
Meaning meaning_of(const Rows& rows) {
    if (rows.columns == Columns::ohlcv) return ohlcv;
    const auto misfits = [&](const Meaning& is) {
        return std::ranges::count_if(rows.rows, [&](const Row& row) { return !consistent(row, is); });
    };
    return misfits(bitfinex) < misfits(ohlcv) ? bitfinex : ohlcv;
}

Candle exact_candle(const Row& row, const Meaning& is, int price_decimals, int quantity_decimals,
                    const std::filesystem::path& name) {
    const auto units = [&](std::size_t i, int decimals) {
        const auto value = scaled(row.numbers[i], decimals);
        if (!value)
            throw CandleError{core::Error::out_of_range, name, row.line, row.column,
                              "numbers that fit 64 bits with the " + std::to_string(decimals) +
                                  " decimals that others of their column have"};
        return *value;
    };
    const auto price = [&](std::size_t i) { return core::Price{units(i, price_decimals)}; };
    return {.start = row.start,
            .open = price(is.open),
            .high = price(is.high),
            .low = price(is.low),
            .close = price(is.close),
            .volume = core::Quantity{units(volume_at, quantity_decimals)}};
}

/// Ascending by start; of several with one start the first of the file stays.
void put_in_order(Candles& out) {
    auto& candles = out.candles;
    core::Nanoseconds newest = core::Nanoseconds::min();
    for (const auto& candle : candles) {
        if (candle.start < newest) ++out.disordered;
        newest = std::max(newest, candle.start);
    }
    if (out.disordered > 0) std::ranges::stable_sort(candles, {}, &Candle::start);
    const auto spare = std::unique(candles.begin(), candles.end(),
                                   [](const Candle& a, const Candle& b) { return a.start == b.start; });
    out.duplicates = static_cast<std::uint64_t>(candles.end() - spare);
    candles.erase(spare, candles.end());
}

/// The commonest distance; the shorter of two that are equally common.
core::Nanoseconds interval_of(const std::vector<Candle>& candles) {
    std::unordered_map<std::int64_t, std::size_t> counts;
    for (std::size_t i = 1; i < candles.size(); ++i) ++counts[(candles[i].start - candles[i - 1].start).count()];
    std::pair<std::size_t, std::int64_t> best{};
    for (const auto& [distance, count] : counts) best = std::max(best, {count, -distance});
    return core::Nanoseconds{-best.second};
}

void find_holes(Candles& out) {
    out.interval = interval_of(out.candles);
    for (std::size_t i = 1; i < out.candles.size(); ++i) {
        const auto from = out.candles[i - 1].start + out.interval, to = out.candles[i].start;
        if (to - from >= out.interval)
            out.holes.push_back({from, to, static_cast<std::uint64_t>((to - from) / out.interval)});
    }
}

double power_of_ten(int exponent) noexcept {
    double value = 1;
    for (int i = 0; i < exponent; ++i) value *= 10;
    return value;
}

}  // namespace

CandleError::CandleError(core::Error reason, std::filesystem::path file, std::uint64_t line, std::uint64_t column,
                         std::string expected)
    : std::runtime_error{file.string() +
                         (line == 0 ? std::string{} : ":" + std::to_string(line) + ":" + std::to_string(column)) +
                         ": " + std::string{core::name(reason)} + ": expected " + expected},
      reason_{reason},
      file_{std::move(file)},
      line_{line},
      column_{column},
      expected_{std::move(expected)} {}

double Candles::price(core::Price price) const noexcept {
    return static_cast<double>(price.units) / power_of_ten(price_decimals);
}
double Candles::quantity(core::Quantity quantity) const noexcept {
    return static_cast<double>(quantity.units) / power_of_ten(quantity_decimals);
}

core::Nanoseconds stamp_at(std::string_view field, const Place& place) {
    if (const auto time = read_stamp(field)) return *time;
    throw CandleError{
        field.empty() ? core::Error::missing_field : core::Error::malformed, place.file, place.line, place.column,
        "a time (s, ms, us, ns since the epoch or ISO 8601), found '" + std::string{field.substr(0, 40)} + "'"};
}

Exact number_at(std::string_view field, std::string_view what, const Place& place) {
    NumberFault fault{};
    if (const auto number = read_exact(field, fault)) return *number;
    const bool too_long = fault == NumberFault::out_of_range;
    const auto reason = field.empty() ? core::Error::missing_field
                        : too_long    ? core::Error::out_of_range
                                      : core::Error::malformed;
    throw CandleError{reason, place.file, place.line, place.column,
                      std::string{what} + " as a decimal number" +
                          (too_long ? " that 64 bits hold, with at most 18 decimals" : "") + ", found '" +
                          std::string{field.substr(0, 40)} + "'"};
}

Candles parse_candles(std::string_view text, const std::filesystem::path& name) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == text.npos) throw CandleError{core::Error::truncated, name, 1, 1, "candles, found an empty file"};
    const auto rows = text[first] == '[' ? read_json(text, name) : read_csv(text, name);
    const auto meaning = meaning_of(rows);

    Candles out;
    out.rows = rows.rows.size();
    // Only rows that stay decide about decimals: one line of rubbish must not make all others finer.
    for (const Row& row : rows.rows) {
        if (!consistent(row, meaning)) continue;
        for (std::size_t i = 0; i < volume_at; ++i)
            out.price_decimals = std::max(out.price_decimals, row.numbers[i].decimals);
        out.quantity_decimals = std::max(out.quantity_decimals, row.numbers[volume_at].decimals);
    }
    out.candles.reserve(rows.rows.size());
    for (const Row& row : rows.rows) {
        if (consistent(row, meaning))
            out.candles.push_back(exact_candle(row, meaning, out.price_decimals, out.quantity_decimals, name));
        else
            ++out.inconsistent;
    }
    put_in_order(out);
    find_holes(out);
    return out;
}

Candles read_candles(const std::filesystem::path& file) {
    try {
        capture::ByteSource source{file};
        std::string text;
        for (std::size_t size = 0;;) {
            text.resize(size + (std::size_t{1} << 20));
            const auto got = source.read(text.data() + size, text.size() - size);
            size += got;
            if (got == 0) {
                text.resize(size);
                break;
            }
            if (size > max_bytes) throw CandleError{core::Error::oversized, file, 0, 0, "at most 2 GiB of candles"};
        }
        return parse_candles(text, file);
    } catch (const capture::CaptureError& error) {
        throw CandleError{error.reason(), file, 0, 0, std::string{"a readable file; "} + error.what()};
    }
}

}  // namespace feeds::history
