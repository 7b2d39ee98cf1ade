// SHA256_Transform is deprecated in favour of EVP, which can neither start from a midstate nor work without allocating.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/net/sha256.hpp"

#include <cpuid.h>
#include <immintrin.h>
#include <openssl/sha.h>

#include <algorithm>
#include <limits>

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

// The instructions have no VEX form: with anything in the upper halves of the vector registers each of them costs a
// hundred times its time, and with LTO the callers do not always clear them. So both functions begin by clearing.
// All that uses the instructions is inlined into two functions, so that states stay in registers between blocks.
#define SHA_INLINE __attribute__((target("sha,sse4.1"), always_inline)) inline

namespace {

/// The state as the instructions want it.
struct Registers {
    __m128i abef, cdgh;
};
struct Words {
    __m128i four[4];
};
struct Halves {
    __m128i low, high;
};

SHA_INLINE __m128i big_endian() noexcept {
    return _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
}

SHA_INLINE Registers load(const State& state) noexcept {
    const auto low = _mm_shuffle_epi32(_mm_loadu_si128(vectors(state.data())), 0xb1);
    const auto high = _mm_shuffle_epi32(_mm_loadu_si128(vectors(state.data() + 4)), 0x1b);
    return {_mm_alignr_epi8(low, high, 8), _mm_blend_epi16(high, low, 0xf0)};
}

/// The words a, b, c, d and e, f, g, h in order.
SHA_INLINE Halves in_order(const Registers& at) noexcept {
    const auto feba = _mm_shuffle_epi32(at.abef, 0x1b);
    const auto dchg = _mm_shuffle_epi32(at.cdgh, 0xb1);
    return {_mm_blend_epi16(feba, dchg, 0xf0), _mm_alignr_epi8(dchg, feba, 8)};
}

SHA_INLINE Words words_of(const std::uint8_t* block) noexcept {
    const auto* const parts = reinterpret_cast<const __m128i*>(block);
    Words words;
    for (std::size_t i = 0; i < 4; ++i) words.four[i] = _mm_shuffle_epi8(_mm_loadu_si128(parts + i), big_endian());
    return words;
}

SHA_INLINE void fold(Registers& at, Words schedule) noexcept {
    auto& words = schedule.four;
    const auto before = at;
#pragma GCC unroll 16
    for (std::size_t group = 0; group < 16; ++group) {  // four rounds each
        auto& word = words[group & 3];
        if (group >= 4) {
            const auto& last = words[(group + 3) & 3];
            word = _mm_sha256msg1_epu32(word, words[(group + 1) & 3]);
            word = _mm_add_epi32(word, _mm_alignr_epi8(last, words[(group + 2) & 3], 4));
            word = _mm_sha256msg2_epu32(word, last);
        }
        const auto keyed = _mm_add_epi32(word, _mm_load_si128(vectors(round_constants.data()) + group));
        at.cdgh = _mm_sha256rnds2_epu32(at.cdgh, at.abef, keyed);
        at.abef = _mm_sha256rnds2_epu32(at.abef, at.cdgh, _mm_shuffle_epi32(keyed, 0x0e));
    }
    at.abef = _mm_add_epi32(at.abef, before.abef);
    at.cdgh = _mm_add_epi32(at.cdgh, before.cdgh);
}

}  // namespace

__attribute__((target("sha,sse4.1"))) void compress_extensions(State& state, const std::uint8_t* blocks,
                                                               std::size_t count) noexcept {
    _mm256_zeroupper();
    auto at = load(state);
    for (; count > 0; --count, blocks += block_size) fold(at, words_of(blocks));
    const auto [low, high] = in_order(at);
    _mm_storeu_si128(vectors(state.data()), low);
    _mm_storeu_si128(vectors(state.data() + 4), high);
}

__attribute__((target("sha,sse4.1"))) void hmac_extensions(const State& inner, const State& outer,
                                                           const std::uint8_t* blocks, std::size_t count,
                                                           const std::uint8_t* tail, std::size_t tail_count,
                                                           std::uint8_t* digest) noexcept {
    _mm256_zeroupper();
    auto at = load(inner);
    for (; count > 0; --count, blocks += block_size) fold(at, words_of(blocks));
    for (; tail_count > 0; --tail_count, tail += block_size) fold(at, words_of(tail));

    // The inner digest and its padding, a one bit and the length of 96 bytes, are the outer message's only block.
    const auto [low, high] = in_order(at);
    at = load(outer);
    fold(at, {{low, high, _mm_setr_epi32(std::numeric_limits<int>::min(), 0, 0, 0), _mm_setr_epi32(0, 0, 0, 96 * 8)}});
    const auto [first, second] = in_order(at);
    auto* const to = reinterpret_cast<__m128i*>(digest);
    _mm_storeu_si128(to, _mm_shuffle_epi8(first, big_endian()));
    _mm_storeu_si128(to + 1, _mm_shuffle_epi8(second, big_endian()));
}

void compress_portable(State& state, const std::uint8_t* blocks, std::size_t count) noexcept {
    SHA256_CTX context{};
    std::copy(state.begin(), state.end(), context.h);
    for (; count > 0; --count, blocks += block_size) SHA256_Transform(&context, blocks);
    std::copy(context.h, context.h + state.size(), state.begin());
}

void hmac_portable(const State& inner, const State& outer, const std::uint8_t* blocks, std::size_t count,
                   const std::uint8_t* tail, std::size_t tail_count, std::uint8_t* digest) noexcept {
    const auto put = [](std::uint8_t* to, const State& state) {
        for (const auto word : state)
            for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(word >> shift);
    };
    auto state = inner;
    compress_portable(state, blocks, count);
    compress_portable(state, tail, tail_count);
    std::array<std::uint8_t, block_size> block{};
    put(block.data(), state);
    block[32] = 0x80;
    block[62] = 96 * 8 >> 8;
    state = outer;
    compress_portable(state, block.data(), 1);
    put(digest, state);
}

namespace {
const bool extended = has_extensions();
}

void compress(State& state, const std::uint8_t* blocks, std::size_t count) noexcept {
    extended ? compress_extensions(state, blocks, count) : compress_portable(state, blocks, count);
}

void hmac(const State& inner, const State& outer, const std::uint8_t* blocks, std::size_t count,
          const std::uint8_t* tail, std::size_t tail_count, std::uint8_t* digest) noexcept {
    extended ? hmac_extensions(inner, outer, blocks, count, tail, tail_count, digest)
             : hmac_portable(inner, outer, blocks, count, tail, tail_count, digest);
}

}  // namespace core::sha256
