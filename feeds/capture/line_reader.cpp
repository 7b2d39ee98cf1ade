#include "feeds/capture/line_reader.hpp"

#include "feeds/capture/error.hpp"
#include "feeds/frame.hpp"

#include <cstring>
#include <utility>

namespace feeds::capture {

namespace {
constexpr std::size_t initial_size = std::size_t{256} << 10;
}

LineReader::LineReader(ByteSource source) : source_{std::move(source)}, buffer_(initial_size + frame_padding) {}

// Makes room behind the unread bytes, then reads once. False at the end.
bool LineReader::refill() {
    if (begin_ > 0) {
        std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ + frame_padding == buffer_.size()) {
        if (end_ >= max_line)
            throw CaptureError{core::Error::oversized, source_.file(), next_position_,
                               "a line of at most " + std::to_string(max_line >> 20) + " MiB",
                               "is this a text capture?"};
        buffer_.resize((buffer_.size() - frame_padding) * 2 + frame_padding);
    }
    const auto got = source_.read(buffer_.data() + end_, buffer_.size() - frame_padding - end_);
    end_ += got;
    return got > 0;
}

std::optional<std::string_view> LineReader::next() {
    std::size_t searched = 0;
    for (;;) {
        const auto* start = buffer_.data() + begin_;
        const auto* feed = static_cast<const char*>(std::memchr(start + searched, '\n', end_ - begin_ - searched));
        searched = end_ - begin_;
        const bool whole = feed != nullptr;
        if (!whole && refill()) continue;
        if (!whole && begin_ == end_) return std::nullopt;
        // The last line may lack its line feed.
        start = buffer_.data() + begin_;
        const auto size = whole ? static_cast<std::size_t>(feed - start) : end_ - begin_;
        position_ = next_position_;
        ++line_;
        begin_ += size + (whole ? 1 : 0);
        next_position_ += size + (whole ? 1 : 0);
        return std::string_view{start, size};
    }
}

}  // namespace feeds::capture
