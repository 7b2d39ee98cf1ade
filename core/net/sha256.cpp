// SHA256_Transform is deprecated in favour of EVP, which can neither start from a midstate nor work without allocating.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/net/sha256.hpp"

#include <cpuid.h>
#include <immintrin.h>
#include <openssl/sha.h>

#include <algorithm>

namespace core::sha256 {

namespace {

alignas(64) constexpr std::array<std::uint32_t, 64> round_constants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

__m128i* vectors(std::uint32_t* words) noexcept {
    return reinterpret_cast<__m128i*>(words);
}
const __m128i* vectors(const std::uint32_t* words) noexcept {
    return reinterpret_cast<const __m128i*>(words);
}

}  // namespace

bool has_extensions() noexcept {
    unsigned a{}, b{}, c{}, d{};
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b >> 29 & 1) != 0;
}

__attribute__((target("sha,sse4.1"))) void compress_extensions(State& state, const std::uint8_t* blocks,
                                                               std::size_t count) noexcept {
    const auto big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    // The instructions want the words as ABEF and CDGH.
    const auto low = _mm_shuffle_epi32(_mm_loadu_si128(vectors(state.data())), 0xb1);
    const auto high = _mm_shuffle_epi32(_mm_loadu_si128(vectors(state.data() + 4)), 0x1b);
    auto abef = _mm_alignr_epi8(low, high, 8);
    auto cdgh = _mm_blend_epi16(high, low, 0xf0);

    for (; count > 0; --count, blocks += block_size) {
        const auto abef_before = abef;
        const auto cdgh_before = cdgh;
        __m128i words[4];
#pragma GCC unroll 16
        for (int group = 0; group < 16; ++group) {  // four rounds each
            auto& word = words[group & 3];
            if (group < 4) {
                word = _mm_shuffle_epi8(_mm_loadu_si128(reinterpret_cast<const __m128i*>(blocks) + group), big_endian);
            } else {
                const auto& before = words[(group + 3) & 3];
                word = _mm_sha256msg1_epu32(word, words[(group + 1) & 3]);
                word = _mm_add_epi32(word, _mm_alignr_epi8(before, words[(group + 2) & 3], 4));
                word = _mm_sha256msg2_epu32(word, before);
            }
            const auto keyed = _mm_add_epi32(word, _mm_load_si128(vectors(round_constants.data()) + group));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, keyed);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(keyed, 0x0e));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }

    const auto feba = _mm_shuffle_epi32(abef, 0x1b);
    const auto dchg = _mm_shuffle_epi32(cdgh, 0xb1);
    _mm_storeu_si128(vectors(state.data()), _mm_blend_epi16(feba, dchg, 0xf0));
    _mm_storeu_si128(vectors(state.data() + 4), _mm_alignr_epi8(dchg, feba, 8));
}

void compress_portable(State& state, const std::uint8_t* blocks, std::size_t count) noexcept {
    SHA256_CTX context{};
    std::copy(state.begin(), state.end(), context.h);
    for (; count > 0; --count, blocks += block_size) SHA256_Transform(&context, blocks);
    std::copy(context.h, context.h + state.size(), state.begin());
}

void compress(State& state, const std::uint8_t* blocks, std::size_t count) noexcept {
    static const bool extended = has_extensions();
    if (extended)
        compress_extensions(state, blocks, count);
    else
        compress_portable(state, blocks, count);
}

}  // namespace core::sha256
