#include "pipeline/book/near_depth.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline {
namespace {

/// Above every price, and exact as a double: the cast back cannot overflow.
constexpr double highest_edge = 9.2e18;

}  // namespace

void NearDepth::move(const core::Ladder& ladder, Band& band, double mid, double reach) noexcept {
    const double bound = buy_ ? std::ceil(mid - reach) : std::floor(mid + reach);
    const core::Price edge{static_cast<std::int64_t>(std::min(bound, highest_edge))};
    if (band.placed && edge == band.edge) return;

    const auto from_worse_than = [this](core::Price price) { return core::Price{price.units + (buy_ ? -1 : 1)}; };
    const bool widen = !band.placed || beyond(edge, band.edge);
    const core::Price last = widen ? edge : band.edge;
    const auto count = [&](core::Price price, core::Quantity quantity) {
        if (beyond(price, last)) return false;
        band.sum += widen ? worth_of(price, quantity) : -worth_of(price, quantity);
        band.levels += widen ? 1 : -1;
        return true;
    };
    if (band.placed) {
        ladder.walk_from(from_worse_than(widen ? band.edge : edge), count);
    } else {
        band.sum = 0;
        band.levels = 0;
        ladder.walk(count);
    }
    band.edge = edge;
    band.placed = true;
}

}  // namespace pipeline
