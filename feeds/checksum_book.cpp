#include "feeds/checksum_book.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstring>

namespace feeds {

std::uint32_t crc32(std::string_view text) noexcept {
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(text.data()), text.size()));
}

TextSide::TextSide(core::Side side, std::size_t capacity)
    : side_{side},
      capacity_{std::max<std::size_t>(capacity, 1)},
      levels_{std::make_unique_for_overwrite<TextLevel[]>(capacity_)} {}

std::size_t TextSide::position(core::Price price) const noexcept {
    // First from the best end, where most changes are, then by halves. Result: the first level not worse than `price`.
    std::size_t high = size_;
    std::size_t step = 1;
    while (step <= high && !better(price, levels_[high - step].price())) {
        high -= step;
        step *= 2;
    }
    std::size_t low = step <= high ? high - step + 1 : 0;
    while (low < high) {
        const auto middle = (low + high) / 2;
        if (better(price, levels_[middle].price()))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool TextSide::set(core::Price price, core::Quantity quantity, const LevelText& text) noexcept {
    auto at = position(price);
    const bool exists = at < size_ && levels_[at].price() == price;
    if (quantity.units == 0) {
        if (exists) {
            std::memmove(levels_.get() + at, levels_.get() + at + 1, (size_ - at - 1) * sizeof(TextLevel));
            --size_;
        }
        return true;
    }
    if (text.price.size() + 1 + text.quantity.size() > TextLevel::max_text) return false;
    if (!exists) {
        if (size_ == capacity_) {
            if (at == 0) return true;  // worse than all that is kept
            std::memmove(levels_.get(), levels_.get() + 1, (at - 1) * sizeof(TextLevel));
            --at;
        } else {
            std::memmove(levels_.get() + at + 1, levels_.get() + at, (size_ - at) * sizeof(TextLevel));
            ++size_;
        }
    }
    TextLevel& level = levels_[at];
    level.price_units = price.units;
    level.price_length = static_cast<std::uint8_t>(text.price.size());
    level.quantity_length = static_cast<std::uint8_t>(text.quantity.size());
    char* to = std::copy(text.price.begin(), text.price.end(), level.text.data());
    *to++ = ':';
    std::copy(text.quantity.begin(), text.quantity.end(), to);
    return true;
}

bool ChecksumBook::apply(Batch& batch) noexcept {
    if (batch.book.kind == BookEvent::Kind::snapshot) clear();
    const auto ticks = batch.ticks();
    const auto texts = batch.texts();
    bool kept = true;
    const auto set = [&](std::size_t i) {
        TextSide& side = ticks[i].side == core::Side::buy ? bids_ : asks_;
        kept &= side.set(ticks[i].level.price, ticks[i].level.quantity, texts[i]);
    };
    // A snapshot lists best first and the best stands last: from its end, every level is appended.
    if (batch.book.kind == BookEvent::Kind::snapshot)
        for (std::size_t i = ticks.size(); i-- > 0;) set(i);
    else
        for (std::size_t i = 0; i < ticks.size(); ++i) set(i);
    return kept;
}

std::uint32_t ChecksumBook::alternating_checksum() const noexcept {
    constexpr std::size_t depth = 25;
    std::array<char, 2 * depth*(TextLevel::max_text + 1)> text;
    char* to = text.data();
    const auto add = [&](const TextSide& side, std::size_t i) {
        if (i >= side.size()) return;
        const auto joined = side.nth(i).joined();
        to = std::copy(joined.begin(), joined.end(), to);
        *to++ = ':';
    };
    for (std::size_t i = 0; i < depth; ++i) {
        add(bids_, i);
        add(asks_, i);
    }
    const auto size = to == text.data() ? 0 : static_cast<std::size_t>(to - text.data()) - 1;  // without the last ':'
    return crc32({text.data(), size});
}

}  // namespace feeds
