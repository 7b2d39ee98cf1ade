#include "feeds/capture/text_readers.hpp"

#include "feeds/capture/error.hpp"

#include <cctype>
#include <charconv>

namespace feeds::capture {

namespace {

constexpr bool digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

std::optional<std::int64_t> whole_number(std::string_view text) noexcept {
    std::int64_t value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !digit(text.front())) return std::nullopt;
    return value;
}

std::string_view without_carriage_return(std::string_view line) noexcept {
    if (line.ends_with('\r')) line.remove_suffix(1);
    return line;
}

constexpr auto damaged_line = "cut the line out, or fetch the file again";

}  // namespace

std::optional<core::Nanoseconds> parse_epoch_seconds(std::string_view text) noexcept {
    constexpr std::int64_t last_second = 9'000'000'000;  // beyond it nanoseconds leave 64 bits
    const auto point = text.find('.');
    const auto seconds = point == 0 || text.empty() ? std::nullopt : whole_number(text.substr(0, point));
    if (!seconds || *seconds > last_second) return std::nullopt;
    std::int64_t fraction = 0;
    if (point != std::string_view::npos) {
        auto decimals = text.substr(point + 1);
        if (decimals.empty() || decimals.size() > 9) return std::nullopt;
        const auto digits = whole_number(decimals);
        if (!digits) return std::nullopt;
        fraction = *digits;
        for (auto missing = 9 - decimals.size(); missing > 0; --missing) fraction *= 10;
    }
    return core::Nanoseconds{*seconds * 1'000'000'000 + fraction};
}

void CryptofeedReader::fail(const std::string& expected) const {
    throw CaptureError{core::Error::malformed, lines_.file(), lines_.position(),
                       "line " + std::to_string(lines_.line()) + " is not " + expected, damaged_line};
}

bool CryptofeedReader::next(Frame& frame) {
    while (const auto line = lines_.next())
        if (read(without_carriage_return(*line), frame)) return true;
    return false;
}

// True if the line is a frame.
bool CryptofeedReader::read(std::string_view line, Frame& frame) {
    if (line.empty() || line.starts_with("configuration:")) return false;
    frame = Frame{.bytes = line.substr(line.size())};  // empty, but padded like any other
    auto rest = line;
    bool bare_url = false;
    if (!digit(line.front())) {
        const auto blank = line.find(' ');
        const auto url = line.substr(0, blank);
        if (url.find("://") == std::string_view::npos) fail("a cryptofeed line (a url or an epoch time first)");
        rest = blank == std::string_view::npos ? std::string_view{} : line.substr(blank + 1);
        bare_url = rest.empty();
        frame.url = url;
        if (bare_url || rest.starts_with("<-> ")) {
            frame.origin = FrameOrigin::opened;
            url_ = url;
        } else if (rest.starts_with("<- ")) {
            frame.origin = FrameOrigin::sent;
        } else if (rest.starts_with("-> ")) {
            frame.origin = FrameOrigin::rest;
        } else {
            fail("a cryptofeed line (`<->`, `<-` or `->` after the url)");
        }
        if (!bare_url) rest.remove_prefix(rest.find(' ') + 1);
    } else {
        frame.url = url_;
    }
    if (bare_url) return false;  // no time of its own; the frames after it carry the address
    const auto colon = frame.origin == FrameOrigin::opened ? std::string_view::npos : rest.find(": ");
    const auto time = parse_epoch_seconds(rest.substr(0, colon));
    if (!time || (frame.origin != FrameOrigin::opened && colon == std::string_view::npos))
        fail("a cryptofeed line (epoch seconds and `: ` before the frame)");
    frame.receive_time = *time;
    if (colon != std::string_view::npos) frame.bytes = rest.substr(colon + 2);
    return true;
}

bool HftbacktestReader::next(Frame& frame) {
    const auto found = lines_.next();
    if (!found) return false;
    const auto line = without_carriage_return(*found);
    const auto blank = line.find(' ');
    const auto time =
        blank == std::string_view::npos || blank == 0 ? std::nullopt : whole_number(line.substr(0, blank));
    if (!time)
        throw CaptureError{core::Error::malformed, lines_.file(), lines_.position(),
                           "line " + std::to_string(lines_.line()) + " is not `<epoch ns> <json>`", damaged_line};
    frame = Frame{};
    frame.receive_time = core::Nanoseconds{*time};
    frame.bytes = line.substr(blank + 1);
    constexpr std::string_view stream_key = "{\"stream\":\"";
    if (!frame.bytes.starts_with(stream_key)) {
        frame.origin = frame.bytes.starts_with("{\"lastUpdateId\"") ? FrameOrigin::rest : FrameOrigin::socket;
        if (frame.origin == FrameOrigin::rest) frame.url = url_;
    } else if (url_.empty()) {
        const auto stream = frame.bytes.substr(stream_key.size());
        url_ = "?symbol=";
        for (const char c : stream.substr(0, stream.find_first_of("@\"")))
            url_ += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    }
    return true;
}

}  // namespace feeds::capture
