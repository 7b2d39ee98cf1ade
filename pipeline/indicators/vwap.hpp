#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/period.hpp"
#include "pipeline/indicators/rolling_sum.hpp"

namespace pipeline {

/// Volume-weighted mean of the typical prices of the last n bars. First known at index n − 1; no volume: unknown.
class Vwap {
public:
    explicit Vwap(int n, Memory memory = default_memory())
        : value_(checked_period("vwap", n), memory), volume_(n, memory) {}

    double add(double high, double low, double close, double volume) noexcept {
        value_.add((high + low + close) / 3 * volume);
        volume_.add(volume);
        return volume_.full() && volume_.sum() > 0 ? value_.sum() / volume_.sum() : core::unknown;
    }

private:
    RollingSum value_, volume_;
};

}  // namespace pipeline
