#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"
#include "gateways/orders/short_text.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace gateways::streams {

/// What a frame of a private socket was.
enum class FrameKind : std::uint8_t {
    events,             ///< rows about the account
    answer,             ///< the answer to an order-entry request
    login,              ///< the login was accepted
    login_refused,      ///< … or not
    subscribed,         ///< one subscription (Bybit: all topics of one request; OKX, Bitget: one channel) stands
    subscribe_refused,  ///< … or not, or another request that is none of order entry was refused
    pong,               ///< the venue is alive
    notice,             ///< the venue is about to close this connection
    ended,              ///< the stream is over although the connection stands: a new one must be opened
    other               ///< well-formed, and of no concern: counts of connections, topics nobody asked for
};
inline constexpr std::size_t frame_kind_count = 10;
std::string_view name(FrameKind kind) noexcept;

/// A venue's words for people, cut where they are long.
using Words = ShortText<119>;
Words words(std::string_view text) noexcept;

/// What came of one frame.
struct Reading {
    FrameKind kind{};
    std::size_t events{};                      ///< appended
    std::size_t foreign{};                     ///< rows about instruments that are not configured
    std::size_t refused{};                     ///< rows that could not be read exactly
    core::Error first{};                       ///< why the first of them was refused
    std::int64_t code{};                       ///< the venue's code of what was refused, 0 if none
    Refusal refusal{};                         ///< what that code means
    Words message{};                           ///< and the venue's words
    ShortText<39> request{};                   ///< of an answer: the id of the request, where the venue repeats it
    core::OrderId order{};                     ///< of an answer to order entry: our order
    core::Nanoseconds retry_after{};           ///< of a refusal for too many requests, a ban: so long; 0: not said
    bool unsubscribed{};                       ///< of a subscription: one that was acknowledged does not stand
    std::optional<std::uint32_t> used_weight;  ///< of the address's running minute, where the answer says it
};

/// Reads the frames of one private socket: what each venue's PrivateStream is, so that one owner can hold any of them.
/// Not for several threads.
class PrivateReader {
public:
    PrivateReader() noexcept = default;
    PrivateReader(const PrivateReader&) = delete;
    PrivateReader& operator=(const PrivateReader&) = delete;
    virtual ~PrivateReader() = default;

    /// Appends the events of one frame. Whether the stream is up is not for one frame to say: no reader makes
    /// stream_up or stream_down. Errors: malformed, wrong_type, and what the venue's reader names; then nothing was
    /// appended.
    virtual core::Result<Reading> read(std::string_view frame, core::Nanoseconds receive_time,
                                       std::vector<VenueEvent>& events) = 0;
};

}  // namespace gateways::streams
