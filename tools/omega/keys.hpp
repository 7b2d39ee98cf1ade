#pragma once

#include "core/net/keystore.hpp"
#include "tools/omega/doctor.hpp"

#include <CLI/App.hpp>

#include <filesystem>
#include <functional>
#include <iosfwd>
#include <optional>
#include <string>

namespace omega {

/// What a venue says a key may do. Nothing: the venue does not tell.
struct KeyPermissions {
    std::optional<bool> reads{}, trades{}, withdraws{};
    std::string problem{};  ///< why the venue could not be asked or refused the key; without any secret in it
};
/// Asks the key's venue, without trading.
using PermissionCheck = std::function<KeyPermissions(const core::Credential&)>;

/// Where secrets come from and words go: the terminal, or a test.
struct KeysConsole {
    /// A line without echo; nothing at the end of the input.
    std::function<std::optional<core::Secret>(const std::string& prompt)> ask;
    std::ostream& out;
    std::ostream& err;
};

struct KeysRequest {
    std::filesystem::path store;            ///< the keystore's file
    std::filesystem::path passphrase_file;  ///< empty: OMEGA_KEYSTORE_PASSPHRASE, else asked for
    std::string name, venue;
    bool json{};
    core::ScryptCost cost{};
};

// Each returns the program's exit code: 0 done, 1 found a problem, 2 wrong usage or unreadable.

int keys_add(const KeysRequest& request, const KeysConsole& console);
int keys_list(const KeysRequest& request, const KeysConsole& console);
int keys_remove(const KeysRequest& request, const KeysConsole& console);
/// Every key, or the one named. A key that may withdraw is refused: 1. So is one of which nobody could say.
int keys_test(const KeysRequest& request, const KeysConsole& console, const PermissionCheck& check);

/// The keystore of this user: OMEGA_KEYSTORE, else ~/.config/omega/keys.
std::filesystem::path default_keystore();

/// Its passphrase: OMEGA_KEYSTORE_PASSPHRASE, else asked for on the terminal. Nothing: there is none.
std::optional<core::Secret> keystore_passphrase();

/// `omega doctor`: finding `keystore`, and with the passphrase in OMEGA_KEYSTORE_PASSPHRASE one `key <name>` each.
void check_keys(const std::filesystem::path& store, const PermissionCheck& check, DoctorReport& report);

/// `omega keys add|list|test|remove`. Secrets come from the terminal without echo or from stdin, never from arguments.
void add_keys(CLI::App& app, int& exit_code, PermissionCheck check = {});

}  // namespace omega
