#pragma once

#include "core/domain/instrument.hpp"
#include "feeds/frame.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace feeds::binance {

/// Futures of either kind by their symbol: COIN-M contracts are quoted in USD and always dated or perpetual
/// ("BTCUSD_PERP", "ETHUSD_240927"), USD-M ones in a stablecoin ("BTCUSDT", "BTCUSDT_240927").
constexpr core::Market futures_market(std::string_view symbol) noexcept {
    const auto end = symbol.find('_');
    return end != symbol.npos && symbol.substr(0, end).ends_with("USD") ? core::Market::inverse : core::Market::linear;
}

/// The market an address belongs to, by host or path ("fapi", "dapi", "fstream", …); none if it does not tell.
std::optional<core::Market> market_of_url(std::string_view url) noexcept;

/// The value of the `symbol=` parameter, "" if there is none.
std::string_view symbol_of_url(std::string_view url) noexcept;

/// What earlier frames of a connection told: frames that do not name their market or symbol need it.
/// A fixed table; connections 64 apart share an entry.
class Connections {
public:
    struct Entry {
        core::InstrumentId only{};  ///< the one instrument seen so far, no_instrument before the first
        core::Market market{};      ///< of `only`
        bool several{};             ///< more than one instrument was seen
    };
    [[nodiscard]] const Entry& operator[](std::uint32_t connection) const noexcept {
        return entries_[connection % entries_.size()];
    }
    /// An instrument's frame came by this connection.
    void note(std::uint32_t connection, core::InstrumentId id, core::Market market) noexcept {
        Entry& entry = entries_[connection % entries_.size()];
        if (entry.only == id) [[likely]]
            return;
        entry.several |= entry.only != core::no_instrument;
        entry.only = id;
        entry.market = market;
    }

private:
    std::array<Entry, 64> entries_{};
};

}  // namespace feeds::binance
