#pragma once

#include "tools/omega/objections.hpp"
#include "tools/omega/settings.hpp"

namespace omega {

/// What cannot be of `venues:` and what goes with it, as far as it shows before anything is connected: names that are
/// no venue's, what a venue cannot do or does not offer in this mode, instruments that are no symbols, two venues that
/// trade on one account, and in `testnet` an origin that is not this host's: nobody knows whether real money is there.
void object_to_venues(Objections& all, const Settings& settings);

}  // namespace omega
