#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/wide.hpp"

#include <cstdint>
#include <limits>

namespace gateways::paper {

/// `bps` of what `quantity` at `price` is worth, computed in one piece and rounded once, against us (up; a rebate
/// down). The rate is exact to 1e-4 bps. A fee that does not fit is the largest there is.
inline core::Notional fee_of(const core::Instrument& instrument, core::Price price, core::Quantity quantity,
                             double bps) noexcept {
    constexpr int rate_digits = 8;
    const auto rate = static_cast<std::int64_t>(bps * 1e4 + (bps < 0 ? -.5 : .5));
    const bool inverse = instrument.market == core::Market::inverse;
    core::Wide fee{inverse ? core::Int128{quantity.units} : static_cast<core::Int128>(price.units) * quantity.units};
    fee *= instrument.contract_value.units;
    fee *= rate;
    fee.scale_down(instrument.quantity_decimals + (inverse ? 0 : instrument.price_decimals) + rate_digits);
    return {fee.ceil().value_or(std::numeric_limits<std::int64_t>::max())};
}

}  // namespace gateways::paper
