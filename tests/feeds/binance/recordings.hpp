#pragma once

#include "feeds/frame.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// A recording read whole, line by line; every line's bytes are followed by frame_padding readable ones.
class Recording {
public:
    explicit Recording(const std::filesystem::path& file) {
        text_ = file.extension() == ".zst" ? unpack_zst(file) : unpack_gz(file);
        text_.append(feeds::frame_padding, '\0');
    }
    /// `f(line)` for every line, without its line feed.
    template <class F>
    void each(F&& f) const {
        std::string_view rest{text_.data(), text_.size() - feeds::frame_padding};
        while (!rest.empty()) {
            const auto end = std::min(rest.find('\n'), rest.size());
            f(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
    }

private:
    static std::string unpack_gz(const std::filesystem::path& file) {
        std::string text;
        const auto in = gzopen(file.c_str(), "rb");
        EXPECT_NE(in, nullptr) << file;
        if (!in) return text;
        std::vector<char> block(1 << 20);
        for (int n = 0; (n = gzread(in, block.data(), static_cast<unsigned>(block.size()))) > 0;)
            text.append(block.data(), static_cast<std::size_t>(n));
        gzclose(in);
        return text;
    }
    static std::string unpack_zst(const std::filesystem::path& file) {
        std::ifstream in{file, std::ios::binary};
        EXPECT_TRUE(in) << file;
        const std::string packed{std::istreambuf_iterator<char>{in}, {}};
        std::string text(1 << 20, '\0');
        for (;;) {
            const auto size = ZSTD_decompress(text.data(), text.size(), packed.data(), packed.size());
            if (!ZSTD_isError(size)) return text.substr(0, size);
            if (text.size() > (std::size_t{1} << 30)) return {};
            text.resize(text.size() * 2);
        }
    }
    std::string text_;
};

/// A line of hftbacktest's tapes, `<epoch_ns> <json>`, as a frame.
inline feeds::Frame tape_frame(std::string_view line) {
    const auto space = line.find(' ');
    feeds::Frame frame;
    frame.bytes = line.substr(space + 1);
    frame.receive_time = core::Nanoseconds{std::stoll(std::string{line.substr(0, space)})};
    return frame;
}

/// A line of cryptofeed's captures as a frame; lines that are none have empty bytes.
inline feeds::Frame cryptofeed_frame(std::string_view line) {
    feeds::Frame frame;
    const auto brace = line.find(": {");
    if (brace == line.npos || line.find(" <- ") < brace) return frame;
    if (const auto arrow = line.find(" -> "); arrow < brace) {
        frame.origin = feeds::FrameOrigin::rest;
        frame.url = line.substr(0, arrow);
        line.remove_prefix(arrow + 4);
    }
    const auto colon = line.find(": {");
    frame.bytes = line.substr(colon + 2);
    frame.receive_time =
        core::Nanoseconds{static_cast<std::int64_t>(std::stod(std::string{line.substr(0, colon)}) * 1e9)};
    return frame;
}

}  // namespace test
