#pragma once

#include "core/domain/result.hpp"
#include "core/domain/tick.hpp"
#include "feeds/batch.hpp"
#include "feeds/frame.hpp"

#include <array>
#include <cstdint>

namespace feeds {

inline constexpr std::size_t control_count = static_cast<std::size_t>(Control::other) + 1;
inline constexpr std::size_t error_count = static_cast<std::size_t>(core::Error::refused) + 1;

/// A refused frame, kept for display.
struct SeenFault {
    core::Fault fault{};
    core::Nanoseconds receive_time{};
    std::uint32_t connection{};
};

/// What became of the book events of the streams (REST snapshots are counted apart).
/// received = applied + superseded + dropped + still buffered.
struct DepthCounts {
    std::uint64_t received{};    ///< book events decoded from streams, snapshots and updates
    std::uint64_t applied{};     ///< passed on
    std::uint64_t buffered{};    ///< had to wait for a snapshot (each ends as applied, superseded or dropped)
    std::uint64_t superseded{};  ///< already contained in the book (older than the snapshot, or sent again)
    std::uint64_t dropped{};     ///< could not be used: no snapshot, buffer overrun, checksum, or after a gap
};

/// What became of REST snapshots.
struct SnapshotCounts {
    std::uint64_t received{};
    std::uint64_t applied{};
    std::uint64_t too_old{};   ///< older than the buffered updates: another one is needed
    std::uint64_t unneeded{};  ///< the book was already live
};

struct ChecksumCounts {
    std::uint64_t checked{}, matched{};
};

/// What one feed has seen. Plain counters, written by the feed's thread only.
struct FeedStats {
    static constexpr std::size_t faults_kept = 8;

    std::uint64_t frames{};  ///< frames handed to the decoder (sent, opened and closed lines are not)
    std::array<std::uint64_t, core::tick_kind_count> ticks{};  ///< passed on, by TickKind
    std::array<std::uint64_t, control_count> control{};        ///< frames without market data, by Control
    std::array<std::uint64_t, error_count> errors{};           ///< refused frames, by Error
    DepthCounts depth{};
    SnapshotCounts snapshots{};
    ChecksumCounts checksums{};
    std::uint64_t sequence_breaks{};              ///< an update did not follow the one before
    std::uint64_t resyncs{};                      ///< a book became live (again)
    std::array<SeenFault, faults_kept> faults{};  ///< the newest, at index (faulted() - 1) % faults_kept

    /// Refused frames of any reason.
    [[nodiscard]] constexpr std::uint64_t faulted() const noexcept {
        std::uint64_t sum = 0;
        for (const auto n : errors) sum += n;
        return sum;
    }
    constexpr void count(const core::Fault& fault, const Frame& frame) noexcept {
        faults[faulted() % faults_kept] = {fault, frame.receive_time, frame.connection};
        ++errors[static_cast<std::size_t>(fault.reason)];
    }
    constexpr void count(Control what) noexcept { ++control[static_cast<std::size_t>(what)]; }
    constexpr void count(core::TickKind kind) noexcept { ++ticks[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] constexpr std::uint64_t of(core::TickKind kind) const noexcept {
        return ticks[static_cast<std::size_t>(kind)];
    }
    [[nodiscard]] constexpr std::uint64_t of(Control what) const noexcept {
        return control[static_cast<std::size_t>(what)];
    }
    [[nodiscard]] constexpr std::uint64_t of(core::Error reason) const noexcept {
        return errors[static_cast<std::size_t>(reason)];
    }
};

}  // namespace feeds
