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

/// 32 bytes that keep a digit's value, then 32 of zeros: loading at 32 − n gives a mask of the first n characters.
alignas(64) inline constexpr auto first_digits = [] {
    std::array<std::int8_t, 64> bytes{};
    for (std::size_t i = 0; i < 32; ++i) bytes[i] = 15;
    return bytes;
}();

/// 32 zeros, then 32 bytes of ones: loading at 32 − n gives a mask of all but the first n characters.
alignas(64) inline constexpr auto later_digits = [] {
    std::array<std::int8_t, 64> bytes{};
    for (std::size_t i = 32; i < 64; ++i) bytes[i] = -1;
    return bytes;
}();

[[gnu::always_inline]] inline __m128i load(const void* from) noexcept {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
}

/// The values of the first `end` characters, 0 behind them.
[[gnu::always_inline]] inline __m128i digits_of(const char* text, std::size_t end) noexcept {
    return _mm_and_si128(load(text), load(first_digits.data() + 32 - end));
}

/// The number of up to 15 digits that stand in `digits`, `whole` of them before the point, in units of 10^-decimals;
/// whole + decimals <= 15.
[[gnu::always_inline]] inline std::int64_t gather(__m128i digits, std::size_t whole, std::size_t decimals) noexcept {
    const auto lanes = _mm_shuffle_epi8(digits, load(controls[decimals][whole].data()));
    // Sixteen digits in three multiplications: pairs, fours, eights.
    const auto pairs = _mm_maddubs_epi16(lanes, _mm_set1_epi16(1 << 8 | 10));
    const auto fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
    const auto eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(1 << 16 | 10000));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    return static_cast<std::int64_t>((both & 0xffffffff) * 100'000'000 + (both >> 32));
}

/// The last step for eight digits, from two lanes of four.
[[gnu::always_inline]] inline std::int64_t eight_digits(std::uint64_t fours) noexcept {
    return static_cast<std::int64_t>(fours * ((std::uint64_t{10'000} << 32) + 1) >> 32);
}

/// Where one number lies in a text: its digits before the point and its characters; `fits` if it is of the usual shape
/// and has no more than eight digits that matter.
struct Shape {
    std::size_t whole, end;
    bool fits;
};

/// `others`: a bit for every character from `p` that is no digit. At most sixteen characters are looked at.
[[gnu::always_inline]] inline Shape shape_of(const char* p, std::uint32_t others, std::size_t decimals) noexcept {
    const auto whole = static_cast<std::size_t>(_tzcnt_u64(others));
    const auto width = whole + decimals;
    if ((others & 1) != 0 || width > 8) [[unlikely]]
        return {0, 0, false};
    // Branches, where masks would do, too: a venue writes the same shape again and again, so they cost nothing.
    if (p[whole] != '.') return {whole, whole, true};
    const auto end = static_cast<std::size_t>(_tzcnt_u64(_blsr_u32(others)));
    if (end == whole + 1) [[unlikely]]
        return {0, 0, false};
    if (end > width + 1) {  // finer than the unit: what is beyond must be zeros
        if (end > 16) [[unlikely]]
            return {0, 0, false};
        if (_mm_testz_si128(digits_of(p, end), load(later_digits.data() + 31 - width)) == 0) [[unlikely]]
            return {0, 0, false};
    }
    return {whole, end, true};
}

/// A digit is the only character that lies at or below −119 once '0' is moved to −128.
[[gnu::always_inline]] inline std::uint32_t others_of(__m128i text) noexcept {
    return static_cast<std::uint32_t>(
        _mm_movemask_epi8(_mm_cmpgt_epi8(_mm_add_epi8(text, _mm_set1_epi8(80)), _mm_set1_epi8(-119))));
}

}  // namespace decimal_tables

/// scan_decimal for up to 15 digits in up to 31 characters, out of line.
[[nodiscard]] bool scan_long_decimal(const char*& p, int decimals, std::int64_t& units) noexcept;

/// Reads decimal text as parse_decimal does, when it is of the usual kind, and moves `p` to the character after it,
/// which the caller must check (a codec expects its closing quote). 0 <= decimals <= 18.
/// False on anything unusual (no digit first, a sign, 32 characters or more, more than 15 digits that matter, more
/// than 18 with the units' own, finer than the unit): `p` and `units` are as before, and parse_decimal says what it is.
/// At least 64 bytes must be readable from `p`.
[[nodiscard]] [[gnu::always_inline]] inline bool scan_decimal(const char*& p, int decimals,
                                                              std::int64_t& units) noexcept {
    using namespace decimal_tables;
    const auto places = static_cast<std::size_t>(decimals);
    const auto [whole, end, fits] = shape_of(p, others_of(load(p)), places);
    if (!fits) [[unlikely]]
        return scan_long_decimal(p, decimals, units);
    // The last eight lanes of the control are enough.
    const auto lanes = _mm_shuffle_epi8(digits_of(p, end), load(controls[places][whole].data() + 8));
    const auto pairs = _mm_maddubs_epi16(lanes, _mm_set1_epi16(1 << 8 | 10));
    const auto fours = _mm_madd_epi16(pairs, _mm_set1_epi32(1 << 16 | 100));
    units = eight_digits(static_cast<std::uint64_t>(_mm_cvtsi128_si64(fours)));
    p += end;
    return true;
}

}  // namespace core
