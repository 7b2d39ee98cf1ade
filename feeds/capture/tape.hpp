#pragma once

#include "feeds/frame.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace feeds::capture {

/// All frames of a session in memory, to be walked many times: for benchmarks and replays at full speed.
/// Every frame is followed by frame_padding readable bytes; views live as long as the tape.
class Tape {
public:
    [[nodiscard]] std::size_t size() const noexcept { return frames_.size(); }
    [[nodiscard]] const Frame& operator[](std::size_t index) const noexcept { return frames_[index]; }
    [[nodiscard]] auto begin() const noexcept { return frames_.begin(); }
    [[nodiscard]] auto end() const noexcept { return frames_.end(); }
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }  ///< of the frames, without padding

private:
    friend Tape load_into_memory(std::span<const std::filesystem::path> files);
    /// A copy of `text`, padded.
    std::string_view keep(std::string_view text);

    // Chunks never move, so views into them stay good while the tape grows or is moved.
    std::vector<std::unique_ptr<char[]>> chunks_;
    std::size_t free_{};
    char* next_{};
    std::vector<Frame> frames_;
    std::uint64_t bytes_{};
};

/// Reads the files of a session as MergedReader does, whole. Errors: those of MergedReader.
Tape load_into_memory(std::span<const std::filesystem::path> files);

}  // namespace feeds::capture
