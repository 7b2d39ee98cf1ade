#pragma once

#include "core/net/secret.hpp"
#include "core/net/sha256.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace core {

/// 32 bytes of a signature.
using Digest = std::array<std::uint8_t, 32>;

/// HMAC-SHA256 with one key, how venues want private requests signed. The key's own two blocks are compressed once, so
/// a signature costs the message's blocks and one more. Neither allocates nor throws after construction.
/// Source: RFC 2104; vectors in RFC 4231.
class Signer {
public:
    explicit Signer(const Secret& key) noexcept;
    Signer(Signer&& other) noexcept;
    Signer& operator=(Signer&&) = delete;
    ~Signer();

    /// A second one, on purpose: what it holds signs as well as the key.
    [[nodiscard]] Signer copy() const noexcept;

    [[nodiscard]] Digest sign(std::string_view message) const noexcept { return sign(start({}), message); }

    /// Key and the beginning of messages, already compressed: it signs as well as the key, so it is kept like one.
    struct Start {
        sha256::State state;
        std::uint64_t size;  ///< bytes in it, with the key's block: a multiple of 64
    };
    /// Compresses what many messages begin with. Precondition: a multiple of 64 bytes.
    [[nodiscard]] Start start(std::string_view beginning) const noexcept;
    /// Signs the message of which `rest` is what follows the beginning.
    [[nodiscard]] Digest sign(const Start& start, std::string_view rest) const noexcept;

private:
    Signer() noexcept = default;
    sha256::State inner_{sha256::initial};
    sha256::State outer_{sha256::initial};
};

inline constexpr std::size_t hex_length = 64;
inline constexpr std::size_t base64_length = 44;

/// Writes hex_length lower-case digits and returns one past the last.
char* write_hex(char* to, const Digest& digest) noexcept;

/// Writes base64_length characters (RFC 4648, padded) and returns one past the last.
char* write_base64(char* to, const Digest& digest) noexcept;

}  // namespace core
