#pragma once

#include "tests/feeds/venue_frames.hpp"

#include <zlib.h>

#include <string>
#include <vector>

namespace test {

/// The lines of the recorded v5 order book: the one deflated file of a zip archive.
inline std::vector<std::string> ob500_lines() {
    const auto zip = file_bytes(shared("l2/nautilus/bybit_xrpusdt-ob500.data.zip"));
    const auto number = [&](std::size_t at, int bytes) {
        std::size_t value = 0;
        for (int i = bytes - 1; i >= 0; --i) value = value << 8 | static_cast<unsigned char>(zip[at + static_cast<std::size_t>(i)]);
        return value;
    };
    const auto directory = zip.rfind("PK\x01\x02");   // the only entry of the central directory
    const auto local = number(directory + 42, 4);
    const auto start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
    std::string text(number(directory + 24, 4), '\0');
    z_stream stream{};
    std::string packed = zip.substr(start, number(directory + 20, 4));
    stream.next_in = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    inflateInit2(&stream, -MAX_WBITS);
    const int result = inflate(&stream, Z_FINISH);
    inflateEnd(&stream);
    EXPECT_EQ(result, Z_STREAM_END);

    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        if (end > at) lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace test
