#pragma once

#include "core/domain/time.hpp"
#include "core/net/net_failure.hpp"
#include "core/net/wire.hpp"
#include "core/net/ws_frame.hpp"
#include "core/net/ws_handshake.hpp"
#include "core/runtime/clock.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace core {

/// How a WebSocket is opened and bounded.
struct WebSocketSettings {
    WireSettings wire{};
    std::chrono::milliseconds upgrade{3000};         ///< from the request to the server's answer
    std::chrono::milliseconds goodbye{1000};         ///< from our close frame to the server's
    std::size_t max_message{std::size_t{16} << 20};  ///< bytes; memory that is never used is never touched
    std::size_t max_unsent{std::size_t{256} << 10};  ///< bytes the socket did not take yet, of the largest message too
    std::vector<HttpField> headers{};                ///< sent with the request
};

/// One message from the server.
struct WebSocketMessage {
    std::string_view bytes;    ///< followed by at least 64 readable bytes; valid until the next poll
    Nanoseconds receive_time;  ///< when its last bytes left the socket, before they were decrypted
    bool binary;
};

/// A WebSocket client (RFC 6455) that never blocks: whoever owns it polls it, from one thread at a time. Once open, it
/// allocates nothing a message, neither to receive nor to send, and a poll that finds nothing costs one system call.
/// It answers pings and the closing handshake by itself; whether the session is alive is judged by its owner, by data.
class WebSocket {
public:
    enum class State : std::uint8_t {
        opening,  ///< name, TCP, TLS and upgrade
        open,
        closing,  ///< we said goodbye; messages still come
        closed    ///< for good: see `failure()`
    };
    struct Counts {
        std::uint64_t messages{}, bytes{}, sent{}, pings{}, pongs{};
    };

    /// Starts opening. `tls` and `resolver` outlive it.
    WebSocket(const Url& url, const TlsContext& tls, Resolver& resolver, WebSocketSettings settings = {});
    WebSocket(const WebSocket&) = delete;
    WebSocket& operator=(const WebSocket&) = delete;

    /// Does what can be done now and gives every complete message of at most a few reads to `sink(const
    /// WebSocketMessage&)`, which may call `send` and `close`. `clock` is the calling thread's.
    template <class Sink>
    State poll(Clock& clock, Sink&& sink) {
        reads_left_ = reads_a_poll;
        WebSocketMessage message{};
        while (next(clock, message)) sink(message);
        return state_;
    }

    /// Goes on opening, but gives no message: for a cold thread that opens sessions for a hot one.
    State advance() noexcept;

    /// Sends one text message; false when the session is not open or the message does not fit behind what the socket
    /// did not take yet (then the session is closed with `overrun`: a venue that does not read is no venue).
    bool send(std::string_view text) noexcept { return send(WsOpcode::text, text); }
    bool send_binary(std::string_view bytes) noexcept { return send(WsOpcode::binary, bytes); }
    /// Asks for a pong; at most 125 bytes.
    bool ping(std::string_view payload = {}) noexcept { return payload.size() <= 125 && send(WsOpcode::ping, payload); }
    /// Says goodbye; the session is closed when the server answers, or after `goodbye`.
    void close(std::uint16_t code = 1000) noexcept;

    [[nodiscard]] State state() const noexcept { return state_; }
    /// Why it closed; `code` is the server's close code or the status of a refused upgrade.
    [[nodiscard]] const NetFailure& failure() const noexcept { return failure_; }
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    [[nodiscard]] const Wire& wire() const noexcept { return *wire_; }
    /// For a thread that waits in poll(2): whether it waits for room to send, too.
    [[nodiscard]] bool wants_write() const noexcept { return unsent_begin_ != unsent_end_ || wire_->wants_write(); }
    /// When something happens even if no byte comes: a deadline of the opening or the goodbye.
    [[nodiscard]] Wire::Time deadline() const noexcept { return deadline_; }

private:
    static constexpr int reads_a_poll = 4;
    static constexpr std::size_t masks = 64;

    bool next(Clock& clock, WebSocketMessage& message) noexcept;
    bool deliver(Clock& clock, WebSocketMessage& message) noexcept;
    bool read_more() noexcept;
    void open(Wire::Time now);
    void request();
    void read_answer();
    bool send(unsigned opcode, std::string_view payload) noexcept;
    void flush() noexcept;
    void answer_close(std::string_view reason) noexcept;
    void refuse(WsFault fault) noexcept;
    std::uint32_t next_mask() noexcept;
    void refill_masks() noexcept;
    void end(NetFault fault, int code, std::string_view detail) noexcept;
    void end_like_wire(NetPhase phase) noexcept;

    WebSocketSettings settings_;
    Url url_;
    std::unique_ptr<Wire> wire_;
    WsReader reader_;
    std::unique_ptr<char[]> unsent_;
    std::size_t unsent_capacity_, unsent_begin_{}, unsent_end_{};
    std::array<std::uint32_t, masks> mask_pool_{};
    std::size_t masks_used_{masks};
    std::string key_;
    Wire::Time deadline_{};
    NetFailure failure_;
    Counts counts_;
    int reads_left_{};
    State state_{State::opening};
    bool requested_{};
};

}  // namespace core
