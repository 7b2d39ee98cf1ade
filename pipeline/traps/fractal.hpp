#pragma once

#include "pipeline/traps/bar_volumes.hpp"
#include "pipeline/traps/reporter.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// fractal_trap (spec/traps.md section 5, bar family): bars trade beyond the newest Williams fractal and close back
/// inside. One instrument, one timeframe. A fractal is known with the second bar after it, and spent when exceeded.
class Fractal {
public:
    Fractal(const TrapSettings& settings, const core::Instrument& /*instrument*/, const Timeframes& timeframes)
        : bar_s_{60 * settings.fractal.timeframe_min}, timeframe_{timeframes.index_of(bar_s_)} {}

    void on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart, Reporter& reporter) noexcept;

private:
    static constexpr std::uint32_t valid_bars = 50, width = 5;

    /// The highs' fractal or the lows'. Lows are kept negated, so that both sides look for a maximum.
    struct Side {
        std::array<double, width> extremes{};  ///< ring of the newest bars
        double fractal{};                      ///< newest not exceeded; expires with `known_for`
        std::uint32_t known_for{valid_bars};   ///< bars since it became known
        double broken{}, ext{};                ///< the exceeded one, while `watching`
        std::uint32_t bars{};                  ///< n, since the bar that exceeded it
        bool watching{};
    };
    void judge(Side& side, int sign, double extreme, double close, const Senses& senses, Reporter& reporter) noexcept;
    void decide(Side& side, int sign, double close, const Senses& senses, Reporter& reporter) noexcept;
    void find(Side& side, double extreme) const noexcept;

    std::uint32_t bar_s_;
    int timeframe_;                // its index, −1 without
    std::uint32_t count_{};        // bars since the (re)start
    std::array<Side, 2> sides_{};  // highs, lows
};

}  // namespace pipeline::traps
