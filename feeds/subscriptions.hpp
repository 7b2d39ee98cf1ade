#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace feeds {

/// What one subscribe message may hold at a venue.
struct MessageLimits {
    std::size_t bytes;                                            ///< of the whole message
    std::size_t items = std::numeric_limits<std::size_t>::max();  ///< arguments
};

/// `text` in JSON quotes. Throws std::invalid_argument if it needs escaping: no symbol or channel does.
[[nodiscard]] std::string json_text(std::string_view text);

/// Packs JSON arguments, in order, into as few messages `opening(n) + a,b,c + closing` as the limits allow; n counts
/// the messages from 0. Throws std::invalid_argument if one argument alone does not fit.
[[nodiscard]] std::vector<std::string> pack_messages(std::span<const std::string> arguments,
                                                     const std::function<std::string(std::size_t)>& opening,
                                                     std::string_view closing, MessageLimits limits);

}  // namespace feeds
