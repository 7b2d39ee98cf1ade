#pragma once

#include "feeds/capture/reader.hpp"

#include <stdlib.h>  // NOLINT: mkdtemp is POSIX

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// A folder of this test's own, gone with it.
class TemporaryFolder {
public:
    TemporaryFolder() {
        auto pattern = (std::filesystem::temp_directory_path() / "omega-capture-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

private:
    std::filesystem::path path_;
};

inline std::filesystem::path write_file(const std::filesystem::path& file, std::string_view bytes) {
    std::ofstream{file, std::ios::binary}.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file;
}

inline std::string read_file(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// A frame that owns its bytes, to compare.
struct OwnedFrame {
    std::string bytes;
    core::Nanoseconds receive_time{};
    std::uint32_t connection{};
    feeds::FrameOrigin origin{};
    std::string url{};

    friend bool operator==(const OwnedFrame&, const OwnedFrame&) = default;
    [[nodiscard]] feeds::Frame view() const { return {bytes, receive_time, connection, origin, url}; }
    static OwnedFrame of(const feeds::Frame& frame) {
        return {std::string{frame.bytes}, frame.receive_time, frame.connection, frame.origin, std::string{frame.url}};
    }
};

template <class Reader>
std::vector<OwnedFrame> all_frames(Reader& reader) {
    std::vector<OwnedFrame> frames;
    for (feeds::Frame frame; reader.next(frame);) frames.push_back(OwnedFrame::of(frame));
    return frames;
}

}  // namespace test
