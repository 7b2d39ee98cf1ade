#pragma once

#include "core/domain/order.hpp"
#include "core/domain/result.hpp"
#include "core/domain/tick.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>

namespace pipeline {

/// How a 64-byte record proves itself: `seal` stamps it for its index in the journal (from 1), `intact` checks that.
/// A Tick hides a 24-bit CRC-32C in the top of its stored sequence (40 bits of count last 34 years at 1 M ticks/s).
struct TickSeal {
    static core::Tick sealed(core::Tick tick, std::uint64_t index) noexcept;
    static core::Result<core::Tick> opened(const core::Tick& stored, std::uint64_t index) noexcept;
};
/// An Order carries its CRC-32C, seeded with the index, in Order::seal.
struct OrderSeal {
    static core::Order sealed(core::Order order, std::uint64_t index) noexcept;
    static core::Result<core::Order> opened(const core::Order& stored, std::uint64_t index) noexcept;
};

/// First page of every segment file.
struct SegmentHeader {
    std::array<char, 8> magic{'O', 'M', 'G', 'J', 'R', 'N', 'L', '1'};
    std::uint32_t version{1};
    std::uint32_t record_bytes{64};
    std::uint64_t first_index{};  ///< index of the first record, from 1
    std::uint32_t segment{};
    std::uint32_t epoch{};                  ///< start counter of the run
    std::array<char, 64> session_sha256{};  ///< hex; hash of the session file: instruments, configuration, build
    std::uint32_t crc{};                    ///< CRC-32C of everything above
};
inline constexpr std::size_t segment_header_bytes = 4096;
/// Magic and CRC match.
bool header_intact(const SegmentHeader& header) noexcept;

/// Where and how a journal is kept.
struct JournalSettings {
    std::filesystem::path directory;
    std::string stem{"ticks"};              ///< files are <stem>-000000.journal, …
    std::size_t segment_records{1u << 18};  ///< 16 MiB a segment
    std::uint32_t epoch{1};
    std::array<char, 64> session_sha256{};
};

/// An append-only file of 64-byte records, memory-mapped: a record is on its way to the disk as soon as it is copied,
/// so a killed process loses nothing. Segments are reserved on disk (no SIGBUS on a full one) and prepared one ahead by
/// a cold thread. One writer. Errors at construction throw std::runtime_error with path and reason.
class JournalFile {
public:
    explicit JournalFile(const JournalSettings& settings);
    ~JournalFile();
    JournalFile(const JournalFile&) = delete;
    JournalFile& operator=(const JournalFile&) = delete;

    /// Room for the next record, or nullptr when the disk is full. Hot: no system call unless the cold thread is late.
    [[nodiscard]] void* claim() noexcept {
        if (next_ == end_) [[unlikely]]
            if (!rotate()) return nullptr;
        return next_;
    }
    void commit() noexcept {
        next_ += 64;
        ++count_;
        // The page was made by another core: its lines are asked for, to be written, long before a store would wait for
        // them. (A hint that never faults, past the end of the segment either; processors without it take it for a
        // no-op.)
        asm volatile("prefetchw %0" : : "m"(next_[write_ahead]));
    }

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    /// True once the segment after this one could not be reserved: stop opening risk while there is still room to close
    /// it.
    [[nodiscard]] bool nearly_full() const noexcept { return starved_.load(std::memory_order_relaxed); }
    /// Truncates the last segment to what was written and stops the cold thread.
    void close() noexcept;

private:
    struct Segment {
        int file{-1};
        std::byte* data{};
        std::uint32_t number{};
    };
    static constexpr std::ptrdiff_t write_ahead = 16 * 64;

    Segment open_segment(std::uint32_t number, std::string& problem) const noexcept;
    void release(Segment& segment, std::size_t used_bytes) const noexcept;
    bool rotate() noexcept;
    void keeper() noexcept;
    [[nodiscard]] std::size_t segment_bytes() const noexcept {
        return segment_header_bytes + settings_.segment_records * 64;
    }

    JournalSettings settings_;
    Segment current_{};
    std::byte* next_{};
    std::byte* end_{};
    std::uint64_t count_{};

    enum class Spare : int { wanted, ready, failed, closing };
    Segment spare_{};  // owned by the keeper while `wanted`, by the writer while `ready`
    std::atomic<Spare> spare_state_{Spare::wanted};
    std::atomic<bool> starved_{false};
    std::thread keeper_;
};

/// A journal of one kind of record.
template <class Record, class Seal>
class Journal {
public:
    explicit Journal(const JournalSettings& settings) : file_{settings} {}

    /// Appends; false when the disk is full (nothing written before is lost).
    bool append(const Record& record) noexcept {
        void* room = file_.claim();
        if (room == nullptr) [[unlikely]]
            return false;
        *static_cast<Record*>(room) = Seal::sealed(record, file_.count() + 1);
        file_.commit();
        return true;
    }
    [[nodiscard]] std::uint64_t count() const noexcept { return file_.count(); }
    [[nodiscard]] bool nearly_full() const noexcept { return file_.nearly_full(); }
    void close() noexcept { file_.close(); }

private:
    static_assert(sizeof(Record) == 64);
    JournalFile file_;
};
using TickJournal = Journal<core::Tick, TickSeal>;
using OrderJournal = Journal<core::Order, OrderSeal>;

}  // namespace pipeline
