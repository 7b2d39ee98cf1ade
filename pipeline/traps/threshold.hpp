#pragma once

#include "pipeline/traps/settings.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace pipeline::traps {

/// What the regime is judged by.
struct MoveStatistics {
    double sigma{};      ///< population standard deviation, bps
    double direction{};  ///< abs(up − down) over all of them, 0..1
    double size{};       ///< mean of the absolute moves, bps
};
/// Of signed moves in bps; there must be some.
MoveStatistics statistics_of(std::span<const double> moves) noexcept;

/// The regime of signed 15 s moves in bps (spec/traps.md section 3); unknown with fewer than `minimum`.
Regime classify(std::span<const double> moves, const TrapSettings::Regime& settings) noexcept;

constexpr double multiplier(Regime regime, const TrapSettings::Regime& settings) noexcept {
    return regime == Regime::trending    ? settings.trend_multiplier
           : regime == Regime::volatile_ ? settings.volatile_multiplier
                                         : 1;
}

/// 2.5 · population std of the first differences of `sizes`; 0 with fewer than five.
double volatility_threshold(std::span<const double> sizes, double gain) noexcept;

/// Fast regime and dynamic threshold of one instrument. Recomputed at a 15 s close, constant between closes but for
/// the high-frequency multiplier.
class Threshold {
public:
    explicit Threshold(const TrapSettings& settings) noexcept;

    /// The second `index` closed at `price` (price units).
    void close(double price, std::int64_t index) noexcept;
    void clear() noexcept;  ///< a feed gap

    [[nodiscard]] Regime regime() const noexcept { return regime_; }
    /// T in bps at a high-frequency multiplier.
    [[nodiscard]] double at(double hf) const noexcept {
        const double by_volatility = volatility_ * hf, base = base_ * hf;
        return by_volatility > base ? by_volatility : base;
    }

private:
    static constexpr std::size_t capacity = 100;  // the last 100 |d|
    void add(double move) noexcept;

    TrapSettings::Regime settings_;
    double base_, gain_;
    double volatility_{};
    Regime regime_{};
    double previous_{core::unknown};
    std::array<double, capacity> moves_{};  // oldest first
    std::uint32_t count_{};
};

}  // namespace pipeline::traps
