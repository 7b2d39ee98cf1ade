#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/capture/format.hpp"
#include "feeds/frame.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

struct ZSTD_CCtx_s;

namespace feeds::capture {

/// Writes Omega's own capture format. Frames gather in a block of about 128 KiB, which goes out compressed, with its
/// CRC, in one write; so a killed recorder loses at most the block it was filling, and `flush` bounds that. Cold side:
/// the caller is a recording thread, never the hot path.
class CaptureWriter {
public:
    /// Creates `file`. Errors (CaptureError): refused (it exists: captures are never overwritten), io.
    CaptureWriter(std::filesystem::path file, core::Venue venue);
    ~CaptureWriter();  ///< flushes; a failure is lost, so call close() where it matters
    CaptureWriter(const CaptureWriter&) = delete;
    CaptureWriter& operator=(const CaptureWriter&) = delete;

    /// Adds one frame. Errors (CaptureError): oversized (frame over 32 MiB, url over 4 KiB, connection over 255),
    /// full or io (disk). After a failed write the file ends with its last whole block and the writer refuses more.
    void write(const Frame& frame);
    /// Ends the block now.
    void flush();
    /// Flushes and closes.
    void close();

    [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
    [[nodiscard]] std::uint64_t stored_bytes() const noexcept { return stored_; }  ///< written to the file so far

private:
    void write_whole(const void* bytes, std::size_t size);
    void write_header(core::Nanoseconds created);
    [[noreturn]] void fail(core::Error reason, const std::string& expected, const std::string& advice) const;

    std::filesystem::path file_;
    core::Venue venue_;
    int descriptor_{-1};
    bool header_written_{};
    ZSTD_CCtx_s* zstd_{};
    std::vector<char> raw_, stored_block_;
    std::uint32_t records_{};
    std::array<std::string, max_connections> urls_;  ///< last url of each connection in this block
    std::array<bool, max_connections> in_block_{};
    std::uint64_t frames_{}, stored_{};
};

}  // namespace feeds::capture
