#include "tools/omega/live/budgets.hpp"

#include "gateways/live/venue_limits.hpp"
#include "tools/omega/live/account_binding.hpp"
#include "tools/omega/live/instruments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace omega {

using core::Market;

core::RateLedger Budgets::open(core::Venue venue, const std::vector<Market>& markets, std::string_view world,
                               const std::filesystem::path& folder) {
    const auto rules = gateways::live::rate_rules(venue, markets);
    if (world == "prod" || world == "testnet") {
        const auto path = budget_file(venue, world, folder);
        auto shared = core::RateLedger::open(path, rules);
        if (shared) return std::move(*shared);
        problems_.push_back(fmt::format(
            "{}: the request budget {} is not shared ({}): other engines of this host are not counted",
            core::name(venue), path.string(),
            shared.error() == core::Error::refused ? "another user's, or of an engine that trades other markets"
                                                   : core::name(shared.error())));
    }
    return own_budget(venue, rules);
}

Budgets::Budgets(const LiveSettings& settings, RunMode mode, const std::filesystem::path& folder) {
    for (const auto& [name, configured] : settings.venues) {
        const auto venue = *core::parse_venue(name);
        std::vector<Market> markets;
        for (const auto& text : configured.instruments)
            if (const auto market = market_of(parse_instrument(text).symbol); std::ranges::count(markets, market) == 0)
                markets.push_back(market);
        if (markets.empty()) continue;
        const auto world = world_of(configured, settings.simulation.enabled, mode);
        budgets_[static_cast<std::size_t>(venue)] =
            std::make_unique<core::RateLedger>(open(venue, markets, world, folder));
    }
}

}  // namespace omega
