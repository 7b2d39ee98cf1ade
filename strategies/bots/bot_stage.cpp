#include "strategies/bots/bot_stage.hpp"

#include "pipeline/cosmic/weights.hpp"
#include "strategies/command.hpp"

#include <cmath>

namespace strategies {

using core::Side;

BotStage::BotStage(const BotStageSettings& settings, const core::InstrumentTable& instruments)
    : settings_{settings},
      instruments_{&instruments},
      account_{settings.start_equity, instruments},
      owners_(instruments.size(), 0xff),
      watched_(instruments.size()),
      entries_after_(instruments.size()) {
    for (std::size_t i = 0; i < settings.bots.size(); ++i)
        fibos_.emplace_back(settings.bots[i].fibo, settings.timeframes, instruments.size(),
                            static_cast<std::uint8_t>(i));
    for (const auto id : settings.watched) watched_[id.value] = true;
    for (const auto& instrument : instruments) price_units_.push_back(instrument.to_double(core::Price{1}));
}

Holding BotStage::holding(core::InstrumentId id, std::uint8_t bot) const noexcept {
    const auto& position = account_.position(id);
    if (position.flat()) return {};
    const auto& instrument = (*instruments_)[id];
    return {.side = position.quantity().units > 0 ? 1 : -1,
            .entry = instrument.to_double(position.entry(instrument)),
            .own = owners_[id.value] == bot};
}

void BotStage::on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
                  const pipeline::Indicators&, const pipeline::Levels& levels, const pipeline::Traps&,
                  const pipeline::Trends& trends, const pipeline::Weights& weights, Intents& out) noexcept {
    out.decision_count = out.intent_count = 0;
    out.addition_changed = false;
    if (!tick.whole()) return;
    if (tick.is(core::TickKind::command)) [[unlikely]]
        return on_command(tick);
    account_.on(tick, market);
    if (tick.is(core::TickKind::execution) && static_cast<core::Execution>(tick.code & 0xff) == core::Execution::held &&
        tick.instrument.value < owners_.size()) [[unlikely]]
        owners_[tick.instrument.value] = static_cast<std::uint8_t>(tick.code >> 8);
    if (bars.bar_mask == 0 && !levels.changed && !levels.golden) return;
    if (tick.instrument.value >= price_units_.size() || watched_[tick.instrument.value]) return;

    for (std::size_t i = 0; i < fibos_.size() && out.decision_count < out.decisions.size(); ++i) {
        if (!fibos_[i].settings().enabled) continue;
        Decision& decision = out.decisions[out.decision_count];
        if (!fibos_[i].on(tick, market, bars, levels, trends, price_units_[tick.instrument.value],
                          holding(tick.instrument, static_cast<std::uint8_t>(i)), decision))
            continue;
        ++out.decision_count;
        if (decision.action == Action::add) {
            out.addition = fibos_[i].memory(tick.instrument);
            out.addition_changed = true;
        }
        if (decision.action != Action::hold) evaluate(tick, market, weights, decision, out);
    }
}

void BotStage::on_command(const core::Tick& tick) noexcept {
    if (tick.code != static_cast<std::uint16_t>(Command::restore_addition) || tick.command.id >= fibos_.size()) return;
    fibos_[tick.command.id].restore(tick.instrument, {.bot = static_cast<std::uint8_t>(tick.command.id),
                                                      .added = static_cast<std::uint32_t>(tick.command.argument[0]),
                                                      .last = core::Nanoseconds{tick.command.argument[1]}});
}

void BotStage::evaluate(const core::Tick& tick, const pipeline::Market& market, const pipeline::Weights& weights,
                        Decision& decision, Intents& out) noexcept {
    decision = pipeline::apply(decision, weights);
    if (weights.applies) decision.reasons |= reason::cosmic;
    const auto index = tick.instrument.value;
    Intent& intent = out.intents[out.intent_count];
    intent = Intent{};
    intent.order.instrument = tick.instrument;
    intent.order.venue = (*instruments_)[tick.instrument].venue;
    intent.order.bot = decision.bot;

    if (decision.action == Action::exit) {
        if (!(decision.exit_impulse >= decision.exit_threshold)) {
            decision.action = Action::hold;
            decision.reasons |= reason::below_threshold;
            return;
        }
        intent.order.purpose = core::Purpose::exit;
        intent.order.side = core::opposite(decision.side);
        ++out.intent_count;
        return;
    }
    if (!(decision.score >= decision.entry_threshold)) {
        decision.action = Action::hold;
        decision.reasons |= reason::below_threshold;
        return;
    }
    if (market.time < entries_after_[index]) {
        decision.action = Action::hold;
        decision.reasons |= reason::entry_pause;
        return;
    }
    if (!enter(market, decision, intent)) {
        decision.action = Action::hold;
        decision.reasons |= reason::not_possible;
        return;
    }
    entries_after_[index] = market.time + core::Nanoseconds{static_cast<std::int64_t>(settings_.entry_pause_s * 1e9)};
    owners_[index] = decision.bot;
    ++out.intent_count;
}

bool BotStage::enter(const pipeline::Market& market, const Decision& decision, Intent& intent) const noexcept {
    const auto& instrument = (*instruments_)[decision.instrument];
    const bool buy = decision.side == Side::buy;
    if (instrument.market == core::Market::spot && !buy) return false;  // nothing to sell: spot is not shorted

    const auto tick_size = static_cast<double>(instrument.tick_size.units);
    const auto on_grid = [&](double units, bool up) {
        return core::Price{
            static_cast<std::int64_t>(up ? std::ceil(units / tick_size - 1e-9) : std::floor(units / tick_size + 1e-9)) *
            instrument.tick_size.units};
    };
    const int way = core::sign(decision.side);
    const auto touch = static_cast<double>((buy ? market.ask : market.bid).units);
    const core::Price limit = on_grid(touch * (1 + way * settings_.entry_slippage_bps * 1e-4), !buy);
    const double stop_bps = core::known(decision.stop_bps) ? decision.stop_bps : settings_.bracket.stop_bps;
    const core::Price stop = on_grid(touch * (1 - way * stop_bps * 1e-4), !buy);
    if (limit.units <= 0 || stop.units <= 0) return false;

    const double unit = price_units_[decision.instrument.value];
    const auto quantity =
        size_position(settings_.sizing, instrument, account_.equity().value(), static_cast<double>(limit.units) * unit,
                      static_cast<double>(stop.units) * unit, decision.size_fraction, settings_.sizing.risk_per_trade);
    if (quantity.units == 0) return false;

    intent.order.purpose = core::Purpose::entry;
    intent.order.side = decision.side;
    intent.order.type = core::OrderType::limit;
    intent.order.time_in_force = core::TimeInForce::ioc;
    intent.order.price = limit;
    intent.order.quantity = quantity;
    intent.stop_price = stop;
    if (decision.target_count == 0) {
        intent.targets[0] = {on_grid(touch * (1 + way * settings_.bracket.take_profit_bps * 1e-4), buy), 1};
        intent.target_count = 1;
    }
    for (std::uint8_t i = 0; i < decision.target_count; ++i)
        intent.targets[intent.target_count++] = {on_grid(touch * (1 + way * decision.targets[i].bps * 1e-4), buy),
                                                 decision.targets[i].share};
    return true;
}

}  // namespace strategies
