#pragma once

#include "core/domain/result.hpp"

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace feeds::capture {

/// A capture that cannot be read or written: which file, where in it, what was expected, what can be done about it.
/// Thrown by everything in this folder that touches a file. Captures are read at start and beside the hot path only.
class CaptureError : public std::runtime_error {
public:
    CaptureError(core::Error reason, std::filesystem::path file, std::uint64_t position, const std::string& expected,
                 const std::string& advice);

    [[nodiscard]] core::Error reason() const noexcept { return reason_; }
    [[nodiscard]] const std::filesystem::path& file() const noexcept { return file_; }
    /// Byte offset: of the damage into an Omega capture's file, else of the line into the uncompressed text.
    [[nodiscard]] std::uint64_t position() const noexcept { return position_; }

private:
    core::Error reason_;
    std::filesystem::path file_;
    std::uint64_t position_;
};

}  // namespace feeds::capture
