#include "feeds/capture/writer.hpp"

#include "feeds/capture/error.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

namespace feeds::capture {

static_assert(std::endian::native == std::endian::little, "the format is written as it lies in memory");

namespace {
constexpr int compression_level = 3;  // about 250 MB/s on market data; higher levels gain little
}

std::uint32_t crc32(const void* bytes, std::size_t size) noexcept {
    return static_cast<std::uint32_t>(::crc32_z(0, static_cast<const Bytef*>(bytes), size));
}

CaptureWriter::CaptureWriter(std::filesystem::path file, core::Venue venue)
    : file_{std::move(file)}, venue_{venue}, zstd_{ZSTD_createCCtx()} {
    if (zstd_ == nullptr) throw std::bad_alloc{};
    descriptor_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ < 0) {
        const int reason = errno;
        ZSTD_freeCCtx(zstd_);
        if (reason == EEXIST) fail(core::Error::refused, "a new file (this one exists)", "choose another name");
        fail(core::Error::io, std::string{"cannot create ("} + std::strerror(reason) + ")",
             "check the folder and its permissions");
    }
    raw_.reserve(block_target * 2);
}

CaptureWriter::~CaptureWriter() {
    try {
        close();
    } catch (const CaptureError&) {
        // Said so in the header: who needs to know calls close().
    }
    ZSTD_freeCCtx(zstd_);
}

void CaptureWriter::fail(core::Error reason, const std::string& expected, const std::string& advice) const {
    throw CaptureError{reason, file_, stored_, expected, advice};
}

void CaptureWriter::write(const Frame& frame) {
    if (descriptor_ < 0) fail(core::Error::refused, "an open capture", "a write failed before, or it was closed");
    if (frame.bytes.size() > max_frame)
        fail(core::Error::oversized, "a frame of at most 32 MiB", "it was not recorded");
    if (frame.url.size() > max_url) fail(core::Error::oversized, "a url of at most 4 KiB", "it was not recorded");
    if (frame.connection >= max_connections)
        fail(core::Error::oversized, "a connection id below 256", "number the connections from 0");
    if (!header_written_) write_header(frame.receive_time);

    auto& url = urls_[frame.connection];
    auto& known = in_block_[frame.connection];
    const bool repeated = known && url == frame.url;
    const RecordHeader header{.receive_time = frame.receive_time.count(),
                              .size = static_cast<std::uint32_t>(frame.bytes.size()),
                              .url_size = repeated ? same_url : static_cast<std::uint16_t>(frame.url.size()),
                              .connection = static_cast<std::uint8_t>(frame.connection),
                              .origin = static_cast<std::uint8_t>(frame.origin)};
    const auto* bytes = reinterpret_cast<const char*>(&header);
    raw_.insert(raw_.end(), bytes, bytes + sizeof header);
    if (!repeated) {
        raw_.insert(raw_.end(), frame.url.begin(), frame.url.end());
        url = frame.url;
        known = true;
    }
    raw_.insert(raw_.end(), frame.bytes.begin(), frame.bytes.end());
    ++records_;
    ++frames_;
    if (raw_.size() >= block_target) flush();
}

void CaptureWriter::flush() {
    if (descriptor_ < 0) return;
    if (!header_written_) write_header(core::Nanoseconds{});
    if (records_ == 0) return;
    stored_block_.resize(sizeof(BlockHeader) + ZSTD_compressBound(raw_.size()));
    const auto size =
        ZSTD_compressCCtx(zstd_, stored_block_.data() + sizeof(BlockHeader), stored_block_.size() - sizeof(BlockHeader),
                          raw_.data(), raw_.size(), compression_level);
    if (ZSTD_isError(size))
        fail(core::Error::io, std::string{"compressing: "} + ZSTD_getErrorName(size), "report this");
    BlockHeader header{.magic = block_magic,
                       .stored_size = static_cast<std::uint32_t>(size),
                       .raw_size = static_cast<std::uint32_t>(raw_.size()),
                       .records = records_,
                       .payload_crc = crc32(stored_block_.data() + sizeof(BlockHeader), size),
                       .crc = 0};
    header.crc = crc32(&header, offsetof(BlockHeader, crc));
    std::memcpy(stored_block_.data(), &header, sizeof header);
    write_whole(stored_block_.data(), sizeof header + size);
    raw_.clear();
    records_ = 0;
    in_block_.fill(false);
}

void CaptureWriter::close() {
    flush();
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void CaptureWriter::write_header(core::Nanoseconds created) {
    FileHeader header{};
    std::copy(file_magic.begin(), file_magic.end(), header.magic.begin());
    header.version = format_version;
    header.venue = static_cast<std::uint16_t>(venue_);
    header.created = created.count();
    header.crc = crc32(&header, offsetof(FileHeader, crc));
    write_whole(&header, sizeof header);
    header_written_ = true;
}

void CaptureWriter::write_whole(const void* bytes, std::size_t size) {
    const auto* from = static_cast<const char*>(bytes);
    std::size_t written = 0;
    while (written < size) {
        const auto count = ::write(descriptor_, from + written, size - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            const int reason = count == 0 ? ENOSPC : errno;
            // Leave whole blocks only. If even this fails, the reader drops the torn tail.
            [[maybe_unused]] const int ignored = ::ftruncate(descriptor_, static_cast<off_t>(stored_));
            ::close(std::exchange(descriptor_, -1));
            fail(reason == ENOSPC || reason == EDQUOT ? core::Error::full : core::Error::io,
                 std::string{"writing failed ("} + std::strerror(reason) + ")",
                 "free the disk and start a new capture; what was written before is whole");
        }
        written += static_cast<std::size_t>(count);
    }
    stored_ += size;
}

}  // namespace feeds::capture
