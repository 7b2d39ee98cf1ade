#pragma once

#include "core/domain/instrument.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace feeds {

/// The most bytes a frame may have; larger ones are refused (Error::oversized) before anything reads them.
inline constexpr std::size_t max_frame_bytes = std::size_t{4} << 20;

/// A venue's symbols: finds them in the instrument table and, when learning, adds unknown ones with probe decimals.
class Symbols {
public:
    static constexpr int probe_price_decimals = 10;
    static constexpr int probe_quantity_decimals = 8;

    /// `instruments` must outlive this.
    Symbols(core::InstrumentTable& instruments, core::Venue venue, bool learn)
        : instruments_{instruments}, venue_{venue}, learn_{learn} {}

    /// The instrument, or nullptr. Never learns: what a scanner asks.
    [[nodiscard]] const core::Instrument* find(core::Market market, std::string_view symbol) const noexcept {
        return instruments_.find(venue_, market, symbol);
    }

    /// The instrument, added if unknown and learning, or nullptr. A symbol is learned only if it is plain text.
    [[nodiscard]] const core::Instrument* find_or_learn(core::Market market, std::string_view symbol) noexcept {
        if (const auto* known = find(market, symbol); known || !learn_) return known;
        if (symbol.empty() || symbol.size() > core::InstrumentTable::max_symbol ||
            instruments_.size() >= core::InstrumentTable::max_instruments ||
            !std::all_of(symbol.begin(), symbol.end(), is_plain))
            return nullptr;
        core::Instrument instrument;
        instrument.venue = venue_;
        instrument.market = market;
        instrument.symbol = std::string{symbol};
        instrument.price_decimals = probe_price_decimals;
        instrument.quantity_decimals = probe_quantity_decimals;
        return &instruments_[instruments_.add(std::move(instrument))];
    }

    [[nodiscard]] const core::Instrument& operator[](core::InstrumentId id) const noexcept { return instruments_[id]; }

private:
    static constexpr bool is_plain(char c) noexcept {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
               c == '/' || c == '.';
    }

    core::InstrumentTable& instruments_;
    core::Venue venue_;
    bool learn_;
};

}  // namespace feeds
