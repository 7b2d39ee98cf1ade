#pragma once

#include "core/domain/unknown.hpp"

#include <array>
#include <cstdint>

namespace pipeline::traps {

/// H of wash_trading: Σ(share of each size)² over the last 100 trades, 1 when all are alike. A trade only stores its
/// size; asking catches up with what came since, at most 100 of them, so both are O(1) amortised.
class SizeShares {
public:
    static constexpr std::uint32_t window = 100;

    void add(std::int64_t size) noexcept { sizes_[added_++ % ring] = size; }
    void clear() noexcept { added_ = 0, forget(); }

    /// Unknown before there are 100 trades.
    [[nodiscard]] double concentration() noexcept {
        if (added_ < window) return core::unknown;
        if (added_ - counted_ > window) {
            forget();
            counted_ = first_ = added_ - window;
        }
        while (counted_ < added_) {
            count(sizes_[counted_++ % ring], 1);
            if (counted_ - first_ > window) count(sizes_[first_++ % ring], -1);
        }
        return static_cast<double>(squares_) / (window * window);
    }

private:
    // Counted and not yet counted trades fit into the ring together; the table is never more than 101/256 full.
    static constexpr std::uint64_t ring = 256;
    static constexpr std::uint32_t slots = 256;
    struct Entry {
        std::int64_t size{};
        std::int32_t count{};  ///< 0: free
    };
    static std::uint32_t home(std::int64_t size) noexcept {
        return static_cast<std::uint32_t>(static_cast<std::uint64_t>(size) * 0x9e3779b97f4a7c15ULL >> 56);
    }
    void forget() noexcept {
        table_ = {};
        squares_ = 0;
        counted_ = first_ = 0;
    }
    void count(std::int64_t size, std::int32_t change) noexcept {
        std::uint32_t at = home(size);
        while (table_[at].count != 0 && table_[at].size != size) at = (at + 1) % slots;
        Entry& entry = table_[at];
        entry.size = size;
        squares_ += change * (2 * entry.count + change);  // (c ± 1)² − c²
        entry.count += change;
        if (entry.count == 0) close_gap(at);
    }
    /// Linear probing without tombstones: entries behind a freed slot move up when it lies on their way.
    void close_gap(std::uint32_t gap) noexcept {
        for (std::uint32_t at = (gap + 1) % slots; table_[at].count != 0; at = (at + 1) % slots) {
            const std::uint32_t way = (at - home(table_[at].size)) % slots;
            if (way < (at - gap) % slots) continue;
            table_[gap] = table_[at];
            table_[at].count = 0;
            gap = at;
        }
    }

    std::array<std::int64_t, ring> sizes_{};
    std::array<Entry, slots> table_{};
    std::uint64_t added_{}, counted_{}, first_{};  // the table holds the trades [first_, counted_)
    std::int32_t squares_{};
};

}  // namespace pipeline::traps
