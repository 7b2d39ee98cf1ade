#include "feeds/kraken/synchroniser.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace feeds::kraken {

namespace {

constexpr std::size_t checked_levels = 10;

/// Copies `text` without its point and leading zeros; returns where it stopped.
char* copy_digits(char* to, std::string_view text) noexcept {
    const auto start = std::min(text.find_first_not_of("0."), text.size());
    for (const char c : text.substr(start))
        if (c != '.') *to++ = c;
    return to;
}

}  // namespace

std::uint32_t checksum(const ChecksumBook& book) noexcept {
    std::array<char, 2 * checked_levels * TextLevel::max_text> digits;
    char* end = digits.data();
    const auto append = [&](const TextLevel& level) {
        end = copy_digits(copy_digits(end, level.price_text()), level.quantity_text());
    };
    book.top(core::Side::sell, checked_levels, append);
    book.top(core::Side::buy, checked_levels, append);
    return crc32({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

Checksum Rules::verify(Batch& batch) noexcept {
    const auto event = batch.book;
    const std::size_t index = event.instrument.value;
    while (books_.size() <= index) books_.emplace_back();
    Book& book = books_[index];
    if (event.depth != 0) book.depth = event.depth;
    // A text too long to keep: the book cannot be checked any more, so it is not to be trusted.
    if (!book.levels.apply(batch)) return Checksum::mismatched;

    bool fits = true;
    const auto applied = batch.ticks().size();
    book.levels.truncate(book.depth, [&](core::Side side, core::Price price) {
        fits = fits && !batch.full();
        if (!fits) return;
        core::Tick& removal = batch.claim();
        removal = batch.ticks().front();
        removal.side = side;
        removal.flags = 0;
        removal.level.price = price;
        removal.level.quantity = {};
        batch.commit();
    });
    if (!fits) return Checksum::mismatched;
    if (batch.ticks().size() != applied) {
        batch.ticks()[applied - 1].flags &= static_cast<std::uint8_t>(~core::tick_flag::last);
        batch.ticks().back().flags |= core::tick_flag::last;
        if ((batch.ticks().front().flags & core::tick_flag::snapshot) != 0)
            for (auto& tick : batch.ticks().subspan(applied)) tick.flags |= core::tick_flag::snapshot;
    }
    if (!event.has_checksum) return Checksum::absent;
    return checksum(book.levels) == event.checksum ? Checksum::matched : Checksum::mismatched;
}

}  // namespace feeds::kraken
