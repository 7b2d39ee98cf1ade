#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/keystore.hpp"
#include "gateways/exchange/request.hpp"
#include "tools/omega/live/settings.hpp"

#include <map>
#include <optional>
#include <string>

namespace omega {

/// Where the accounts' keys come from: the environment (OMEGA_KEY_<NAME>, …), else the keystore, whose passphrase comes
/// in OMEGA_KEYSTORE_PASSPHRASE or is asked for, once. A simulated venue has the simulator's own.
class KeyRing {
public:
    explicit KeyRing(bool simulated) : simulated_{simulated} {}

    /// The key of a venue's account; its name is `account`, or the venue's. Throws std::runtime_error that says what
    /// was looked for, and how to add it.
    gateways::exchange::Credentials find(core::Venue venue, const VenueSettings& settings);

private:
    bool simulated_;
    std::map<std::string, core::Credential> from_environment_{};  // variables are wiped when they are read
    std::optional<core::Keystore> store_{};
};

}  // namespace omega
