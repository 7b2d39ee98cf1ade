#pragma once

#include "feeds/capture/byte_source.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace feeds::capture {

/// The lines of a text capture, one at a time, in a buffer that grows to the longest line and no further than
/// `max_line`. A line is followed by at least frame_padding readable bytes and valid until the next call.
class LineReader {
public:
    static constexpr std::size_t max_line = std::size_t{32} << 20;

    explicit LineReader(ByteSource source);

    /// The next line without its line feed, nothing at the end. Errors (CaptureError): the source's; oversized.
    std::optional<std::string_view> next();

    /// Where the last line starts: byte offset into the uncompressed text, and number from 1.
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }
    [[nodiscard]] std::uint64_t line() const noexcept { return line_; }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return source_.file(); }

private:
    bool refill();

    ByteSource source_;
    std::vector<char> buffer_;
    std::size_t begin_{}, end_{};  ///< what is unread in the buffer
    std::uint64_t position_{}, line_{};
    std::uint64_t next_position_{};
};

}  // namespace feeds::capture
