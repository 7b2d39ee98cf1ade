#pragma once

#include "core/domain/time.hpp"

#include <immintrin.h>
#include <chrono>
#include <cstdint>
#include <cstring>

namespace feeds {

// Times as text, read exactly. Both readers return where they stopped, or nullptr if the text is not that; both may
// read (not use) up to 32 bytes past `end`, which frame_padding allows.

namespace detail {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// '.' and up to nine digits as nanoseconds; `at` stands on what follows the seconds. nullptr if a point has no digit.
inline const char* read_fraction(const char* at, const char* end, std::int64_t& ns) noexcept {
    ns = 0;
    if (at == end || *at != '.') return at;
    const char* const start = ++at;
    while (at != end && is_digit(*at) && at - start < 9) ns = ns * 10 + (*at++ - '0');
    if (at == start) return nullptr;
    for (auto missing = 9 - (at - start); missing > 0; --missing) ns *= 10;
    return at;
}

}  // namespace detail

/// "2021-04-17T16:43:30.244075Z": UTC, any fraction up to nine digits.
inline const char* read_iso_time(const char* at, const char* end, core::Nanoseconds& time) noexcept {
    using namespace std::chrono;
    if (end - at < 20) return nullptr;
    // Against the pattern's bytes a digit gives 0..9 and a right separator 0.
    const auto text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto pattern = _mm_setr_epi8('0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0', '0', ':', '0', '0');
    const auto most = _mm_setr_epi8(9, 9, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9, 0, 9, 9);
    const auto digits = _mm_xor_si128(text, pattern);
    if (_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, most), digits)) != 0xffff) return nullptr;
    const auto packed = _mm_shuffle_epi8(digits, _mm_setr_epi8(0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1));
    const auto pairs = _mm_maddubs_epi16(packed, _mm_set1_epi16(0x010a));
    const int years = _mm_extract_epi16(pairs, 0) * 100 + _mm_extract_epi16(pairs, 1);
    const auto date = year_month_day{year{years}, month{static_cast<unsigned>(_mm_extract_epi16(pairs, 2))},
                                     day{static_cast<unsigned>(_mm_extract_epi16(pairs, 3))}};
    const int hour = _mm_extract_epi16(pairs, 4), minute = _mm_extract_epi16(pairs, 5);
    if (at[16] != ':' || !detail::is_digit(at[17]) || !detail::is_digit(at[18])) return nullptr;
    const int second = (at[17] - '0') * 10 + (at[18] - '0');
    // Nanoseconds since the epoch fit 64 bits until 2262.
    if (!date.ok() || years < 1970 || years > 2261 || hour > 23 || minute > 59 || second > 59) return nullptr;
    std::int64_t ns = 0;
    at = detail::read_fraction(at + 19, end, ns);
    if (at == nullptr || at == end || *at != 'Z') return nullptr;
    const std::int64_t days = sys_days{date}.time_since_epoch().count();
    time = core::Nanoseconds{(((days * 24 + hour) * 60 + minute) * 60 + second) * 1'000'000'000 + ns};
    return at + 1;
}

/// "1618678133.365913": whole seconds since the epoch (at most ten digits), any fraction up to nine digits.
inline const char* read_epoch_time(const char* at, const char* end, core::Nanoseconds& time) noexcept {
    const char* const start = at;
    std::int64_t seconds = 0;
    while (at != end && detail::is_digit(*at) && at - start < 10) seconds = seconds * 10 + (*at++ - '0');
    if (at == start || seconds > 9'000'000'000) return nullptr;
    std::int64_t ns = 0;
    at = detail::read_fraction(at, end, ns);
    if (at == nullptr) return nullptr;
    time = core::Nanoseconds{seconds * 1'000'000'000 + ns};
    return at;
}

}  // namespace feeds
