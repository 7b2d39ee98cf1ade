#include "tools/omega/engine/note_senses.hpp"

#include <bit>
#include <cstdint>
#include <type_traits>

namespace omega {
namespace {

/// A hash that is cheap and the same everywhere; nobody attacks it.
class Hash {
public:
    template <class... Values>
    explicit Hash(const Values&... values) noexcept {
        add(values...);
    }
    template <class... Values>
    void add(const Values&... values) noexcept {
        (one(values), ...);
    }
    [[nodiscard]] std::uint64_t value() const noexcept { return state_; }

private:
    template <class T>
    void one(const T& value) noexcept {
        if constexpr (std::is_same_v<T, double>)
            mix(std::bit_cast<std::uint64_t>(value));
        else if constexpr (std::is_same_v<T, core::Nanoseconds>)
            mix(static_cast<std::uint64_t>(value.count()));
        else
            mix(static_cast<std::uint64_t>(value));
    }
    void mix(std::uint64_t bits) noexcept {
        state_ = (state_ ^ bits) * 0x9e3779b97f4a7c15ULL;
        state_ ^= state_ >> 32;
    }
    std::uint64_t state_{0x243f6a8885a308d3ULL};
};

void add(Hash& hash, const pipeline::IndicatorValues& v) noexcept {
    static_assert(std::is_trivially_copyable_v<pipeline::IndicatorValues> &&
                  sizeof(v) % sizeof(double) == 0);  // doubles, all of them
    const auto* const values = reinterpret_cast<const double*>(&v);
    for (std::size_t i = 0; i < sizeof(v) / sizeof(double); ++i) hash.add(values[i]);
}

std::uint64_t hash_of(const pipeline::Indicators& s) noexcept {
    Hash hash{s.mask, s.ofi, s.ofi_normalised, s.flow60, s.intensity, s.intensity_ratio, s.intensity_exponential,
              s.vpin};
    for (std::size_t i = 0; i < s.values.size(); ++i)
        if ((s.mask >> i & 1) != 0) add(hash, s.values[i]);
    return hash.value();
}

void add(Hash& hash, const pipeline::ActiveLevel& level) noexcept {
    hash.add(level.price, level.ratio, level.timeframe);
}

std::uint64_t hash_of(const pipeline::Levels& s) noexcept {
    Hash hash{s.changed, s.pivot_mask, s.golden, s.hit_count};
    for (std::size_t i = 0; i < s.pivots.size(); ++i)
        if ((s.pivot_mask >> i & 1) != 0) {
            const auto& p = s.pivots[i];
            hash.add(p.high, p.seed, p.broken, p.price, p.bar, p.time, p.known_at);
        }
    for (std::size_t i = 0; i < s.hit_count; ++i) add(hash, s.hits[i]);
    if (s.golden) {
        const auto& g = s.confluence;
        hash.add(g.level, g.q, g.distance_bps, g.depth_ratio, g.imbalance, g.c, g.confluence, g.confirmed, g.timeframe);
    }
    if (!s.changed) return hash.value();
    for (const auto& leg : s.legs) hash.add(leg.known, leg.up, leg.lo, leg.hi);
    for (std::size_t i = 0; i < s.active_count; ++i) add(hash, s.active[i]);
    for (std::size_t i = 0; i < s.cluster_count; ++i) {
        const auto& c = s.clusters[i];
        hash.add(c.centre, c.weight, c.strength, c.members);
    }
    return hash.value();
}

std::uint64_t hash_of(const pipeline::Trends& s) noexcept {
    const auto& now = s.now;
    Hash hash{s.mask,   s.changed,  s.pattern_count, now.alignment, now.known_share, now.volatility_rank,
              now.bias, now.regime, now.run_sign,    now.run,       now.dominance};
    for (std::size_t i = 0; i < s.frames.size(); ++i)
        if ((s.mask >> i & 1) != 0) {
            const auto& f = s.frames[i];
            hash.add(f.change_bps, f.bar_bps, f.volatility_rank, f.state, f.movement, f.regime);
        }
    for (std::size_t i = 0; i < s.pattern_count; ++i) {
        const auto& p = s.patterns[i];
        for (const double point : p.points) hash.add(point);
        hash.add(p.time, p.score, p.zone_low, p.zone_high, p.target1, p.target2, p.invalid_at, p.kind, p.bullish,
                 p.forming, p.timeframe);
    }
    return hash.value();
}

std::uint64_t hash_of(const pipeline::Predictions& s) noexcept {
    Hash hash{s.missing, s.trend, s.band, s.time, s.confidence, s.forecast_bps, s.harmony};
    for (const auto* p : {&s.direction, &s.trap})
        hash.add(p->p, p->online, p->trees, p->skill, p->labels, p->standing, p->usable);
    return hash.value();
}

std::uint64_t hash_of(const pipeline::Weights& s) noexcept {
    const auto& sums = s.influence;
    return Hash{s.applies,    sums.risk,         sums.confidence, sums.intensity, sums.mistake,
                sums.insight, sums.unknown_mask, s.size_factor,   s.entry_factor, s.exit_factor}
        .value();
}

}  // namespace

void note_senses(Trace& trace, const core::Tick& tick, const pipeline::Bars& bars,
                 const pipeline::Indicators& indicators, const pipeline::Levels& levels, const pipeline::Traps& traps,
                 const pipeline::Trends& trends, const pipeline::Predictions& predictions,
                 const pipeline::Weights& weights) {
    using Section = Trace::Section;
    const auto note = [&](Section section, std::uint64_t hash) {
        trace.senses.push_back({tick.sequence, section, hash});
    };
    if (bars.bucket_mask != 0 || traps.count != 0)
        note(Section::regime, Hash{traps.regime, traps.hf, traps.threshold_bps, traps.hf_multiplier, traps.pressure_up,
                                   traps.pressure_down}
                                  .value());
    if (indicators.mask != 0) note(Section::indicators, hash_of(indicators));
    if (levels.changed || levels.pivot_mask != 0 || levels.golden || levels.hit_count != 0)
        note(Section::levels, hash_of(levels));
    if (trends.mask != 0 || trends.changed || trends.pattern_count != 0) note(Section::trends, hash_of(trends));
    if (predictions.fresh) note(Section::predictions, hash_of(predictions));
    if (weights.applies && (tick.is(core::TickKind::condition) || bars.bucket_mask != 0))
        note(Section::weights, hash_of(weights));
}

}  // namespace omega
