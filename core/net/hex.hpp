#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace core {

/// Writes the 8 bytes of `bytes`, first byte in the lowest place, as 16 lower-case hex digits; returns one past the
/// last.
inline char* write_hex8(char* to, std::uint64_t bytes) noexcept {
    const auto both = _mm_cvtsi64_si128(static_cast<long long>(bytes));
    const auto nibbles = _mm_and_si128(_mm_unpacklo_epi8(_mm_srli_epi16(both, 4), both), _mm_set1_epi8(15));
    const auto digits = _mm_shuffle_epi8(
        _mm_setr_epi8('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'), nibbles);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), digits);
    return to + 16;
}

/// Writes `size` bytes, a multiple of 8, as lower-case hex digits; returns one past the last.
inline char* write_hex(char* to, const std::uint8_t* bytes, std::size_t size) noexcept {
    for (std::size_t i = 0; i < size; i += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes + i, sizeof word);
        to = write_hex8(to, word);
    }
    return to;
}

}  // namespace core
