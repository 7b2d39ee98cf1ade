#pragma once

#include "core/domain/result.hpp"

#include <string>
#include <string_view>

namespace core {

/// One end of a connection: whom, and whether the way there is encrypted.
struct Endpoint {
    bool tls{true};
    std::string host;  ///< a name or an address; an IPv6 address without its brackets
    std::string port;

    /// "host:port", brackets around IPv6: for a Host header where the port is not the scheme's own.
    [[nodiscard]] std::string authority() const;
    friend bool operator==(const Endpoint&, const Endpoint&) = default;
    friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

/// What an address says.
struct Url {
    Endpoint to;
    std::string target;  ///< path and query, begins with '/'
};

/// "https://host[:port][/path?query]", also http, wss and ws (wss and https are TLS): no user, no fragment, nothing but
/// printable ASCII, at most 2000 characters. IPv6 addresses in brackets.
/// Errors: malformed, oversized, refused (another scheme).
Result<Url> parse_url(std::string_view text);

}  // namespace core
