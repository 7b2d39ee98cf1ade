#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/result.hpp"
#include "gateways/orders/fill_memory.hpp"
#include "gateways/orders/order_state.hpp"
#include "gateways/orders/venue_event.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gateways {

/// What is written into a ledger file.
enum class LedgerRecordKind : std::uint8_t {
    instrument = 1,  ///< InstrumentRecord: what an id means in this file; before everything else
    created,         ///< core::Order: before it is sent
    cancel_asked,    ///< CancelRecord: before the cancel is sent
    event,           ///< VenueEvent that changed something
    adjusted,        ///< PositionRecord: the position was set by reconciliation
    dropped,         ///< CancelRecord: an order was given up by reconciliation
    tracked,         ///< TrackedOrder (snapshot)
    fill,            ///< FillKey (snapshot)
    horizon,         ///< core::Nanoseconds of FillMemory::horizon (snapshot)
    position,        ///< PositionRecord (snapshot)
    highest,         ///< std::uint64_t: the highest id of ours ever seen (snapshot)
    opened           ///< OpenedRecord (snapshot)
};

struct InstrumentRecord {
    core::InstrumentId id{};
    std::uint8_t price_decimals{}, quantity_decimals{};
    std::uint8_t name_size{};
    std::array<char, 59> name{};  ///< Instrument::name()
};
struct CancelRecord {
    core::OrderId id{};
    core::Nanoseconds time{};
};
struct PositionRecord {
    core::InstrumentId instrument{};
    core::Quantity quantity{};
    core::Nanoseconds time{};
};
/// The highest ids of ours, by lane, when the position before the one that is held had ended.
struct OpenedRecord {
    core::InstrumentId instrument{};
    std::array<std::uint64_t, 2> since{};
};

/// One record, when it is read.
struct LedgerRecord {
    LedgerRecordKind kind{};
    union {
        InstrumentRecord instrument;
        core::Order order;
        CancelRecord cancel;
        VenueEvent event;
        TrackedOrder tracked;
        FillKey fill;
        core::Nanoseconds time;
        PositionRecord position;
        std::uint64_t highest;
        OpenedRecord opened;
    };
    LedgerRecord() noexcept : time{} {}
};

/// What reading a file found.
struct LedgerScan {
    std::uint64_t records{};
    std::size_t bytes{};  ///< of header and whole records
    bool torn{};          ///< the last record was not finished when the process died; nothing after it is lost
    bool damaged{};       ///< whole records lie behind a broken one: the disk or a hand changed the file
};

/// Reads header and records of a ledger's bytes and hands each to `on`, up to the last whole one. Errors: truncated,
/// corrupt (magic, CRC of the header, or another version's layout).
core::Result<LedgerScan> scan_ledger(std::string_view bytes, void (*on)(const LedgerRecord&, void*), void* context);
template <class F>
core::Result<LedgerScan> scan_ledger(std::string_view bytes, F&& on) {
    return scan_ledger(
        bytes, [](const LedgerRecord& record, void* f) { (*static_cast<std::remove_reference_t<F>*>(f))(record); },
        const_cast<void*>(static_cast<const void*>(&on)));
}

/// An append-only file of CRC-sealed records, memory-mapped: a killed process loses nothing that append() returned for
/// (a machine that loses power may lose the last seconds). One writer; a lock on the file keeps a second process out.
class LedgerFile {
public:
    LedgerFile() noexcept = default;
    LedgerFile(LedgerFile&& other) noexcept;
    LedgerFile& operator=(LedgerFile&& other) noexcept;
    ~LedgerFile();

    /// A new, empty file with mode 0600; one that exists is emptied. Errors: io, full, refused (locked by another).
    static core::Result<LedgerFile> create(const std::filesystem::path& path, std::size_t reserve_bytes = 1 << 20);

    /// False when there is no room on the disk. Grows by doubling, the only time there is a system call.
    bool append(LedgerRecordKind kind, const void* payload, std::size_t size) noexcept;

    /// Gives the file its name in place of an older one, after everything is on the disk. Error: io.
    core::Result<bool> rename_to(const std::filesystem::path& path) noexcept;

    [[nodiscard]] bool open() const noexcept { return file_ >= 0; }
    [[nodiscard]] std::size_t bytes() const noexcept { return used_; }
    [[nodiscard]] int descriptor() const noexcept { return file_; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    bool grow(std::size_t needed) noexcept;
    void close() noexcept;

    int file_{-1};
    std::byte* data_{};
    std::size_t used_{}, reserved_{};
    std::uint32_t index_{};
    std::filesystem::path path_;
};

/// Gives the open file `from` the name `to`, in place of an older one, after everything written so far is on the disk;
/// more may be written meanwhile. It waits for the disk, on whichever thread. False: io, nothing changed.
bool put_in_place(int file, const std::filesystem::path& from, const std::filesystem::path& to) noexcept;

/// A file that is locked as long as the object lives: between reading a ledger and replacing it nobody else may begin.
class FileLock {
public:
    FileLock() noexcept = default;
    FileLock(FileLock&& other) noexcept : file_{std::exchange(other.file_, -1)} {}
    FileLock& operator=(FileLock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    ~FileLock();

    /// Made if absent, mode 0600. Errors: io, refused (another has it).
    static core::Result<FileLock> take(const std::filesystem::path& path);

private:
    int file_{-1};
};

/// The whole file as text. Errors: io (with errno ENOENT when there is none), oversized (over 1 GiB), refused (a
/// running process has it open).
core::Result<std::vector<char>> read_ledger_file(const std::filesystem::path& path);

}  // namespace gateways
