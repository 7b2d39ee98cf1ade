#pragma once

#include "core/net/http_connection.hpp"
#include "core/net/net_thread.hpp"

#include <functional>
#include <memory>

namespace core {

/// An HTTP/1.1 client for the cold side: keeps connections alive, a few a host, and gives each request its deadlines.
/// It repeats a request of its own accord only where that changes nothing: a GET or HEAD that met a kept connection the
/// server had just ended. What is urgent passes what is not: hanging questions hold no order back. No proxies, no
/// redirections. May be used from any thread.
class HttpClient {
public:
    using Handler = std::function<void(HttpResult)>;

    /// `thread`, `tls` and `resolver` outlive it.
    HttpClient(NetThread& thread, const TlsContext& tls, Resolver& resolver, const HttpSettings& settings = {});
    /// Requests under way are dropped, their handlers not called.
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    /// Asks; the answer, or why there is none, goes to the handler, on the net's thread.
    void send(const Endpoint& to, HttpRequest request, Handler handler);
    /// The same, holding up the calling thread, which is not the net's.
    [[nodiscard]] HttpResult ask(const Endpoint& to, HttpRequest request);

    struct Impl;

private:
    NetThread& thread_;
    std::shared_ptr<Impl> impl_;
};

}  // namespace core
