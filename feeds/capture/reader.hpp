#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/frame.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

namespace feeds::capture {

enum class Format : std::uint8_t {
    cryptofeed,   ///< text: url, arrow, epoch seconds, JSON (one connection a file)
    hftbacktest,  ///< text: epoch nanoseconds, JSON (one symbol a file)
    omega         ///< our own: see README.md and writer.hpp
};

/// The frames of one capture file, in file order, in bounded memory.
class Reader {
public:
    virtual ~Reader() = default;

    /// Fills `frame` and returns true, or returns false at the end. Its views are valid until the next call; `bytes` is
    /// followed by frame_padding readable bytes. Throws CaptureError on damage; nothing can be read after that.
    virtual bool next(Frame& frame) = 0;

    [[nodiscard]] virtual Format format() const noexcept = 0;
    /// The venue the recorder named, if the format does.
    [[nodiscard]] virtual std::optional<core::Venue> venue() const noexcept { return std::nullopt; }
    /// Bytes of an unfinished last block, dropped: a recorder that was killed leaves them. Known at the end.
    [[nodiscard]] virtual std::uint64_t dropped_bytes() const noexcept { return 0; }
    /// Connection ids of this file are below this.
    [[nodiscard]] virtual std::uint32_t connections() const noexcept { return 1; }
};

/// Opens a capture of any format, plain, gzip or zstd, all told by its first bytes.
/// Errors (CaptureError): io, truncated (empty), malformed (no known format), corrupt, oversized.
std::unique_ptr<Reader> open(const std::filesystem::path& file);

}  // namespace feeds::capture
