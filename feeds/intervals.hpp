#pragma once

#include <cstdint>
#include <string_view>

namespace feeds {

/// The seconds of a candle's interval as venues write it: "1m", "15m", "1H", "4H", "1D", "1W", "1s", with or without a
/// time zone behind it ("1Dutc", "6Hutc"); a month "1M" counts nominal 30 days. 0 if it is none.
constexpr std::uint32_t interval_seconds(std::string_view text) noexcept {
    std::uint32_t count = 0;
    std::size_t at = 0;
    while (at < text.size() && at < 3 && text[at] >= '0' && text[at] <= '9')
        count = count * 10 + static_cast<std::uint32_t>(text[at++] - '0');
    if (count == 0 || at == text.size()) return 0;
    const auto zone = text.substr(at + 1);
    if (!zone.empty() && zone != "utc" && zone != "Utc" && zone != "UTC") return 0;
    switch (text[at]) {
        case 's': return count;
        case 'm': return count * 60;
        case 'H': return count * 3'600;
        case 'D': return count * 86'400;
        case 'W': return count * 604'800;
        case 'M': return count * 2'592'000;
        default: return 0;
    }
}

}  // namespace feeds
