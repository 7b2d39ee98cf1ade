#include "core/net/sign.hpp"

#include "core/net/hex.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstring>

namespace core {

namespace {

using Block = std::array<std::uint8_t, sha256::block_size>;

Digest bytes_of(const sha256::State& state) noexcept {
    Digest digest;
    for (std::size_t i = 0; i < state.size(); ++i) {
        const auto word = __builtin_bswap32(state[i]);
        std::memcpy(digest.data() + 4 * i, &word, sizeof word);
    }
    return digest;
}

/// Folds the rest of a message and its padding: a one bit, zeros, the length in bits of all `total` bytes.
void finish(sha256::State& state, const char* message, std::size_t size, std::uint64_t total) noexcept {
    const auto whole = size / sha256::block_size;
    sha256::compress(state, reinterpret_cast<const std::uint8_t*>(message), whole);
    const auto rest = size % sha256::block_size;

    std::array<std::uint8_t, 2 * sha256::block_size> tail{};
    std::memcpy(tail.data(), message + whole * sha256::block_size, rest);
    tail[rest] = 0x80;
    const std::size_t blocks = rest + 1 + sizeof total <= sha256::block_size ? 1 : 2;
    const auto bits = __builtin_bswap64(total * 8);
    std::memcpy(tail.data() + blocks * sha256::block_size - sizeof bits, &bits, sizeof bits);
    sha256::compress(state, tail.data(), blocks);
}

}  // namespace

Signer::Signer(const Secret& key) noexcept {
    Block padded{};
    const auto bytes = key.reveal();
    if (bytes.size() <= padded.size()) {
        std::copy(bytes.begin(), bytes.end(), padded.begin());
    } else {
        auto state = sha256::initial;
        finish(state, bytes.data(), bytes.size(), bytes.size());
        std::ranges::copy(bytes_of(state), padded.begin());
        OPENSSL_cleanse(state.data(), sizeof state);
    }
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

Digest Signer::sign(std::string_view message) const noexcept {
    auto inner = inner_;
    finish(inner, message.data(), message.size(), sha256::block_size + message.size());

    // The outer message is always one block: the inner digest, and padding known in advance (96 bytes are 768 bits).
    Block block{};
    std::ranges::copy(bytes_of(inner), block.begin());
    block[32] = 0x80;
    block[62] = 768 >> 8;
    auto outer = outer_;
    sha256::compress(outer, block.data(), 1);
    return bytes_of(outer);
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
