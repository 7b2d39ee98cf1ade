#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/frame.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace feeds {

/// Where raw frames are recorded, and how much of them is kept.
struct RecorderSettings {
    std::filesystem::path folder{};                       ///< made if it is not there
    std::uint64_t file_bytes{std::uint64_t{256} << 20};   ///< a file is ended beyond this
    core::Nanoseconds file_time{std::chrono::hours{1}};   ///< or after so long
    std::uint64_t budget_bytes{std::uint64_t{20} << 30};  ///< all captures of the folder together; the oldest go first
    std::size_t queue_bytes{std::size_t{64} << 20};       ///< frames on their way to the disk
};

/// Records every frame of a venue in Omega's capture format, on a thread of its own: whoever brings a frame copies it
/// into a bounded queue and goes on. What does not fit (a disk that does not keep up, or is full) is dropped and
/// counted; trading never waits for it.
class Recorder {
public:
    struct Counts {
        std::uint64_t taken{}, dropped{}, written{}, bytes{}, files{}, removed{}, failures{};
    };

    /// Throws std::filesystem::filesystem_error when the folder cannot be made.
    Recorder(RecorderSettings settings, core::Venue venue);
    ~Recorder();  ///< writes what was taken
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    /// Takes a copy; false when it was dropped. From one thread.
    bool push(const Frame& frame) noexcept;

    /// From any thread; each number by itself is right.
    [[nodiscard]] Counts counts() const noexcept;
    [[nodiscard]] std::string problem() const;  ///< the newest failure in words

private:
    struct Queue;
    struct Shelf;
    void run();

    RecorderSettings settings_;
    std::unique_ptr<Queue> queue_;
    std::unique_ptr<Shelf> shelf_;
    std::atomic<bool> stop_{};
    std::thread thread_;
};

}  // namespace feeds
