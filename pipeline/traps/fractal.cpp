#include "pipeline/traps/fractal.hpp"

#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {

void Fractal::on_bar(const Senses& senses, const Bar& bar, std::size_t timeframe, bool restart,
                     Reporter& reporter) noexcept {
    if (static_cast<int>(timeframe) != timeframe_) return;
    if (restart) {
        count_ = 0;
        sides_ = {};
    }
    if (bar.low.units <= 0) return;  // prices that no ratio can be taken of
    const BarNumbers now{bar};
    judge(sides_[0], 1, now.high, now.close, senses, reporter);
    judge(sides_[1], -1, -now.low, -now.close, senses, reporter);
    find(sides_[0], now.high);
    find(sides_[1], -now.low);
    ++count_;
}

void Fractal::judge(Side& side, int sign, double extreme, double close, const Senses& senses,
                    Reporter& reporter) noexcept {
    if (side.watching) {
        side.ext = std::max(side.ext, extreme);
        ++side.bars;
        decide(side, sign, close, senses, reporter);
    }
    if (side.known_for < valid_bars && extreme > side.fractal) {
        side.watching = true;
        side.broken = side.fractal;
        side.ext = extreme;
        side.bars = 0;
        side.known_for = valid_bars;
        decide(side, sign, close, senses, reporter);
    }
    ++side.known_for;
}

void Fractal::decide(Side& side, int sign, double close, const Senses& senses, Reporter& reporter) noexcept {
    const std::uint32_t fail_bars = reporter.settings().fractal.fail_bars;
    const bool trap = close < side.broken;
    side.watching = !trap && side.bars < fail_bars;
    if (!trap || !reporter.enabled(TrapKind::fractal_trap)) return;
    const double T = reporter.threshold(), level = std::abs(side.broken);
    const double overshoot = 1e4 * (side.ext - side.broken) / level, back = 1e4 * (side.broken - close) / level;
    reporter.report({.kind = TrapKind::fractal_trap,
                     .sign = sign,
                     .price = std::abs(close),
                     .confidence = fractal_confidence(overshoot, side.bars, back, fail_bars, T),
                     .impact = overshoot / T,
                     .evidence = evidence(level / senses.units_per_quote, std::abs(side.ext) / senses.units_per_quote,
                                          overshoot, side.bars, back),
                     .bar_s = bar_s_});
}

void Fractal::find(Side& side, double extreme) const noexcept {
    side.extremes[count_ % width] = extreme;
    if (count_ + 1 < width) return;
    const auto ago = [&](std::uint32_t n) { return side.extremes[(count_ - n) % width]; };
    const double middle = ago(2);
    if (!(middle > ago(0) && middle > ago(1) && middle > ago(3) && middle > ago(4))) return;
    side.fractal = middle;
    side.known_for = 0;
}

}  // namespace pipeline::traps
