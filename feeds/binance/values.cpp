#include "feeds/binance/values.hpp"

#include "core/domain/price.hpp"

#include <algorithm>

namespace feeds::binance {

core::Result<std::int64_t> parse_cut(std::string_view text, int decimals) noexcept {
    const auto point = std::min(text.find('.'), text.size());
    const auto kept = std::min(text.size(), point + 1 + static_cast<std::size_t>(decimals));
    const auto rest = text.substr(kept);
    if (!std::all_of(rest.begin(), rest.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return core::Error::malformed;
    auto head = text.substr(0, kept);
    if (head.ends_with('.') && !rest.empty()) head.remove_suffix(1);
    return core::parse_decimal(head, decimals);
}

core::Result<std::int64_t> parse_rate(std::string_view text) noexcept {
    const bool minus = text.starts_with('-');
    const auto size = parse_cut(text.substr(minus ? 1 : 0), 10);
    if (!size) return size.error() == core::Error::negative ? core::Error::malformed : size.error();
    return minus ? -*size : *size;
}

std::uint32_t interval_seconds(std::string_view text) noexcept {
    if (text.size() < 2 || text.size() > 3) return 0;
    std::uint32_t count = 0;
    for (const char c : text.substr(0, text.size() - 1)) {
        if (c < '0' || c > '9') return 0;
        count = count * 10 + static_cast<std::uint32_t>(c - '0');
    }
    switch (text.back()) {
        case 's': return count;
        case 'm': return count * 60;
        case 'h': return count * 3600;
        case 'd': return count * 86'400;
        case 'w': return count * 7 * 86'400;
        case 'M': return count * 30 * 86'400;
        default: return 0;
    }
}

}  // namespace feeds::binance
