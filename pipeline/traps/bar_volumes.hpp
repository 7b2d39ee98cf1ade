#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/bars/bars.hpp"

#include <cmath>
#include <cstddef>
#include <vector>

namespace pipeline::traps {

/// A bar's prices and volume as doubles: price units and quantity units, for every measure is a ratio.
struct BarNumbers {
    double open{}, high{}, low{}, close{}, volume{};

    explicit BarNumbers(const Bar& bar) noexcept
        : open{static_cast<double>(bar.open.units)},
          high{static_cast<double>(bar.high.units)},
          low{static_cast<double>(bar.low.units)},
          close{static_cast<double>(bar.close.units)},
          volume{static_cast<double>(bar.buy_volume.units) + static_cast<double>(bar.sell_volume.units)} {}
};

/// Volumes of the last N bars.
class BarVolumes {
public:
    explicit BarVolumes(std::size_t bars) : ring_(bars) {}

    void add(double volume) noexcept {
        ring_[next_] = volume;
        next_ = next_ + 1 == ring_.size() ? 0 : next_ + 1;
        if (count_ < ring_.size()) ++count_;
    }
    void clear() noexcept { count_ = next_ = 0; }

    /// z of `volume` against the N bars added so far; unknown before there are N, or when they never varied.
    [[nodiscard]] double z(double volume) const noexcept {
        if (count_ < ring_.size()) return core::unknown;
        const double n = static_cast<double>(ring_.size());
        // Oldest first, so that the sum does not depend on where in the ring the tape stands.
        const auto nth = [&](std::size_t i) { return ring_[(next_ + i) % ring_.size()]; };
        double sum = 0, squares = 0;
        for (std::size_t i = 0; i < ring_.size(); ++i) sum += nth(i);
        const double mean = sum / n;
        for (std::size_t i = 0; i < ring_.size(); ++i) squares += (nth(i) - mean) * (nth(i) - mean);
        const double deviation = std::sqrt(squares / n);
        return deviation > 0 ? (volume - mean) / deviation : core::unknown;
    }

private:
    std::vector<double> ring_;
    std::size_t count_{}, next_{};
};

}  // namespace pipeline::traps
