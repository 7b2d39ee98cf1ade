#pragma once

#include "core/domain/price.hpp"
#include "core/domain/tick.hpp"

#include <zlib.h>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// The text of a gzip file of the shared recordings, "" where it is absent.
inline std::string inflate(const std::string& name) {
    std::string text;
    gzFile file = gzopen((std::string{OMEGA_SHARED_DATA "/"} + name).c_str(), "rb");
    if (file == nullptr) return text;
    std::vector<char> block(std::size_t{1} << 20);
    for (int size = 0; (size = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0;)
        text.append(block.data(), static_cast<std::size_t>(size));
    gzclose(file);
    return text;
}

/// A price level as the tape wrote it.
struct TapeLevel {
    core::Side side;
    std::string_view price, quantity;
};

/// Every level of the depth events and the snapshot of an hftbacktest tape, in order; they point into `tape`.
inline std::vector<TapeLevel> levels_of(std::string_view tape) {
    std::vector<TapeLevel> levels;
    const auto read_side = [&](std::string_view line, std::string_view key, core::Side side) {
        auto at = line.find(key);
        if (at == std::string_view::npos) return;
        at += key.size();
        while (line[at] == '[' || line[at] == ',') {
            const auto price = line.find('"', at) + 1;
            const auto price_end = line.find('"', price);
            const auto quantity = line.find('"', price_end + 1) + 1;
            const auto quantity_end = line.find('"', quantity);
            levels.push_back(
                {side, line.substr(price, price_end - price), line.substr(quantity, quantity_end - quantity)});
            at = quantity_end + 2;
        }
    };
    while (!tape.empty()) {
        const auto line = tape.substr(0, tape.find('\n'));
        tape.remove_prefix(std::min(line.size() + 1, tape.size()));
        if (line.find("depthUpdate") != std::string_view::npos) {
            read_side(line, "\"b\":[", core::Side::buy);
            read_side(line, "\"a\":[", core::Side::sell);
        } else if (line.find("lastUpdateId") != std::string_view::npos) {
            read_side(line, "\"bids\":[", core::Side::buy);
            read_side(line, "\"asks\":[", core::Side::sell);
        }
    }
    return levels;
}

}  // namespace bench
