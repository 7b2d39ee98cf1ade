#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace core {

/// How far a connection or a request had come when it failed.
enum class NetPhase : std::uint8_t {
    resolve,  ///< looking the name up
    connect,  ///< reaching the address
    tls,      ///< TLS handshake
    upgrade,  ///< WebSocket handshake
    write,    ///< sending the request
    read,     ///< waiting for, or reading, the answer
    open      ///< an established session
};
std::string_view name(NetPhase phase) noexcept;

/// What went wrong.
enum class NetFault : std::uint8_t {
    address,      ///< the URL or name cannot be used, or plain TCP was asked for beyond loopback
    unreachable,  ///< no address, or nobody listens there
    tls,          ///< no common protocol, or the handshake broke
    certificate,  ///< a certificate that is not to be trusted, expired, or of another host
    timeout,      ///< the phase's deadline passed
    closed,       ///< the other side ended in an orderly way
    cut,          ///< the connection broke in the middle
    protocol,     ///< not HTTP, not WebSocket, or against their rules
    oversized,    ///< larger than the bound
    refused,      ///< answered, but not with what was asked (an upgrade's status, a close code)
    overrun       ///< we sent faster than the other side reads
};
std::string_view name(NetFault fault) noexcept;

/// Why a connection or request failed.
struct NetFailure {
    NetPhase phase{};
    NetFault fault{};
    /// The other side may have got the whole request: whether it acted on it is unknown. An order that failed like this
    /// must be asked for, never simply sent again. False: it certainly did not.
    bool unknown_outcome{};
    int code{};          ///< HTTP status of a refused upgrade or WebSocket close code, 0 without one
    std::string detail;  ///< for a person; never holds headers or bodies that were sent
};

}  // namespace core
