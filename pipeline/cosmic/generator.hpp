#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace pipeline {

/// The only source of chance (spec/cosmic.md section 6): xoshiro256**, seeded by SplitMix64. It is state: it is saved
/// with a snapshot, and every consumer owns one. Source: Blackman & Vigna, prng.di.unimi.it.
class Generator {
public:
    constexpr explicit Generator(std::uint64_t seed) noexcept {
        for (auto& word : words_) word = split_mix(seed);
    }

    constexpr std::uint64_t next() noexcept {
        const std::uint64_t result = std::rotl(words_[1] * 5, 7) * 9, shifted = words_[1] << 17;
        words_[2] ^= words_[0];
        words_[3] ^= words_[1];
        words_[1] ^= words_[2];
        words_[0] ^= words_[3];
        words_[2] ^= shifted;
        words_[3] = std::rotl(words_[3], 45);
        return result;
    }

    /// Uniform in [0, 1), 53 bits.
    constexpr double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

    [[nodiscard]] constexpr const std::array<std::uint64_t, 4>& words() const noexcept { return words_; }

private:
    static constexpr std::uint64_t split_mix(std::uint64_t& state) noexcept {
        std::uint64_t z = state += 0x9e3779b97f4a7c15;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
        z = (z ^ z >> 27) * 0x94d049bb133111eb;
        return z ^ z >> 31;
    }

    std::array<std::uint64_t, 4> words_{};
};

}  // namespace pipeline
