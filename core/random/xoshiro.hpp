#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string_view>

namespace core {

/// SplitMix64 (Steele, Lea, Flood; public domain code by S. Vigna): spreads one seed over as many words as one wants.
class SplitMix64 {
public:
    constexpr explicit SplitMix64(std::uint64_t seed) noexcept : state_{seed} {}

    constexpr std::uint64_t next() noexcept {
        state_ += 0x9e3779b97f4a7c15U;
        std::uint64_t z = state_;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
        return z ^ (z >> 31);
    }

private:
    std::uint64_t state_;
};

/// xoshiro256** (Blackman, Vigna, "Scrambled linear pseudorandom number generators", 2021), its state filled by
/// SplitMix64. The only source of chance in the project: equal seeds give equal runs on every machine.
class Xoshiro {
public:
    using State = std::array<std::uint64_t, 4>;

    constexpr explicit Xoshiro(std::uint64_t seed) noexcept {
        SplitMix64 words{seed};
        for (auto& word : state_) word = words.next();
    }

    constexpr std::uint64_t next() noexcept {
        const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
        const std::uint64_t shifted = state_[1] << 17;
        state_[2] ^= state_[0];
        state_[3] ^= state_[1];
        state_[1] ^= state_[2];
        state_[0] ^= state_[3];
        state_[2] ^= shifted;
        state_[3] = std::rotl(state_[3], 45);
        return result;
    }

    /// In [0, 1), 53 bits.
    constexpr double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1p-53; }

    __extension__ using Wide = unsigned __int128;

    /// In [0, n), n > 0: the high word of a product. Its bias is below n·2⁻⁶⁴.
    constexpr std::uint64_t below(std::uint64_t n) noexcept {
        return static_cast<std::uint64_t>((static_cast<Wide>(next()) * n) >> 64);
    }

    [[nodiscard]] constexpr const State& state() const noexcept { return state_; }  ///< for snapshots
    constexpr void restore(const State& state) noexcept { state_ = state; }

private:
    State state_{};
};

/// FNV-1a of a name, 64 bits: a consumer's own seed is the configured seed + fnv1a(its name).
constexpr std::uint64_t fnv1a(std::string_view text) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

}  // namespace core
