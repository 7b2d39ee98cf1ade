#pragma once

#include "core/domain/time.hpp"
#include "gateways/exchange/service.hpp"
#include "tools/omega/live/credentials.hpp"
#include "tools/omega/live/settings.hpp"

#include <functional>
#include <string>
#include <vector>

namespace omega {

/// Asks every venue that trades what its key may do, before anything trades. Throws std::runtime_error of a key that
/// may withdraw or may not trade. Returns what people should know of the others: of which the venue does not say it.
/// `transport` gives the way to a venue; `now` is the wall clock.
std::vector<std::string> refuse_unfit_keys(
    const LiveSettings& settings, gateways::exchange::Environment environment, KeyRing& keys,
    const std::function<gateways::exchange::Transport(core::Venue, const VenueSettings&)>& transport,
    core::Nanoseconds now);

}  // namespace omega
