#pragma once

#include "tools/venue/simulator.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace venue {

struct ServerSettings {
    std::string host{"127.0.0.1"};
    std::uint16_t port{};  ///< 0: the system picks one
    bool tls{};
    std::filesystem::path ca_out{};  ///< with tls: where the authority's certificate is written (PEM); empty: nowhere
    std::size_t max_connections{512};
    std::size_t max_unsent{8 << 20};  ///< bytes a client may leave unread before its socket is closed
};

/// A simulated venue on a socket: HTTP and WebSocket on one port, on one thread of its own. The simulator's time is the
/// wall's from its start on.
class Server {
public:
    /// Binds and plays the warm-up; serves after start(). Throws std::runtime_error (address in use, unreadable files),
    /// and what Simulator's constructor throws.
    Server(ServerSettings settings, SimulatorSettings simulator);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void start();
    /// Ends all connections and the thread; at most a second.
    void stop() noexcept;

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] std::string address() const;  ///< "127.0.0.1:40213"
    /// The authority's certificate, PEM; "" without TLS.
    [[nodiscard]] const std::string& authority() const noexcept;

    /// Runs f(simulator) on the server's thread and waits for it. Only between start and stop.
    void with(const std::function<void(Simulator&)>& f);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace venue
