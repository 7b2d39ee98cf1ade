#include "feeds/capture/reader.hpp"

#include "feeds/capture/byte_source.hpp"
#include "feeds/capture/error.hpp"
#include "feeds/capture/omega_reader.hpp"
#include "feeds/capture/text_readers.hpp"

#include <algorithm>
#include <array>

namespace feeds::capture {

namespace {

// Nothing if no format begins like this. A file cut inside our magic is ours too.
std::optional<Format> format_of(std::string_view head) {
    if (head.substr(0, file_magic.size()) == file_magic.substr(0, head.size())) return Format::omega;
    const auto digits = std::min(head.find_first_not_of("0123456789"), head.size());
    if (digits > 0 && digits < head.size() && head[digits] == ' ') return Format::hftbacktest;
    if (digits > 0 && digits < head.size() && (head[digits] == '.' || head[digits] == ':')) return Format::cryptofeed;
    const auto line = head.substr(0, head.find('\n'));
    if (line.starts_with("configuration:") || line.substr(0, line.find(' ')).find("://") != std::string_view::npos)
        return Format::cryptofeed;
    return std::nullopt;
}

std::string_view peek(const std::filesystem::path& file, std::array<char, 512>& head) {
    ByteSource source{file};
    std::size_t size = 0;
    while (size < head.size()) {
        const auto got = source.read(head.data() + size, head.size() - size);
        if (got == 0) break;
        size += got;
    }
    return {head.data(), size};
}

}  // namespace

std::unique_ptr<Reader> open(const std::filesystem::path& file) {
    // The file is opened twice rather than read ahead: readers then own a plain source. So it must be a file, not a
    // pipe.
    std::array<char, 512> buffer{};
    const auto head = peek(file, buffer);
    if (head.empty())
        throw CaptureError{core::Error::truncated, file, 0, "the file is empty", "fetch or record it again"};
    const auto format = format_of(head);
    if (!format)
        throw CaptureError{core::Error::malformed, file, 0,
                           "expected a cryptofeed, hftbacktest or Omega capture (plain, .gz or .zst)",
                           "see feeds/capture/README.md for how they begin"};
    switch (*format) {
        case Format::omega: return std::make_unique<OmegaReader>(ByteSource{file});
        case Format::hftbacktest: return std::make_unique<HftbacktestReader>(ByteSource{file});
        case Format::cryptofeed: break;
    }
    return std::make_unique<CryptofeedReader>(ByteSource{file});
}

}  // namespace feeds::capture
