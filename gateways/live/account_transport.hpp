#pragma once

#include "core/domain/time.hpp"
#include "core/net/http_message.hpp"
#include "core/net/url.hpp"

#include <concepts>
#include <cstddef>
#include <functional>
#include <string_view>

namespace gateways::live {

/// The cold half of what an account talks to: sockets are opened and closed, questions asked over HTTP.
class AccountTransport {
public:
    /// Takes what came of a request, and when by the clock of the account's thread. Called once at most, by any thread,
    /// even after the account is gone.
    using Answer = std::function<void(core::HttpResult, core::Nanoseconds)>;

    AccountTransport() = default;
    AccountTransport(const AccountTransport&) = delete;
    AccountTransport& operator=(const AccountTransport&) = delete;
    virtual ~AccountTransport() = default;

    /// Begins to open a socket; what comes of it is told by a poll.
    virtual void open(std::size_t socket, const core::Url& url) = 0;
    /// Ends it at once: nothing more is told of it.
    virtual void close(std::size_t socket) = 0;
    virtual void ask(const core::Endpoint& to, core::HttpRequest request, Answer answer) = 0;
};

/// Who hears of the sockets: the account.
template <class Ear>
concept SocketEar = requires(const Ear& ear, std::size_t socket, std::string_view text, core::Nanoseconds time) {
    ear.opened(socket);
    ear.closed(socket, text);
    ear.frame(socket, text, time);
};

/// Both halves. The hot one, messages out and in, is resolved at compile time: an order meets no virtual call on its
/// way to the socket. `send`: one text message, lost where the socket is not open. `poll(clock, ear)`: tells a
/// SocketEar what came of every socket, in its order, and returns how much that was.
template <class T>
concept AccountSockets = std::derived_from<T, AccountTransport> &&
    requires(T& sockets, typename T::Clock& clock, std::size_t socket, std::string_view text) {
    { clock.now() } -> std::convertible_to<core::Nanoseconds>;
    sockets.send(socket, text);
};

}  // namespace gateways::live
