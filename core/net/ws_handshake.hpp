#pragma once

#include "core/domain/result.hpp"
#include "core/net/url.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace core {

/// A header line that is sent: name and value.
using HttpField = std::pair<std::string, std::string>;

/// True when a field can be sent as it is: a token for a name, and no control character in the value.
bool may_be_sent(const HttpField& field) noexcept;

/// The 24 characters of Sec-WebSocket-Key for 16 random bytes.
std::string ws_key(std::span<const std::uint8_t, 16> random);

/// The request that turns an HTTP connection into a WebSocket (RFC 6455, 4.1). No extension and no subprotocol is
/// offered.
std::string ws_request(const Url& url, std::string_view key, std::span<const HttpField> extra);

/// What a server answered.
struct WsAnswer {
    std::size_t size{};  ///< of the answer's head; frames follow. 0: not complete yet
    int status{};        ///< 101, or why not
};

/// Reads the answer to ws_request(key). `text`: all that came. Errors: malformed (not HTTP, or against RFC 6455, 4.2.2:
/// another protocol, a wrong accept, an extension nobody offered), oversized (no end within 16 KiB). A status other
/// than 101 is no error here.
Result<WsAnswer> read_ws_answer(std::string_view text, std::string_view key);

}  // namespace core
