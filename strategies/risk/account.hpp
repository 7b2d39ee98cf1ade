#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/order.hpp"
#include "core/domain/position.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/book/market.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace strategies {

/// A position that went from open to flat: what protections and reports count.
struct ClosedTrade {
    core::InstrumentId instrument{};
    core::Side side{};     ///< of the position
    core::Notional net{};  ///< gain minus fees, of this trade
    core::Notional entry_notional{};
    core::Nanoseconds opened{}, closed{};
};

/// Positions, marks and equity of one account, from the ticks alone: executions move positions, market ticks move
/// marks. Two stages that need it keep one each and agree, because they see the same ticks. Exact; equity in 1e-8 of
/// the quote currency.
///
/// Spot: a fee that the venue takes in the coin leaves less of it than was bought. What is then left below one lot
/// cannot be sold: such dust counts as sold at the price that left it, so that the position ends.
class Account {
public:
    Account(core::Notional start, const core::InstrumentTable& instruments);

    /// Follows one tick. Returns the trade it closed, if it did.
    std::optional<ClosedTrade> on(const core::Tick& tick, const pipeline::Market& market) noexcept;

    [[nodiscard]] const core::Position& position(core::InstrumentId id) const noexcept {
        return lines_[id.value].position;
    }
    [[nodiscard]] core::Nanoseconds opened(core::InstrumentId id) const noexcept { return lines_[id.value].opened; }

    /// The venue's mark price if not older than 60 s, else mid of a VALID book, else a last trade not older than 60 s;
    /// else nullopt.
    [[nodiscard]] std::optional<core::Price> mark(core::InstrumentId id, core::Nanoseconds now) const noexcept;

    /// Balance: start + realised gains − fees. Coins that an earlier run bought were not among what it starts from:
    /// they count as what they are restored at.
    [[nodiscard]] core::Notional balance() const noexcept { return balance_; }
    /// Balance + unrealised at mark (at the last mark known where it is unknown now; 0 where none ever was).
    [[nodiscard]] core::Notional equity() const noexcept;
    /// The price of every open position has been seen.
    [[nodiscard]] bool marked() const noexcept;
    /// Σ abs notional of open positions at mark.
    [[nodiscard]] core::Notional exposure() const noexcept;

private:
    struct Line {
        core::Position position;
        core::Nanoseconds opened{};
        core::Notional realised_before{}, fees_before{}, entry_notional{};
        core::Price venue_mark{}, mid{}, last_trade{};
        core::Nanoseconds trade_time{}, mark_time{};
        bool book_valid{};
        bool listed{};  ///< in open_
    };
    static void settle_spot(const core::Instrument& instrument, const core::Tick& tick, core::Position& position,
                            core::Notional& gained) noexcept;
    std::optional<ClosedTrade> fill(const core::Tick& tick, core::Nanoseconds now) noexcept;
    [[nodiscard]] core::Price last_mark(const Line& line) const noexcept;

    const core::InstrumentTable* instruments_;
    core::Notional balance_;
    std::vector<Line> lines_;
    std::vector<std::uint16_t> open_;  ///< instruments with a position, reserved for all
};

}  // namespace strategies
