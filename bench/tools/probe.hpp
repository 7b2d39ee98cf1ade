#pragma once

#include "strategies/bots/bot_stage.hpp"

#include <algorithm>
#include <cstdint>

namespace bench {

/// Stands in BotStage's place: runs it, and on every `every`-th trade or quote of a valid book also wishes an entry of
/// the smallest size at the touch, immediate or cancel, with a stop. The real bot trades a few times an hour; a latency
/// distribution needs many orders.
class Probe {
public:
    Probe(strategies::BotStage& bots, const core::InstrumentTable& instruments, std::uint32_t every)
        : bots_{&bots}, instruments_{&instruments}, every_{every}, left_{every} {}

    void on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
            const pipeline::Indicators& indicators, const pipeline::Levels& levels, const pipeline::Traps& traps,
            const pipeline::Trends& trends, const pipeline::Weights& weights, strategies::Intents& out) noexcept {
        bots_->on(tick, market, bars, indicators, levels, traps, trends, weights, out);
        if (!tick.is(core::TickKind::trade) && !tick.is(core::TickKind::quote)) return;
        if (!market.valid || --left_ != 0) return;
        left_ = every_;
        if (out.intent_count < out.intents.size()) wish(tick, market, out.intents[out.intent_count++]);
    }

private:
    void wish(const core::Tick& tick, const pipeline::Market& market, strategies::Intent& intent) noexcept {
        const auto& instrument = (*instruments_)[tick.instrument];
        const bool buy = wishes_++ % 2 == 0;
        const auto price = buy ? market.ask : market.bid;
        intent = strategies::Intent{};
        intent.order.instrument = tick.instrument;
        intent.order.venue = instrument.venue;
        intent.order.bot = 1;  // not the real bot's
        intent.order.side = buy ? core::Side::buy : core::Side::sell;
        intent.order.time_in_force = core::TimeInForce::ioc;
        intent.order.price = price;
        intent.order.quantity = std::max(instrument.min_quantity, core::Quantity{8 * instrument.lot_size.units});
        const auto step = instrument.tick_size.units;
        intent.stop_price = {price.units - (buy ? 1 : -1) * (price.units / 100 / step * step)};
    }

    strategies::BotStage* bots_;
    const core::InstrumentTable* instruments_;
    std::uint32_t every_, left_;
    std::uint64_t wishes_{};
};

}  // namespace bench
