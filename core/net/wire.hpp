#pragma once

#include "core/domain/time.hpp"
#include "core/net/net_failure.hpp"
#include "core/net/resolver.hpp"
#include "core/net/tls.hpp"
#include "core/runtime/clock.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace core {

/// How long each phase of opening a connection may take.
struct WireSettings {
    std::chrono::milliseconds resolve{3000};
    std::chrono::milliseconds connect{3000};  ///< all addresses together
    std::chrono::milliseconds tls{3000};
    bool plain_anywhere{};  ///< plain TCP also beyond loopback: for public data without secrets only
};

/// One connection that never blocks: TCP, and TLS where the endpoint says so. Whoever owns it drives it: `advance`
/// until it is open, then `read` and `write`, each of which does what it can now and returns. Used by one thread at a
/// time, which may change. Nothing is allocated once it is open.
class Wire {
public:
    using Time = std::chrono::steady_clock::time_point;
    enum class State : std::uint8_t { resolving, connecting, tls, open, closed };
    enum class Io : std::uint8_t {
        ok,      ///< `bytes` more
        again,   ///< nothing now
        closed,  ///< the other side ended in an orderly way
        cut      ///< broken: `failure()` tells how
    };
    struct Done {
        Io io;
        std::size_t bytes;
    };

    /// `tls` and `resolver` outlive it.
    Wire(Endpoint to, const TlsContext& tls, Resolver& resolver, const WireSettings& settings = {});
    ~Wire();
    Wire(const Wire&) = delete;
    Wire& operator=(const Wire&) = delete;

    /// Goes as far as it can without waiting.
    State advance(Time now);

    /// At most one system call, none while decrypted bytes are left. `room` > 0.
    Done read(char* to, std::size_t room) noexcept;
    /// What the socket takes now; the rest (`bytes` < its size) is to be offered again, from there on.
    Done write(std::string_view bytes) noexcept;
    /// Tells the other side that nothing more will come (TLS close_notify), as far as the socket takes it.
    void finish() noexcept;

    /// Gives the socket back.
    void close() noexcept;

    /// Bytes that were received, but not given by `read`.
    [[nodiscard]] bool pending() const noexcept;
    /// The time stamp counter when the newest bytes left the socket, before they were decrypted.
    [[nodiscard]] std::uint64_t receive_cycles() const noexcept;

    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] const NetFailure& failure() const noexcept { return failure_; }  ///< when closed or cut
    [[nodiscard]] int descriptor() const noexcept;                                 ///< for poll; -1 while resolving
    [[nodiscard]] bool wants_write() const noexcept;  ///< `advance` waits for room in the socket, not for bytes
    [[nodiscard]] Time deadline() const noexcept { return deadline_; }  ///< of the present phase, until open
    [[nodiscard]] bool resumed() const noexcept;                        ///< an earlier TLS session was continued
    [[nodiscard]] std::string_view protocol() const noexcept;           ///< "TLSv1.3", …; "plain"
    [[nodiscard]] const Endpoint& to() const noexcept { return to_; }

private:
    struct Socket;
    State fail(NetPhase phase, NetFault fault, std::string detail);
    State resolve(Time now);
    State connect(Time now);
    State connect_next(Time now);
    State connected(Time now);
    State handshake(Time now);
    Done broken(const char* what) noexcept;

    Endpoint to_;
    const TlsContext& tls_;
    WireSettings settings_;
    std::shared_ptr<const Lookup> lookup_;
    std::unique_ptr<Socket> socket_;
    std::size_t next_address_{};
    Time deadline_{};
    Time address_deadline_{};
    std::string last_problem_;
    NetFailure failure_;
    State state_{State::resolving};
};

}  // namespace core
