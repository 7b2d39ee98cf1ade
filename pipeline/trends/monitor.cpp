#include "pipeline/trends/monitor.hpp"

#include <algorithm>

namespace pipeline::trends {

Movement movement_of(double bar_bps) noexcept {
    if (!core::known(bar_bps)) return Movement::unknown;
    const double size = std::abs(bar_bps);
    if (size > 200) return Movement::extremely_aggressive;
    if (size > 100) return Movement::very_aggressive;
    if (size > 50) return Movement::aggressive;
    if (size > 20) return Movement::moderate;
    if (size > 10) return Movement::mild;
    return Movement::subtle;
}

Alignment align(std::span<const TrendState> states, std::span<const double> weights) noexcept {
    double all = 0, known = 0, sum = 0;
    int up = 0, down = 0;
    std::uint8_t longest = 0, stretch = 0;
    std::int8_t longest_sign = 0, stretch_sign = 0;
    for (std::size_t i = 0; i < states.size(); ++i) {
        all += weights[i];
        const bool is_known = states[i] != unknown_trend;
        const int step = is_known ? states[i] : 0;
        if (is_known) {
            known += weights[i];
            sum += weights[i] * step;
        }
        (step > 0 ? up : down) += std::abs(step);
        const auto sign = static_cast<std::int8_t>((step > 0) - (step < 0));
        stretch = static_cast<std::uint8_t>(sign == 0 ? 0 : sign == stretch_sign ? stretch + 1 : 1);
        stretch_sign = sign;
        if (stretch > longest) longest = stretch, longest_sign = sign;
    }
    Alignment out;
    if (all <= 0) return out;
    out.known_share = known / all;
    if (known > 0) out.of_known = sum / (2 * known);
    if (out.known_share >= .5) out.value = out.of_known;
    if (longest >= 3) out.run = longest, out.run_sign = longest_sign;
    out.dominance = static_cast<std::int8_t>((up > 2 * down) - (down > 2 * up));
    return out;
}

Bias bias_of(double alignment) noexcept {
    if (!core::known(alignment)) return Bias::unknown;
    const double size = std::abs(alignment);
    if (size < .25) return Bias::neutral;
    if (alignment > 0) return size >= .6 ? Bias::strong_bullish : Bias::bullish;
    return size >= .6 ? Bias::strong_bearish : Bias::bearish;
}

}  // namespace pipeline::trends
