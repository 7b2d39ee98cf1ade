#pragma once

#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace feeds {

/// CRC-32 (IEEE 802.3) of `text`, as every venue here means it.
[[nodiscard]] std::uint32_t crc32(std::string_view text) noexcept;

/// One level as the venue wrote it: price and quantity text, joined by ':'. One cache line, uninitialised on purpose (a
/// book's pages stay untouched until they are needed).
struct TextLevel {
    static constexpr std::size_t max_text = 54;

    std::int64_t price_units;
    std::uint8_t price_length;
    std::uint8_t quantity_length;
    std::array<char, max_text> text;

    [[nodiscard]] core::Price price() const noexcept { return {price_units}; }
    [[nodiscard]] std::string_view price_text() const noexcept { return {text.data(), price_length}; }
    [[nodiscard]] std::string_view quantity_text() const noexcept {
        return {text.data() + price_length + 1, quantity_length};
    }
    /// "price:quantity"
    [[nodiscard]] std::string_view joined() const noexcept {
        return {text.data(), std::size_t{price_length} + 1 + quantity_length};
    }
};
static_assert(sizeof(TextLevel) == 64);

/// One side of a text book: sorted, best LAST, so that changes near the top move little.
class TextSide {
public:
    TextSide(core::Side side, std::size_t capacity);

    void clear() noexcept { size_ = 0; }
    /// Absolute; a quantity of 0 removes. A side that is full drops its worst level.
    /// False when the texts are too long to keep (then the book cannot be checked any more).
    [[nodiscard]] bool set(core::Price price, core::Quantity quantity, const LevelText& text) noexcept;

    /// Forgets the worst levels until `depth` are left: dropped(price).
    template <class F>
    void truncate(std::size_t depth, F&& dropped) noexcept {
        if (size_ <= depth) return;
        const auto excess = size_ - depth;
        for (std::size_t i = 0; i < excess; ++i) dropped(levels_[i].price());
        std::memmove(levels_.get(), levels_.get() + excess, depth * sizeof(TextLevel));
        size_ = depth;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// The n-th best, from 0. Precondition: n < size().
    [[nodiscard]] const TextLevel& nth(std::size_t n) const noexcept { return levels_[size_ - 1 - n]; }

private:
    [[nodiscard]] bool better(core::Price a, core::Price b) const noexcept {
        return side_ == core::Side::buy ? a > b : a < b;
    }
    [[nodiscard]] std::size_t position(core::Price price) const noexcept;

    core::Side side_;
    std::size_t capacity_;
    std::size_t size_{};
    std::unique_ptr<TextLevel[]> levels_;
};

/// A book of one instrument in the venue's own texts, kept only because some venues (Bitget, OKX, Kraken) publish a
/// checksum over them. Allocates in its constructor only; pages never written stay untouched.
class ChecksumBook {
public:
    /// `levels`: the most kept a side; what lies beyond is forgotten (worst first).
    explicit ChecksumBook(std::size_t levels = 4096)
        : bids_{core::Side::buy, levels}, asks_{core::Side::sell, levels} {}

    void clear() noexcept {
        bids_.clear();
        asks_.clear();
    }
    /// Applies the level ticks of one book event with their texts (Batch::texts()); a snapshot empties the book first,
    /// also one without levels. False when a text is too long to keep.
    [[nodiscard]] bool apply(Batch& batch) noexcept;

    /// Forgets what lies beyond the best `depth` levels of each side: dropped(side, price).
    template <class F>
    void truncate(std::size_t depth, F&& dropped) noexcept {
        bids_.truncate(depth, [&](core::Price price) { dropped(core::Side::buy, price); });
        asks_.truncate(depth, [&](core::Price price) { dropped(core::Side::sell, price); });
    }

    [[nodiscard]] const TextSide& bids() const noexcept { return bids_; }
    [[nodiscard]] const TextSide& asks() const noexcept { return asks_; }
    /// The best `n` of a side, best first: f(const TextLevel&).
    template <class F>
    void top(core::Side side, std::size_t n, F&& f) const noexcept {
        const TextSide& levels = side == core::Side::buy ? bids_ : asks_;
        for (std::size_t i = 0; i < n && i < levels.size(); ++i) f(levels.nth(i));
    }

    /// The checksum of Bitget and OKX: CRC-32 over the top 25 levels, "bidPrice:bidQuantity:askPrice:askQuantity:…"
    /// alternating, a missing side skipped, in the original texts.
    [[nodiscard]] std::uint32_t alternating_checksum() const noexcept;

private:
    TextSide bids_, asks_;
};

/// A text book per instrument, at its id. Allocates for `instruments`, later ones when they are first seen (discovery).
class ChecksumBooks {
    std::vector<ChecksumBook> books_;

public:
    explicit ChecksumBooks(std::size_t instruments) : books_(instruments) {}
    [[nodiscard]] ChecksumBook& of(core::InstrumentId id) {
        while (books_.size() <= id.value) books_.emplace_back();
        return books_[id.value];
    }
};

}  // namespace feeds
