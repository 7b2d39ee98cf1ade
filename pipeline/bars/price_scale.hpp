#pragma once

#include "core/domain/instrument.hpp"

namespace pipeline {

/// A price as a double for statistics, with the instrument's decimals at hand in one word instead of in its Instrument:
/// the same value as Instrument::to_double, without the walk.
struct PriceScale {
    double units_per_price{1};  ///< 10^price_decimals, exact

    PriceScale() = default;
    explicit PriceScale(const core::Instrument& instrument) noexcept {
        for (int i = 0; i < instrument.price_decimals; ++i) units_per_price *= 10;
    }
    [[nodiscard]] double operator()(core::Price price) const noexcept {
        return static_cast<double>(price.units) / units_per_price;
    }
};

}  // namespace pipeline
