#include "feeds/capture/tape.hpp"

#include "feeds/capture/merged_reader.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <unordered_map>

namespace feeds::capture {

namespace {
constexpr std::size_t chunk_size = std::size_t{4} << 20;
}

std::string_view Tape::keep(std::string_view text) {
    // Frames lie one after the other, as they would come; the next frame's bytes serve as padding of the one before.
    if (free_ < text.size() + frame_padding) {
        const auto size = std::max(chunk_size, text.size() + frame_padding);
        chunks_.push_back(std::make_unique<char[]>(size));  // zeroed
        next_ = chunks_.back().get();
        free_ = size;
    }
    if (!text.empty()) std::memcpy(next_, text.data(), text.size());
    const std::string_view kept{next_, text.size()};
    next_ += text.size();
    free_ -= text.size();
    return kept;
}

Tape load_into_memory(std::span<const std::filesystem::path> files) {
    Tape tape;
    MergedReader reader{files};
    std::unordered_map<std::string, std::string_view> urls;  // a handful, kept once
    for (Frame frame; reader.next(frame);) {
        auto [url, is_new] = urls.try_emplace(std::string{frame.url});
        if (is_new) url->second = tape.keep(frame.url);
        frame.url = url->second;
        tape.bytes_ += frame.bytes.size();
        frame.bytes = tape.keep(frame.bytes);
        tape.frames_.push_back(frame);
    }
    return tape;
}

}  // namespace feeds::capture
