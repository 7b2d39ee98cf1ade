#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/book/market.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace pipeline::traps {

/// What the other venues say an instrument is worth.
struct Others {
    double mid{core::unknown};  ///< median of their fresh mids, quote currency
    std::uint32_t venues{};     ///< that are fresh; 0: nobody says anything
    bool asked{};               ///< somebody trades the pair elsewhere
};

/// Keeps the newest mid of every instrument, and knows who trades the same pair elsewhere: the same base and quote in
/// the same kind of market (spot, linear, inverse) at another venue. Where no venue has that, the same pair in any kind
/// of market will do: the standing basis between a perpetual and spot is taken out by the gap's own mean. Dated futures
/// are pairs of their own.
class Consensus {
public:
    static constexpr core::Nanoseconds stale = std::chrono::milliseconds{2000};

    explicit Consensus(const core::InstrumentTable& instruments);

    /// The market after a whole tick of the instrument: an invalid one has no mid.
    void note(core::InstrumentId id, const Market& market) noexcept {
        if (first_peer_[id.value] == first_peer_[id.value + 1U]) return;  // nobody will ask
        mids_[id.value] = {market.valid ? market.mid : core::unknown, market.book_time};
    }
    /// The mids of a venue, after a gap of all it sends.
    void forget(core::Venue venue) noexcept;

    /// The other venues' median of an instrument. A mid more than 2000 ms away from `time` is unknown: also one that
    /// far ahead, for clocks so far apart agree on nothing.
    [[nodiscard]] Others others(core::InstrumentId id, core::Nanoseconds time) const noexcept;

private:
    struct Mid {
        double value{core::unknown};
        core::Nanoseconds time{};
    };
    std::vector<Mid> mids_;                  // by instrument
    std::vector<core::Venue> venues_;        // by instrument
    std::vector<std::uint32_t> first_peer_;  // by instrument, and one past the last
    std::vector<core::InstrumentId> peers_;  // at most one a venue
};

/// "BTCUSDT" for "BTC-USDT-SWAP", "XBT/USDT", "BTCUSDT_UMCBL": base and quote as most venues write them.
std::string pair_of(const core::Instrument& instrument);

}  // namespace pipeline::traps
