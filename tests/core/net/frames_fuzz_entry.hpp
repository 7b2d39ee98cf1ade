#pragma once

#include "core/net/http_message.hpp"
#include "core/net/ws_frame.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace test {

/// What a reader made of bytes that came in pieces of `step`.
inline std::vector<std::string> ws_story(std::string_view bytes, std::size_t step) {
    core::WsReader reader{1000};
    std::vector<std::string> story;
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        auto piece = bytes.substr(at, step);
        while (!piece.empty()) {
            const auto room = reader.room();
            const auto count = std::min(room.size(), piece.size());
            std::memcpy(room.data(), piece.data(), count);
            reader.filled(count);
            piece.remove_prefix(count);
            std::string_view payload;
            for (auto found = reader.next(payload); found != core::WsFound::nothing; found = reader.next(payload)) {
                if (found == core::WsFound::fault) {
                    story.push_back("fault " + std::string{name(reader.fault())});
                    return story;
                }
                story.push_back(std::to_string(static_cast<int>(found)) + " " + std::string{payload});
                if (found == core::WsFound::close) {
                    story.push_back(std::to_string(reader.close_code()));
                    return story;
                }
            }
        }
    }
    return story;
}

/// A WebSocket's messages must not depend on how its bytes were cut. "" or what is wrong.
inline std::string fuzz_ws(std::string_view bytes) {
    const auto whole = ws_story(bytes, bytes.size() + 1);
    for (const auto& text : whole)
        if (text.size() > 1000 + 2) return "a message above the bound";
    for (const std::size_t step : {1U, 3U, 17U})
        if (ws_story(bytes, step) != whole) return "cut into pieces of " + std::to_string(step) + " it reads otherwise";
    return {};
}

inline std::string http_story(std::string_view bytes, std::size_t step) {
    core::HttpReader reader{500};
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const auto complete = reader.feed(bytes.substr(at, step));
        if (!complete) return "refused";  // for which reason depends on what was seen first
        if (!*complete) continue;
        const auto answer = reader.take();
        return std::to_string(answer.status) + " " + std::to_string(answer.fields.size()) + " " + answer.body;
    }
    const auto complete = reader.end();
    if (!complete) return "refused";
    const auto answer = reader.take();
    return std::to_string(answer.status) + " " + std::to_string(answer.fields.size()) + " " + answer.body;
}

/// An HTTP answer's meaning must not depend on how its bytes were cut, either.
inline std::string fuzz_http(std::string_view bytes) {
    const auto whole = http_story(bytes, bytes.size() + 1);
    for (const std::size_t step : {1U, 7U}) {
        const auto pieces = http_story(bytes, step);
        if (pieces != whole) return "whole: " + whole + "\nin pieces of " + std::to_string(step) + ": " + pieces;
    }
    return {};
}

}  // namespace test
