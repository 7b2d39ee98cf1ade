// The reused HMAC_CTX is deprecated in OpenSSL 3, and faster than the EVP_MAC that replaces it: the harder peer.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/net/sign.hpp"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <string>

namespace {

/// What a venue wants signed with every order, of the usual length. Hex is part of it.
const std::string message =
    "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.006&price=61800.30&"
    "newClientOrderId=o0000010000000001&recvWindow=5000&timestamp=1723161255030";
const std::string key = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";

const unsigned char* bytes(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

template <class Sign>
void hmac(benchmark::State& state, Sign&& sign) {
    char text[core::hex_length];
    for (auto _ : state) {
        benchmark::DoNotOptimize(message.data());
        core::write_hex(text, sign());
        benchmark::DoNotOptimize(text);
        benchmark::ClobberMemory();
    }
}

void omega(benchmark::State& state) {
    const core::Signer signer{core::Secret{std::string{key}}};
    hmac(state, [&] { return signer.sign(message); });
}
BENCHMARK(omega)->Name("hmac/omega");

/// The first 64 bytes, which are the same in every order of an instrument, compressed beforehand.
void omega_started(benchmark::State& state) {
    const core::Signer signer{core::Secret{std::string{key}}};
    const auto start = signer.start(std::string_view{message}.substr(0, 64));
    hmac(state, [&] { return signer.sign(start, std::string_view{message}.substr(64)); });
}
BENCHMARK(omega_started)->Name("hmac/omega_started");

void reused_context(benchmark::State& state) {
    auto* const context = HMAC_CTX_new();
    HMAC_Init_ex(context, key.data(), static_cast<int>(key.size()), EVP_sha256(), nullptr);
    hmac(state, [&] {
        core::Digest digest;
        HMAC_Init_ex(context, nullptr, 0, nullptr, nullptr);
        HMAC_Update(context, bytes(message), message.size());
        HMAC_Final(context, digest.data(), nullptr);
        return digest;
    });
    HMAC_CTX_free(context);
}
BENCHMARK(reused_context)->Name("hmac/openssl_reused_ctx");

void one_shot(benchmark::State& state) {
    hmac(state, [] {
        core::Digest digest;
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(message), message.size(), digest.data(),
             nullptr);
        return digest;
    });
}
BENCHMARK(one_shot)->Name("hmac/openssl_oneshot");

}  // namespace
