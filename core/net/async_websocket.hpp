#pragma once

#include "core/net/net_thread.hpp"
#include "core/net/websocket.hpp"

#include <functional>
#include <memory>
#include <string>

namespace core {

/// What happens on an asynchronous session. Called on the net's thread, never after the session's destructor returned.
struct WebSocketEvents {
    std::function<void()> opened{};
    std::function<void(const WebSocketMessage&)> message{};
    std::function<void(const NetFailure&)> closed{};  ///< the last
};

/// A WebSocket for cold traffic: the same client, stepped by a NetThread when its socket has something. May be used
/// from any thread.
class AsyncWebSocket {
public:
    /// Starts opening. `thread`, `tls` and `resolver` outlive it.
    AsyncWebSocket(NetThread& thread, const Url& url, const TlsContext& tls, Resolver& resolver,
                   WebSocketSettings settings, WebSocketEvents events);
    ~AsyncWebSocket();
    AsyncWebSocket(const AsyncWebSocket&) = delete;
    AsyncWebSocket& operator=(const AsyncWebSocket&) = delete;

    /// Sends a text message, soon; what is sent before the session is open waits for it.
    void send(std::string text);
    void close(std::uint16_t code = 1000);

private:
    struct Impl;
    NetThread& thread_;
    std::shared_ptr<Impl> impl_;
};

}  // namespace core
