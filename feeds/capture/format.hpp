#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

namespace feeds::capture {

/// Omega's own capture format, version 1; README.md describes it byte by byte. All numbers are little-endian.
/// File = FileHeader, then blocks; block = BlockHeader, then `stored_size` bytes of one zstd frame that unpacks to
/// `raw_size` bytes of `records` records; record = RecordHeader, url, frame.
inline constexpr std::string_view file_magic = "OMEGACAP";
inline constexpr std::uint32_t block_magic = 0x4b4c424f;  ///< "OBLK"
inline constexpr std::uint16_t format_version = 1;

struct FileHeader {
    std::array<char, 8> magic;
    std::uint16_t version;
    std::uint16_t venue;      ///< core::Venue
    std::uint32_t reserved;   ///< 0
    std::int64_t created;     ///< ns since the epoch: receive time of the first frame, 0 if unknown
    std::uint32_t reserved2;  ///< 0
    std::uint32_t crc;        ///< CRC-32 of the bytes before it
};
static_assert(sizeof(FileHeader) == 32 && std::is_trivially_copyable_v<FileHeader>);

struct BlockHeader {
    std::uint32_t magic;
    std::uint32_t stored_size;
    std::uint32_t raw_size;
    std::uint32_t records;
    std::uint32_t payload_crc;  ///< CRC-32 of the stored bytes
    std::uint32_t crc;          ///< CRC-32 of the bytes before it
};
static_assert(sizeof(BlockHeader) == 24 && std::is_trivially_copyable_v<BlockHeader>);

struct RecordHeader {
    std::int64_t receive_time;
    std::uint32_t size;      ///< bytes of the frame
    std::uint16_t url_size;  ///< bytes of the url, or same_url
    std::uint8_t connection;
    std::uint8_t origin;  ///< FrameOrigin
};
static_assert(sizeof(RecordHeader) == 16 && std::is_trivially_copyable_v<RecordHeader>);

/// RecordHeader::url_size of a record with the url of the record before it, in its block, with its connection.
inline constexpr std::uint16_t same_url = 0xffff;
inline constexpr std::uint32_t max_connections = 256;
inline constexpr std::size_t max_url = 4096;
inline constexpr std::size_t max_frame = std::size_t{32} << 20;
/// A block is closed when it reaches this; one with a larger frame holds only that frame in addition.
inline constexpr std::size_t block_target = std::size_t{128} << 10;
inline constexpr std::size_t max_raw_block = block_target + sizeof(RecordHeader) + max_url + max_frame;

/// CRC-32 (IEEE 802.3) of bytes.
std::uint32_t crc32(const void* bytes, std::size_t size) noexcept;

}  // namespace feeds::capture
