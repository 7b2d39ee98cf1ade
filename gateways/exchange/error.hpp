#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace gateways::exchange {

/// What went wrong with a call, the same for every venue.
enum class ErrorKind : std::uint8_t {
    authentication,      ///< key, passphrase or signature refused
    permission,          ///< the key may not do this, or not from this address
    insufficient_funds,  ///< balance or margin does not suffice
    order_not_found,     ///< the venue knows no such order (it may be gone)
    invalid_order,       ///< a rule of the instrument or the account says no
    rate_limited,        ///< too many requests; wait and repeat
    banned,              ///< too many after a warning: silence until the ban ends
    nonce,               ///< timestamp outside the window: synchronise clocks, repeat once
    maintenance,         ///< the venue is not available; repeat later
    network,             ///< never reached the venue, or a reading call was answered by nobody
    unknown_outcome,     ///< a writing call may or may not have been carried out: ask before repeating
    bad_request,         ///< the request is wrong: unknown symbol, missing argument
    not_supported,       ///< the venue, or this implementation, has no such call
    malformed,           ///< the answer cannot be understood
    other,               ///< a code that no table knows
};
std::string_view name(ErrorKind kind) noexcept;

/// The kind of a code that a call which makes orders was answered: what no table knows refuses nothing.
constexpr ErrorKind of_order(ErrorKind kind) noexcept {
    return kind == ErrorKind::other ? ErrorKind::unknown_outcome : kind;
}

struct ApiError {
    ErrorKind kind{};
    std::string code{};            ///< the venue's own code, "" if none
    std::string message{};         ///< the venue's own words, or ours
    int status{};                  ///< HTTP status, 0 if there was none
    std::int64_t retry_after_s{};  ///< how long the venue asks us to wait, 0 if it did not say

    friend bool operator==(const ApiError& error, ErrorKind kind) noexcept { return error.kind == kind; }
};

/// One row of a venue's table. An empty code or text matches any; text is looked for anywhere in the message.
struct ErrorRow {
    std::string_view code;
    std::string_view text;
    ErrorKind kind;
};
/// The first row that matches, else `other`.
ErrorKind kind_of(std::span<const ErrorRow> rows, std::string_view code, std::string_view message) noexcept;

/// An error that we found before asking the venue.
inline ApiError refused(ErrorKind kind, std::string message) {
    return {.kind = kind, .code = {}, .message = std::move(message)};
}

}  // namespace gateways::exchange
