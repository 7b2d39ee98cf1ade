#include "gateways/live/venue_limits.hpp"

#include <algorithm>

namespace gateways::live {

using namespace std::chrono_literals;
using core::Venue;

core::RateRules rate_rules(Venue venue, std::span<const core::Market> markets) noexcept {
    core::RateRules rules;
    const auto add = [&](core::Nanoseconds length, std::uint32_t limit) {
        rules.windows[rules.count++] = {.length = length, .limit = limit, .reserve = std::max(1u, limit / 5)};
    };
    switch (venue) {
        case Venue::binance: {
            const bool futures = std::ranges::any_of(markets, [](auto market) { return market != core::Market::spot; });
            add(1min, futures ? 2400 : 6000);
            break;
        }
        case Venue::bybit: add(5s, 600); break;
        case Venue::okx: add(2s, 60); break;
        default: add(1s, 20); add(1min, 6000);
    }
    return rules;
}

LiveSettings gateway_settings(Venue venue) noexcept {
    LiveSettings settings;
    settings.venue = venue;
    settings.websocket_entry = true;
    settings.order_weight = 1;
    const bool weighs = venue == Venue::binance;
    settings.query_weight = weighs ? 4 : 1;
    settings.account_weight = weighs ? 120 : 10;
    return settings;
}

}  // namespace gateways::live
