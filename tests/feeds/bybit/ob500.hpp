#pragma once

#include "tests/feeds/venue_frames.hpp"

#include <string>
#include <vector>

namespace test {

/// The lines of the recorded v5 order book: the one file of a zip archive, stored without compression.
inline std::vector<std::string> ob500_lines() {
    const auto zip = file_bytes(shared("l2/nautilus/bybit_xrpusdt-ob500.data.zip"));
    const auto start = zip.find("{\"topic\"");
    const auto text = zip.substr(start, zip.rfind("PK\x01\x02") - start);
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto last = text[end - 1] == '\r' ? end - 1 : end;  // the recorder ended lines with CR LF
        if (last > at) lines.push_back(text.substr(at, last - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace test
