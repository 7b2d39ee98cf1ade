#pragma once

#include "core/domain/price.hpp"

#include <cmath>

namespace gateways::paper {

/// `bps` of `value`, rounded against us (up; a rebate down), exact to 1e-4 bps.
constexpr core::Notional fee_of(core::Notional value, double bps) noexcept {
    __extension__ using Wide = __int128;
    const auto rate = static_cast<std::int64_t>(bps * 1e4 + (bps < 0 ? -.5 : .5));   // 1e-8
    const Wide product = static_cast<Wide>(value.units) * rate;
    constexpr Wide one = 100'000'000;
    Wide fee = product / one;
    if (product > 0 && product % one != 0) ++fee;
    return {static_cast<std::int64_t>(fee)};
}

}  // namespace gateways::paper
