#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace core::sha256 {

/// The eight words between two blocks.
using State = std::array<std::uint32_t, 8>;
inline constexpr std::size_t block_size = 64;
inline constexpr State initial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                               0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

/// Folds `count` blocks of 64 bytes into the state. Source: FIPS 180-4, 6.2.
void compress(State& state, const std::uint8_t* blocks, std::size_t count) noexcept;

/// The 32 bytes of an HMAC whose key and first blocks are in `inner` and whose key is in `outer`: folds the blocks,
/// then the tail (padded by the caller) into the one, and the result into the other. Source: RFC 2104.
void hmac(const State& inner, const State& outer, const std::uint8_t* blocks, std::size_t count,
          const std::uint8_t* tail, std::size_t tail_count, std::uint8_t* digest) noexcept;

/// The two ways of both; the first is taken where the processor has the SHA extensions.
bool has_extensions() noexcept;
void compress_extensions(State& state, const std::uint8_t* blocks, std::size_t count) noexcept;
void compress_portable(State& state, const std::uint8_t* blocks, std::size_t count) noexcept;
void hmac_extensions(const State& inner, const State& outer, const std::uint8_t* blocks, std::size_t count,
                     const std::uint8_t* tail, std::size_t tail_count, std::uint8_t* digest) noexcept;
void hmac_portable(const State& inner, const State& outer, const std::uint8_t* blocks, std::size_t count,
                   const std::uint8_t* tail, std::size_t tail_count, std::uint8_t* digest) noexcept;

}  // namespace core::sha256
