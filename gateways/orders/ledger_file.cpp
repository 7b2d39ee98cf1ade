#include "gateways/orders/ledger_file.hpp"

#include <fcntl.h>
#include <nmmintrin.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace gateways {

namespace {

struct FileHeader {
    std::array<char, 8> magic{'O', 'M', 'G', 'L', 'E', 'D', 'G', '1'};
    std::uint32_t version{1};
    /// A build that lays its records out differently must not read this file as its own.
    std::uint32_t order_bytes{sizeof(core::Order)}, event_bytes{sizeof(VenueEvent)};
    std::uint32_t tracked_bytes{sizeof(TrackedOrder)};
    std::uint32_t reserved{};
    std::uint32_t crc{};
};
static_assert(sizeof(FileHeader) == 32);

/// Before every record; records begin at multiples of 8.
struct RecordHeader {
    std::uint16_t mark{};
    std::uint8_t kind{};
    std::uint8_t reserved{};
    std::uint32_t size{};  ///< of the payload
    std::uint32_t index{};
    std::uint32_t crc{};  ///< CRC-32C of the fields above and the payload
};
static_assert(sizeof(RecordHeader) == 16);
constexpr std::uint16_t record_mark = 0x4c4f;
constexpr std::size_t max_file_bytes = std::size_t{1} << 30;

std::uint32_t crc32c(std::uint32_t crc, const void* from, std::size_t size) noexcept {
    const auto* bytes = static_cast<const unsigned char*>(from);
    std::uint64_t wide = crc;
    for (; size >= 8; size -= 8, bytes += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = static_cast<std::uint32_t>(wide);
    for (; size > 0; --size, ++bytes) crc = _mm_crc32_u8(crc, *bytes);
    return crc;
}

std::uint32_t crc_of(const FileHeader& header) noexcept {
    return ~crc32c(~0u, &header, offsetof(FileHeader, crc));
}
std::uint32_t crc_of(const RecordHeader& header, const void* payload) noexcept {
    return ~crc32c(crc32c(~0u, &header, offsetof(RecordHeader, crc)), payload, header.size);
}

constexpr std::size_t padded(std::size_t size) noexcept {
    return (size + 7) & ~std::size_t{7};
}

std::size_t payload_bytes(LedgerRecordKind kind) noexcept {
    switch (kind) {
        case LedgerRecordKind::instrument: return sizeof(InstrumentRecord);
        case LedgerRecordKind::created: return sizeof(core::Order);
        case LedgerRecordKind::cancel_asked:
        case LedgerRecordKind::dropped: return sizeof(CancelRecord);
        case LedgerRecordKind::event: return sizeof(VenueEvent);
        case LedgerRecordKind::adjusted:
        case LedgerRecordKind::position: return sizeof(PositionRecord);
        case LedgerRecordKind::tracked: return sizeof(TrackedOrder);
        case LedgerRecordKind::fill: return sizeof(FillKey);
        case LedgerRecordKind::horizon: return sizeof(core::Nanoseconds);
        case LedgerRecordKind::highest: return sizeof(std::uint64_t);
        case LedgerRecordKind::opened: return sizeof(OpenedRecord);
    }
    return 0;
}

/// Enumerations from a file are numbers until they are known to be values: a wrong one behind a right CRC is a writer
/// of another build.
bool sane(const LedgerRecord& record) noexcept {
    const auto sane_order = [](const core::Order& order) {
        return order.venue <= core::Venue::omega && order.side <= core::Side::sell &&
               order.type <= core::OrderType::cancel;
    };
    switch (record.kind) {
        case LedgerRecordKind::instrument: return record.instrument.name_size <= record.instrument.name.size();
        case LedgerRecordKind::created: return sane_order(record.order);
        case LedgerRecordKind::tracked:
            return sane_order(record.tracked.order) &&
                   record.tracked.venue_order.size <= record.tracked.venue_order.bytes.size();
        case LedgerRecordKind::event:
            return static_cast<std::size_t>(record.event.kind) < venue_event_kind_count &&
                   record.event.venue <= core::Venue::omega && record.event.side <= core::Side::sell &&
                   record.event.venue_order.size <= record.event.venue_order.bytes.size() &&
                   (record.event.kind != VenueEventKind::fill ||
                    record.event.fill.trade.size <= record.event.fill.trade.bytes.size());
        default: return true;
    }
}

/// The record at `at`, if it is whole and the `index`-th (0: any later one).
bool read_record(std::string_view bytes, std::size_t at, std::uint32_t index, RecordHeader& header,
                 LedgerRecord& record) noexcept {
    if (bytes.size() - at < sizeof header) return false;
    std::memcpy(&header, bytes.data() + at, sizeof header);
    if (header.mark != record_mark || (index != 0 && header.index != index)) return false;
    const auto kind = static_cast<LedgerRecordKind>(header.kind);
    const auto size = payload_bytes(kind);
    if (size == 0 || header.size != size || bytes.size() - at - sizeof header < size) return false;
    if (header.crc != crc_of(header, bytes.data() + at + sizeof header)) return false;
    record.kind = kind;
    // Every member of the union begins where it does and is trivially copyable.
    std::memcpy(static_cast<void*>(&record.time), bytes.data() + at + sizeof header, size);
    return sane(record);
}

}  // namespace

core::Result<LedgerScan> scan_ledger(std::string_view bytes, void (*on)(const LedgerRecord&, void*), void* context) {
    FileHeader file;
    if (bytes.size() < sizeof file) return core::Error::truncated;
    std::memcpy(&file, bytes.data(), sizeof file);
    if (file.magic != FileHeader{}.magic || file.crc != crc_of(file) || file.crc != crc_of(FileHeader{}))
        return core::Error::corrupt;

    LedgerScan scan{.records = 0, .bytes = sizeof file, .torn = false, .damaged = false};
    RecordHeader header;
    LedgerRecord record;
    while (scan.bytes < bytes.size() &&
           read_record(bytes, scan.bytes, static_cast<std::uint32_t>(scan.records + 1), header, record)) {
        on(record, context);
        ++scan.records;
        scan.bytes = std::min(bytes.size(), scan.bytes + sizeof header + padded(header.size));
    }
    const auto rest = bytes.substr(scan.bytes);
    scan.torn = std::any_of(rest.begin(), rest.end(), [](char c) { return c != 0; });
    for (auto at = scan.bytes + 8; scan.torn && at + sizeof header <= bytes.size() && !scan.damaged; at += 8)
        scan.damaged = read_record(bytes, at, 0, header, record) && header.index > scan.records + 1;
    return scan;
}

LedgerFile::LedgerFile(LedgerFile&& other) noexcept
    : file_{std::exchange(other.file_, -1)},
      data_{std::exchange(other.data_, nullptr)},
      used_{std::exchange(other.used_, 0)},
      reserved_{std::exchange(other.reserved_, 0)},
      index_{other.index_},
      path_{std::move(other.path_)} {}

LedgerFile& LedgerFile::operator=(LedgerFile&& other) noexcept {
    if (this == &other) return *this;
    close();
    file_ = std::exchange(other.file_, -1);
    data_ = std::exchange(other.data_, nullptr);
    used_ = std::exchange(other.used_, 0);
    reserved_ = std::exchange(other.reserved_, 0);
    index_ = other.index_;
    path_ = std::move(other.path_);
    return *this;
}

LedgerFile::~LedgerFile() {
    close();
}

void LedgerFile::close() noexcept {
    if (data_ != nullptr) ::munmap(data_, reserved_);
    data_ = nullptr;
    if (file_ < 0) return;
    // What was reserved and not used goes; if it cannot be cut, zeros at the end do no harm.
    if (::ftruncate(file_, static_cast<off_t>(used_)) != 0) errno = 0;
    ::close(file_);
    file_ = -1;
}

core::Result<LedgerFile> LedgerFile::create(const std::filesystem::path& path, std::size_t reserve_bytes) {
    LedgerFile made;
    made.path_ = path;
    made.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made.file_ < 0) return core::Error::io;
    if (::flock(made.file_, LOCK_EX | LOCK_NB) != 0) {
        ::close(std::exchange(made.file_, -1));  // not through close(): the other's bytes must stay
        return core::Error::refused;
    }
    if (::ftruncate(made.file_, 0) != 0) return core::Error::io;
    if (!made.grow(std::max(reserve_bytes, sizeof(FileHeader)))) return core::Error::full;
    FileHeader header;
    header.crc = crc_of(header);
    std::memcpy(made.data_, &header, sizeof header);
    made.used_ = sizeof header;
    return made;
}

bool LedgerFile::grow(std::size_t needed) noexcept {
    auto size = std::max<std::size_t>(reserved_, 4096);
    while (size < needed) size *= 2;
    // Reserved on the disk, so that a full one is told here and not by a SIGBUS.
    if (size > max_file_bytes || ::posix_fallocate(file_, 0, static_cast<off_t>(size)) != 0) return false;
    void* data = data_ == nullptr ? ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file_, 0)
                                  : ::mremap(data_, reserved_, size, MREMAP_MAYMOVE);
    if (data == MAP_FAILED) return false;
    data_ = static_cast<std::byte*>(data);
    reserved_ = size;
    return true;
}

bool LedgerFile::append(LedgerRecordKind kind, const void* payload, std::size_t size) noexcept {
    const auto needed = used_ + sizeof(RecordHeader) + padded(size);
    if (needed > reserved_ && !grow(needed)) [[unlikely]]
        return false;
    RecordHeader header{.mark = record_mark,
                        .kind = static_cast<std::uint8_t>(kind),
                        .reserved = 0,
                        .size = static_cast<std::uint32_t>(size),
                        .index = index_ + 1,
                        .crc = 0};
    header.crc = crc_of(header, payload);
    std::memcpy(data_ + used_ + sizeof header, payload, size);
    std::memcpy(data_ + used_, &header, sizeof header);
    used_ = needed;
    ++index_;
    return true;
}

core::Result<bool> LedgerFile::rename_to(const std::filesystem::path& path) noexcept {
    if (!put_in_place(file_, path_, path)) return core::Error::io;
    path_ = path;
    return true;
}

bool put_in_place(int file, const std::filesystem::path& from, const std::filesystem::path& to) noexcept {
    if (::fdatasync(file) != 0 || ::rename(from.c_str(), to.c_str()) != 0) return false;
    const auto folder = to.has_parent_path() ? to.parent_path() : std::filesystem::path{"."};
    if (const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
    return true;
}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

core::Result<FileLock> FileLock::take(const std::filesystem::path& path) {
    FileLock made;
    made.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (made.file_ < 0) return core::Error::io;
    if (::flock(made.file_, LOCK_EX | LOCK_NB) != 0) return core::Error::refused;
    return made;
}

core::Result<std::vector<char>> read_ledger_file(const std::filesystem::path& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return core::Error::io;
    struct stat status {};
    std::vector<char> bytes;
    core::Result<std::vector<char>> result = core::Error::io;
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        result = core::Error::refused;
    } else if (::fstat(file, &status) == 0) {
        if (static_cast<std::size_t>(status.st_size) > max_file_bytes) {
            result = core::Error::oversized;
        } else {
            bytes.resize(static_cast<std::size_t>(status.st_size));
            std::size_t got = 0;
            for (ssize_t n = 1; got < bytes.size() && n > 0; got += static_cast<std::size_t>(n))
                if ((n = ::read(file, bytes.data() + got, bytes.size() - got)) < 0) break;
            if (got >= bytes.size()) result = std::move(bytes);
        }
    }
    const int problem = errno;
    ::close(file);
    errno = problem;
    return result;
}

}  // namespace gateways
