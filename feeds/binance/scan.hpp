#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

/// The scanner's verbs: each steps over what it expects, or says no and leaves the frame to the general parser. They
/// may refuse what is legal, never accept what the general parser would read otherwise. Every verb that starts a read
/// checks that it starts inside the frame, and none reads more than frame_padding past it.
namespace feeds::binance::scan {

struct Cursor {
    const char* at;
    const char* end;
};

template <class Word>
[[gnu::always_inline]] inline bool same(const char* a, const char* b) noexcept {
    Word x, y;
    std::memcpy(&x, a, sizeof x);
    std::memcpy(&y, b, sizeof y);
    return x == y;
}

/// Exactly `text`, whose last byte may lie past the end; the next verb notices. Compared by overlapping words: the
/// compiler calls memcmp for such lengths.
template <std::size_t N>
[[gnu::always_inline]] inline bool text(Cursor& cursor, const char (&text)[N]) noexcept {
    static_assert(N <= 25);
    constexpr std::size_t size = N - 1;
    const char* const at = cursor.at;
    bool equal = false;
    if constexpr (size > 16)
        equal = same<std::uint64_t>(at, text) && same<std::uint64_t>(at + 8, text + 8) &&
                same<std::uint64_t>(at + size - 8, text + size - 8);
    else if constexpr (size >= 8)
        equal = same<std::uint64_t>(at, text) && same<std::uint64_t>(at + size - 8, text + size - 8);
    else if constexpr (size >= 4)
        equal = same<std::uint32_t>(at, text) && same<std::uint32_t>(at + size - 4, text + size - 4);
    else if constexpr (size >= 2)
        equal = same<std::uint16_t>(at, text) && same<std::uint16_t>(at + size - 2, text + size - 2);
    else
        equal = *at == *text;
    if (equal) cursor.at += size;
    return equal;
}

/// Sixteen zeros, then lanes 0 to 15: loaded from `n`, a shuffle that moves n lanes to the right end and clears the
/// others.
alignas(32) inline constexpr std::array<std::uint8_t, 32> right_align = [] {
    std::array<std::uint8_t, 32> lanes{};
    for (std::size_t i = 0; i < 16; ++i) {
        lanes[i] = 0x80;
        lanes[16 + i] = static_cast<std::uint8_t>(i);
    }
    return lanes;
}();

[[gnu::always_inline]] inline __m128i load(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

/// Bit i set: byte i, already less '0', is no digit.
[[gnu::always_inline]] inline unsigned other_than_digits(__m128i digits) noexcept {
    const auto is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    return static_cast<unsigned>(_mm_movemask_epi8(is_digit)) ^ 0xffffU;
}

/// Sixteen decimal digits, most significant first.
[[gnu::always_inline]] inline std::uint64_t combine(__m128i digits) noexcept {
    const auto pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010a));
    const auto quads = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
    const auto packed = _mm_packus_epi32(quads, quads);
    const auto eights =
        static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_madd_epi16(packed, _mm_set1_epi32(0x00012710))));
    return (eights & 0xffffffffU) * 100'000'000U + (eights >> 32);
}

/// A JSON whole number of at most 15 digits.
[[gnu::always_inline]] inline bool integer(Cursor& cursor, std::uint64_t& value) noexcept {
    if (cursor.at >= cursor.end) return false;
    const auto digits = _mm_sub_epi8(load(cursor.at), _mm_set1_epi8('0'));
    const auto others = other_than_digits(digits);
    const auto count = static_cast<unsigned>(std::countr_zero(others | 0x10000U));
    if (count - 1U >= 15U || (count > 1 && *cursor.at == '0')) return false;
    value = combine(_mm_shuffle_epi8(digits, load(right_align.data() + count)));
    cursor.at += count;
    return true;
}

/// A time of 13 digits, in milliseconds.
[[gnu::always_inline]] inline bool time(Cursor& cursor, core::Nanoseconds& value) noexcept {
    if (cursor.at >= cursor.end) return false;
    const auto digits = _mm_sub_epi8(load(cursor.at), _mm_set1_epi8('0'));
    if ((other_than_digits(digits) & 0x3fffU) != 0x2000U) return false;
    const auto ms = combine(_mm_shuffle_epi8(digits, load(right_align.data() + 13)));
    if (ms - 1'000'000'000'000U > 9'223'372'036'854U - 1'000'000'000'000U) return false;
    value = core::Nanoseconds{static_cast<std::int64_t>(ms) * 1'000'000};
    cursor.at += 13;
    return true;
}

/// How the decimals of one instrument's prices or quantities are read.
struct Scale {
    alignas(16) std::array<std::int8_t, 16> lanes{};  ///< plus the point's position: where each digit comes from
    int decimals{};

    Scale() = default;
    explicit Scale(int decimals_wanted) noexcept : decimals{decimals_wanted} {
        for (int lane = 0; lane < 16; ++lane)
            lanes[static_cast<std::size_t>(lane)] =
                static_cast<std::int8_t>(lane - 16 + decimals + (lane > 15 - decimals ? 1 : 0));
    }
};

/// Any decimal text up to the next quote, digit by digit.
[[gnu::noinline]] inline bool decimal_slowly(Cursor& cursor, const Scale& scale, std::int64_t& units) noexcept {
    const auto left = static_cast<std::size_t>(cursor.end - cursor.at);
    const auto* const quote = static_cast<const char*>(std::memchr(cursor.at, '"', left));
    if (!quote) return false;
    const auto parsed = core::parse_decimal({cursor.at, static_cast<std::size_t>(quote - cursor.at)}, scale.decimals);
    if (!parsed) return false;
    units = *parsed;
    cursor.at = quote;
    return true;
}

/// Plain decimal text that ends at a quote, which is not stepped over.
[[gnu::always_inline]] inline bool decimal(Cursor& cursor, const Scale& scale, std::int64_t& units) noexcept {
    if (cursor.at >= cursor.end) return false;
    const auto bytes = load(cursor.at);
    auto digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    const auto others = other_than_digits(digits) | 0x10000U;
    const auto quotes = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))));
    const auto point = static_cast<unsigned>(std::countr_zero(others));  // or the quote, if there is no point
    const auto behind = others & (others - 1U);                          // less the point
    unsigned length = point;
    if (cursor.at[point] == '.') {
        length = static_cast<unsigned>(std::countr_zero(behind | 0x10000U));
        if (length - point < 2) return false;
    }
    const auto wanted = point + 1U + static_cast<unsigned>(scale.decimals);  // one past the last digit that counts
    if (point == 0) return false;
    if (wanted > 16U || ((quotes >> length) & 1U) == 0) [[unlikely]]
        return decimal_slowly(cursor, scale, units);
    if (length > wanted) {  // finer digits than the instrument has: only zeros
        const auto zeros = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(digits, _mm_setzero_si128())));
        const auto finer = ((1U << length) - 1U) & ~((1U << wanted) - 1U);
        if ((zeros & finer) != finer) return false;
    } else {  // fewer: the lanes behind the text count as zeros
        const auto lane = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        digits = _mm_and_si128(digits, _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(length)), lane));
    }
    const auto from = _mm_add_epi8(load(scale.lanes.data()), _mm_set1_epi8(static_cast<char>(point)));
    units = static_cast<std::int64_t>(combine(_mm_shuffle_epi8(digits, from)));
    cursor.at += length;
    return true;
}

/// `true` or `false`.
[[gnu::always_inline]] inline bool truth(Cursor& cursor, bool& value) noexcept {
    value = same<std::uint32_t>(cursor.at, "true");
    if (value) {
        cursor.at += 4;
        return true;
    }
    return text(cursor, "false");
}

}  // namespace feeds::binance::scan
