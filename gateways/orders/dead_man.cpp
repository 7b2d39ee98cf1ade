#include "gateways/orders/dead_man.hpp"

#include <algorithm>

namespace gateways {

using core::Nanoseconds;

DeadManTimer dead_man_timer(core::Venue venue, core::Market market) noexcept {
    using namespace std::chrono_literals;
    if (venue == core::Venue::binance && market != core::Market::spot)
        return {.countdown = 30s, .renew_every = 10s, .per_instrument = true, .can_end = true, .weight = 10};
    if (venue == core::Venue::okx) return {.countdown = 30s, .renew_every = 10s, .per_instrument = false};
    if (venue == core::Venue::bybit)
        return {.countdown = 30s, .renew_every = 0s, .per_instrument = false, .can_end = false};
    return {};
}

std::string_view dead_man_trouble(core::Venue venue, std::span<const core::Market> markets, bool keeps_stops) noexcept {
    const auto has_one = [&](core::Market market) { return dead_man_timer(venue, market).countdown.count() > 0; };
    const auto found = std::ranges::find_if(markets, has_one);
    if (found == markets.end()) return "the venue has no timer that cancels orders, in none of the markets in use";
    if (keeps_stops && !dead_man_timer(venue, *found).can_end)
        return "the venue's timer cannot be ended: it would cancel the stops that an orderly end leaves there";
    return {};
}

DeadManTimers::DeadManTimers(core::Venue venue, const core::InstrumentTable& instruments) {
    for (const auto& instrument : instruments) {
        if (instrument.venue != venue) continue;
        const auto timer = dead_man_timer(venue, instrument.market);
        if (timer.countdown.count() == 0) continue;
        if (timer.per_instrument || all_.empty()) all_.push_back({.instrument = instrument.id, .timer = timer});
    }
}

std::optional<DeadManTimers::Ask> DeadManTimers::due(Nanoseconds now) const noexcept {
    for (const auto& one : all_) {
        const bool unanswered = one.arms + one.ends > 0;
        const auto next = ending_ ? std::min(one.next, one.asked_at + first_pause) : one.next;
        if (now < next || (unanswered && now - one.asked_at < (ending_ ? last_patience : patience))) continue;
        if (ending_ && (!one.running || !one.timer.can_end)) continue;
        return Ask{.instrument = one.instrument,
                   .countdown = ending_ ? Nanoseconds{} : one.timer.countdown,
                   .weight = one.timer.weight};
    }
    return std::nullopt;
}

void DeadManTimers::asked(const Ask& ask, Nanoseconds now) noexcept {
    for (auto& one : all_) {
        if (one.instrument != ask.instrument) continue;
        one.asked_at = now;
        ++(ask.countdown.count() > 0 ? one.arms : one.ends);
        if (ask.countdown.count() > 0) one.running = true;  // whatever the answer says: it may have arrived
    }
}

void DeadManTimers::answered(core::InstrumentId instrument, Nanoseconds countdown, bool done,
                             Nanoseconds now) noexcept {
    for (auto& one : all_) {
        if (one.instrument != instrument) continue;
        const bool arm = countdown.count() > 0;
        auto& under_way = arm ? one.arms : one.ends;
        under_way -= under_way > 0 ? 1 : 0;
        if (!done) {
            const auto pause = first_pause * (std::int64_t{1} << std::min<std::uint32_t>(one.failures++, 20));
            one.next = now + std::min(pause, ending_ ? first_pause : longest_pause);
            return;
        }
        one.failures = 0;
        if (!arm) {
            one.running = one.arms > 0;  // one on its way may set it again
            one.next = now + first_pause;
            return;
        }
        one.renewed_at = one.asked_at;
        one.confirmed = true;
        one.next = ending_                             ? now
                   : one.timer.renew_every.count() > 0 ? one.asked_at + one.timer.renew_every
                                                       : Nanoseconds::max();
        return;
    }
}

void DeadManTimers::reconnected() noexcept {
    for (auto& one : all_)
        if (one.timer.renew_every.count() == 0 && one.next == Nanoseconds::max()) one.next = {};
}

bool DeadManTimers::off() const noexcept {
    return std::ranges::none_of(all_, [](const One& one) { return one.running && one.timer.can_end; });
}

bool DeadManTimers::lapsed(Nanoseconds now) noexcept {
    bool any = false;
    for (auto& one : all_) {
        const bool overdue = one.confirmed && !ending_ && one.timer.renew_every.count() > 0 &&
                             now - one.renewed_at >= one.timer.countdown;
        if (!overdue) continue;
        one.confirmed = false;
        any = true;
    }
    return any;
}

}  // namespace gateways
