#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace feeds::capture {

/// The uncompressed bytes of a file that may be plain, gzip or zstd (told by its first bytes, not its name), in a
/// bounded amount of memory. Several gzip members or zstd frames in a row read as one stream.
/// Errors (CaptureError): io (missing, unreadable, not a regular file), truncated (the compressed stream ends early),
/// corrupt.
class ByteSource {
public:
    explicit ByteSource(std::filesystem::path file);
    ~ByteSource();
    ByteSource(ByteSource&&) noexcept;
    ByteSource& operator=(ByteSource&&) noexcept;

    /// Fills `to` with up to `size` bytes and returns how many; 0 only at the end.
    std::size_t read(char* to, std::size_t size);

    [[nodiscard]] const std::filesystem::path& file() const noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace feeds::capture
