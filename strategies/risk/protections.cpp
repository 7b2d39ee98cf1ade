#include "strategies/risk/protections.hpp"

#include <algorithm>

namespace strategies {

using core::Nanoseconds;
using core::Notional;

namespace {

Nanoseconds duration(double s) noexcept {
    return Nanoseconds{static_cast<std::int64_t>(s * 1e9)};
}

}  // namespace

std::string_view name(Mode mode) noexcept {
    static constexpr std::array<std::string_view, 3> names{"active", "reduce_only", "halted"};
    return names[static_cast<std::size_t>(mode)];
}

std::string_view name(Protection protection) noexcept {
    static constexpr std::array<std::string_view, protection_count> names{
        "daily_loss", "max_drawdown", "stoploss_guard", "consecutive_losses", "cooldown", "low_profit", "reject_guard"};
    return names[static_cast<std::size_t>(protection)];
}

void Protections::Recent::add(Nanoseconds at, Notional gained, Notional entered) noexcept {
    if (count == remembered) {
        std::shift_left(time.begin(), time.end(), 1);
        std::shift_left(net.begin(), net.end(), 1);
        std::shift_left(notional.begin(), notional.end(), 1);
        --count;
    }
    time[count] = at;
    net[count] = gained;
    notional[count] = entered;
    ++count;
}

void Protections::Recent::expire(Nanoseconds before_or_at) noexcept {
    std::size_t gone = 0;
    while (gone < count && time[gone] <= before_or_at) ++gone;
    if (gone == 0) return;
    std::copy(time.begin() + static_cast<std::ptrdiff_t>(gone), time.begin() + static_cast<std::ptrdiff_t>(count),
              time.begin());
    std::copy(net.begin() + static_cast<std::ptrdiff_t>(gone), net.begin() + static_cast<std::ptrdiff_t>(count),
              net.begin());
    std::copy(notional.begin() + static_cast<std::ptrdiff_t>(gone),
              notional.begin() + static_cast<std::ptrdiff_t>(count), notional.begin());
    count -= gone;
}

Protections::Protections(const RiskSettings& settings, Notional start_equity, std::size_t instruments, std::size_t bots)
    : settings_{settings},
      peak_{start_equity},
      instruments_(instruments),
      bots_(bots),
      cooldowns_(instruments * bots) {}

void Protections::on_equity(Notional equity, Nanoseconds now) noexcept {
    const std::int64_t day = core::floor_to(now, std::chrono::hours{24}).count();
    if (day > day_) {
        day_ = day;
        day_start_ = equity;
        daily_reduce_ = daily_flattened_ = false;
    }
    peak_ = std::max(peak_, equity);

    const double e = equity.value(), start = day_start_.value();
    if (!daily_reduce_ && e <= (1 - settings_.daily_loss_limit) * start + 1e-9) {
        daily_reduce_ = true;
        trip(Protection::daily_loss);
    }
    if (!halted_ && !daily_flattened_ && e <= (1 - settings_.daily_loss_flatten) * start + 1e-9) {
        halted_ = flatten_ = daily_flattened_ = true;
        trip(Protection::daily_loss);
    }

    const double drawdown = peak_.units > 0 ? (peak_.value() - e) / peak_.value() : 0;
    if (!drawdown_reduce_ && drawdown >= settings_.max_drawdown_limit - 1e-12) {
        drawdown_reduce_ = true;
        trip(Protection::max_drawdown);
    } else if (drawdown_reduce_ && drawdown < settings_.max_drawdown_limit / 2) {
        drawdown_reduce_ = false;
    }
    if (!halted_ && drawdown >= settings_.max_drawdown_halt - 1e-12) {
        halted_ = flatten_ = true;
        trip(Protection::max_drawdown);
    }
}

AccountMemory Protections::memory() const noexcept {
    return {.peak = peak_,
            .day_start = day_start_,
            .day = day_,
            .halted = halted_,
            .daily_reduce = daily_reduce_,
            .drawdown_reduce = drawdown_reduce_,
            .daily_flattened = daily_flattened_};
}

void Protections::restore(const AccountMemory& memory) noexcept {
    restored_ = true;
    peak_ = memory.peak;
    day_start_ = memory.day_start;
    day_ = memory.day;
    halted_ = memory.halted;
    daily_reduce_ = memory.daily_reduce;
    drawdown_reduce_ = memory.drawdown_reduce;
    daily_flattened_ = memory.daily_flattened;
}

void Protections::begin(Notional equity, Nanoseconds now) noexcept {
    if (restored_) {
        peak_ = std::max(peak_, equity);
        return;
    }
    peak_ = day_start_ = equity;
    day_ = core::floor_to(now, std::chrono::hours{24}).count();
    halted_ = flatten_ = daily_reduce_ = drawdown_reduce_ = daily_flattened_ = false;
}

void Protections::resume(Notional equity) noexcept {
    halted_ = false;
    drawdown_reduce_ = false;
    peak_ = equity;
}

void Protections::on_exit(core::InstrumentId instrument, std::uint8_t bot, Nanoseconds now) noexcept {
    if (bot >= bots_.size()) return;
    cooldowns_[bot * instruments_.size() + instrument.value] = now + duration(settings_.cooldown_s);
    trip(Protection::cooldown);
}

void Protections::on_closed(const ClosedTrade& trade, std::uint8_t bot, bool by_stop) noexcept {
    const auto now = trade.closed;
    auto& state = instruments_[trade.instrument.value];
    const bool loss = trade.net.units < 0;

    if (by_stop && loss) {
        state.stops.expire(now - duration(settings_.stoploss_guard_window_s));
        state.stops.add(now, trade.net, trade.entry_notional);
        if (state.stops.count >= settings_.stoploss_guard_stops) {
            if (state.stop_lock <= now) state.stop_lock = now + duration(settings_.stoploss_guard_lock_s);
            state.stops.count = 0;  // consumed
            trip(Protection::stoploss_guard);
        }
    }

    if (bot < bots_.size()) {
        auto& mine = bots_[bot];
        mine.losses = loss ? mine.losses + 1 : 0;
        if (mine.losses >= settings_.consecutive_losses) {
            mine.losses = 0;
            mine.lock = now + duration(settings_.consecutive_losses_lock_s);
            trip(Protection::consecutive_losses);
        }
    }

    state.closed.expire(now - duration(settings_.low_profit_window_s));
    state.closed.add(now, trade.net, trade.entry_notional);
    if (state.closed.count >= settings_.low_profit_trades && state.profit_lock <= now) {
        Notional net{}, entered{};
        for (std::size_t i = 0; i < state.closed.count; ++i) {
            net = net + state.closed.net[i];
            entered = entered + state.closed.notional[i];
        }
        if (entered.units > 0 && net.value() / entered.value() < settings_.low_profit_min) {
            state.profit_lock = now + duration(settings_.low_profit_lock_s);
            trip(Protection::low_profit);
        }
    }
}

void Protections::on_reject(core::Venue venue, Nanoseconds now) noexcept {
    auto& state = venues_[static_cast<std::size_t>(venue)];
    state.rejects.expire(now - duration(settings_.reject_guard_window_s));
    state.rejects.add(now, {}, {});
    if (state.rejects.count >= settings_.reject_guard_rejects && state.lock <= now) {
        state.lock = now + duration(settings_.reject_guard_lock_s);
        trip(Protection::reject_guard);
    }
}

bool Protections::entries_locked(core::InstrumentId instrument, core::Venue venue, std::uint8_t bot,
                                 Nanoseconds now) const noexcept {
    const auto& state = instruments_[instrument.value];
    return now < state.stop_lock || now < state.profit_lock || now < venues_[static_cast<std::size_t>(venue)].lock ||
           (bot < bots_.size() &&
            (now < bots_[bot].lock || now < cooldowns_[bot * instruments_.size() + instrument.value]));
}

}  // namespace strategies
