#pragma once

#include "core/domain/result.hpp"

#include <cstddef>
#include <cstdint>

namespace gateways::streams {

/// What a frame of a private socket was.
enum class FrameKind : std::uint8_t {
    events,             ///< rows about the account
    answer,             ///< the answer to an order-entry request
    login,              ///< the login was accepted
    login_refused,      ///< … or not
    subscribed,         ///< one subscription (Bybit: all topics of one request; OKX: one channel) stands
    subscribe_refused,  ///< … or not, or another request was refused
    pong,               ///< the venue is alive
    notice,             ///< the venue is about to close this connection
    other               ///< well-formed, and of no concern: counts of connections, topics nobody asked for
};

/// What came of one frame.
struct Reading {
    FrameKind kind{};
    std::size_t events{};   ///< appended
    std::size_t foreign{};  ///< rows about instruments that are not configured
    std::size_t refused{};  ///< rows that could not be read exactly
    core::Error first{};    ///< why the first of them was refused
    std::int64_t code{};    ///< the venue's code of what was refused, 0 if none
};

}  // namespace gateways::streams
