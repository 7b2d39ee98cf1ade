#pragma once

#include "pipeline/fibonacci/median_window.hpp"
#include "pipeline/fibonacci/settings.hpp"

#include <optional>
#include <span>
#include <vector>

namespace pipeline {

/// The golden-ratio formula (spec/fibonacci.md section 4) for a known leg: how far the price has come back, how near a
/// retracement it is, how deep the book is beside its median and to which side it leans.
/// price: quote currency. depth_ratio: known. imbalance: −1..1. history: 0, or the share of earlier bounces, .1..0.5.
/// `timeframe` is left to the caller.
GoldenConfluence golden_confluence(const Leg& leg, double price, double depth_ratio, double imbalance, double history,
                                   const GoldenSettings& settings) noexcept;

/// The retracement nearest to `price`.
Ratio nearest_retracement(const Leg& leg, double price) noexcept;

/// Why the detector stayed silent, counted per instrument.
struct GoldenCounts {
    std::uint64_t book_invalid{}, ratio_unknown{}, no_leg{}, emitted{};
    std::uint64_t unresolved{};  ///< emissions whose outcome a gap hid
};

/// Emissions of the detector and what became of them. A label is `bounced` when the trades moved by `outcome_x`·T the
/// expected way before the same move against it and before the time ran out; else `failed`; a gap leaves it unresolved.
class GoldenHistory {
public:
    explicit GoldenHistory(const GoldenSettings& settings);

    void emitted(core::Nanoseconds time, double level, double price, bool up, double threshold_bps) noexcept;

    /// A trade; `price` in quote currency. Cheap while it lies inside the quiet interval and no time runs out.
    void on_trade(core::Nanoseconds time, double price) noexcept {
        if (time > deadline_ || price >= quiet_hi_ || price <= quiet_lo_) [[unlikely]]
            resolve(time, price);
    }

    /// A gap: what is pending can no longer be judged. Returns how many.
    std::size_t on_gap() noexcept;

    /// The history term for an emission at `level`: 0 without a label, else the share that bounced, within .1..0.5.
    [[nodiscard]] double share(core::Nanoseconds time, double level) noexcept;

private:
    enum class Label : std::uint8_t { pending, bounced, failed, unresolved };
    struct Emission {
        core::Nanoseconds time;
        double level, lower, upper;  ///< outcome is decided when a trade reaches lower or upper
        bool up;
        Label label;
    };

    void resolve(core::Nanoseconds time, double price) noexcept;
    void watch_pending() noexcept;
    [[nodiscard]] Emission& emission(std::uint64_t number) noexcept { return ring_[number % ring_.size()]; }
    [[nodiscard]] std::uint64_t oldest() const noexcept { return next_ > ring_.size() ? next_ - ring_.size() : 0; }

    GoldenSettings settings_;
    std::vector<Emission> ring_;
    std::uint64_t next_{}, pending_{};  // numbers: the next emission, the oldest that may still be pending
    double quiet_lo_{}, quiet_hi_{};
    core::Nanoseconds deadline_{};
};

/// The detector of one instrument. It speaks at the first depth sample of a second, at most once: of the timeframes
/// whose nearest level is not cooling down, the one with the greatest c.
class GoldenDetector {
public:
    explicit GoldenDetector(const GoldenSettings& settings)
        : settings_(settings), depths_(settings.depth_window), history_(settings) {
        forget_cooldowns();
    }

    /// A book as it was just sampled.
    struct Sample {
        core::Nanoseconds time{};
        bool valid{};
        double price{};                   ///< mid, quote currency
        double bid_depth{}, ask_depth{};  ///< notional within 25 bps
        double threshold_bps{};           ///< T
    };

    /// legs: by index into Timeframes. True if `out` was emitted.
    bool on_sample(const Sample& sample, std::span<const Leg> legs, GoldenConfluence& out) noexcept;
    void on_trade(core::Nanoseconds time, double price) noexcept { history_.on_trade(time, price); }
    void on_gap() noexcept;
    /// The leg of a timeframe changed: its levels are new ones.
    void on_new_leg(std::size_t timeframe) noexcept { cooling_until_[timeframe] = {}; }

    [[nodiscard]] const GoldenCounts& counts() const noexcept { return counts_; }

private:
    void forget_cooldowns() noexcept { cooling_until_ = {}; }

    static constexpr std::size_t retracements = 7;
    GoldenSettings settings_;
    MedianWindow depths_;
    GoldenHistory history_;
    std::array<std::array<core::Nanoseconds, retracements>, max_timeframes> cooling_until_{};
    GoldenCounts counts_{};
};

}  // namespace pipeline
