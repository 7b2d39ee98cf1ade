#include "tools/omega/live/host_budget.hpp"

#include "gateways/live/venue_limits.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

namespace omega {

using core::Market;

std::filesystem::path budget_file(core::Venue venue, std::string_view world, const std::filesystem::path& folder) {
    return folder / fmt::format("omega-rate-{}-{}", core::name(venue), world);
}

core::RateLedger own_budget(core::Venue venue, const core::RateRules& rules) {
    auto own = core::RateLedger::anonymous(rules);
    if (!own) throw std::runtime_error{fmt::format("{}: no memory for its request budget", core::name(venue))};
    return std::move(*own);
}

core::RateLedger host_budget(core::Venue venue, std::string_view world, const std::filesystem::path& folder) {
    static const std::vector<Market> known[] = {
        {Market::spot, Market::linear}, {Market::linear}, {Market::spot}};  // what rules differ by
    const auto path = budget_file(venue, world, folder);
    std::error_code failed;
    if (std::filesystem::exists(path, failed))
        for (const auto& markets : known)
            if (auto shared = core::RateLedger::open(path, gateways::live::rate_rules(venue, markets)))
                return std::move(*shared);
    return own_budget(venue, gateways::live::rate_rules(venue, known[0]));
}

}  // namespace omega
