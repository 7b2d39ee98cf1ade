#include "gateways/binance/private_limits.hpp"

#include <algorithm>
#include <chrono>

namespace gateways::binance {

void read_limits(const exchange::Value& document, streams::Reading& reading) {
    for (const auto& limit : document["rateLimits"].items()) {
        const bool of_a_minute = limit["interval"].text() == "MINUTE" && limit["intervalNum"].integer() == 1;
        if (limit["rateLimitType"].text() != "REQUEST_WEIGHT" || !of_a_minute) continue;
        if (const auto count = limit["count"].integer(); count && *count >= 0)
            reading.used_weight = static_cast<std::uint32_t>(std::min<std::int64_t>(*count, UINT32_MAX));
    }
    const auto& data = document["error"]["data"];
    const auto now = data["serverTime"].integer(), until = data["retryAfter"].integer();
    constexpr std::int64_t longest_ms = 7LL * 24 * 3600 * 1000;
    if (now && until && *now >= 0 && *until > *now)
        reading.retry_after = std::chrono::milliseconds{std::min(*until - *now, longest_ms)};
}

}  // namespace gateways::binance
