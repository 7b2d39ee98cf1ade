#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"

#include <cstdint>
#include <string_view>

namespace feeds {

/// Every frame handed to a decoder is followed by at least this many readable bytes (simdjson's padding).
inline constexpr std::size_t frame_padding = 64;

/// Where a frame came from.
enum class FrameOrigin : std::uint8_t {
    socket,  ///< received on a WebSocket
    rest,    ///< answer to a REST request; `url` tells which
    sent,    ///< we (or the recorder) sent it: shown, never decoded
    opened,  ///< a connection was opened; `bytes` is empty, `url` its address
    closed   ///< a connection ended, or nothing comes by it any more; `bytes` is empty
};

/// One raw message as it came. Views are valid for the call that passes it.
struct Frame {
    std::string_view bytes{};
    core::Nanoseconds receive_time{};
    std::uint32_t connection{};  ///< index of the connection it came by (one per capture file if the format has none)
    FrameOrigin origin{};
    std::string_view url{};  ///< REST request or socket address, "" if unknown
    core::Venue venue{};     ///< whose it is, where one source holds several venues' frames (the synthetic market)
};

}  // namespace feeds
