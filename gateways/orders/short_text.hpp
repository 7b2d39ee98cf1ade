#pragma once

#include "core/domain/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace gateways {

/// A venue's own text of at most `capacity` bytes, inside the value: trivially copyable, so that it can stand in a
/// record. Unused bytes are zero, so equal texts are equal bytes.
template <std::size_t capacity>
struct ShortText {
    static_assert(capacity < 256);
    std::array<char, capacity> bytes{};
    std::uint8_t size{};

    /// Error: oversized (nothing is cut off, for a cut id is another id).
    static constexpr core::Result<ShortText> of(std::string_view text) noexcept {
        if (text.size() > capacity) return core::Error::oversized;
        ShortText made;
        for (std::size_t i = 0; i < text.size(); ++i) made.bytes[i] = text[i];
        made.size = static_cast<std::uint8_t>(text.size());
        return made;
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes.data(), size}; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size == 0; }
    friend constexpr bool operator==(const ShortText&, const ShortText&) = default;
};

/// The venue's own id of an order or of a fill: a number at Binance, Bitget and OKX, a UUID at Bybit.
using VenueId = ShortText<39>;
/// A currency: "USDT", "BTC", "1000SATS".
using Asset = ShortText<15>;

}  // namespace gateways
