#pragma once

#include "core/domain/result.hpp"
#include "core/net/secret.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// One venue account's key as it is used: what is secret stays in Secret.
struct Credential {
    std::string name;   ///< ours: "bitget-main"; letters, digits, '-', '_', '.', at most 64
    std::string venue;  ///< "bitget"
    Secret key, secret;
    Secret passphrase;  ///< empty where the venue has none
};

enum class KeystoreError : std::uint8_t {
    absent,            ///< no such file, no such name
    too_open,          ///< group or others may read or write it: chmod 600
    not_ours,          ///< another user's file, or not a plain file
    malformed,         ///< not a keystore, damaged, or of a later version
    wrong_passphrase,  ///< or the encrypted part was changed: the two cannot be told apart
    exists,            ///< the name is taken
    bad_name,          ///< see Credential::name
    too_large,
    io  ///< errno says more
};
std::string_view name(KeystoreError error) noexcept;
/// What to do about it, one sentence.
std::string_view advice(KeystoreError error) noexcept;

/// What scrypt costs: memory is 128·r·N bytes. The default takes 64 MiB and about a third of a second.
struct ScryptCost {
    std::uint64_t n{1 << 16};
    std::uint32_t r{8}, p{1};
};

/// Keys of venues, encrypted at rest: scrypt of a passphrase (RFC 7914), AES-256-GCM over all entries, the header
/// authenticated with them; a fresh salt and nonce at every save. The file has mode 0600 and is replaced as a whole
/// (new file, fsync, rename), so it is the old one or the new one at every moment. Everything in memory is wiped.
class Keystore {
public:
    static constexpr std::size_t max_bytes = 1 << 20;
    static constexpr std::size_t max_entries = 256;

    /// An empty one, to be saved.
    Keystore() = default;

    /// Error: absent, too_open, not_ours, malformed, wrong_passphrase, too_large, io.
    static Result<Keystore, KeystoreError> load(const std::filesystem::path& path, const Secret& passphrase);
    /// The same from the bytes of a file.
    static Result<Keystore, KeystoreError> decrypt(std::string_view bytes, const Secret& passphrase);
    /// Whether the file is private and has the shape of a keystore; needs no passphrase. Errors as load.
    static Result<bool, KeystoreError> inspect(const std::filesystem::path& path);
    /// Error: io; wrong_passphrase: it is empty.
    Result<bool, KeystoreError> save(const std::filesystem::path& path, const Secret& passphrase,
                                     const ScryptCost& cost = {}) const;

    /// Error: exists, bad_name, too_large.
    Result<bool, KeystoreError> add(Credential credential);
    /// False: no such name.
    bool remove(std::string_view name);
    /// nullptr: no such name.
    [[nodiscard]] const Credential* find(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<Credential>& entries() const noexcept { return entries_; }

private:
    std::vector<Credential> entries_;
};

/// A file with a secret in it, such as a passphrase; a newline at its end is cut off. Refuses a file that others may
/// read. Errors: absent, too_open, not_ours, too_large (4 KiB), io.
Result<Secret, KeystoreError> read_secret_file(const std::filesystem::path& path);

/// The variable's value, or nothing when it is not set or empty. The environment of a process can be read by its user
/// and by root alone; the variable is wiped and removed from it, so that no child inherits it.
std::optional<Secret> take_environment(const char* variable);

/// The key `name` of a venue from the environment: OMEGA_KEY_<NAME>, OMEGA_SECRET_<NAME>, OMEGA_PASSPHRASE_<NAME> (name
/// in capitals, '-' and '.' as '_'). Nothing unless key and secret are both there.
std::optional<Credential> credential_from_environment(std::string_view name, std::string_view venue);

}  // namespace core
