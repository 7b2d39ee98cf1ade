#pragma once

#include "tools/omega/live/credentials.hpp"
#include "tools/omega/live/net.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

namespace omega {

/// What the accounts that trade hold of the currency that their instruments are paid in, together: what sizes and
/// limits start from, as far as `start_equity` lets them. Throws std::runtime_error (an account could not be asked),
/// std::invalid_argument (more than one such currency: they cannot be added).
double account_equity(Net& net, const LiveSettings& settings, RunMode mode, KeyRing& keys);

}  // namespace omega
