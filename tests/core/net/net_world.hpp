#pragma once

#include "core/net/websocket.hpp"
#include "tests/core/net/loopback.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace test {

/// A client's side: whom it trusts, its resolver and clock.
struct NetWorld {
    core::TlsContext tls;
    core::Resolver resolver{};
    core::Clock clock{std::chrono::milliseconds{1}};

    explicit NetWorld(const Certificate* trusted = nullptr)
        : tls{{.ca_file = trusted != nullptr ? trusted->file : std::string{}, .system_authorities = false}} {}

    [[nodiscard]] core::WebSocket socket(const std::string& url, core::WebSocketSettings settings = {}) {
        return {*core::parse_url(url), tls, resolver, std::move(settings)};
    }
};

/// Polls until `enough` says so or the session is closed; false when neither happens for ten seconds.
template <class Enough>
bool poll_until(core::WebSocket& socket, core::Clock& clock, std::vector<std::string>& texts, Enough&& enough) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!enough() && std::chrono::steady_clock::now() < give_up) {
        const auto state =
            socket.poll(clock, [&](const core::WebSocketMessage& message) { texts.emplace_back(message.bytes); });
        if (state == core::WebSocket::State::closed) return true;
    }
    return enough();
}

/// Polls until open or closed.
inline core::WebSocket::State opened(core::WebSocket& socket, core::Clock& clock) {
    std::vector<std::string> none;
    EXPECT_TRUE(poll_until(socket, clock, none, [&] { return socket.state() != core::WebSocket::State::opening; }));
    return socket.state();
}
inline core::WebSocket::State closed(core::WebSocket& socket, core::Clock& clock, std::vector<std::string>& texts) {
    EXPECT_TRUE(poll_until(socket, clock, texts, [] { return false; }));
    return socket.state();
}

}  // namespace test
