#include "feeds/synthetic/frame_text.hpp"

#include "feeds/frame.hpp"

#include <algorithm>
#include <array>
#include <cstring>

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

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return text;
}

}  // namespace

FrameText::FrameText(const InstrumentSettings& instrument)
    : tick_units_{instrument.tick_units},
      price_scale_{power_of_ten(instrument.price_decimals)},
      quantity_scale_{power_of_ten(instrument.quantity_decimals)},
      price_decimals_{instrument.price_decimals},
      quantity_decimals_{instrument.quantity_decimals},
      url_{"https://fapi.binance.com/fapi/v1/depth?symbol=" + instrument.symbol + "&limit=1000"},
      frame_{std::make_unique<char[]>(frame_bytes)},
      snapshot_{std::make_unique<char[]>(snapshot_bytes)} {
    const std::string stream = R"({"stream":")" + lower(instrument.symbol);
    quote_head_ = stream + R"(@bookTicker","data":{"e":"bookTicker","u":)";
    quote_symbol_ = R"(,"s":")" + instrument.symbol + R"(","b":")";
    trade_head_ = stream + R"(@trade","data":{"e":"trade","E":)";
    trade_symbol_ = R"(,"s":")" + instrument.symbol + R"(","t":)";
    depth_head_ = stream + R"(@depth@0ms","data":{"e":"depthUpdate","E":)";
}

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

std::string_view FrameText::quote(std::uint64_t update_id, const BookLevel& bid, const BookLevel& ask,
                                  std::int64_t time_ms) noexcept {
    to_ = frame_.get();
    text(quote_head_);
    number(update_id);
    text(quote_symbol_);
    price(bid.price);
    text(R"(","B":")");
    quantity(bid.quantity);
    text(R"(","a":")");
    price(ask.price);
    text(R"(","A":")");
    quantity(ask.quantity);
    text(R"(","T":)");
    number(static_cast<std::uint64_t>(time_ms));
    text(R"(,"E":)");
    number(static_cast<std::uint64_t>(time_ms));
    text("}}");
    return {frame_.get(), static_cast<std::size_t>(to_ - frame_.get())};
}

std::string_view FrameText::trade(std::uint64_t trade_id, const BookLevel& traded, bool buyer_is_maker,
                                  std::int64_t time_ms) noexcept {
    to_ = frame_.get();
    text(trade_head_);
    number(static_cast<std::uint64_t>(time_ms));
    text(R"(,"T":)");
    number(static_cast<std::uint64_t>(time_ms));
    text(trade_symbol_);
    number(trade_id);
    text(R"(,"p":")");
    price(traded.price);
    text(R"(","q":")");
    quantity(traded.quantity);
    text(buyer_is_maker ? std::string_view{R"(","X":"MARKET","m":true}})"}
                        : std::string_view{R"(","X":"MARKET","m":false}})"});
    return {frame_.get(), static_cast<std::size_t>(to_ - frame_.get())};
}

void FrameText::depth_begin(std::uint64_t first, std::uint64_t last, std::uint64_t previous,
                            std::int64_t time_ms) noexcept {
    to_ = frame_.get();
    text(depth_head_);
    number(static_cast<std::uint64_t>(time_ms));
    text(R"(,"T":)");
    number(static_cast<std::uint64_t>(time_ms));
    text(std::string_view{trade_symbol_}.substr(0, trade_symbol_.size() - 5));  // ,"s":"BTCUSDT"
    text(R"(,"U":)");
    number(first);
    text(R"(,"u":)");
    number(last);
    text(R"(,"pu":)");
    number(previous);
    text(R"(,"b":[)");
}

void FrameText::level(std::int64_t ticks, std::int64_t units) noexcept {
    if (to_[-1] == ']') *to_++ = ',';
    text(R"([")");
    price(ticks);
    text(R"(",")");
    quantity(units);
    text(R"("])");
}

void FrameText::depth_asks() noexcept {
    text(R"(],"a":[)");
}

std::string_view FrameText::depth_end() noexcept {
    text("]}}");
    return {frame_.get(), static_cast<std::size_t>(to_ - frame_.get())};
}

void FrameText::snapshot(std::uint64_t last_update_id, const BookSide& bids, const BookSide& asks,
                         std::int64_t time_ms) noexcept {
    to_ = snapshot_.get();
    text(R"({"lastUpdateId":)");
    number(last_update_id);
    text(R"(,"E":)");
    number(static_cast<std::uint64_t>(time_ms));
    text(R"(,"T":)");
    number(static_cast<std::uint64_t>(time_ms));
    text(R"(,"bids":[)");
    for (std::size_t depth = 0; depth < bids.size(); ++depth) level(bids.at(depth).price, bids.at(depth).quantity);
    text(R"(],"asks":[)");
    for (std::size_t depth = 0; depth < asks.size(); ++depth) level(asks.at(depth).price, asks.at(depth).quantity);
    text("]}");
    snapshot_size_ = static_cast<std::size_t>(to_ - snapshot_.get());
}

}  // namespace feeds::synthetic
