#include "gateways/live/net_sockets.hpp"

namespace gateways::live {

void NetSockets::open(std::size_t socket, const core::Url& url) {
    if (socket >= places_.size()) places_.resize(socket + 1);
    places_[socket].opening =
        std::make_unique<core::SocketOpening>(net_.thread, url, net_.tls, net_.resolver, core::WebSocketSettings{});
}

void NetSockets::close(std::size_t socket) {
    if (socket >= places_.size()) return;
    auto& [opening, open] = places_[socket];
    opening.reset();
    if (open) open->close();
    open.reset();
}

void NetSockets::ask(const core::Endpoint& to, core::HttpRequest request, Answer answer) {
    net_.http.send(to, std::move(request),
                   [answer = std::move(answer), &thread = net_.thread](core::HttpResult result) {
                       answer(std::move(result), thread.clock().now());
                   });
}

}  // namespace gateways::live
