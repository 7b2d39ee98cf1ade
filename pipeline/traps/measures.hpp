#pragma once

#include "core/domain/tick.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/traps/second_marks.hpp"
#include "pipeline/traps/settings.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace pipeline::traps {

/// One second of trades. Prices are price units and volumes quantity units, as doubles: every measure is a ratio.
struct Second {
    double high{}, low{}, close{};
    double buy{}, sell{};
    [[nodiscard]] constexpr double volume() const noexcept { return buy + sell; }
};

/// The largest directed move inside a window.
struct Run {
    double size{core::unknown};  ///< a, bps, >= 0
    int sign{1};
    double base{core::unknown}, extreme{core::unknown};
    [[nodiscard]] constexpr double move() const noexcept { return sign * size; }
    /// Part of the run given back at `price`, 0..1; unknown when nothing moved.
    [[nodiscard]] constexpr double retrace(double price) const noexcept {
        if (!core::known(size) || extreme == base) return core::unknown;
        return core::clamp01((extreme - price) / (extreme - base));
    }
};

/// What a window's seconds leave behind for its run. Adding the newest second is O(1), so a trade only adds the open
/// second to the finished part.
class Extremes {
public:
    constexpr void add(double high, double low) noexcept {
        const double lowest = low < lo_ ? low : lo_;
        const double highest = high > hi_ ? high : hi_;
        ++seconds_;
        if (high >= hi_) {  // the latest on ties
            hi_ = high;
            low_before_hi_ = lowest;
            hi_at_ = seconds_;
        }
        if (low <= lo_) {
            lo_ = low;
            high_before_lo_ = highest;
            lo_at_ = seconds_;
        }
    }
    /// The larger of the rise to the highest high and the fall to the lowest low (tie: the later extreme).
    [[nodiscard]] constexpr Run run() const noexcept {
        const double up = core::bps(hi_, low_before_hi_);
        const double down = 1e4 * (high_before_lo_ - lo_) / high_before_lo_;
        if (up > down || (up == down && hi_at_ >= lo_at_)) return {up, 1, low_before_hi_, hi_};
        return {down, -1, high_before_lo_, lo_};
    }
    /// No run of the window is larger than this: the cheap question before `run()`.
    [[nodiscard]] constexpr bool may_reach(double bps) const noexcept { return (hi_ - lo_) * 1e4 >= bps * lo_; }

private:
    double hi_{-std::numeric_limits<double>::infinity()}, lo_{std::numeric_limits<double>::infinity()};
    double low_before_hi_{}, high_before_lo_{};
    std::int32_t seconds_{}, hi_at_{}, lo_at_{};
};

/// The shared measures of one instrument (spec/traps.md section 2): a ring of seconds, and what follows from it.
/// Trades are O(1); the work of a second's close is bounded by the rings, and grows with the seconds in them that
/// traded: a quiet one costs next to nothing.
class Measures {
public:
    explicit Measures(const TrapSettings& settings);

    /// A trade inside the open second.
    void trade(double price, double quantity, core::Side aggressor) noexcept;
    /// The second `index` (seconds since the epoch) is over. The next one opens empty, at its close.
    void close(const Second& second, std::int64_t index) noexcept;
    /// The seconds up to and including `index` passed like the last one, without a trade, and nothing can have
    /// changed any more: jumps over them. Only after `settled()` empty seconds in a row.
    void skip_to(std::int64_t index) noexcept;
    /// A feed gap: every window starts again.
    void clear() noexcept;

    [[nodiscard]] bool has_price() const noexcept { return has_price_; }
    [[nodiscard]] double price() const noexcept { return open_.close; }  ///< newest trade, carried
    [[nodiscard]] bool moving_window_full() const noexcept { return closed_ + 1 >= move_seconds_; }
    /// True when run(W), the open second included, may be `bps` or more.
    [[nodiscard]] bool move_may_reach(double bps) const noexcept { return live_.may_reach(bps); }

    // During an open second: windows end with it.
    [[nodiscard]] Run run_w() const noexcept;        ///< run(W); unknown until the window is full
    [[nodiscard]] double volume_z() const noexcept;  ///< z_v
    [[nodiscard]] double flow_p() const noexcept;    ///< I(P)

    /// abs bps between the newest trade and the carried close `seconds` ago; unknown before.
    [[nodiscard]] double open_move(std::uint32_t seconds) const noexcept;

    // At a close: windows end with the second just closed.
    [[nodiscard]] bool full(std::uint32_t seconds) const noexcept { return closed_ >= seconds; }
    [[nodiscard]] Run closed_run(std::uint32_t seconds) const noexcept;
    [[nodiscard]] bool closed_move_may_reach(std::uint32_t seconds, double bps) const noexcept;
    [[nodiscard]] double closed_volume_z() const noexcept;
    [[nodiscard]] double closed_flow(std::uint32_t seconds) const noexcept;  ///< I(w); unknown without a trade
    /// abs bps between the close and the carried close `seconds` ago; unknown before.
    [[nodiscard]] double closed_move(std::uint32_t seconds) const noexcept;
    [[nodiscard]] double sigma60() const noexcept { return sigma60_; }  ///< of closed seconds; log return per second
    [[nodiscard]] double sigma300() const noexcept { return sigma300_; }

    /// The W-bucket that ended with the second just closed, if one did.
    [[nodiscard]] bool move_bucket_closed() const noexcept { return bucket_closed_; }
    /// Signed moves of the last three W-buckets in bps, newest last; false until there are three.
    [[nodiscard]] bool last_moves(std::array<double, 3>& moves) const noexcept;

    [[nodiscard]] std::uint32_t settled() const noexcept { return settled_; }

private:
    struct Row {
        Second second;
        double squared_return{core::unknown};
    };
    [[nodiscard]] const Row& back(std::uint64_t n) const noexcept { return ring_[(closed_ - 1 - n) & mask_]; }
    /// Calls f(row) for the marked ones of the last `seconds` closed seconds, oldest first.
    template <class F>
    void each(const SecondMarks& marks, std::uint64_t seconds, F&& f) const noexcept {
        marks.each(closed_ - (seconds < closed_ ? seconds : closed_), closed_, [&](std::uint64_t at) { f(ring_[at]); });
    }
    /// Calls f(second) for those that can bring an extreme to a window: its first, and each that is not the flat one
    /// before it over again.
    template <class F>
    void each_mover(std::uint32_t seconds, F&& f) const noexcept {
        const auto held = seconds < closed_ ? seconds : closed_;
        if (held == 0) return;
        f(back(held - 1).second);
        each(moved_, held - 1, [&](const Row& row) { f(row.second); });
    }
    [[nodiscard]] Extremes extremes(std::uint32_t seconds) const noexcept;
    [[nodiscard]] double sigma(std::uint32_t seconds) const noexcept;
    [[nodiscard]] double z_of(double volume) const noexcept;
    void close_bucket() noexcept;
    void prepare_open_second() noexcept;

    std::uint32_t move_seconds_, pump_seconds_, settled_;
    std::uint64_t mask_{};
    std::uint64_t closed_{};  ///< seconds since the start or the last gap
    bool has_price_{}, open_traded_{}, bucket_closed_{};

    Second open_;             ///< the open second
    Extremes before_, live_;  ///< the last W − 1 closed seconds; the same with the open one
    double volume_before_{}, buy_before_{}, sell_before_{};  ///< of W − 1 and P − 1 closed seconds
    double sigma60_{core::unknown}, sigma300_{core::unknown};
    std::vector<Row> ring_;
    SecondMarks moved_;     ///< not a flat second at the price of a flat second before it
    SecondMarks traded_;    ///< has volume
    SecondMarks returned_;  ///< a return other than 0

    // W-buckets, aligned to the epoch. Only whole ones count.
    double bucket_volume_{};
    std::uint32_t bucket_seconds_{};
    std::vector<double> volumes_;
    std::uint32_t volume_count_{}, volume_next_{};
    double volume_mean_{core::unknown}, volume_std_{core::unknown};
    double bucket_close_{core::unknown};
    std::array<double, 3> moves_{};
    std::uint32_t move_count_{};
};

}  // namespace pipeline::traps
