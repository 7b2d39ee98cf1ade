#include "tools/omega/live/key_check.hpp"

#include "tools/omega/key_permissions.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace omega {

std::vector<std::string> refuse_unfit_keys(
    const LiveSettings& settings, gateways::exchange::Environment environment, KeyRing& keys,
    const std::function<gateways::exchange::Transport(core::Venue, const VenueSettings&)>& transport,
    core::Nanoseconds now) {
    std::vector<std::string> notices;
    for (const auto& [name, configured] : settings.venues) {
        if (!configured.trade) continue;
        const auto venue = *core::parse_venue(name);
        const auto permissions =
            ask_permissions(venue, keys.find(venue, configured), environment, transport(venue, configured), now);
        if (const auto reason = why_unfit(permissions))
            throw std::runtime_error{fmt::format("{}: the key {}", name, *reason)};
        if (!permissions.withdraws)
            notices.push_back(fmt::format("{}: whether the key may withdraw is not known{}{}; see that it may not",
                                          name, permissions.problem.empty() ? "" : ": ", permissions.problem));
    }
    return notices;
}

}  // namespace omega
