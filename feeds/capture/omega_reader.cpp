#include "feeds/capture/omega_reader.hpp"

#include "feeds/capture/error.hpp"

#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace feeds::capture {

OmegaReader::OmegaReader(ByteSource source) : source_{std::move(source)} {
    FileHeader header{};
    const auto got = read_up_to(&header, sizeof header);
    if (got < sizeof header) {  // `open` saw that it begins like one of ours
        dropped_ = got;
        ended_ = true;
        return;
    }
    if (header.crc != crc32(&header, offsetof(FileHeader, crc)) ||
        std::string_view{header.magic.data(), header.magic.size()} != file_magic)
        corrupt("a file header whose CRC matches");
    if (header.version != format_version)
        throw CaptureError{
            core::Error::unknown_message, source_.file(), 8,
            "format version " + std::to_string(format_version) + ", not " + std::to_string(header.version),
            "read it with the Omega that wrote it, or a newer one"};
    if (header.venue >= core::venue_count) corrupt("a known venue");
    venue_ = static_cast<core::Venue>(header.venue);
    position_ = sizeof header;
    zstd_ = ZSTD_createDCtx();
    if (zstd_ == nullptr) throw std::bad_alloc{};
}

OmegaReader::~OmegaReader() {
    ZSTD_freeDCtx(zstd_);
}

void OmegaReader::corrupt(const std::string& expected) const {
    throw CaptureError{core::Error::corrupt, source_.file(), position_, expected,
                       "the frames before it are good; fetch or record the file again"};
}

std::size_t OmegaReader::read_up_to(void* to, std::size_t size) {
    std::size_t got = 0;
    while (got < size) {
        const auto count = source_.read(static_cast<char*>(to) + got, size - got);
        if (count == 0) break;
        got += count;
    }
    return got;
}

bool OmegaReader::next_block() {
    BlockHeader header{};
    const auto got = read_up_to(&header, sizeof header);
    if (got == 0) return false;
    if (got < sizeof header) {
        dropped_ = got;
        return false;
    }
    if (header.magic != block_magic || header.crc != crc32(&header, offsetof(BlockHeader, crc)))
        corrupt("a block header whose CRC matches");
    if (header.raw_size > max_raw_block || header.stored_size > ZSTD_compressBound(max_raw_block))
        corrupt("a block of a size this format has");
    stored_.resize(header.stored_size);
    const auto stored = read_up_to(stored_.data(), stored_.size());
    if (stored < stored_.size()) {
        dropped_ = sizeof header + stored;
        return false;
    }
    if (header.payload_crc != crc32(stored_.data(), stored_.size())) corrupt("a block whose CRC matches");
    raw_.resize(header.raw_size + frame_padding);
    raw_size_ = ZSTD_decompressDCtx(zstd_, raw_.data(), header.raw_size, stored_.data(), stored_.size());
    if (ZSTD_isError(raw_size_) || raw_size_ != header.raw_size) corrupt("a block that unpacks to its stated size");
    at_ = 0;
    records_left_ = header.records;
    known_.fill(false);
    return true;
}

bool OmegaReader::next(Frame& frame) {
    while (!ended_ && records_left_ == 0) {
        if (at_ != raw_size_) corrupt("a block of exactly its records");
        if (raw_size_ > 0) position_ += sizeof(BlockHeader) + stored_.size();
        raw_size_ = at_ = 0;
        ended_ = !next_block();
    }
    if (ended_) return false;
    RecordHeader header{};
    if (raw_size_ - at_ < sizeof header) corrupt("a whole record");
    std::memcpy(&header, raw_.data() + at_, sizeof header);
    at_ += sizeof header;
    const bool repeated = header.url_size == same_url;
    const std::size_t url_size = repeated ? 0 : header.url_size;
    if (raw_size_ - at_ < url_size + header.size || header.origin > static_cast<std::uint8_t>(FrameOrigin::closed) ||
        (repeated && !known_[header.connection]))
        corrupt("a whole record");
    if (!repeated) {
        urls_[header.connection] = {raw_.data() + at_, url_size};
        known_[header.connection] = true;
    }
    at_ += url_size;
    frame = Frame{.bytes = {raw_.data() + at_, header.size},
                  .receive_time = core::Nanoseconds{header.receive_time},
                  .connection = header.connection,
                  .origin = static_cast<FrameOrigin>(header.origin),
                  .url = urls_[header.connection]};
    at_ += header.size;
    --records_left_;
    return true;
}

}  // namespace feeds::capture
