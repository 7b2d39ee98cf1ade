#pragma once

#include "feeds/batch.hpp"
#include "feeds/frame.hpp"
#include "feeds/kraken/depths.hpp"
#include "feeds/symbols.hpp"

#include <cstdint>
#include <string_view>

namespace feeds::kraken {

/// Decodes the frames that come by the thousand from their exact bytes: books and trades of v1 and v2. False on any
/// surprise; `batch` then holds remains.
[[nodiscard]] bool scan(const Frame& frame, const Symbols& symbols, const Depths& depths, Batch& batch) noexcept;

/// The number behind "book-" or "ohlc-", at most 65,535; 0 if it is none.
[[nodiscard]] constexpr std::uint16_t number_after(std::string_view prefix, std::string_view channel) noexcept {
    if (!channel.starts_with(prefix) || channel.size() == prefix.size() || channel.size() > prefix.size() + 5) return 0;
    std::uint32_t number = 0;
    for (const char c : channel.substr(prefix.size())) {
        if (c < '0' || c > '9') return 0;
        number = number * 10 + static_cast<std::uint32_t>(c - '0');
    }
    return number <= 65'535 ? static_cast<std::uint16_t>(number) : std::uint16_t{0};
}

}  // namespace feeds::kraken
