#pragma once

#include "core/domain/instrument.hpp"

namespace strategies {

/// Keys `sizing.*` (spec/bots.md section 6).
struct SizingSettings {
    double risk_per_trade{.01};  ///< of equity, lost at the stop
    double max_position{.05};    ///< of equity, as notional
    double fee_bps{10};          ///< a side
    double slippage_bps{5};
};

/// Whole lots to trade so that the loss at the stop, fees and slippage included, stays within the risk budget and the
/// position within its cap; 0 when that is below the venue's minimum (reason too_small).
/// entry, stop: prices in quote currency; equity: quote currency; requested: the risk share asked for (<=
/// risk_per_trade counts). Inverse contracts: quantity is contracts, their notional does not depend on the price.
core::Quantity size_position(const SizingSettings& settings, const core::Instrument& instrument, double equity,
                             double entry, double stop, double size_fraction, double requested) noexcept;

}  // namespace strategies
