#include "feeds/capture/venue_of.hpp"

#include "feeds/capture/reader.hpp"

#include <fmt/format.h>

#include <cassert>
#include <stdexcept>

namespace feeds::capture {

std::optional<core::Venue> venue_in(std::string_view text) noexcept {
    for (std::size_t v = 0; v < core::venue_count; ++v)
        if (const auto venue = static_cast<core::Venue>(v);
            venue != core::Venue::omega && text.find(core::name(venue)) != std::string_view::npos)
            return venue;
    return std::nullopt;
}

core::Venue venue_of(const std::filesystem::path& file) {
    const auto reader = open(file);
    if (const auto named = reader->venue()) return *named;
    Frame frame;
    for (int i = 0; i < 100 && reader->next(frame); ++i)
        if (const auto named = venue_in(frame.url)) return *named;
    if (reader->format() == Format::hftbacktest) return core::Venue::binance;
    throw std::invalid_argument{
        fmt::format("{}: no address in it names a venue that Omega reads; give --venue", file.string())};
}

core::Venue venue_of(std::span<const std::filesystem::path> files) {
    assert(!files.empty());
    const auto venue = venue_of(files.front());
    for (const auto& file : files.subspan(1))
        if (const auto other = venue_of(file); other != venue)
            throw std::invalid_argument{fmt::format("{} is of {}, {} of {}; expected captures of one venue",
                                                    files.front().string(), core::name(venue), file.string(),
                                                    core::name(other))};
    return venue;
}

}  // namespace feeds::capture
