#include "pipeline/trends/swings.hpp"

#include <algorithm>

namespace pipeline::patterns {

bool Swings::take(const Pivot& pivot) noexcept {
    told_ = false;
    if (pivot.seed) {  // where the swings (re)start: an arbitrary first extreme is no point of a pattern
        count_ = 0;
        double_.restart();
        return true;
    }
    if (count_ == pivots_.size()) {
        std::shift_left(pivots_.begin(), pivots_.end(), 1);
        --count_;
    }
    pivots_[count_++] = pivot;
    return true;
}

double Swings::running_extreme() const noexcept {
    if (count_ == 0) return core::unknown;
    const Pivot& newest = pivots_[count_ - 1];
    // The bars after the pivot's; a pivot older than the memory leaves the extreme unknown until the next one.
    if (bars_ - newest.bar > static_cast<std::int64_t>(memory) || newest.bar < 0 || newest.bar >= bars_)
        return core::unknown;
    double extreme = core::unknown;
    for (std::int64_t i = newest.bar + 1; i < bars_; ++i) {
        const Extent& bar = bars_ring_[static_cast<std::size_t>(i) & (memory - 1)];
        if (!core::known(extreme))
            extreme = newest.high ? bar.low : bar.high;
        else
            extreme = newest.high ? std::min(extreme, bar.low) : std::max(extreme, bar.high);
    }
    return extreme;
}

void Swings::stretch(const PatternBar& bar) noexcept {
    if (count_ == 0 || !core::known(extreme_)) return;
    extreme_ = pivots_[count_ - 1].high ? std::min(extreme_, bar.low) : std::max(extreme_, bar.high);
}

bool Swings::harmonic(const PatternSettings& settings, bool forming, PatternEvent& event) noexcept {
    if (count_ < (forming ? 4u : 5u)) return false;
    Points points;
    const std::size_t from = count_ - (forming ? 4 : 5);
    for (std::size_t i = 0; from + i < count_; ++i) points[i] = pivots_[from + i].price;
    if (forming) points[4] = extreme_;
    const auto match = match_harmonic(points, settings.tolerance);
    if (!match.found) return false;
    if (forming) {
        if (told_ && told_kind_ == match.kind) return false;
        told_ = true;
        told_kind_ = match.kind;
    }
    event.points = points;
    event.score = match.score;
    event.zone_low = match.zone_low;
    event.zone_high = match.zone_high;
    event.target1 = match.target1;
    event.target2 = match.target2;
    event.invalid_at = match.invalid_at;
    event.kind = match.kind;
    event.bullish = match.bullish;
    event.forming = forming;
    return true;
}

bool Swings::double_found(const PatternSettings& settings, PatternEvent& event) noexcept {
    if (count_ < 3) return false;
    const Pivot &first = pivots_[count_ - 3], &between = pivots_[count_ - 2], &second = pivots_[count_ - 1];
    const auto match = match_double(first.price, between.price, second.price, second.high, settings.double_bps);
    if (!match.found) {
        // A newer extreme of the same side replaces the pair that was watched.
        if (double_.watching() && double_.candidate().top == second.high) double_.restart();
        return false;
    }
    double_.watch({match, first.price, between.price, second.price, second.high, second.bar});
    tell_double(event, true);
    return true;
}

void Swings::tell_double(PatternEvent& event, bool forming) const noexcept {
    const auto& pair = double_.candidate();
    event.points = {pair.first, pair.neckline, pair.second, 0, 0};
    event.score = pair.match.score;
    event.zone_low = event.zone_high = core::unknown;
    event.target1 = pair.match.target;
    event.target2 = core::unknown;
    event.invalid_at = pair.match.invalid_at;
    event.kind = pair.top ? PatternKind::double_top : PatternKind::double_bottom;
    event.bullish = !pair.top;
    event.forming = forming;
}

}  // namespace pipeline::patterns
