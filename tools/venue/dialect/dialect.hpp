#pragma once

#include "tools/venue/dialect/http.hpp"
#include "tools/venue/engine/engine.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace venue {

using ConnectionId = std::uint64_t;

/// What a message is about: what faults choose by.
enum class Topic : std::uint8_t { ack, book, trade, ticker, candle, order, fill, account, pong, other };
inline constexpr std::size_t topic_count = 10;
std::string_view name(Topic topic) noexcept;

/// Where a dialect's messages go. Messages of one connection leave in the order they were sent, unless a fault says
/// otherwise.
class Outbox {
public:
    virtual ~Outbox() = default;
    virtual void send(ConnectionId to, Topic topic, std::string text) = 0;
    /// `code`: of the WebSocket close frame.
    virtual void close(ConnectionId which, std::uint16_t code, std::string reason) = 0;
};

/// A refusal that does not come from the rules but from the house: its words differ by venue.
enum class HouseRefusal : std::uint8_t { too_many_requests, banned, server_error, unknown_outcome, maintenance };

/// One venue's language: HTTP requests to replies, WebSocket messages to messages, engine events to pushed messages.
/// Pure: no socket, thread or clock; the time is the engine's. Everything that comes in is hostile: a dialect answers
/// with its venue's error and never throws.
class Dialect : public Listener {
public:
    Dialect(Engine& engine, Outbox& out) : engine_{engine}, out_{out} {}

    virtual HttpReply http(const HttpRequest& request) = 0;

    /// A client wants a WebSocket at this path. False: nothing there (404).
    virtual bool open(ConnectionId id, const HttpRequest& upgrade) = 0;
    virtual void message(ConnectionId id, std::string_view text) = 0;
    virtual void closed(ConnectionId id) = 0;

    /// Called every `timer_interval` of the engine's time: what is pushed by the clock, and what expires.
    virtual void timer() = 0;
    static constexpr core::Nanoseconds timer_interval{20'000'000};

    /// How the venue says it.
    virtual HttpReply refuse(HouseRefusal why) = 0;
    /// Listen keys and logins end now (a fault).
    virtual void expire_keys() = 0;
    /// Whether a client's message asks for a subscription (or user data), and how the venue says no to it.
    [[nodiscard]] virtual bool subscribes(std::string_view text) const = 0;
    virtual void refuse_subscription(ConnectionId id, std::string_view text) = 0;
    /// Tells every connection that the venue goes down, where it has words for that.
    virtual void tell_shutdown() {}
    /// After so long the venue cuts a connection, whatever happens on it; 0: it does not.
    [[nodiscard]] virtual core::Nanoseconds lifetime() const { return core::Nanoseconds{}; }
    /// How often the server pings (WebSocket control frames); 0: never.
    [[nodiscard]] virtual core::Nanoseconds ping_interval() const { return core::Nanoseconds{}; }

protected:
    [[nodiscard]] Engine& engine() noexcept { return engine_; }
    [[nodiscard]] const Engine& engine() const noexcept { return engine_; }
    [[nodiscard]] core::Nanoseconds now() const noexcept { return engine_.now(); }
    void send(ConnectionId to, Topic topic, std::string text) { out_.send(to, topic, std::move(text)); }
    void close(ConnectionId which, std::uint16_t code, std::string reason) {
        out_.close(which, code, std::move(reason));
    }

private:
    Engine& engine_;
    Outbox& out_;
};

/// The dialect of a venue. Throws std::invalid_argument for one that is not spoken here.
std::unique_ptr<Dialect> make_dialect(core::Venue venue, Engine& engine, Outbox& out);
/// Whether the venue has one wallet for spot and derivatives.
bool unified_wallet(core::Venue venue) noexcept;

/// The dialects, a folder each.
std::unique_ptr<Dialect> make_binance(Engine& engine, Outbox& out);
std::unique_ptr<Dialect> make_okx(Engine& engine, Outbox& out);

}  // namespace venue
