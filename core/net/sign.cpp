#include "core/net/sign.hpp"

#include "core/net/hex.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace core {

namespace {

using Block = std::array<std::uint8_t, sha256::block_size>;

const std::uint8_t* bytes(std::string_view text) noexcept {
    return reinterpret_cast<const std::uint8_t*>(text.data());
}

/// What is left of a message after its whole blocks, and its padding: a one bit, zeros, the length in bits.
struct Tail {
    alignas(16) std::array<std::uint8_t, 2 * sha256::block_size> bytes{};
    std::size_t blocks;

    Tail(std::string_view message, std::uint64_t total) noexcept {
        const auto rest = message.size() % sha256::block_size;
        if (rest != 0) std::memcpy(bytes.data(), message.data() + (message.size() - rest), rest);
        bytes[rest] = 0x80;
        blocks = rest + 1 + sizeof total <= sha256::block_size ? 1 : 2;
        const auto bits = __builtin_bswap64(total * 8);
        std::memcpy(bytes.data() + blocks * sha256::block_size - sizeof bits, &bits, sizeof bits);
    }
};

/// A key longer than a block is replaced by its hash.
void hash(std::string_view key, std::uint8_t* to) noexcept {
    auto state = sha256::initial;
    sha256::compress(state, bytes(key), key.size() / sha256::block_size);
    Tail tail{key, key.size()};
    sha256::compress(state, tail.bytes.data(), tail.blocks);
    for (const auto word : state)
        for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<std::uint8_t>(word >> shift);
    OPENSSL_cleanse(tail.bytes.data(), tail.bytes.size());
    OPENSSL_cleanse(state.data(), sizeof state);
}

}  // namespace

Signer::Signer(const Secret& key) noexcept {
    Block padded{};
    const auto text = key.reveal();
    if (text.size() <= padded.size())
        std::copy(text.begin(), text.end(), padded.begin());
    else
        hash(text, padded.data());
    for (auto& byte : padded) byte ^= 0x36;
    sha256::compress(inner_, padded.data(), 1);
    for (auto& byte : padded) byte ^= 0x36 ^ 0x5c;
    sha256::compress(outer_, padded.data(), 1);
    OPENSSL_cleanse(padded.data(), padded.size());
}

Signer::Signer(Signer&& other) noexcept : inner_{other.inner_}, outer_{other.outer_} {
    OPENSSL_cleanse(other.inner_.data(), sizeof other.inner_);
    OPENSSL_cleanse(other.outer_.data(), sizeof other.outer_);
}

Signer::~Signer() {
    OPENSSL_cleanse(inner_.data(), sizeof inner_);
    OPENSSL_cleanse(outer_.data(), sizeof outer_);
}

Signer Signer::copy() const noexcept {
    Signer twin;
    twin.inner_ = inner_;
    twin.outer_ = outer_;
    return twin;
}

Signer::Start Signer::start(std::string_view beginning) const noexcept {
    assert(beginning.size() % sha256::block_size == 0);
    Start started{inner_, sha256::block_size + beginning.size()};
    sha256::compress(started.state, bytes(beginning), beginning.size() / sha256::block_size);
    return started;
}

Digest Signer::sign(const Start& start, std::string_view rest) const noexcept {
    const Tail tail{rest, start.size + rest.size()};
    Digest digest;
    sha256::hmac(start.state, outer_, bytes(rest), rest.size() / sha256::block_size, tail.bytes.data(), tail.blocks,
                 digest.data());
    return digest;
}

char* write_hex(char* to, const Digest& digest) noexcept {
    return write_hex(to, digest.data(), digest.size());
}

char* write_base64(char* to, const Digest& digest) noexcept {
    static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const auto put = [&](std::uint32_t bits) {
        for (int shift = 18; shift >= 0; shift -= 6) *to++ = letters[bits >> shift & 63];
    };
    const auto byte = [&](std::size_t i) { return i < digest.size() ? static_cast<std::uint32_t>(digest[i]) : 0U; };
    for (std::size_t i = 0; i < digest.size(); i += 3) put(byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2));
    to[-1] = '=';  // 32 bytes are ten threes and two: the last letter stands for bits that are not there
    return to;
}

}  // namespace core
