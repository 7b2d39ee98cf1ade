#include "feeds/synthetic/frame_text.hpp"

#include "feeds/frame.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace feeds::synthetic {

namespace {

/// One level takes at most 2 × 20 digits and punctuation.
constexpr std::size_t level_bytes = 52;
constexpr std::size_t frame_bytes = 512 + 2 * ChangedPrices::capacity * level_bytes + frame_padding;
constexpr std::size_t snapshot_bytes = 512 + 2 * BookSide::capacity * level_bytes + frame_padding;

constexpr auto digit_pairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i < 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();

/// Writes the digits of `value` backwards so that they end at `end`, at least `width` of them; returns the first.
char* digits_before(char* end, std::uint64_t value, int width) noexcept {
    char* first = end;
    while (value >= 100) {
        first -= 2;
        std::memcpy(first, &digit_pairs[value % 100 * 2], 2);
        value /= 100;
    }
    if (value >= 10) {
        first -= 2;
        std::memcpy(first, &digit_pairs[value * 2], 2);
    } else if (value > 0 || first == end) {
        *--first = static_cast<char>('0' + value);
    }
    while (end - first < width) *--first = '0';
    return first;
}

std::int64_t power_of_ten(int exponent) {
    std::int64_t power = 1;
    for (; exponent > 0; --exponent) power *= 10;
    return power;
}

}  // namespace

FrameText::FrameText(const InstrumentSettings& instrument)
    : tick_units_{instrument.tick_units},
      price_scale_{power_of_ten(instrument.price_decimals)},
      quantity_scale_{power_of_ten(instrument.quantity_decimals)},
      price_decimals_{instrument.price_decimals},
      quantity_decimals_{instrument.quantity_decimals},
      frame_{std::make_unique<char[]>(frame_bytes)},
      snapshot_{std::make_unique<char[]>(snapshot_bytes)} {}

void FrameText::text(std::string_view piece) noexcept {
    std::memcpy(to_, piece.data(), piece.size());
    to_ += piece.size();
}

void FrameText::number(std::uint64_t value) noexcept {
    std::array<char, 24> digits;
    char* const end = digits.data() + digits.size();
    const char* first = digits_before(end, value, 1);
    text({first, static_cast<std::size_t>(end - first)});
}

void FrameText::decimal(std::int64_t units, int decimals, std::int64_t scale) noexcept {
    std::array<char, 48> digits;
    char* const end = digits.data() + digits.size();
    char* first = end;
    auto whole = static_cast<std::uint64_t>(units);
    if (decimals > 0) {
        const auto by = static_cast<std::uint64_t>(scale);
        first = digits_before(end, whole % by, decimals);
        *--first = '.';
        whole /= by;
    }
    first = digits_before(first, whole, 1);
    text({first, static_cast<std::size_t>(end - first)});
}

void FrameText::level(std::int64_t ticks, std::int64_t units) noexcept {
    if (to_[-1] == ']') *to_++ = ',';
    text(R"([")");
    price(ticks);
    text(R"(",")");
    quantity(units);
    text(R"("])");
}

void FrameText::levels(const BookSide& side) noexcept {
    for (std::size_t depth = 0; depth < side.size(); ++depth) level(side.at(depth).price, side.at(depth).quantity);
}

std::unique_ptr<FrameText> make_text(const InstrumentSettings& instrument) {
    switch (instrument.venue) {
        case core::Venue::binance: return make_binance_text(instrument);
        case core::Venue::bybit: return make_bybit_text(instrument);
        case core::Venue::okx: return make_okx_text(instrument);
        default: throw std::invalid_argument{"synthetic market: expected binance, bybit or okx"};
    }
}

}  // namespace feeds::synthetic
