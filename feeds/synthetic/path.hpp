#pragma once

#include "core/domain/time.hpp"
#include "feeds/synthetic/chance.hpp"

#include <array>
#include <cstdint>
#include <string_view>

namespace feeds::synthetic {

/// The mood of the market; each lasts some minutes.
enum class Mood : std::uint8_t { quiet, trending, volatile_, mean_reverting };
std::string_view name(Mood mood) noexcept;

/// One scale of swings, in bps of the start price: an impulse, a retracement into a part of it, and a bounce, which is
/// the next impulse.
struct Swings {
    double low_bps, high_bps;  ///< size of an impulse
    double low_s, high_s;      ///< how long it takes
    double pause;              ///< how long a retracement takes, as a share of its impulse: this to 1.6 times this
    double reach_bps;          ///< beyond this the next impulse turns back
};

/// One running wave of Swings. Smooth, so that legs and their ends are visible at its own scale.
class Wave {
public:
    Wave(const Swings& swings, double scale, core::Nanoseconds start, Chance& chance) noexcept;

    /// Level at `now`, in bps; times never go back.
    double at(core::Nanoseconds now, Chance& chance) noexcept;

private:
    void next_leg(Chance& chance) noexcept;

    Swings swings_;
    double scale_;
    core::Nanoseconds start_, end_;
    double from_{}, to_{}, seconds_{}, inverse_length_{};
    double impulse_{};  // signed size of the last impulse
    double impulse_s_{};
    bool retracing_{true};
};

/// The fair value that the book follows, in bps of the start price: swings of hours, minutes and seconds, noise, mood.
/// Retracements end mostly between 50 % and 78.6 %, sometimes shallow, sometimes complete, so both outcomes are there.
class Path {
public:
    Path(double volatility, core::Nanoseconds start, std::uint64_t seed) noexcept;

    /// Fair value at `now`; times never go back.
    double at(core::Nanoseconds now) noexcept;
    [[nodiscard]] Mood mood() const noexcept { return mood_; }
    /// How busy the market is in this mood, 1 = usual.
    [[nodiscard]] double activity() const noexcept;

private:
    void change_mood(core::Nanoseconds now) noexcept;

    Chance chance_;
    double volatility_;
    std::array<Wave, 3> waves_;
    core::Nanoseconds now_;
    core::Nanoseconds mood_ends_;
    Mood mood_{Mood::quiet};
    double noise_{};  // bps, mean-reverting
    double drift_{};  // bps, where trends have carried the price
    double trend_{};  // bps a second while trending
};

}  // namespace feeds::synthetic
