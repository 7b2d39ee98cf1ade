#include "pipeline/trends/regime.hpp"

namespace pipeline::trends {

SlowRegime classify(const RegimeInputs& in) noexcept {
    using core::known;
    if (!known(in.adx) || !known(in.plus_di) || !known(in.minus_di) || !known(in.choppiness) ||
        !known(in.volatility_rank))
        return SlowRegime::unknown;
    if (in.volatility_rank >= .95) return SlowRegime::volatile_;
    // Equal sides have no larger one: such a trend has no direction to name, so the rules below judge it.
    if (in.adx >= 25 && in.choppiness < 61.8 && in.plus_di != in.minus_di)
        return in.plus_di > in.minus_di ? SlowRegime::trending_up : SlowRegime::trending_down;
    if (in.adx < 20 && in.choppiness > 61.8 && in.volatility_rank <= .2) return SlowRegime::quiet;
    if (in.adx < 20 || in.choppiness > 61.8) return SlowRegime::ranging;
    return SlowRegime::transition;
}

double size_factor(SlowRegime regime, double volatility_rank, int side) noexcept {
    if (regime == SlowRegime::volatile_) return .5;
    if (volatility_rank >= .8) return .8;
    if (regime == SlowRegime::trending_up && side > 0) return 1.2;
    if (regime == SlowRegime::trending_down && side < 0) return 1.2;
    return 1;
}

double RingRank::add(std::span<double> ring, double value, std::uint32_t least) noexcept {
    if (!core::known(value)) return core::unknown;
    const auto size = static_cast<std::uint32_t>(ring.size());
    ring[next_] = value;
    next_ = next_ + 1 == size ? 0 : next_ + 1;
    if (count_ < size) ++count_;
    if (count_ < least) return core::unknown;
    std::uint32_t below = 0, equal = 0;
    for (std::uint32_t i = 0; i < count_; ++i) {
        below += ring[i] < value ? 1u : 0u;
        equal += ring[i] == value ? 1u : 0u;
    }
    return (below + .5 * equal) / count_;
}

}  // namespace pipeline::trends
