#include "feeds/binance/markets.hpp"

namespace feeds::binance {

std::optional<core::Market> market_of_url(std::string_view url) noexcept {
    constexpr std::pair<std::string_view, core::Market> marks[] = {
        {"fapi", core::Market::linear},      {"fstream", core::Market::linear},   {"dapi", core::Market::inverse},
        {"dstream", core::Market::inverse},  {"/api/v3", core::Market::spot},     {"//stream.", core::Market::spot},
        {"data-stream", core::Market::spot}, {"demo-stream", core::Market::spot},
    };
    for (const auto& [mark, market] : marks)
        if (url.find(mark) != url.npos) return market;
    return {};
}

std::string_view symbol_of_url(std::string_view url) noexcept {
    constexpr std::string_view key = "symbol=";
    const auto at = url.find(key);
    if (at == url.npos) return {};
    const auto value = url.substr(at + key.size());
    return value.substr(0, value.find('&'));
}

}  // namespace feeds::binance
