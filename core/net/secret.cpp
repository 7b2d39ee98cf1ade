#include "core/net/secret.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

namespace core {

Secret::Secret(std::string&& text) : bytes_{std::make_unique<char[]>(text.size())}, size_{text.size()} {
    std::copy(text.begin(), text.end(), bytes_.get());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

Secret::Secret(Secret&& other) noexcept : bytes_{std::move(other.bytes_)}, size_{std::exchange(other.size_, 0)} {}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe();
    bytes_ = std::move(other.bytes_);
    size_ = std::exchange(other.size_, 0);
    return *this;
}

Secret::~Secret() {
    wipe();
}

Secret Secret::copy() const {
    return Secret{std::string{reveal()}};
}

void Secret::wipe() noexcept {
    if (size_ != 0) OPENSSL_cleanse(bytes_.get(), size_);
}

}  // namespace core
