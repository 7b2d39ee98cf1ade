#include "tools/omega/live/credentials.hpp"

#include "tools/omega/keys.hpp"
#include "tools/venue/simulator.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

namespace omega {

namespace {

gateways::exchange::Credentials taken(const core::Credential& found) {
    return {.key = found.key.copy(), .secret = found.secret.copy(), .passphrase = found.passphrase.copy()};
}

}  // namespace

gateways::exchange::Credentials KeyRing::find(core::Venue venue, const VenueSettings& settings) {
    if (simulated_) {
        venue::AccountSettings account;
        return {.key = core::Secret{std::move(account.key)},
                .secret = core::Secret{std::move(account.secret)},
                .passphrase = core::Secret{std::move(account.passphrase)}};
    }
    const std::string name = settings.account.empty() ? std::string{core::name(venue)} : settings.account;
    if (const auto known = from_environment_.find(name); known != from_environment_.end()) return taken(known->second);
    if (auto found = core::credential_from_environment(name, core::name(venue)))
        return taken(from_environment_.emplace(name, std::move(*found)).first->second);

    const auto path = default_keystore();
    const auto advise = [&](const std::string& problem) {
        return std::runtime_error{
            fmt::format("{}: no key '{}': not in the environment, and {}: {}; `omega keys add {} --venue {}` adds it",
                        core::name(venue), name, path.string(), problem, name, core::name(venue))};
    };
    if (!store_) {
        const auto passphrase = keystore_passphrase();
        if (!passphrase) throw advise("no passphrase was given");
        auto opened = core::Keystore::load(path, *passphrase);
        if (!opened) throw advise(std::string{core::advice(opened.error())});
        store_ = std::move(*opened);
    }
    const auto* entry = store_->find(name);
    if (entry == nullptr) throw advise("it has no such entry");
    if (entry->venue != core::name(venue)) throw advise("its entry of that name is for " + entry->venue);
    return taken(*entry);
}

}  // namespace omega
