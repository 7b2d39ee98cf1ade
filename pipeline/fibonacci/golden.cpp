#include "pipeline/fibonacci/golden.hpp"

#include "pipeline/fibonacci/measures.hpp"

#include <cmath>
#include <limits>

namespace pipeline {

Ratio nearest_retracement(const Leg& leg, double price) noexcept {
    auto best = Ratio::r0;
    double distance = std::numeric_limits<double>::infinity();
    for (auto i = static_cast<int>(Ratio::r0); i <= static_cast<int>(Ratio::r1000); ++i) {
        const auto ratio = static_cast<Ratio>(i);
        const double d = std::abs(price - level_price(leg, ratio));
        if (d < distance) {
            distance = d;
            best = ratio;
        }
    }
    return best;
}

GoldenConfluence golden_confluence(const Leg& leg, double price, double depth_ratio, double imbalance, double history,
                                   const GoldenSettings& settings) noexcept {
    GoldenConfluence out;
    out.level = level_price(leg, nearest_retracement(leg, price));
    out.q = (leg.up ? leg.hi - price : price - leg.lo) / (leg.hi - leg.lo);
    out.distance_bps = distance_bps(price, out.level);
    out.depth_ratio = depth_ratio;
    out.imbalance = imbalance;
    const bool golden = std::abs(out.q - .618) < settings.tolerance || std::abs(out.q - .786) < settings.tolerance;
    const double near = std::max(0.0, 1 - out.distance_bps / 100) * (golden ? 1.5 : 1.0);
    const double side = leg.up ? 1 : -1;  // a bounce along the leg is expected
    out.c = .5 * std::min(1.0, near) + .3 * std::min(1.0, depth_ratio) + .2 * (side * imbalance + 1) / 2;
    out.confluence = std::min(1.0, out.c * (1 + history));
    out.confirmed = out.confluence > settings.confirmed;
    return out;
}

GoldenHistory::GoldenHistory(const GoldenSettings& settings) : settings_(settings), ring_(settings.history_size) {
    watch_pending();
}

void GoldenHistory::emitted(core::Nanoseconds time, double level, double price, bool up,
                            double threshold_bps) noexcept {
    const double way = price * settings_.outcome_x * threshold_bps / 1e4;
    emission(next_++) = {time, level, price - way, price + way, up, Label::pending};
    watch_pending();
}

std::size_t GoldenHistory::on_gap() noexcept {
    std::size_t count = 0;
    for (auto i = std::max(pending_, oldest()); i < next_; ++i) {
        if (emission(i).label != Label::pending) continue;
        emission(i).label = Label::unresolved;
        ++count;
    }
    watch_pending();
    return count;
}

double GoldenHistory::share(core::Nanoseconds time, double level) noexcept {
    if (time > deadline_) resolve(time, core::unknown);
    int labelled = 0, bounced = 0;
    for (auto i = next_; i > oldest(); --i) {
        const Emission& earlier = emission(i - 1);
        if (earlier.time < time - settings_.history_age) break;
        if (earlier.label != Label::bounced && earlier.label != Label::failed) continue;
        if (distance_bps(earlier.level, level) > settings_.history_bps) continue;
        ++labelled;
        bounced += earlier.label == Label::bounced;
    }
    return labelled == 0 ? 0 : std::clamp(static_cast<double>(bounced) / labelled, .1, .5);
}

/// Judges what `price` decides, or only what the time does where the price is unknown.
void GoldenHistory::resolve(core::Nanoseconds time, double price) noexcept {
    for (auto i = std::max(pending_, oldest()); i < next_; ++i) {
        Emission& e = emission(i);
        if (e.label != Label::pending) continue;
        const bool late = time > e.time + settings_.outcome_time;
        if (!late && !(price >= e.upper) && !(price <= e.lower)) continue;
        e.label = !late && (e.up ? price >= e.upper : price <= e.lower) ? Label::bounced : Label::failed;
    }
    watch_pending();
}

/// The interval and the time in which no pending emission can be judged.
void GoldenHistory::watch_pending() noexcept {
    quiet_lo_ = -std::numeric_limits<double>::infinity();
    quiet_hi_ = std::numeric_limits<double>::infinity();
    deadline_ = core::Nanoseconds::max();
    pending_ = std::max(pending_, oldest());
    while (pending_ < next_ && emission(pending_).label != Label::pending) ++pending_;
    if (pending_ < next_) deadline_ = emission(pending_).time + settings_.outcome_time;
    for (auto i = pending_; i < next_; ++i) {
        if (emission(i).label != Label::pending) continue;
        quiet_lo_ = std::max(quiet_lo_, emission(i).lower);
        quiet_hi_ = std::min(quiet_hi_, emission(i).upper);
    }
}

bool GoldenDetector::on_sample(const Sample& sample, std::span<const Leg> legs, GoldenConfluence& out) noexcept {
    const double depth = sample.bid_depth + sample.ask_depth;
    if (!sample.valid || !core::known(depth)) {
        ++counts_.book_invalid;
        return false;
    }
    if (!depths_.add(sample.time / std::chrono::seconds{1}, depth)) return false;
    const double median = depths_.median();
    if (depths_.size() < settings_.min_depth_samples || !(median > 0) || !(depth > 0)) {
        ++counts_.ratio_unknown;
        return false;
    }
    const double ratio = depth / median;

    const double imbalance = (sample.bid_depth - sample.ask_depth) / depth;
    bool any_leg = false, found = false;
    Ratio level{};
    for (std::size_t i = 0; i < legs.size(); ++i) {
        if (!legs[i].known) continue;
        any_leg = true;
        const auto retracement = nearest_retracement(legs[i], sample.price);
        if (sample.time < cooling_until_[i][static_cast<std::size_t>(retracement)]) continue;
        auto candidate = golden_confluence(legs[i], sample.price, ratio, imbalance, 0, settings_);
        if (candidate.c < settings_.min_c || (found && candidate.c <= out.c)) continue;
        found = true;
        level = retracement;
        out = candidate;
        out.timeframe = static_cast<std::uint8_t>(i);
    }
    if (!any_leg) ++counts_.no_leg;
    if (!found) return false;

    const bool up = legs[out.timeframe].up;
    out.confluence = std::min(1.0, out.c * (1 + history_.share(sample.time, out.level)));
    out.confirmed = out.confluence > settings_.confirmed;
    cooling_until_[out.timeframe][static_cast<std::size_t>(level)] = sample.time + settings_.cooldown;
    history_.emitted(sample.time, out.level, sample.price, up, sample.threshold_bps);
    ++counts_.emitted;
    return true;
}

void GoldenDetector::on_gap() noexcept {
    depths_.clear();
    counts_.unresolved += history_.on_gap();
}

}  // namespace pipeline
