#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// A TLS 1.3 server on loopback that busy-polls on the other core, so that whoever calls it waits for nothing but
/// itself, the kernel and the cipher. It serves the connection that is `active`: raw echo, or a WebSocket's.
class EchoServer {
public:
    EchoServer();
    ~EchoServer();
    EchoServer(const EchoServer&) = delete;
    EchoServer& operator=(const EchoServer&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    [[nodiscard]] const std::string& ca_file() const noexcept;
    /// Connections are numbered as they come, from 0.
    void serve(int connection) noexcept;
    /// Sends that many WebSocket text frames of `size` bytes on the connection as fast as it can, before it echoes on.
    void flood(int connection, std::uint64_t frames, std::size_t size) noexcept;
    [[nodiscard]] int connections() const noexcept;

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// One closed loop: sends a message of `size` bytes, waits for its echo. Implementations connect when made.
class EchoClient {
public:
    virtual ~EchoClient() = default;
    virtual bool round_trip() = 0;
    /// `count` round trips one after another; what each took is appended, ns.
    virtual bool trips(int count, std::vector<double>& times_ns);
};

std::unique_ptr<EchoClient> beast_run_client(const EchoServer& server,
                                             std::size_t size);  ///< blocks in io_context::run
std::unique_ptr<EchoClient> beast_poll_client(const EchoServer& server,
                                              std::size_t size);  ///< spins on io_context::poll

}  // namespace bench
