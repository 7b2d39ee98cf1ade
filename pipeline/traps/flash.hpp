#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace pipeline::traps {

/// The newest second of trades, to the nanosecond: the move against the window's opposite extreme and how many trades
/// changed the price that way. Amortised O(1) a trade (two monotonic queues over the price changes).
class FlashWindow {
public:
    explicit FlashWindow(core::Nanoseconds width)
        : width_{width}, changes_(capacity), lows_(capacity), highs_(capacity) {}

    /// A trade; times never fall.
    void trade(core::Nanoseconds time, double price) noexcept;
    void expire(core::Nanoseconds time) noexcept;  ///< drops what lies `width` or more before `time`
    void clear() noexcept;

    struct Move {
        double bps{core::unknown};  ///< m1, signed
        std::uint32_t trades{};     ///< price-changing trades in its direction
    };
    [[nodiscard]] Move move(double price) const noexcept;

    /// The cheap question before `move()`: is abs m1 at least `bps`?
    [[nodiscard]] bool reaches(double price, double bps) const noexcept {
        if (lows_head_ == lows_tail_) return false;
        const double low = lowest(), high = highest();
        return (price - low) * 1e4 >= bps * low || (high - price) * 1e4 >= bps * high;
    }

private:
    // More price changes than this inside the window forget the oldest: the window is then shorter, never wrong.
    static constexpr std::uint32_t capacity = 512, mask = capacity - 1;
    struct Change {
        core::Nanoseconds first{}, last{};  ///< trade that brought the price, newest trade at it
        double price{};
        int direction{};
    };
    [[nodiscard]] double lowest() const noexcept { return changes_[lows_[lows_head_ & mask] & mask].price; }
    [[nodiscard]] double highest() const noexcept { return changes_[highs_[highs_head_ & mask] & mask].price; }
    void enqueue(std::uint32_t index) noexcept;
    void uncount() noexcept;

    core::Nanoseconds width_;
    std::vector<Change> changes_;              // ring
    std::vector<std::uint32_t> lows_, highs_;  // monotonic queues of change numbers, rings too
    std::uint32_t lows_head_{}, lows_tail_{}, highs_head_{}, highs_tail_{};
    std::uint32_t count_{}, counted_from_{};
    std::uint32_t ups_{}, downs_{};
};

/// Depth samples of the last seconds, for "depth now against depth 1 s ago".
class DepthHistory {
public:
    void add(core::Nanoseconds time, double bids, double asks) noexcept;
    void clear() noexcept { count_ = 0; }
    /// The age up to which a sample is the book of now.
    static constexpr core::Nanoseconds fresh = std::chrono::seconds{1};

    /// 1 − depth/depth 1 s ago on the side that a move of `sign` hits (asks for a rise); unknown without both samples,
    /// or where the newest is not fresh.
    [[nodiscard]] double depletion(core::Nanoseconds time, int sign) const noexcept;

private:
    struct Sample {
        core::Nanoseconds time{};
        double bids{}, asks{};
    };
    static constexpr std::uint32_t capacity = 64, mask = capacity - 1;
    static constexpr core::Nanoseconds spacing = std::chrono::milliseconds{50};  // 64 of them reach 3.2 s back
    std::array<Sample, capacity> samples_{};
    std::uint32_t count_{};
};

}  // namespace pipeline::traps
