#pragma once

#include "tests/core/net/identity.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace test {

/// The server's side of one connection, plain or TLS. It blocks, at most ten seconds a call.
class Peer {
public:
    virtual ~Peer() = default;
    /// Up to `most` bytes; "" at the end.
    virtual std::string read(std::size_t most) = 0;
    virtual bool write(std::string_view bytes) = 0;
    /// Ends our side in an orderly way (TLS goodbye, FIN); `cut`: with a reset.
    virtual void end() = 0;
    virtual void cut() = 0;

    /// What comes up to and including `mark`; what comes after it is kept for the next read.
    std::string read_to(std::string_view mark);
    std::string exactly(std::size_t count);
    /// Waits until the client ends.
    void wait_for_end() {
        while (!read(4096).empty()) continue;
    }

    /// Reads a WebSocket's request and accepts it; the request's text.
    std::string accept();
    /// One client's frame: opcode and unmasked payload; opcode 0 at the end. EXPECTs it to be masked.
    struct Frame {
        unsigned opcode{};
        std::string payload{};
    };
    Frame frame();

    int connection{};  ///< 0 for the first a server accepted

protected:
    std::string kept_;
};

/// A server's frame, not masked. `head`: its first byte (0x81: the whole of a text).
std::string server_frame(std::string_view payload, unsigned head = 0x81);
/// Sec-WebSocket-Accept for a request.
std::string accept_for(std::string_view request);
std::string http_ok(std::string_view body);

/// Serves on loopback, each connection by `serve` on a thread of its own. Its clients go before it does.
class Loopback {
public:
    struct Options {
        const Certificate* certificate{};  ///< none: plain
        bool tls_1_1{};                    ///< offers TLS 1.1 at most
        bool ipv6{};
    };
    explicit Loopback(std::function<void(Peer&)> serve) : Loopback{Options{}, std::move(serve)} {}
    Loopback(const Options& options, std::function<void(Peer&)> serve);
    ~Loopback();
    Loopback(const Loopback&) = delete;
    Loopback& operator=(const Loopback&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept;
    /// "ws", "wss", "http" or "https" + "://127.0.0.1:port/…"
    [[nodiscard]] std::string url(const std::string& target = "/") const;
    [[nodiscard]] int accepted() const noexcept;  ///< connections so far

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace test
