#pragma once

#include "core/domain/decimal.hpp"
#include "core/domain/price.hpp"

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

namespace feeds {

/// Walks a frame whose exact bytes are expected: literals, decimals, integers, short texts. Every verb returns false on
/// any surprise, and the decoder then asks the general parser; so a verb may refuse what is legal, but never accept
/// what the general parser would read otherwise. No verb reads more than frame_padding bytes past the end, and none
/// moves past it.
class FrameScanner {
    const char* at_;
    const char* end_;

public:
    explicit FrameScanner(std::string_view bytes) noexcept : at_{bytes.data()}, end_{bytes.data() + bytes.size()} {}

    [[nodiscard]] const char* at() const noexcept { return at_; }
    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
    [[nodiscard]] bool next_is(char c) const noexcept { return at_ != end_ && *at_ == c; }

    /// Steps over exactly `text`.
    template <std::size_t N>
    [[nodiscard]] bool skip(const char (&text)[N]) noexcept {
        if (end_ - at_ < static_cast<std::ptrdiff_t>(N - 1) || std::memcmp(at_, text, N - 1) != 0) return false;
        at_ += N - 1;
        return true;
    }
    /// Steps over exactly `text`, known only at run time.
    [[nodiscard]] bool skip_text(std::string_view text) noexcept {
        if (end_ - at_ < static_cast<std::ptrdiff_t>(text.size()) || std::memcmp(at_, text.data(), text.size()) != 0)
            return false;
        at_ += text.size();
        return true;
    }

    /// The text up to the next '"' (not stepped over), at most 63 characters: a symbol, a channel, an id. Only
    /// printable ASCII without a backslash, so what it steps over is sound JSON.
    [[nodiscard]] bool text(std::string_view& text) noexcept {
        if (at_ == end_) return false;
        auto length = plain_length(at_);
        if (length == 32) length += plain_length(at_ + 32);
        if (length == 64 || length >= end_ - at_ || at_[length] != '"') return false;
        text = {at_, static_cast<std::size_t>(length)};
        at_ += length;
        return true;
    }

    /// Plain decimal text as a whole number of 10^-decimals; stops at the first byte that is neither digit nor point.
    /// Zeros that pad it beyond `decimals` cost nothing; unusual texts ("5.", ".5", more than 15 digits) go the slow
    /// way through core::parse_decimal.
    [[nodiscard]] bool decimal(int decimals, std::int64_t& units) noexcept {
        if (at_ == end_) return false;
        const char* stopped = at_;
        if (!core::scan_decimal(stopped, decimals, units) || stopped >= end_) [[unlikely]]
            return decimal_slowly(decimals, units);
        at_ = stopped;
        return true;
    }

    /// The same with its own text, for checksummed books.
    [[nodiscard]] bool decimal(int decimals, std::int64_t& units, std::string_view& text) noexcept {
        const char* const start = at_;
        if (!decimal(decimals, units)) return false;
        text = {start, static_cast<std::size_t>(at_ - start)};
        return true;
    }

    /// Digits, at most 18 of them, without leading zeros: a JSON number or a venue's number in quotes.
    [[nodiscard]] bool integer(std::uint64_t& value) noexcept {
        std::uint64_t v = 0;
        const char* p = at_;
        const char* const limit = end_ - at_ > 18 ? at_ + 18 : end_;
        while (p != limit && *p >= '0' && *p <= '9') v = v * 10 + static_cast<std::uint64_t>(*p++ - '0');
        if (p == at_ || (*at_ == '0' && p - at_ > 1) || p == end_ || (*p >= '0' && *p <= '9')) return false;
        value = v;
        at_ = p;
        return true;
    }

    /// As integer, with an optional '-'.
    [[nodiscard]] bool signed_integer(std::int64_t& value) noexcept {
        const bool minus = next_is('-');
        if (minus) ++at_;
        std::uint64_t magnitude = 0;
        if (!integer(magnitude)) return false;
        value = minus ? -static_cast<std::int64_t>(magnitude) : static_cast<std::int64_t>(magnitude);
        return true;
    }

    /// Thirteen digits, as venues write a time in milliseconds; none that nanoseconds could not hold (from the year
    /// 2262).
    [[nodiscard]] bool milliseconds(std::int64_t& value) noexcept {
        const char* const start = at_;
        return decimal(0, value) && at_ - start == 13 && *start != '0' && std::memchr(start, '.', 13) == nullptr &&
               value <= std::numeric_limits<std::int64_t>::max() / 1'000'000;
    }

    /// Steps over what `read(at, end)` reads: it returns where it stopped, or nullptr.
    template <class Read>
    [[nodiscard]] bool read(Read&& read) noexcept {
        const char* const stopped = read(at_, end_);
        if (stopped == nullptr) return false;
        at_ = stopped;
        return true;
    }

private:
    /// How many of the next 32 bytes come before a quote, a backslash or a byte that is not printable ASCII.
    [[nodiscard]] static int plain_length(const char* at) noexcept {
        const auto bytes = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(at));
        const auto quote = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
        const auto backslash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
        const auto odd = _mm256_cmpgt_epi8(_mm256_set1_epi8(0x20), bytes);  // signed: bytes from 0x80 are negative
        return std::countr_zero(
            static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(quote, backslash), odd))));
    }

    [[nodiscard, gnu::noinline]] bool decimal_slowly(int decimals, std::int64_t& units) noexcept {
        const char* p = at_;
        while (p != end_ && ((*p >= '0' && *p <= '9') || *p == '.')) ++p;
        const auto parsed = core::parse_decimal({at_, static_cast<std::size_t>(p - at_)}, decimals);
        if (!parsed || p == end_) return false;
        units = *parsed;
        at_ = p;
        return true;
    }
};

}  // namespace feeds
