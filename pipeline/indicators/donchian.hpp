#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/extremes.hpp"
#include "pipeline/indicators/period.hpp"

namespace pipeline {

/// Donchian channel: highest high and lowest low of the n bars before this one. First known at index n.
class Donchian {
public:
    struct Values {
        double high{core::unknown}, low{core::unknown};
    };

    explicit Donchian(int n, Memory memory = default_memory())
        : warm_up_(checked_period("donchian", n)), highest_(n, memory), lowest_(n, memory) {}

    Values add(double high, double low) noexcept {
        Values values;
        if (warm_up_ > 0) [[unlikely]]
            --warm_up_;
        else
            values = {highest_.best(), lowest_.best()};
        highest_.add(high);
        lowest_.add(low);
        return values;
    }

private:
    int warm_up_;
    Highest highest_;
    Lowest lowest_;
};

}  // namespace pipeline
