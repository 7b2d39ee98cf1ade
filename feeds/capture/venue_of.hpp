#pragma once

#include "core/domain/instrument.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

namespace feeds::capture {

/// The venue whose name stands in an address or a file's name.
std::optional<core::Venue> venue_in(std::string_view text) noexcept;

/// The venue of a capture: as the file or the addresses of its first frames name it; Binance of hftbacktest's format,
/// which has neither. Errors: CaptureError of open(); std::invalid_argument where nothing names a venue that is read
/// here.
core::Venue venue_of(const std::filesystem::path& file);

/// The one venue of the captures of a session. Errors: also std::invalid_argument where two files name two.
core::Venue venue_of(std::span<const std::filesystem::path> files);

}  // namespace feeds::capture
