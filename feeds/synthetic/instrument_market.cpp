#include "feeds/synthetic/instrument_market.hpp"

#include <algorithm>
#include <cmath>

namespace feeds::synthetic {

namespace {

core::Nanoseconds from_seconds(double s) noexcept {
    return core::Nanoseconds{static_cast<std::int64_t>(s * 1e9)};
}
std::int64_t milliseconds(core::Nanoseconds time) noexcept {
    return time.count() / 1'000'000;
}

/// Traps wait for detectors to be warm: windows of 5 and 20 minutes.
constexpr double quiet_start_s = 600;
/// A REST answer takes its time, so that depth events arrive between its moment and its bytes, as they do from a venue.
constexpr core::Nanoseconds snapshot_takes{60'000'000};
constexpr core::Nanoseconds snapshot_after_gap{1'000'000'000};

}  // namespace

void MinuteRange::trade(core::Nanoseconds time, std::int64_t price) noexcept {
    const auto minute = core::floor_to(time, std::chrono::minutes{1});
    if (minute != minute_) {
        minute_ = minute;
        ranges_[count_++ % ranges_.size()] = {price, price};
        return;
    }
    Range& range = ranges_[(count_ - 1) % ranges_.size()];
    range.high = std::max(range.high, price);
    range.low = std::min(range.low, price);
}

std::int64_t MinuteRange::highest() const noexcept {
    if (count_ < ranges_.size()) return 0;
    return std::ranges::max_element(ranges_, {}, &Range::high)->high;
}

std::int64_t MinuteRange::lowest() const noexcept {
    if (count_ < ranges_.size()) return 0;
    return std::ranges::min_element(ranges_, {}, &Range::low)->low;
}

InstrumentMarket::InstrumentMarket(const Settings& settings, std::size_t index, const InstrumentMarket* leader,
                                   std::vector<Truth>& truth)
    : instrument_{settings.instruments[index]},
      index_{index},
      leader_{leader},
      elsewhere_{on_several_venues(settings, index)},
      events_per_s_{settings.events_per_s},
      traps_per_h_{settings.traps_per_h},
      wildness_{settings.wildness},
      depth_interval_{settings.depth_interval},
      start_{settings.start},
      start_ticks_{start_ticks(instrument_)},
      chance_{settings.seed + index + core::fnv1a("market")},
      path_{settings.volatility, settings.start, settings.seed + index + core::fnv1a("path")},
      crowd_{static_cast<std::int64_t>(start_ticks_), instrument_.usual_quantity,
             5'000'000'000'000U + index * 1'000'000U, settings.seed + index + core::fnv1a("crowd"), settings.wildness},
      text_{make_text(instrument_)},
      truth_{truth},
      now_{settings.start},
      next_act_{settings.start},
      next_depth_{settings.start + settings.depth_interval},
      previous_depth_id_{crowd_.update_id()},
      trade_id_{5'000'000'000U + index * 1'000'000U},
      kinds_{settings.kinds},
      next_trap_{never},
      next_try_{settings.start},
      basis_time_{settings.start} {
    for (const auto& trap : settings.traps)
        if (trap.instrument == index) planned_.push_back(trap);
    std::ranges::stable_sort(planned_, {}, &PlannedTrap::after);
    order_snapshot(text_->snapshot_in_stream() ? settings.start : settings.start + 3 * settings.depth_interval);
    if (traps_per_h_ > 0) next_trap_ = settings.start + from_seconds(quiet_start_s + 600 * chance_.exponential());
}

core::Nanoseconds InstrumentMarket::next_time() const noexcept {
    return quote_due_ ? now_ : std::min({next_act_, next_depth_, snapshot_due_, plot_.next_deed()});
}

InstrumentMarket::Made InstrumentMarket::produce() noexcept {
    if (quote_due_) return quote();
    now_ = next_time();
    if (snapshot_due_ <= now_) {
        snapshot_due_ = never;
        return {text_->snapshot(), now_, true, false};
    }
    const bool full = crowd_.changed_bids().nearly_full() || crowd_.changed_asks().nearly_full();
    if (next_depth_ <= now_ || full) return depth();
    if (plot_.next_deed() <= now_) return deed();
    return act();
}

InstrumentMarket::Made InstrumentMarket::act() noexcept {
    trap();
    burst_ *= 0.995;
    if (chance_.happens(0.0002 * wildness_)) burst_ += chance_.between(2, 8);
    const double haste = plot_.activity() + burst_;

    const Act act = crowd_.act(fair(), haste, plot_.manner());
    const double mood = leader_ != nullptr ? leader_->path_.activity() : path_.activity();
    next_act_ = now_ + from_seconds(chance_.exponential() / (events_per_s_ * mood * haste));
    return show(act);
}

InstrumentMarket::Made InstrumentMarket::deed() noexcept {
    return show(plot_.do_deed(crowd_));
}

/// What the venue sends about an act.
InstrumentMarket::Made InstrumentMarket::show(const Act& act) noexcept {
    if (first_change_ == 0) first_change_ = act.first_id;
    // Only now has a depth event something to tell: the one that holds the snapshot's id must follow the snapshot.
    if (snapshot_wanted_ <= now_ && !text_->snapshot_in_stream()) {
        text_->make_snapshot(crowd_.update_id(), crowd_.bids(), crowd_.asks(), milliseconds(now_));
        snapshot_wanted_ = never;
        snapshot_due_ = now_ + snapshot_takes;
    }
    if (!act.traded) return quote();
    quote_due_ = true;
    range_.trade(now_, act.trade.price);
    return {text_->trade(++trade_id_, act.trade, act.buyer_is_maker, milliseconds(now_)), now_, false, false};
}

InstrumentMarket::Made InstrumentMarket::quote() noexcept {
    quote_due_ = false;
    return {text_->quote(crowd_.update_id(), crowd_.bids().best(), crowd_.asks().best(), milliseconds(now_)), now_,
            false, false};
}

InstrumentMarket::Made InstrumentMarket::depth() noexcept {
    if (next_depth_ <= now_) next_depth_ = now_ + depth_interval_;
    if (first_change_ == 0) return {{}, now_, false, true};
    if (snapshot_wanted_ <= now_ && text_->snapshot_in_stream()) return stream_snapshot();
    const std::uint64_t last = crowd_.update_id();
    text_->depth_begin(first_change_, last, previous_depth_id_, milliseconds(now_));
    for (const auto price : crowd_.changed_bids().take()) text_->depth_level(price, crowd_.bids().quantity_at(price));
    text_->depth_asks();
    for (const auto price : crowd_.changed_asks().take()) text_->depth_level(price, crowd_.asks().quantity_at(price));
    const auto bytes = text_->depth_end();
    previous_depth_id_ = last;
    first_change_ = 0;
    if (skip_depth_) {
        skip_depth_ = false;
        order_snapshot(now_ + snapshot_after_gap);
        return {{}, now_, false, true};
    }
    return {bytes, now_, false, true};
}

/// In the place of a depth event.
InstrumentMarket::Made InstrumentMarket::stream_snapshot() noexcept {
    snapshot_wanted_ = never;
    text_->make_snapshot(crowd_.update_id(), crowd_.bids(), crowd_.asks(), milliseconds(now_));
    (void)crowd_.changed_bids().take();
    (void)crowd_.changed_asks().take();
    previous_depth_id_ = crowd_.update_id();
    first_change_ = 0;
    return {text_->snapshot(), now_, false, true};
}

double InstrumentMarket::fair() noexcept {
    shared_bps_ =
        (leader_ != nullptr ? leader_->shared_bps_ : path_.at(now_)) + (plot_.apart() ? 0 : plot_.offset_bps());
    double own = plot_.apart() ? plot_.offset_bps() : 0;
    if (leader_ != nullptr) {
        const double elapsed = core::seconds(now_ - basis_time_);
        basis_time_ = now_;
        basis_noise_ += std::sqrt(elapsed / 10) * instrument_.basis_noise_bps * chance_.normal() -
                        basis_noise_ * std::min(1.0, elapsed / 20);
        own += instrument_.basis_bps + basis_noise_;
    }
    // Far from the start the path turns back by itself; this bound only keeps arithmetic sane for any setting.
    const double bps = std::clamp(shared_bps_ + own, -5'000.0, 10'000.0);
    return start_ticks_ * (1 + bps * 1e-4) + 0.5;
}

void InstrumentMarket::trap() noexcept {
    if (plot_.planter() == nullptr) {
        if (now_ < next_try_) return;
        bool planted = true;
        if (next_planned_ < planned_.size() && start_ + planned_[next_planned_].after <= now_) {
            const auto& wanted = planned_[next_planned_];
            planted = plant(*find_planter(wanted.kind, wanted.expect));
            next_planned_ += planted ? 1 : 0;
        } else if (now_ >= next_trap_) {
            planted = plant(choose_planter(chance_.uniform(), kinds_));
        }
        if (!planted) next_try_ = now_ + from_seconds(chance_.between(5, 20));
        return;
    }
    const Planter& planter = *plot_.planter();
    auto passed = plot_.advance(now_);
    if (passed == Plot::Passed::extreme) {
        truth_.push_back(
            {planter.kind, planter.expect, index_, plot_.start(), now_, plot_.end(), price_units(crowd_.mid())});
        passed = plot_.advance(now_);
    }
    if (passed != Plot::Passed::end) return;
    crowd_.release_all();
    next_try_ = now_ + from_seconds(30);
    if (traps_per_h_ > 0) next_trap_ = now_ + from_seconds(3600 / traps_per_h_ * chance_.exponential());
}

bool InstrumentMarket::plant(const Planter& planter) noexcept {
    return plot_.begin(planter, {now_, crowd_.mid(), static_cast<double>(range_.highest()),
                                 static_cast<double>(range_.lowest()), elsewhere_, &chance_});
}

core::Price InstrumentMarket::price_units(double ticks) const noexcept {
    return {static_cast<std::int64_t>(std::nearbyint(ticks * static_cast<double>(instrument_.tick_units)))};
}

}  // namespace feeds::synthetic
