#include "core/net/keystore_format.hpp"

#include <algorithm>
#include <array>

namespace core {

namespace {

void put(std::string& to, std::string_view part) {
    to.push_back(static_cast<char>(part.size() & 0xff));
    to.push_back(static_cast<char>(part.size() >> 8));
    to.append(part);
}

bool take(std::string_view& from, std::string_view& part) noexcept {
    if (from.size() < 2) return false;
    const auto size = static_cast<std::size_t>(static_cast<unsigned char>(from[0])) |
                      static_cast<std::size_t>(static_cast<unsigned char>(from[1])) << 8;
    if (from.size() - 2 < size) return false;
    part = from.substr(2, size);
    from.remove_prefix(2 + size);
    return true;
}

}  // namespace

bool valid_credential_name(std::string_view name) noexcept {
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
               c == '.';
    });
}

std::string write_entries(const std::vector<Credential>& entries) {
    std::size_t size = 2;
    for (const auto& entry : entries)
        size += 10 + entry.name.size() + entry.venue.size() + entry.key.reveal().size() + entry.secret.reveal().size() +
                entry.passphrase.reveal().size();
    std::string text;
    text.reserve(size);  // never moved while it grows: no copy of a secret is left behind
    text.push_back(static_cast<char>(entries.size() & 0xff));
    text.push_back(static_cast<char>(entries.size() >> 8));
    for (const auto& entry : entries)
        for (const auto part : {std::string_view{entry.name}, std::string_view{entry.venue}, entry.key.reveal(),
                                entry.secret.reveal(), entry.passphrase.reveal()})
            put(text, part);
    return text;
}

Result<std::vector<Credential>, KeystoreError> read_entries(std::string_view bytes) {
    if (bytes.size() < 2) return KeystoreError::malformed;
    const auto count = static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])) |
                       static_cast<std::size_t>(static_cast<unsigned char>(bytes[1])) << 8;
    if (count > Keystore::max_entries) return KeystoreError::malformed;
    bytes.remove_prefix(2);
    std::vector<Credential> entries;
    for (std::size_t i = 0; i < count; ++i) {
        std::array<std::string_view, 5> parts;
        for (auto& part : parts)
            if (!take(bytes, part)) return KeystoreError::malformed;
        const bool known =
            std::any_of(entries.begin(), entries.end(), [&](const auto& e) { return e.name == parts[0]; });
        if (known || !valid_credential_name(parts[0])) return KeystoreError::malformed;
        entries.push_back({.name = std::string{parts[0]},
                           .venue = std::string{parts[1]},
                           .key = Secret{std::string{parts[2]}},
                           .secret = Secret{std::string{parts[3]}},
                           .passphrase = Secret{std::string{parts[4]}}});
    }
    if (!bytes.empty()) return KeystoreError::malformed;
    return entries;
}

}  // namespace core
