#include "gateways/live/venue_limits.hpp"

#include <algorithm>
#include <initializer_list>

namespace gateways::live {

using namespace std::chrono_literals;
using core::Venue;

namespace {

struct Rules {
    core::RateRules made{};
    /// The reserve is for cancels: where orders count, a fifth.
    void add(core::Nanoseconds length, std::uint32_t limit, core::RateScopes scopes, bool reserves = true) noexcept {
        made.windows[made.count++] = {
            .length = length, .limit = limit, .reserve = reserves ? std::max(1u, limit / 5) : 0, .scopes = scopes};
    }
};

constexpr core::RateScopes of(std::initializer_list<core::RateScope> scopes) noexcept {
    core::RateScopes bits = 0;
    for (const auto scope : scopes) bits = static_cast<core::RateScopes>(bits | core::bit(scope));
    return bits;
}

}  // namespace

core::RateRules rate_rules(Venue venue, std::span<const core::Market> markets) noexcept {
    using enum core::RateScope;
    const bool contracts = std::ranges::any_of(markets, [](auto market) { return market != core::Market::spot; });
    const bool coins = std::ranges::any_of(markets, [](auto market) { return market == core::Market::spot; });
    Rules rules;
    switch (venue) {
        case Venue::binance:
            rules.add(1min, 6000, of({spot, spot_data}));
            rules.add(1min, 2400, of({linear, linear_data}));
            rules.add(10s, coins ? 50 : 300, of({orders}));
            if (!coins) rules.add(1min, 1200, of({orders}));
            break;
        case Venue::bybit:
            rules.add(5s, 600, core::all_rate_scopes);
            rules.add(1s, contracts ? 10 : 20, of({orders}));
            rules.add(1s, 50, of({spot, linear, slow}), false);
            break;
        case Venue::okx:
            rules.add(2s, 60, of({orders}));
            rules.add(2s, 20, of({algo}), false);
            rules.add(2s, 60, of({spot, linear}), false);
            rules.add(2s, 10, of({slow}), false);
            rules.add(2s, 40, of({spot_data, linear_data}), false);
            break;
        default:
            rules.add(1min, 6000, core::all_rate_scopes);
            rules.add(1s, 10, of({orders}));
            rules.add(1s, 10, of({algo}), false);
            rules.add(1s, 10, of({spot}), false);
            rules.add(1s, 10, of({linear}), false);
            rules.add(1s, 5, of({slow}), false);
            rules.add(1s, 20, of({spot_data, linear_data}), false);
    }
    return rules.made;
}

core::Nanoseconds not_found_bound(Venue venue) noexcept {
    constexpr core::Nanoseconds leaves_within = 5s, known_everywhere = 5s;
    const bool signed_for_long = venue == Venue::okx || venue == Venue::bitget;
    return std::max(leaves_within, core::Nanoseconds{signed_for_long ? 30s : 5s}) + known_everywhere;
}

LiveSettings gateway_settings(Venue venue) noexcept {
    LiveSettings settings;
    settings.venue = venue;
    settings.order_weight = 1;
    settings.query_weight = settings.account_weight = 0;
    settings.ledger.propagation_bound = not_found_bound(venue);
    return settings;
}

}  // namespace gateways::live
