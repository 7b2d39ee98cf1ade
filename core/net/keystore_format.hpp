#pragma once

#include "core/domain/result.hpp"
#include "core/net/keystore.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// The plain text inside a keystore: a count, then name, venue, key, secret and passphrase of each entry, each a 16-bit
/// length and its bytes. Little-endian. For the keystore alone; tests read damaged ones with it.
std::string write_entries(const std::vector<Credential>& entries);
/// Error: malformed (lengths that do not add up, a bad or repeated name).
Result<std::vector<Credential>, KeystoreError> read_entries(std::string_view bytes);

bool valid_credential_name(std::string_view name) noexcept;

}  // namespace core
