#pragma once

#include "core/domain/instrument.hpp"
#include "core/net/secret.hpp"
#include "tools/omega/live/settings.hpp"
#include "tools/omega/settings.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace omega {

/// Which of a venue's worlds a run is in: "prod", "testnet", "loopback" (a server of one's own in testnet's place), or
/// "simulated" (within this process).
std::string_view world_of(const VenueSettings& venue, bool simulated, RunMode mode) noexcept;

/// Whose orders a ledger holds, in words that may be written down: never the key itself.
struct AccountIdentity {
    std::string venue{}, world{};
    std::string key{};  ///< the first 16 hex digits of the SHA-256 of venue and API key

    static AccountIdentity of(core::Venue venue, std::string_view world, const core::Secret& key);
    /// "binance testnet key 0f1e…"
    [[nodiscard]] std::string text() const;
    friend bool operator==(const AccountIdentity&, const AccountIdentity&) = default;
};

/// Who `<ledger>.account`, beside a ledger, says that it belongs to. False: nobody yet. Throws std::runtime_error:
/// another account (both are named, and what to do), or a file that is not one of these. Before the ledger is opened.
bool check_owner(const std::filesystem::path& ledger, const AccountIdentity& identity);
/// Binds a ledger that the caller has opened, and thereby locked, to its account: writes that file (0600; on the disk
/// when this returns). Throws std::runtime_error when it cannot be written.
void bind_ledger(const std::filesystem::path& ledger, const AccountIdentity& identity);

/// The folder of ledgers where none is configured: `omega/<mode>` in XDG_STATE_HOME, else in ~/.local/state, so that it
/// does not hang on where the engine is started. Throws std::runtime_error when neither is known.
std::filesystem::path default_state(RunMode mode);

}  // namespace omega
