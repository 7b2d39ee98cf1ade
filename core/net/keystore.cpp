#include "core/net/keystore.hpp"

#include "core/net/keystore_format.hpp"

#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace core {

namespace {

/// Everything before the encrypted part; it is authenticated with it, so a cheaper scrypt cannot be slipped in.
struct Header {
    std::array<char, 8> magic{'O', 'M', 'G', 'K', 'E', 'Y', 'S', '1'};
    std::uint64_t n{};
    std::uint32_t r{}, p{};
    std::array<unsigned char, 16> salt{};
    std::array<unsigned char, 12> nonce{};
    std::uint32_t size{};  ///< of the encrypted part
};
static_assert(sizeof(Header) == 56);
constexpr std::size_t tag_bytes = 16;
constexpr std::uint64_t most_memory = std::uint64_t{1} << 30;

/// Bytes that are overwritten when they go.
struct Wiped {
    std::string bytes;
    explicit Wiped(std::size_t size) : bytes(size, '\0') {}
    explicit Wiped(std::string&& text) : bytes{std::move(text)} {}
    ~Wiped() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
    Wiped(const Wiped&) = delete;
    Wiped& operator=(const Wiped&) = delete;
    unsigned char* data() noexcept { return reinterpret_cast<unsigned char*>(bytes.data()); }
};

bool sane(const Header& header) noexcept {
    if (header.magic != Header{}.magic) return false;
    if (header.n < 2 || (header.n & (header.n - 1)) != 0 || header.r == 0 || header.r > 64 || header.p == 0 ||
        header.p > 16)
        return false;
    return header.n <= most_memory / 128 / header.r;  // a file cannot make us allocate more than a gigabyte
}

bool derive(const Header& header, const Secret& passphrase, Wiped& key) noexcept {
    const auto text = passphrase.reveal();
    return EVP_PBE_scrypt(text.data(), text.size(), header.salt.data(), header.salt.size(), header.n, header.r,
                          header.p, most_memory * 2, key.data(), key.bytes.size()) == 1;
}

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

bool seal(const Header& header, Wiped& key, Wiped& text, std::string& to) {
    const Cipher cipher{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    to.resize(text.bytes.size() + tag_bytes);
    auto* out = reinterpret_cast<unsigned char*>(to.data());
    int size = 0, rest = 0;
    return cipher &&
           EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), header.nonce.data()) == 1 &&
           EVP_EncryptUpdate(cipher.get(), nullptr, &size, reinterpret_cast<const unsigned char*>(&header),
                             sizeof header) == 1 &&
           EVP_EncryptUpdate(cipher.get(), out, &size, text.data(), static_cast<int>(text.bytes.size())) == 1 &&
           EVP_EncryptFinal_ex(cipher.get(), out + size, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, out + text.bytes.size()) == 1;
}

bool unseal(const Header& header, Wiped& key, std::string_view sealed, Wiped& text) {
    const Cipher cipher{EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
    const auto* in = reinterpret_cast<const unsigned char*>(sealed.data());
    std::array<unsigned char, tag_bytes> tag;
    std::memcpy(tag.data(), in + header.size, tag.size());
    int size = 0, rest = 0;
    return cipher &&
           EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.data(), header.nonce.data()) == 1 &&
           EVP_DecryptUpdate(cipher.get(), nullptr, &size, reinterpret_cast<const unsigned char*>(&header),
                             sizeof header) == 1 &&
           EVP_DecryptUpdate(cipher.get(), text.data(), &size, in, static_cast<int>(header.size)) == 1 &&
           EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, tag.data()) == 1 &&
           EVP_DecryptFinal_ex(cipher.get(), text.data() + size, &rest) == 1;
}

/// A private file's bytes, straight into memory that is wiped.
Result<std::unique_ptr<Wiped>, KeystoreError> read_private(const std::filesystem::path& path, std::size_t limit) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a pipe nobody writes to must not hold
    if (file < 0) return errno == ENOENT ? KeystoreError::absent : KeystoreError::io;
    Result<std::unique_ptr<Wiped>, KeystoreError> result = KeystoreError::io;
    struct stat status {};
    if (::fstat(file, &status) == 0) {
        const auto size = static_cast<std::size_t>(status.st_size);
        if (!S_ISREG(status.st_mode) || status.st_uid != ::geteuid()) {
            result = KeystoreError::not_ours;
        } else if ((status.st_mode & 077) != 0) {
            result = KeystoreError::too_open;
        } else if (size > limit) {
            result = KeystoreError::too_large;
        } else {
            auto bytes = std::make_unique<Wiped>(size);
            std::size_t got = 0;
            ssize_t n = 1;
            while (got < size && (n = ::read(file, bytes->data() + got, size - got)) > 0)
                got += static_cast<std::size_t>(n);
            if (got == size) result = std::move(bytes);
        }
    }
    ::close(file);
    return result;
}

/// All of it under the new name or none of it.
bool write_private(const std::filesystem::path& path, std::string_view bytes) {
    auto temporary = path.string() + ".XXXXXX";
    const int file = ::mkostemp(temporary.data(), O_CLOEXEC);  // mode 0600 from the first moment
    if (file < 0) return false;
    bool written = ::fchmod(file, 0600) == 0;
    while (written && !bytes.empty()) {
        const auto n = ::write(file, bytes.data(), bytes.size());
        written = n > 0;
        if (written) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    written = written && ::fsync(file) == 0;
    ::close(file);
    if (!written || ::rename(temporary.c_str(), path.c_str()) != 0) {
        const int problem = errno;
        ::unlink(temporary.c_str());
        errno = problem;
        return false;
    }
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    if (const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); directory >= 0) {
        ::fsync(directory);
        ::close(directory);
    }
    return true;
}

}  // namespace

std::string_view name(KeystoreError error) noexcept {
    static constexpr std::array<std::string_view, 9> names{
        "absent", "too_open", "not_ours", "malformed", "wrong_passphrase", "exists", "bad_name", "too_large", "io"};
    const auto index = static_cast<std::size_t>(error);
    return index < names.size() ? names[index] : "?";
}

std::string_view advice(KeystoreError error) noexcept {
    static constexpr std::array<std::string_view, 9> texts{
        "there is none; add one with `omega keys add`",
        "others may read it: chmod 600 the file, and change the key at the venue if it ever stood open",
        "it is not a plain file of this user",
        "it is not a keystore of this program, or it is damaged; restore it from a copy",
        "wrong passphrase, or the file was changed",
        "the name is taken; remove it first, or choose another",
        "a name has 1 to 64 letters, digits, '-', '_' or '.'",
        "it is larger than a keystore can be",
        "the operating system refused; see the reason"};
    const auto index = static_cast<std::size_t>(error);
    return index < texts.size() ? texts[index] : "?";
}

Result<Keystore, KeystoreError> Keystore::decrypt(std::string_view bytes, const Secret& passphrase) {
    Header header;
    if (bytes.size() < sizeof header) return KeystoreError::malformed;
    std::memcpy(&header, bytes.data(), sizeof header);
    bytes.remove_prefix(sizeof header);
    if (!sane(header) || header.size > max_bytes || bytes.size() != header.size + tag_bytes)
        return KeystoreError::malformed;
    Wiped key{32}, text{header.size};
    if (!derive(header, passphrase, key)) return KeystoreError::malformed;
    if (!unseal(header, key, bytes, text)) return KeystoreError::wrong_passphrase;
    auto entries = read_entries(text.bytes);
    if (!entries) return entries.error();
    Keystore store;
    store.entries_ = std::move(*entries);
    return store;
}

Result<bool, KeystoreError> Keystore::inspect(const std::filesystem::path& path) {
    const auto bytes = read_private(path, max_bytes + sizeof(Header) + tag_bytes);
    if (!bytes) return bytes.error();
    const std::string_view text = (*bytes)->bytes;
    Header header;
    if (text.size() < sizeof header) return KeystoreError::malformed;
    std::memcpy(&header, text.data(), sizeof header);
    if (!sane(header) || text.size() != sizeof header + header.size + tag_bytes) return KeystoreError::malformed;
    return true;
}

Result<Keystore, KeystoreError> Keystore::load(const std::filesystem::path& path, const Secret& passphrase) {
    const auto bytes = read_private(path, max_bytes + sizeof(Header) + tag_bytes);
    if (!bytes) return bytes.error();
    return decrypt((*bytes)->bytes, passphrase);
}

Result<bool, KeystoreError> Keystore::save(const std::filesystem::path& path, const Secret& passphrase,
                                           const ScryptCost& cost) const {
    if (passphrase.empty()) return KeystoreError::wrong_passphrase;
    Header header;
    header.n = cost.n;
    header.r = cost.r;
    header.p = cost.p;
    Wiped key{32}, text{write_entries(entries_)};
    header.size = static_cast<std::uint32_t>(text.bytes.size());
    std::string sealed;
    if (!sane(header) || RAND_bytes(header.salt.data(), static_cast<int>(header.salt.size())) != 1 ||
        RAND_bytes(header.nonce.data(), static_cast<int>(header.nonce.size())) != 1 ||
        !derive(header, passphrase, key) || !seal(header, key, text, sealed))
        return KeystoreError::io;
    std::string file(sizeof header, '\0');
    std::memcpy(file.data(), &header, sizeof header);
    file += sealed;
    if (!write_private(path, file)) return KeystoreError::io;
    return true;
}

Result<bool, KeystoreError> Keystore::add(Credential credential) {
    if (!valid_credential_name(credential.name) || credential.key.empty() || credential.secret.empty())
        return KeystoreError::bad_name;
    if (find(credential.name) != nullptr) return KeystoreError::exists;
    for (const auto part : {std::string_view{credential.venue}, credential.key.reveal(), credential.secret.reveal(),
                            credential.passphrase.reveal()})
        if (part.size() > 3000) return KeystoreError::too_large;
    if (entries_.size() == max_entries) return KeystoreError::too_large;
    entries_.push_back(std::move(credential));
    return true;
}

bool Keystore::remove(std::string_view name) {
    return std::erase_if(entries_, [&](const Credential& entry) { return entry.name == name; }) > 0;
}

const Credential* Keystore::find(std::string_view name) const noexcept {
    for (const auto& entry : entries_)
        if (entry.name == name) return &entry;
    return nullptr;
}

Result<Secret, KeystoreError> read_secret_file(const std::filesystem::path& path) {
    auto bytes = read_private(path, 4096);
    if (!bytes) return bytes.error();
    auto& text = (*bytes)->bytes;
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    return Secret{std::move(text)};
}

std::optional<Secret> take_environment(const char* variable) {
    char* value = std::getenv(variable);
    if (value == nullptr || *value == '\0') return std::nullopt;
    std::optional<Secret> secret{Secret{std::string{value}}};
    OPENSSL_cleanse(value, std::strlen(value));
    ::unsetenv(variable);
    return secret;
}

std::optional<Credential> credential_from_environment(std::string_view name, std::string_view venue) {
    if (!valid_credential_name(name)) return std::nullopt;
    std::string suffix{name};
    for (auto& c : suffix) c = c == '-' || c == '.' ? '_' : static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
    auto key = take_environment(("OMEGA_KEY_" + suffix).c_str());
    auto secret = take_environment(("OMEGA_SECRET_" + suffix).c_str());
    auto passphrase = take_environment(("OMEGA_PASSPHRASE_" + suffix).c_str());
    if (!key || !secret) return std::nullopt;
    return Credential{.name = std::string{name},
                      .venue = std::string{venue},
                      .key = std::move(*key),
                      .secret = std::move(*secret),
                      .passphrase = passphrase ? std::move(*passphrase) : Secret{}};
}

}  // namespace core
