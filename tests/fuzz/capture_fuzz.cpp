#include "feeds/capture/error.hpp"
#include "feeds/capture/format.hpp"
#include "feeds/capture/reader.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

namespace {

/// The input as the records of one block whose CRCs are right: what random bytes never get past.
std::string wrapped(const std::uint8_t* data, std::size_t size) {
    using namespace feeds::capture;
    FileHeader file{};
    std::memcpy(file.magic.data(), file_magic.data(), file_magic.size());
    file.version = format_version;
    file.crc = crc32(&file, offsetof(FileHeader, crc));
    std::string stored(ZSTD_compressBound(size), '\0');
    stored.resize(ZSTD_compress(stored.data(), stored.size(), data, size, 1));
    BlockHeader block{.magic = block_magic,
                      .stored_size = static_cast<std::uint32_t>(stored.size()),
                      .raw_size = static_cast<std::uint32_t>(size),
                      .records = size > 0 ? data[0] : 0U,
                      .payload_crc = crc32(stored.data(), stored.size()),
                      .crc = 0};
    block.crc = crc32(&block, offsetof(BlockHeader, crc));
    return std::string{reinterpret_cast<const char*>(&file), sizeof file} +
           std::string{reinterpret_cast<const char*>(&block), sizeof block} + stored;
}

void read_all(const void* bytes, std::size_t size) {
    const int memory = ::memfd_create("capture", MFD_CLOEXEC);
    if (memory < 0 || ::write(memory, bytes, size) != static_cast<ssize_t>(size)) return;
    try {
        const auto reader = feeds::capture::open("/proc/self/fd/" + std::to_string(memory));
        std::uint64_t sum = 0;  // every byte and the padding behind it must be readable
        for (feeds::Frame frame; reader->next(frame);)
            for (std::size_t i = 0; i < frame.bytes.size() + feeds::frame_padding; ++i)
                sum += static_cast<unsigned char>(frame.bytes.data()[i]);
        [[maybe_unused]] volatile std::uint64_t keep = sum;
    } catch (const feeds::capture::CaptureError&) {
        // The only way to refuse.
    }
    ::close(memory);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_all(data, size);
    const auto whole = wrapped(data, size);
    read_all(whole.data(), whole.size());
    return 0;
}
