#pragma once

#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <cstdint>
#include <vector>

namespace pipeline::ai {

/// Which barrier came first.
enum class Barrier : std::uint8_t { none, up, down };

/// Rows that wait for their labels: a row of minute i is handed out with minute i + horizon and not before, so nothing
/// that is learnt has seen what it is asked for.
///
/// Direction: the first of +X and −X that a later minute's range reaches. A minute that reaches both at once says
/// nothing of their order, so the row has no direction.
/// Trap: a directional trap of medium severity or more within the horizon.
template <class Payload>
class PendingRows {
public:
    struct Row {
        core::Nanoseconds time{};  ///< when its features were known
        double up{core::unknown}, down{core::unknown};
        std::int64_t minute{};
        bool waiting{};
        bool decided{};
        Barrier barrier{};
        bool trap{};
        Payload payload{};
    };

    explicit PendingRows(std::uint32_t horizon) : rows_(horizon) {}

    /// A trap at `time` counts for rows that were there before it.
    void trap(core::Nanoseconds time) noexcept {
        for (Row& row : rows_)
            if (row.waiting && row.time < time) row.trap = true;
    }

    /// The next closed minute. Returns the row that matured with it, or nullptr; it stays valid until `open`.
    Row* close(double high, double low) noexcept {
        ++minute_;
        for (Row& row : rows_) {
            if (!row.waiting || row.decided) continue;
            const bool up = high >= row.up, down = low <= row.down;
            if (!up && !down) continue;
            row.decided = true;
            row.barrier = up && down ? Barrier::none : up ? Barrier::up : Barrier::down;
        }
        Row& oldest = slot();
        if (!oldest.waiting) return nullptr;
        oldest.waiting = false;
        return &oldest;
    }

    /// A row for the minute that closed last, known at `time` with the price at `price`. With X unknown it never has a
    /// direction.
    void open(core::Nanoseconds time, double price, double x_bps, const Payload& payload) noexcept {
        Row& row = slot();
        row.time = time;
        row.up = price * (1 + x_bps * 1e-4);
        row.down = price * (1 - x_bps * 1e-4);
        row.minute = minute_;
        row.waiting = true;
        row.decided = row.trap = false;
        row.barrier = Barrier::none;
        row.payload = payload;
    }

    /// A gap: what waits will never know. Returns how many rows were lost.
    std::uint32_t drop() noexcept {
        std::uint32_t lost = 0;
        for (Row& row : rows_) {
            lost += row.waiting ? 1u : 0u;
            row.waiting = false;
        }
        return lost;
    }

private:
    [[nodiscard]] Row& slot() noexcept { return rows_[static_cast<std::size_t>(minute_) % rows_.size()]; }

    std::vector<Row> rows_;
    std::int64_t minute_{};
};

}  // namespace pipeline::ai
