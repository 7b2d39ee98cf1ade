#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/price.hpp"
#include "core/domain/result.hpp"
#include "core/domain/tick.hpp"
#include "core/domain/wide.hpp"

namespace core {

/// What we hold of one instrument, and what it has earned: whole numbers only, and wherever a division does not come
/// out even the rest is counted against us. The instrument is passed to every call and must always be the same one.
///
/// Average-cost accounting: a fill against the position realises its share of the basis; a fill past zero closes the
/// position and opens the other side at its own price. Gain is before fees, in the quote currency; an inverse
/// contract earns coins, which are valued at the price of the fill that realises them (see Instrument::gain).
class Position {
public:
    /// Books a fill of `quantity` (> 0) at `price` (> 0) that cost `fee` (< 0: a rebate).
    /// Returns the gain that it realised, 0 when it only opens. Error: out_of_range, and nothing has changed.
    Result<Notional> apply_fill(const Instrument& instrument, Side side, Price price, Quantity quantity,
                                Notional fee) noexcept;

    [[nodiscard]] Quantity quantity() const noexcept { return quantity_; }  ///< > 0 long, < 0 short
    [[nodiscard]] bool flat() const noexcept { return quantity_.units == 0; }
    [[nodiscard]] Notional realised() const noexcept { return realised_; }  ///< sum of all realised gains, before fees
    [[nodiscard]] Notional fees() const noexcept { return fees_; }          ///< sum of all fees, > 0 paid

    /// The average entry in whole price units, rounded against us (up when long, down when short); 0 when flat.
    [[nodiscard]] Price entry(const Instrument& instrument) const noexcept;

    /// What closing everything at `price` would realise, before fees. Error: out_of_range.
    [[nodiscard]] Result<Notional> unrealised(const Instrument& instrument, Price price) const noexcept;

private:
    Quantity quantity_{};
    /// What the open quantity brought in. Spot and linear: −Σ quantity·price in 1e-12 of the quote currency (or finer,
    /// where the instrument is), exact until it is shared. Inverse: Σ quantity/price in 1e-18, each rounded down.
    Int128 basis_{};
    Notional realised_{};
    Notional fees_{};
};

}  // namespace core
