#include "tools/omega/live/budgets.hpp"

#include "gateways/live/venue_limits.hpp"
#include "tools/omega/live/account_binding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace omega {

core::RateLedger Budgets::open(core::Venue venue, const std::vector<core::Market>& markets, std::string_view world,
                               const std::filesystem::path& folder) {
    const auto rules = gateways::live::rate_rules(venue, markets);
    if (world == "prod" || world == "testnet") {
        const auto path = folder / fmt::format("omega-rate-{}-{}", core::name(venue), world);
        auto shared = core::RateLedger::open(path, rules);
        if (shared) return std::move(*shared);
        problems_.push_back(fmt::format(
            "{}: the request budget {} is not shared ({}): other engines of this host are not counted",
            core::name(venue), path.string(),
            shared.error() == core::Error::refused ? "another user's, or of an engine that trades other markets"
                                                   : core::name(shared.error())));
    }
    auto own = core::RateLedger::anonymous(rules);
    if (!own) throw std::runtime_error{fmt::format("{}: no memory for its request budget", core::name(venue))};
    return std::move(*own);
}

Budgets::Budgets(const core::InstrumentTable& instruments, const LiveSettings& settings, RunMode mode,
                 const std::filesystem::path& folder) {
    for (const auto& [name, configured] : settings.venues) {
        const auto venue = *core::parse_venue(name);
        std::vector<core::Market> markets;
        for (const auto& instrument : instruments)
            if (instrument.venue == venue && std::ranges::count(markets, instrument.market) == 0)
                markets.push_back(instrument.market);
        if (markets.empty()) continue;
        const auto world = world_of(configured, settings.simulation.enabled, mode);
        budgets_[static_cast<std::size_t>(venue)] =
            std::make_unique<core::RateLedger>(open(venue, markets, world, folder));
    }
}

}  // namespace omega
