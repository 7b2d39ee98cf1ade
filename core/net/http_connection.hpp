#pragma once

#include "core/net/http_message.hpp"
#include "core/net/wire.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace core {

/// How requests are bounded.
struct HttpSettings {
    WireSettings wire{};
    std::chrono::milliseconds answer{5000};  ///< from the request's last byte to the answer's
    std::chrono::milliseconds idle{30'000};  ///< a connection is kept so long for the next request
    std::size_t max_body{std::size_t{8} << 20};
    std::size_t connections_a_host{4};  ///< for everything
    std::size_t urgent_a_host{4};       ///< besides, for urgent requests alone
};

/// One HTTP/1.1 connection that never blocks, for one request at a time; kept alive between them. Whoever owns it calls
/// `step`, spinning or when `wait` says so, from one thread at a time.
class HttpConnection {
public:
    using Time = Wire::Time;
    enum class State : std::uint8_t {
        busy,   ///< a request is under way
        done,   ///< its result waits to be taken
        idle,   ///< open, free for the next
        closed  ///< for good
    };
    /// What to wait for before the next `step`.
    struct Wait {
        int descriptor;  ///< -1: none yet, look again soon
        bool write;      ///< for room, not for bytes
        Time until;
    };

    HttpConnection(Endpoint to, const TlsContext& tls, Resolver& resolver, const HttpSettings& settings);

    /// Begins a request. Precondition: new or idle.
    void start(const HttpRequest& request, Time now);
    State step(Time now);
    /// The result of the request; the connection is idle or closed after. Precondition: done.
    [[nodiscard]] HttpResult take();

    [[nodiscard]] State state() const noexcept { return state_; }
    [[nodiscard]] Wait wait() const noexcept;
    /// The failed request met a connection that had been kept and brought not a byte: the server had ended it.
    [[nodiscard]] bool was_stale() const noexcept { return stale_; }
    [[nodiscard]] const Wire& wire() const noexcept { return wire_; }

private:
    void write(Time now);
    void read(Time now);
    void fail(NetPhase phase, NetFault fault, std::string detail);
    void fail_like_wire(NetPhase phase) { fail(phase, wire_.failure().fault, wire_.failure().detail); }
    void came(const Result<bool>& complete);
    void look_whether_it_lives();

    Wire wire_;
    HttpSettings settings_;
    HttpReader reader_;
    std::string request_;
    std::size_t written_{};
    Time deadline_{}, begin_deadline_{}, answer_deadline_{}, idle_deadline_{};
    std::optional<HttpResult> result_;
    unsigned requests_{};
    State state_{State::idle};
    bool stale_{};
};

/// One request on a connection of its own: holds up its thread until the answer or the deadline. Cold side.
HttpResult http_fetch(const Endpoint& to, const HttpRequest& request, const TlsContext& tls, Resolver& resolver,
                      const HttpSettings& settings = {});

}  // namespace core
