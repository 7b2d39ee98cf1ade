#pragma once

#include "core/net/secret.hpp"

#include <string>
#include <string_view>

namespace venue {

/// HMAC-SHA256 of `payload` as 64 lower-case hex digits.
std::string hmac_hex(const core::Secret& secret, std::string_view payload);
/// The same as base64.
std::string hmac_base64(const core::Secret& secret, std::string_view payload);
/// Equal, in a time that does not tell where they differ. `any_case`: hex digits of either case.
bool same_signature(std::string_view a, std::string_view b, bool any_case = false) noexcept;

}  // namespace venue
