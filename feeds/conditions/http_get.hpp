#pragma once

#include "core/domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace feeds::conditions {

enum class HttpError : std::uint8_t {
    bad_url,
    resolve,    ///< the name has no address
    connect,    ///< nobody listens there
    tls,        ///< no handshake, or a certificate that is not to be trusted
    timeout,    ///< the deadline passed
    oversized,  ///< header or body larger than allowed
    status,     ///< answered, but not 200 (redirections are not followed)
    protocol    ///< not HTTP, or cut short
};
std::string_view name(HttpError error) noexcept;

struct HttpFailure {
    HttpError error{};
    int status{};        ///< of the answer, 0 without one
    std::string detail;  ///< for a person
};

struct HttpLimits {
    std::chrono::milliseconds deadline{
        5000};  ///< of everything together, from the look-up of the name to the last byte
    std::size_t max_bytes{std::size_t{4} << 20};
    std::string ca_file;  ///< PEM of whom to trust; empty: the system's
};

/// One GET, body of a 200, by core's HTTP client: https is verified, http plain. Cold side: it holds up its thread,
/// never past the deadline. One connection, closed after.
core::Result<std::string, HttpFailure> http_get(std::string_view url, const HttpLimits& limits = {});

}  // namespace feeds::conditions
