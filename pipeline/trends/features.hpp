#pragma once

#include "pipeline/bars/bars.hpp"
#include "pipeline/bars/price_scale.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/traps/traps.hpp"
#include "pipeline/trends/trends.hpp"

#include <array>
#include <cstdint>
#include <string_view>

/// The feature vector of a 1-minute bar (spec/trends.md section 3). Cosmic values are never among them.
namespace pipeline::ai {

inline constexpr std::size_t feature_count = 35;

/// Unknown features are NaN.
using Features = std::array<double, feature_count>;

/// Schema v1: names in the order of the vector.
inline constexpr std::array<std::string_view, feature_count> feature_names{
    "r1",  "r2",  "r3",     "r5",        "r8",  "r13",    "r21",      "z8",       "z13", "z21",      "z34",     "z55",
    "s8",  "s13", "s21",    "s34",       "s55", "rsi",    "macd_atr", "atr",      "adx", "di",       "pctb",    "chop",
    "imb", "ofi", "flow60", "intensity", "fib", "golden", "align",    "pressure", "zv",  "hour_sin", "hour_cos"};

/// FNV-1a, 64 bits.
[[nodiscard]] constexpr std::uint64_t fnv1a(std::string_view text,
                                            std::uint64_t hash = 0xcbf29ce484222325ULL) noexcept {
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3ULL;
    }
    return hash;
}

/// FNV-1a of the comma-joined names: what a table of trees must have been trained on.
[[nodiscard]] constexpr std::uint64_t schema_hash() noexcept {
    std::uint64_t hash = fnv1a("");
    for (std::size_t i = 0; i < feature_count; ++i) {
        if (i != 0) hash = fnv1a(",", hash);
        hash = fnv1a(feature_names[i], hash);
    }
    return hash;
}
static_assert(schema_hash() == 0x7b2a2b18ed653db1ULL);

/// Whether an event makes the trap label 1: directional, of medium severity or more.
[[nodiscard]] constexpr bool counts_as_trap(const TrapEvent& event) noexcept {
    const bool directional = event.expect == Expect::up || event.expect == Expect::down;
    return directional && event.severity >= Severity::medium;
}

/// A closed minute as the monitor sees it.
struct Minute {
    core::Nanoseconds time{};  ///< its end
    double high{}, low{}, close{};
    double x_bps{core::unknown};  ///< X = T/2: the move that labels it
    core::Nanoseconds from{};     ///< when its features were known: the label looks at what comes later (Labeller)
    double price{};               ///< as it stood then
    Features features{};
};

/// Follows one instrument and turns each closed minute into its features. Only what was known at the tick that closed
/// the minute enters.
class FeatureSource {
public:
    explicit FeatureSource(double golden_age_s) : golden_age_s_{golden_age_s} {}

    /// Every tick on which something closed or changed. True when the minute `minute` (index into Timeframes) closed.
    bool add(const Market& market, const Bars& bars, const Indicators& indicators, const Levels& levels,
             const Traps& traps, const Trends& trends, std::size_t minute, PriceScale scale, Minute& out) noexcept;

private:
    static constexpr std::size_t memory = 64;         // closes; a power of two above 55
    static constexpr std::size_t volume_window = 50;  // 15 s buckets behind zv

    void follow_levels(const Market& market, const Levels& levels) noexcept;
    void follow_volume(const Bars& bars, core::Nanoseconds until, bool rest) noexcept;
    void moments(double close, Features& f) const noexcept;
    [[nodiscard]] double close_before(std::size_t bars) const noexcept {
        return bars < closes_count_ ? closes_[(next_ - 1 - bars) & (memory - 1)] : core::unknown;
    }
    [[nodiscard]] double volume_z() const noexcept;
    [[nodiscard]] double fibonacci_proximity(double close) const noexcept;

    double golden_age_s_;
    std::array<double, memory> closes_{};
    std::size_t next_{}, closes_count_{};
    std::array<double, volume_window> volumes_{};  // of the newest 15 s buckets
    std::uint64_t buckets_{};                      // since the tape or a gap began
    double golden_{0};
    core::Nanoseconds golden_time_{};
    std::uint16_t level_count_{};
    std::array<ActiveLevel, max_active_levels> levels_{};
};

}  // namespace pipeline::ai
