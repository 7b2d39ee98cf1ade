#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/past.hpp"
#include "pipeline/indicators/period.hpp"

namespace pipeline {

/// How far a value is from the one n before it: the difference, and the same in basis points of the older (rate of
/// change). First known at index n. Source: TA-Lib MOM; ROC there is in percent.
class Momentum {
public:
    struct Values {
        double difference{core::unknown}, roc_bps{core::unknown};
    };

    explicit Momentum(int n, Memory memory = default_memory()) : past_(checked_period("momentum", n), memory) {}

    Values add(double x) noexcept {
        const bool known = past_.full();
        const double before = past_.exchange(x);
        if (!known) return {};
        return {x - before, before > 0 ? core::bps(x, before) : core::unknown};
    }

private:
    Past past_;
};

}  // namespace pipeline
