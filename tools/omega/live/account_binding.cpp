#include "tools/omega/live/account_binding.hpp"

#include "tools/omega/engine/digest.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace omega {

namespace {

constexpr std::string_view first_word = "omega-account";

std::filesystem::path beside(const std::filesystem::path& ledger) {
    auto path = ledger;
    path += ".account";
    return path;
}

std::optional<AccountIdentity> read(const std::filesystem::path& path) {
    std::ifstream file{path};
    std::string word;
    AccountIdentity found;
    if (!(file >> word >> found.venue >> found.world >> found.key) || word != first_word || found.key.size() != 16)
        return std::nullopt;
    return found;
}

/// Whole or not at all, whatever happens in between.
void write(const std::filesystem::path& path, const AccountIdentity& identity) {
    auto temporary = path;
    temporary += ".new";
    const auto text = fmt::format("{} {} {} {}\n", first_word, identity.venue, identity.world, identity.key);
    const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const bool written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
    const int error = errno;
    if (file >= 0) ::close(file);
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0)
        throw std::runtime_error{
            fmt::format("{}: {}", path.string(), std::generic_category().message(written ? errno : error))};
    if (const int folder = ::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
        ::fsync(folder);
        ::close(folder);
    }
}

}  // namespace

std::string_view world_of(const VenueSettings& venue, bool simulated, RunMode mode) noexcept {
    if (simulated) return "simulated";
    if (mode != RunMode::testnet) return "prod";
    return venue.rest.empty() ? "testnet" : "loopback";
}

AccountIdentity AccountIdentity::of(core::Venue venue, std::string_view world, const core::Secret& key) {
    Digest digest;
    digest.add(core::name(venue));
    digest.add(" ");
    digest.add(key.reveal());
    return {.venue = std::string{core::name(venue)}, .world = std::string{world}, .key = digest.hex().substr(0, 16)};
}

std::string AccountIdentity::text() const {
    return fmt::format("{} {} key {}", venue, world, key);
}

bool check_owner(const std::filesystem::path& ledger, const AccountIdentity& identity) {
    const auto path = beside(ledger);
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) {
        if (failed) throw std::runtime_error{fmt::format("{}: {}", path.string(), failed.message())};
        return false;
    }
    const auto owner = read(path);
    if (!owner)
        throw std::runtime_error{fmt::format("{}: not readable as the owner of {}; look at it before it is moved away",
                                             path.string(), ledger.string())};
    if (*owner != identity)
        throw std::runtime_error{fmt::format(
            "ledger {} belongs to {}, this run trades {}: name another live.state (or venues.{}.account); where it is "
            "the same account with a new key, remove {}",
            ledger.string(), owner->text(), identity.text(), identity.venue, path.string())};
    return true;
}

void bind_ledger(const std::filesystem::path& ledger, const AccountIdentity& identity) {
    write(beside(ledger), identity);
}

std::filesystem::path default_state(RunMode mode) {
    const auto absolute = [](const char* variable) -> std::optional<std::filesystem::path> {
        const char* value = std::getenv(variable);
        if (value == nullptr || *value != '/') return std::nullopt;  // as XDG says: relative ones do not count
        return std::filesystem::path{value};
    };
    const char* name = mode == RunMode::prod ? "prod" : mode == RunMode::testnet ? "testnet" : "paper";
    if (const auto state = absolute("XDG_STATE_HOME")) return *state / "omega" / name;
    if (const auto home = absolute("HOME")) return *home / ".local" / "state" / "omega" / name;
    throw std::runtime_error{
        "live.state: neither XDG_STATE_HOME nor HOME names a folder; expected live.state: an absolute path"};
}

}  // namespace omega
