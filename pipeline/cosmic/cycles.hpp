#pragma once

#include "core/domain/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

/// Cycles in closes (spec/cosmic.md section 4, predict_cycles): for displays, off the trading thread, at most once a
/// bar: 256 values and 121 periods are about 31,000 steps.
namespace pipeline {

/// Keys under `cycles.`.
struct CycleSettings {
    std::size_t bars{256};                            ///< N
    std::size_t shortest_bars{8}, longest_bars{128};  ///< integer periods looked at
    double share{.1};                                 ///< of all power that the strongest period needs
    double autocorrelation{.3};                       ///< that it needs at its own lag
    std::uint32_t unit_bars{1};                       ///< Fibonacci time zones are multiples of so many bars
};

/// 4·|X(τ)|²/N² of a period of τ samples: the squared amplitude of a sine of that period.
double goertzel_power(std::span<const double> x, std::size_t period) noexcept;

/// Σ x(i)·x(i+lag) / Σ x(i)²; unknown for a flat zero series or a lag beyond it.
double autocorrelation(std::span<const double> x, std::size_t lag) noexcept;

/// Takes the least-squares line from x, in place.
void remove_trend(std::span<double> x) noexcept;

struct Cycle {
    std::size_t period_bars{};  ///< 0: none accepted
    double share{};             ///< of the strongest period in the sum of all; unknown: nothing could be measured
    double autocorrelation{};   ///< at its lag; unknown likewise
};
/// The dominant cycle of the newest `bars` closes. None while there are fewer, or one is not above zero.
Cycle predict_cycle(std::span<const double> closes, const CycleSettings& settings = {});

inline constexpr std::array<std::uint32_t, 10> fibonacci_numbers{1, 2, 3, 5, 8, 13, 21, 34, 55, 89};
/// Times t₀ + F·u after the newest confirmed pivot; u is `unit_bars` bars of `bar`.
std::array<core::Nanoseconds, fibonacci_numbers.size()> fibonacci_time_zones(core::Nanoseconds pivot,
                                                                             core::Nanoseconds bar,
                                                                             std::uint32_t unit_bars = 1) noexcept;

}  // namespace pipeline
