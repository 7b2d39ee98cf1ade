#pragma once

#include "core/random/xoshiro.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace feeds::synthetic {

/// ln(x) for x > 0, by halving to [1, 2) and the series of artanh: a compile-time stand-in for libm's.
constexpr double natural_log(double x) noexcept {
    int halvings = 0;
    while (x >= 2) x /= 2, ++halvings;
    while (x < 1) x *= 2, --halvings;
    const double ratio = (x - 1) / (x + 1);
    double power = ratio, sum = 0;
    for (int n = 1; n < 40; n += 2, power *= ratio * ratio) sum += power / n;
    return 2 * sum + halvings * 0.693147180559945309417;
}

/// The middle of each 1024th of the exponential distribution of mean 1.
inline constexpr auto exponential_quantiles = [] {
    std::array<double, 1024> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = -natural_log((static_cast<double>(i) + 0.5) / static_cast<double>(table.size()));
    return table;
}();

/// Draws of one consumer. Only + − × ÷ and table look-ups, no libm: the same numbers on every machine.
class Chance {
public:
    explicit Chance(std::uint64_t seed) noexcept : random_{seed} {}

    double uniform() noexcept { return random_.uniform(); }
    double between(double low, double high) noexcept { return low + (high - low) * random_.uniform(); }
    std::uint64_t below(std::uint64_t n) noexcept { return random_.below(n); }
    std::uint64_t bits() noexcept { return random_.next(); }
    bool happens(double probability) noexcept { return random_.uniform() < probability; }

    /// Mean 0, deviation 1: the sum of twelve 16-bit uniforms in three draws (Irwin-Hall), never beyond ±6.
    double normal() noexcept {
        std::uint64_t sum = 0;
        for (int draw = 0; draw < 3; ++draw) {
            const std::uint64_t word = random_.next();
            sum += (word & 0xffff) + ((word >> 16) & 0xffff) + ((word >> 32) & 0xffff) + (word >> 48);
        }
        return static_cast<double>(sum) * 0x1p-16 - (6 - 12 * 0x1p-17);
    }

    /// Mean 1: gaps between independent events.
    double exponential() noexcept { return exponential_quantiles[random_.next() >> 54]; }

private:
    core::Xoshiro random_;
};

}  // namespace feeds::synthetic
