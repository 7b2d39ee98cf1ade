#pragma once

#include <immintrin.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace core {

namespace decimal_tables {

/// Shuffle controls by decimals and by digits before the point: they bring the digits to the right end of 16 lanes and
/// squeeze out the point. Lanes before the text have a negative control, which gives 0.
using Control = std::array<std::int8_t, 16>;
alignas(64) inline constexpr auto controls = [] {
    std::array<std::array<Control, 16>, 19> all{};
    for (int decimals = 0; decimals < 19; ++decimals)
        for (int whole = 0; whole < 16 && whole + decimals < 16; ++whole)
            for (int lane = 0; lane < 16; ++lane)
                all[static_cast<std::size_t>(decimals)][static_cast<std::size_t>(whole)]
                   [static_cast<std::size_t>(lane)] =
                       static_cast<std::int8_t>(lane + whole + decimals - 16 + (lane >= 16 - decimals ? 1 : 0));
    return all;
}();

/// 32 bytes of ones, then 32 of zeros: loading at 32 − n gives a mask of the first n bytes.
alignas(64) inline constexpr auto first_bytes = [] {
    std::array<std::int8_t, 64> bytes{};
    for (std::size_t i = 0; i < 32; ++i) bytes[i] = -1;
    return bytes;
}();

inline const __m128i* vector_at(const std::int8_t* bytes) noexcept {
    return reinterpret_cast<const __m128i*>(bytes);
}

/// The number whose up to 15 digits stand in `digits` (values, not characters) with `whole` of them before the point,
/// `end` characters in all, in units of 10^-decimals; whole + decimals <= 15.
[[gnu::always_inline]] inline std::int64_t gather(__m128i digits, std::size_t whole, std::size_t end,
                                                  std::size_t decimals) noexcept {
    const auto mask = _mm_loadu_si128(vector_at(first_bytes.data() + 32 - end));
    const auto control = _mm_load_si128(vector_at(controls[decimals][whole].data()));
    const auto lanes = _mm_shuffle_epi8(_mm_and_si128(digits, mask), control);
    // Sixteen digits in three multiplications: pairs, fours, eights.
    const auto pairs = _mm_maddubs_epi16(lanes, _mm_set1_epi16(1 << 8 | 10));
    const auto fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
    const auto eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    return static_cast<std::int64_t>((both & 0xffffffff) * 100'000'000 + (both >> 32));
}

}  // namespace decimal_tables

/// scan_decimal for texts of up to 31 characters, out of line.
[[nodiscard]] bool scan_long_decimal(const char*& p, int decimals, std::int64_t& units) noexcept;

/// Reads decimal text as parse_decimal does, when it is of the usual kind, and moves `p` to the character after it,
/// which the caller must check (a codec expects its closing quote). 0 <= decimals <= 18.
/// False on anything unusual (no digit first, a sign, 32 characters or more, more than 15 digits that matter, more
/// than 18 with the units' own, finer than the unit): `p` and `units` are as before, and parse_decimal says what it is.
/// At least 64 bytes must be readable from `p`.
[[nodiscard]] [[gnu::always_inline]] inline bool scan_decimal(const char*& p, int decimals,
                                                              std::int64_t& units) noexcept {
    const auto text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
    const auto values = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    const auto is_digit = _mm_cmpeq_epi8(_mm_min_epu8(values, _mm_set1_epi8(9)), values);
    const auto others = static_cast<unsigned>(_mm_movemask_epi8(is_digit)) ^ 0xffff;

    const auto whole = static_cast<unsigned>(std::countr_zero(others));  // digits before the point, if there is one
    auto end = whole;
    // Branches, where masks would do, too: a venue writes the same shape again and again, so they cost nothing.
    if (whole == 0 || whole + static_cast<unsigned>(decimals) > 15) [[unlikely]]
        return scan_long_decimal(p, decimals, units);
    if (p[whole] == '.') {
        const auto after = _blsr_u32(others);
        end = static_cast<unsigned>(std::countr_zero(after));
        const auto fraction = end - whole - 1;
        if (after == 0 || fraction == 0) [[unlikely]]
            return scan_long_decimal(p, decimals, units);
        if (fraction > static_cast<unsigned>(decimals)) {
            const auto zeros = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(values, _mm_setzero_si128())));
            if (_bzhi_u32(~zeros, end) >> (whole + 1 + static_cast<unsigned>(decimals)) != 0) [[unlikely]]
                return false;
        }
    }
    units = decimal_tables::gather(values, whole, end, static_cast<std::size_t>(decimals));
    p += end;
    return true;
}

}  // namespace core
