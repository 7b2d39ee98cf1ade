#include "pipeline/flow/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <nmmintrin.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>

namespace pipeline {

namespace {

constexpr std::uint64_t count_bits = 40;
constexpr std::uint64_t count_mask = (std::uint64_t{1} << count_bits) - 1;

/// CRC-32C of a 64-byte record: two interleaved chains halve the latency, the index joins the first.
std::uint32_t crc64(const void* record, std::uint64_t index) noexcept {
    std::array<std::uint64_t, 8> words;
    std::memcpy(words.data(), record, 64);
    std::uint64_t a = _mm_crc32_u64(~0u, index), b = 0x5bd1e995u;
    for (std::size_t i = 0; i < 8; i += 2) {
        a = _mm_crc32_u64(a, words[i]);
        b = _mm_crc32_u64(b, words[i + 1]);
    }
    return static_cast<std::uint32_t>(_mm_crc32_u64(a, b));
}

std::uint32_t crc_of(const SegmentHeader& header) noexcept {
    const auto* bytes = reinterpret_cast<const unsigned char*>(&header);
    std::uint32_t crc = ~0u;
    for (std::size_t i = 0; i < offsetof(SegmentHeader, crc); ++i) crc = _mm_crc32_u8(crc, bytes[i]);
    return ~crc;
}

}  // namespace

core::Tick TickSeal::sealed(core::Tick tick, std::uint64_t index) noexcept {
    tick.sequence &= count_mask;
    tick.sequence |= static_cast<std::uint64_t>(crc64(&tick, index)) << count_bits;
    return tick;
}

core::Result<core::Tick> TickSeal::opened(const core::Tick& stored, std::uint64_t index) noexcept {
    core::Tick tick = stored;
    tick.sequence &= count_mask;
    const auto seal = static_cast<std::uint64_t>(crc64(&tick, index)) << count_bits;
    if (stored.sequence == 0) return core::Error::truncated;
    if ((seal | tick.sequence) != stored.sequence) return core::Error::corrupt;
    return tick;
}

core::Order OrderSeal::sealed(core::Order order, std::uint64_t index) noexcept {
    order.seal = 0;
    order.seal = crc64(&order, index) | 1;  // never 0, so that an unwritten record is told from a damaged one
    return order;
}

core::Result<core::Order> OrderSeal::opened(const core::Order& stored, std::uint64_t index) noexcept {
    if (stored.seal == 0) return core::Error::truncated;
    if (sealed(stored, index).seal != stored.seal) return core::Error::corrupt;
    core::Order order = stored;
    order.seal = 0;
    return order;
}

bool header_intact(const SegmentHeader& header) noexcept {
    return header.magic == SegmentHeader{}.magic && header.crc == crc_of(header);
}

JournalFile::JournalFile(const JournalSettings& settings) : settings_{settings} {
    std::filesystem::create_directories(settings_.directory);
    std::string problem;
    current_ = open_segment(0, problem);
    if (current_.data == nullptr) throw std::runtime_error{problem};
    next_ = current_.data + segment_header_bytes;
    end_ = current_.data + segment_bytes();
    keeper_ = std::thread{[this] { keeper(); }};
}

JournalFile::~JournalFile() {
    close();
}

JournalFile::Segment JournalFile::open_segment(std::uint32_t number, std::string& problem) const noexcept {
    const auto path = settings_.directory / fmt::format("{}-{:06}.journal", settings_.stem, number);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0) {
        problem =
            fmt::format("journal {}: cannot create ({}); expected a directory without an older journal of this name",
                        path.string(), std::strerror(errno));
        return {};
    }
    const auto give_up = [&](const char* what, int error) {
        problem = fmt::format("journal {}: {} ({}); needs {} bytes free", path.string(), what, std::strerror(error),
                              segment_bytes());
        ::close(file);
        ::unlink(path.c_str());
        return Segment{};
    };
    // Reserved now, so that a full disk is an error here and never a SIGBUS in the middle of a record.
    if (const int error = ::posix_fallocate(file, 0, static_cast<off_t>(segment_bytes())); error != 0)
        return give_up("cannot reserve", error);
    void* data = ::mmap(nullptr, segment_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (data == MAP_FAILED) return give_up("cannot map", errno);
    ::madvise(data, segment_bytes(), 23 /* MADV_POPULATE_WRITE: fault the pages in here, not on the hot path */);

    SegmentHeader header;
    header.first_index = static_cast<std::uint64_t>(number) * settings_.segment_records + 1;
    header.segment = number;
    header.epoch = settings_.epoch;
    header.session_sha256 = settings_.session_sha256;
    header.crc = crc_of(header);
    std::memcpy(data, &header, sizeof header);
    return {file, static_cast<std::byte*>(data), number};
}

void JournalFile::release(Segment& segment, std::size_t used_bytes) const noexcept {
    if (segment.data == nullptr) return;
    ::munmap(segment.data, segment_bytes());
    if (used_bytes < segment_bytes() && ::ftruncate(segment.file, static_cast<off_t>(used_bytes)) != 0) {
        // The file stays longer than it needs to be; a reader stops at the first unwritten record all the same.
    }
    ::close(segment.file);
    segment = {};
}

bool JournalFile::rotate() noexcept {
    Spare state =
        spare_state_.load(std::memory_order_acquire);  // pairs with the keeper's release: the segment is whole
    while (state == Spare::wanted) {
        std::this_thread::yield();  // the cold thread is late: only when a segment filled faster than one could be
                                    // reserved
        state = spare_state_.load(std::memory_order_acquire);
    }
    if (state != Spare::ready) return false;
    std::swap(current_, spare_);  // the full one goes back through `spare_` for the keeper to release
    next_ = current_.data + segment_header_bytes;
    end_ = current_.data + segment_bytes();
    spare_state_.store(Spare::wanted, std::memory_order_release);
    spare_state_.notify_one();
    return true;
}

void JournalFile::keeper() noexcept {
    std::uint32_t number = 1;
    for (;;) {
        spare_state_.wait(Spare::ready, std::memory_order_acquire);
        if (spare_state_.load(std::memory_order_acquire) == Spare::closing) return;
        release(spare_, segment_bytes());
        std::string problem;
        spare_ = open_segment(number, problem);
        const bool ok = spare_.data != nullptr;
        if (ok) ++number;
        starved_.store(!ok, std::memory_order_relaxed);
        Spare now = spare_state_.load(std::memory_order_relaxed);
        do {
            if (now == Spare::closing) return;
        } while (
            !spare_state_.compare_exchange_weak(now, ok ? Spare::ready : Spare::failed, std::memory_order_release));
        // Room may be made while there is still some left in the segment at hand: try again, not in a hurry.
        if (!ok) std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
}

void JournalFile::close() noexcept {
    if (!keeper_.joinable()) return;
    spare_state_.store(Spare::closing, std::memory_order_release);
    spare_state_.notify_one();
    keeper_.join();
    if (spare_.data != nullptr) {
        const auto unused = settings_.directory / fmt::format("{}-{:06}.journal", settings_.stem, spare_.number);
        const bool written = spare_.number < current_.number;
        release(spare_, segment_bytes());
        if (!written) ::unlink(unused.c_str());
    }
    if (current_.data != nullptr) release(current_, static_cast<std::size_t>(next_ - current_.data));
    next_ = end_ = nullptr;
}

}  // namespace pipeline
