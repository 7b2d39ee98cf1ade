#include "tools/venue/dialect/sign.hpp"

#include "core/net/sign.hpp"

namespace venue {

std::string hmac_hex(const core::Secret& secret, std::string_view payload) {
    std::string text(core::hex_length, '\0');
    core::write_hex(text.data(), core::Signer{secret}.sign(payload));
    return text;
}

std::string hmac_base64(const core::Secret& secret, std::string_view payload) {
    std::string text(core::base64_length, '\0');
    core::write_base64(text.data(), core::Signer{secret}.sign(payload));
    return text;
}

bool same_signature(std::string_view a, std::string_view b, bool any_case) noexcept {
    if (a.size() != b.size()) return false;
    unsigned different = 0;
    const auto lower = [any_case](char c) {
        return static_cast<unsigned char>(any_case && c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    };
    for (std::size_t i = 0; i < a.size(); ++i) different |= static_cast<unsigned>(lower(a[i]) ^ lower(b[i]));
    return different == 0;
}

}  // namespace venue
