#pragma once

#include "core/net/http_client.hpp"
#include "core/net/socket_opening.hpp"
#include "core/runtime/clock.hpp"
#include "gateways/live/account_transport.hpp"

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace gateways::live {

/// What a live account stands on. All outlive it; one of each serves a whole program.
struct AccountNet {
    core::NetThread& thread;
    const core::TlsContext& tls;
    core::Resolver& resolver;
    core::HttpClient& http;
};

/// An account's transport in earnest: WebSockets that the account's thread polls, opened on the cold thread, and HTTP
/// there.
class NetSockets final : public AccountTransport {
public:
    using Clock = core::Clock;

    explicit NetSockets(const AccountNet& net) : net_{net} {}

    void open(std::size_t socket, const core::Url& url) override;
    void close(std::size_t socket) override;
    void ask(const core::Endpoint& to, core::HttpRequest request, Answer answer) override;

    void send(std::size_t socket, std::string_view text) noexcept {
        if (socket < places_.size() && places_[socket].socket) places_[socket].socket->send(text);
    }
    template <SocketEar Ear>
    std::size_t poll(Clock& clock, const Ear& ear) {
        std::size_t heard = 0;
        for (std::size_t i = 0; i < places_.size(); ++i) {
            auto& [opening, socket] = places_[i];
            if (socket) [[likely]] {
                const auto state = socket->poll(clock, [&](const core::WebSocketMessage& message) {
                    ++heard;
                    ear.frame(i, message.bytes, message.receive_time);
                });
                if (state != core::WebSocket::State::closed) continue;
                const auto ended = std::exchange(socket, nullptr);
                ear.closed(i, name(ended->failure().fault));
                ++heard;
            } else if (opening && (socket = opening->take())) {
                opening.reset();
                ++heard;
                if (socket->state() == core::WebSocket::State::open) {
                    ear.opened(i);
                    continue;
                }
                const auto failed = std::exchange(socket, nullptr);
                const auto& why = failed->failure();
                ear.closed(i, why.detail.empty() ? name(why.fault) : std::string_view{why.detail});
            }
        }
        return heard;
    }

private:
    struct Place {
        std::unique_ptr<core::SocketOpening> opening{};
        std::unique_ptr<core::WebSocket> socket{};
    };
    AccountNet net_;
    std::vector<Place> places_;
};
static_assert(AccountSockets<NetSockets>);

}  // namespace gateways::live
