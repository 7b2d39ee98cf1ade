#include "tools/omega/engine/digest.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <new>

namespace omega {

Digest::Digest() : context_{EVP_MD_CTX_new()} {
    if (context_ == nullptr || EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) != 1) throw std::bad_alloc{};
}

Digest::~Digest() {
    EVP_MD_CTX_free(context_);
}

void Digest::add(const void* bytes, std::size_t size) noexcept {
    EVP_DigestUpdate(context_, bytes, size);
}

std::string Digest::hex() const {
    EVP_MD_CTX* copy = EVP_MD_CTX_new();
    EVP_MD_CTX_copy_ex(copy, context_);
    std::array<unsigned char, 32> hash{};
    EVP_DigestFinal_ex(copy, hash.data(), nullptr);
    EVP_MD_CTX_free(copy);
    std::string text;
    for (const auto byte : hash) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace omega
