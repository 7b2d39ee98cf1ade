#include "pipeline/traps/spoofing.hpp"

#include "core/domain/unknown.hpp"
#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {
namespace {

constexpr double least_cancelled = .9, nearest_bps = 1, farthest_bps = 50, layer_multiple = 3;
constexpr core::Nanoseconds together = std::chrono::milliseconds{1000};
constexpr core::Nanoseconds never = core::Nanoseconds::max();

double number(core::Quantity quantity) noexcept {
    return static_cast<double>(quantity.units);
}
double milliseconds(core::Nanoseconds time) noexcept {
    return static_cast<double>(time.count()) * 1e-6;
}
/// In price units.
double mid_of(const Market& market) noexcept {
    return (static_cast<double>(market.bid.units) + static_cast<double>(market.ask.units)) / 2;
}

}  // namespace

Spoofing::Spoofing(const TrapSettings& settings, const core::Instrument& instrument,
                   const Timeframes& /*timeframes*/) noexcept
    : next_look_{never},
      least_multiple_{std::min(settings.spoof.multiple, layer_multiple)},
      price_unit_{instrument.to_double(core::Price{1})},
      quantity_unit_{instrument.to_double(core::Quantity{1})} {
    sides_[static_cast<std::size_t>(core::Side::buy)].sign = 1;
    sides_[static_cast<std::size_t>(core::Side::sell)].sign = -1;
}

void Spoofing::grow(Side& side, Candidate* candidate, const core::Tick& tick, const Market& market) noexcept {
    const core::Quantity added = tick.level.quantity - market.replaced;
    if (candidate != nullptr) {
        const auto standing = candidate->delta - candidate->cancelled - candidate->executed;
        if (standing >= added) return change(side, *candidate, tick, market);
        side.candidates.remove(*candidate);
    }
    unsettled_ |= side.withdrawn_count > 0;  // the fresh one may have taken the place of one that stood beside them
    Candidate& fresh = side.candidates.add(tick.level.price);
    fresh.delta = added;
    fresh.low = tick.level.quantity;
    fresh.multiple = number(added) / side.mean;
    fresh.mid = mid_;
    fresh.placed = market.time;
    fresh.push_volume = push_volume(side);
}

void Spoofing::change(Side& side, Candidate& candidate, const core::Tick& tick, const Market& market) noexcept {
    const core::Quantity quantity = tick.level.quantity;
    const auto traded = std::exchange(candidate.traded, {});
    if (quantity >= candidate.low) return;
    const auto gone = candidate.low - quantity;
    const auto executed = std::min({gone, traded, market.replaced - quantity});
    candidate.low = quantity;
    candidate.executed = candidate.executed + executed;
    candidate.cancelled = candidate.cancelled + (gone - executed);

    const double delta = number(candidate.delta);
    const double cancelled = std::min(number(candidate.cancelled) / delta, 1.);
    if (cancelled >= least_cancelled) {
        side.withdraw({.price = candidate.price,
                       .delta = candidate.delta,
                       .multiple = candidate.multiple,
                       .cancelled = cancelled,
                       .fill = static_cast<double>(push_volume(side) - candidate.push_volume) / delta,
                       .push_bps = static_cast<double>(side.sign) * core::bps(mid_, candidate.mid),
                       .quantity20 = side.quantity20,
                       .in_top20 = side.no_worse(candidate.price, side.twentieth),
                       .placed = candidate.placed,
                       .at = market.time});
    } else if (number(candidate.delta - candidate.executed) / delta >= least_cancelled) {
        return;
    }
    side.candidates.remove(candidate);
    unsettled_ = true;  // also without a withdrawal: one fewer that could become a layer
}

void Spoofing::Side::withdraw(const Withdrawn& one) noexcept {
    if (withdrawn_count == withdrawn.size()) drop(0);
    withdrawn[withdrawn_count++] = one;
}

void Spoofing::Side::drop(std::uint32_t index) noexcept {
    std::copy(withdrawn.begin() + index + 1, withdrawn.begin() + withdrawn_count, withdrawn.begin() + index);
    --withdrawn_count;
}

void Spoofing::look(const Market& market) noexcept {
    if (!market.valid) {
        if (valid_) forget();
        valid_ = false;
        return;
    }
    valid_ = true;
    mid_ = market.mid;
    const auto bounds = [](Side& side, core::Price touch, const TopLevels& top) {
        const auto at = [&](double distance) {
            const double offset = static_cast<double>(touch.units) * distance / 1e4;
            return static_cast<double>(touch.units) - static_cast<double>(side.sign) * offset;
        };
        // Rounded inwards: neither nearer than the one nor farther than the other.
        const double near = at(nearest_bps), far = at(farthest_bps);
        side.nearest = {static_cast<std::int64_t>(side.sign > 0 ? std::floor(near) : std::ceil(near))};
        side.farthest = {static_cast<std::int64_t>(side.sign > 0 ? std::ceil(far) : std::floor(far))};
        side.tenth = top.tenth;
        side.twentieth = top.twentieth;
        side.quantity20 = top.quantity20;
    };
    bounds(sides_[0], market.bid, market.bids);
    bounds(sides_[1], market.ask, market.asks);
}

void Spoofing::forget() noexcept {
    for (Side& side : sides_) {
        side.candidates.clear();
        side.withdrawn_count = 0;
        side.layers = {};
    }
    unsettled_ = false;
    next_look_ = never;
}

void Spoofing::clear() noexcept {
    forget();
    for (Side& side : sides_) {
        side.sizes = 0;
        side.wall = core::unknown;
    }
    valid_ = false;
}

void Spoofing::judge(const Market& market, Reporter& reporter) noexcept {
    unsettled_ = false;
    next_look_ = never;
    if (!market.valid) return forget();
    for (Side& side : sides_) judge(side, market, reporter);
}

void Spoofing::judge(Side& side, const Market& market, Reporter& reporter) noexcept {
    if (side.layers.open) {
        if (side.join_layers()) report_layering(side, market, reporter);
        side.layers.open = market.time - side.layers.first <= together;
    }
    const auto wanted = reporter.settings().layering.levels;
    while (side.withdrawn_count > 0) {
        const Withdrawn first = side.withdrawn[0];
        const bool layering = first.multiple >= layer_multiple && reporter.enabled(TrapKind::layering);
        const Layers layers{.first = first.at, .quantity20 = first.quantity20, .nearest = first.price, .open = true};
        std::uint32_t gone = 0, standing = 0;
        for (std::uint32_t i = 0; i < side.withdrawn_count; ++i) gone += layers.include(side.withdrawn[i]);
        if (layering && gone >= wanted) {
            side.layers = layers;
            side.join_layers();
            report_layering(side, market, reporter);
            continue;
        }
        side.candidates.each(
            [&](const Candidate& one) { standing += one.placed < first.at && one.multiple >= layer_multiple; });
        if (layering && gone + standing >= wanted && market.time - first.at <= together) {
            next_look_ = std::min(next_look_, first.at + together);
            return;
        }
        report_spoofing(side, first, market, reporter);
        side.drop(0);
    }
}

/// Large enough, alive when the first of them was withdrawn, and withdrawn within a second of it.
bool Spoofing::Layers::include(const Withdrawn& one) const noexcept {
    return one.multiple >= layer_multiple && one.placed < first && one.at - first <= together;
}

bool Spoofing::Side::join_layers() noexcept {
    const auto before = layers.count;
    for (std::uint32_t i = 0; i < withdrawn_count;) {
        const Withdrawn& one = withdrawn[i];
        if (!layers.include(one)) {
            ++i;
            continue;
        }
        const double delta = number(one.delta);
        layers.delta += delta;
        layers.cancelled += delta * one.cancelled;
        if (!one.in_top20) layers.outside += delta;
        layers.last = std::max(layers.last, one.at);
        if (layers.count == 0 || no_worse(one.price, layers.nearest)) layers.nearest = one.price;
        ++layers.count;
        drop(i);
    }
    return layers.count != before;
}

void Spoofing::report_layering(const Side& side, const Market& market, Reporter& reporter) const noexcept {
    const Layers& layers = side.layers;
    // Layers may rest beyond the best twenty, where they are no part of that size: then they are added to it.
    const double share = std::min(layers.delta / (layers.quantity20 + layers.outside), 1.);
    const double cancelled = layers.cancelled / layers.delta;
    const double spread = milliseconds(layers.last - layers.first);
    const double confidence = layering_confidence(layers.count, share, cancelled, spread);
    const double nearest = static_cast<double>(layers.nearest.units) * price_unit_;
    reporter.report({TrapKind::layering, static_cast<int>(side.sign), mid_of(market), confidence, 4 * share, true,
                     evidence(layers.count, share, cancelled, spread, nearest)});
}

void Spoofing::report_spoofing(const Side& side, const Withdrawn& one, const Market& market,
                               Reporter& reporter) const noexcept {
    const auto life = one.at - one.placed;
    if (one.multiple < reporter.settings().spoof.multiple ||
        life > std::chrono::milliseconds{reporter.settings().spoof.max_ms} || !reporter.enabled(TrapKind::spoofing))
        return;
    const double life_ms = milliseconds(life);
    const double confidence = spoofing_confidence(one.multiple, one.cancelled, life_ms, one.fill, one.push_bps);
    reporter.report({TrapKind::spoofing, static_cast<int>(side.sign), mid_of(market), confidence, one.multiple / 10,
                     true,
                     evidence(static_cast<double>(one.price.units) * price_unit_, number(one.delta) * quantity_unit_,
                              one.multiple, one.cancelled, life_ms, one.fill, one.push_bps)});
}

}  // namespace pipeline::traps
