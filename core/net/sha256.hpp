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

/// The two ways of compress(), which takes the first where the processor has the SHA extensions.
bool has_extensions() noexcept;
void compress_extensions(State& state, const std::uint8_t* blocks, std::size_t count) noexcept;
void compress_portable(State& state, const std::uint8_t* blocks, std::size_t count) noexcept;

}  // namespace core::sha256
