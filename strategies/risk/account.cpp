#include "strategies/risk/account.hpp"

#include "core/domain/wide.hpp"

#include <algorithm>

namespace strategies {

using core::Execution;
using core::Notional;
using core::TickKind;

Account::Account(Notional start, const core::InstrumentTable& instruments)
    : instruments_{&instruments}, balance_{start}, lines_(instruments.size()) {
    open_.reserve(instruments.size());
}

std::optional<ClosedTrade> Account::on(const core::Tick& tick, const pipeline::Market& market) noexcept {
    if (tick.is(TickKind::session) && tick.instrument == core::no_instrument) {  // a whole venue is gone
        for (const auto& instrument : *instruments_)
            if (instrument.venue == tick.venue) lines_[instrument.id.value].book_valid = false;
        return std::nullopt;
    }
    if (tick.instrument.value >= lines_.size() || !tick.whole()) return std::nullopt;
    Line& line = lines_[tick.instrument.value];
    line.book_valid = market.valid;
    if (market.top_changed && market.valid) line.mid = {(market.bid.units + market.ask.units) / 2};
    switch (tick.kind) {
        case TickKind::trade:
            line.last_trade = tick.trade.price;
            line.trade_time = market.time;
            return std::nullopt;
        case TickKind::mark:
            line.venue_mark = tick.mark.mark;
            line.mark_time = market.time;
            return std::nullopt;
        case TickKind::execution: return fill(tick, market.time);
        default: return std::nullopt;
    }
}

/// The coins that a fee took, and dust, leave the position for what they were worth: `balance` is charged the fee once.
void Account::settle_spot(const core::Instrument& instrument, const core::Tick& tick, core::Position& position,
                          Notional& gained) noexcept {
    const auto& report = tick.execution;
    const auto give = [&](core::Quantity quantity) {
        if (quantity.units <= 0 || quantity > position.quantity()) return;
        if (const auto gain = position.apply_fill(instrument, core::Side::sell, report.price, quantity, {}))
            gained = gained + *gain;
    };
    if ((tick.flags & core::tick_flag::fee_in_base) != 0 && report.fee.units > 0) {
        core::Wide coins{static_cast<core::Int128>(report.fee.units)};
        coins.scale_up(instrument.price_decimals + instrument.quantity_decimals);
        coins.scale_down(Notional::decimals);
        coins /= static_cast<std::uint64_t>(report.price.units);
        give({coins.ceil().value_or(0)});
    }
    if (position.quantity() < instrument.lot_size) give(position.quantity());
}

std::optional<ClosedTrade> Account::fill(const core::Tick& tick, core::Nanoseconds now) noexcept {
    const auto what = static_cast<Execution>(tick.code & 0xff);
    if (what != Execution::filled_maker && what != Execution::filled_taker && what != Execution::held)
        return std::nullopt;
    const auto& report = tick.execution;
    if (report.quantity.units == 0) return std::nullopt;  // held: nothing
    Line& line = lines_[tick.instrument.value];
    const auto& instrument = (*instruments_)[tick.instrument];
    const bool was_flat = line.position.flat();
    const bool was_long = line.position.quantity().units > 0;
    if (was_flat) {
        line.opened = now;
        line.realised_before = line.position.realised();
        line.fees_before = line.position.fees();
        line.entry_notional = {};
    }
    const auto gained = line.position.apply_fill(instrument, tick.side, report.price, report.quantity, report.fee);
    if (!gained)
        return std::nullopt;  // beyond 92 billion: no venue of ours; the reconciliation of live orders would say so
    Notional realised = *gained;
    if (instrument.market == core::Market::spot) settle_spot(instrument, tick, line.position, realised);
    balance_ = balance_ + realised - report.fee;
    if (what == Execution::held && instrument.market == core::Market::spot)
        if (const auto value = instrument.notional(report.price, report.quantity)) balance_ = balance_ + *value;
    if (!line.listed) {
        open_.push_back(tick.instrument.value);
        line.listed = true;
    }
    if (was_flat || was_long == (tick.side == core::Side::buy))
        if (const auto value = instrument.notional(report.price, report.quantity))
            line.entry_notional = line.entry_notional + *value;
    if (!line.position.flat()) return std::nullopt;

    std::erase(open_, tick.instrument.value);
    line.listed = false;
    return ClosedTrade{
        .instrument = tick.instrument,
        .side = was_long ? core::Side::buy : core::Side::sell,
        .net = (line.position.realised() - line.realised_before) - (line.position.fees() - line.fees_before),
        .entry_notional = line.entry_notional,
        .opened = line.opened,
        .closed = now};
}

std::optional<core::Price> Account::mark(core::InstrumentId id, core::Nanoseconds now) const noexcept {
    const Line& line = lines_[id.value];
    constexpr auto fresh = std::chrono::seconds{60};
    if (line.venue_mark.units > 0 && now - line.mark_time <= fresh) return line.venue_mark;
    if (line.book_valid && line.mid.units > 0) return line.mid;
    if (line.last_trade.units > 0 && now - line.trade_time <= fresh) return line.last_trade;
    return std::nullopt;
}

core::Price Account::last_mark(const Line& line) const noexcept {
    if (line.venue_mark.units > 0 && line.mark_time >= line.trade_time - std::chrono::seconds{60})
        return line.venue_mark;
    return line.mid.units > 0 ? line.mid : line.last_trade;
}

Notional Account::equity() const noexcept {
    Notional sum = balance_;
    for (const auto index : open_) {
        const Line& line = lines_[index];
        if (last_mark(line).units <= 0) continue;
        const auto gain = line.position.unrealised((*instruments_)[core::InstrumentId{index}], last_mark(line));
        if (gain) sum = sum + *gain;
    }
    return sum;
}

bool Account::marked() const noexcept {
    return std::ranges::all_of(open_, [this](std::uint16_t index) { return last_mark(lines_[index]).units > 0; });
}

Notional Account::exposure() const noexcept {
    Notional sum{};
    for (const auto index : open_) {
        const Line& line = lines_[index];
        const auto quantity = line.position.quantity();
        const auto value = (*instruments_)[core::InstrumentId{index}].notional(
            last_mark(line), quantity.units < 0 ? -quantity : quantity);
        if (value) sum = sum + *value;
    }
    return sum;
}

}  // namespace strategies
