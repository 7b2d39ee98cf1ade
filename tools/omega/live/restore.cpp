#include "tools/omega/live/restore.hpp"

#include "tools/omega/live/accounts.hpp"

namespace omega {

namespace {

core::Tick execution(const core::Instrument& instrument, core::Execution what, unsigned high, core::Nanoseconds now) {
    core::Tick tick;
    tick.venue_time = tick.receive_time = now;
    tick.instrument = instrument.id;
    tick.venue = instrument.venue;
    tick.kind = core::TickKind::execution;
    tick.code = static_cast<std::uint16_t>(static_cast<unsigned>(what) | high << 8);
    return tick;
}

}  // namespace

std::optional<std::vector<core::Tick>> restored_state(const Accounts& accounts, const core::Instrument& instrument,
                                                      const LastPrices& prices, core::Nanoseconds now) {
    std::vector<core::Tick> ticks;
    const auto* line = accounts.line(instrument.venue);
    if (line == nullptr) return ticks;
    const auto& ledger = *line->ledger;
    unsigned bot = 0;
    ledger.for_each([&](const gateways::TrackedOrder& tracked) {
        const auto& order = tracked.order;
        if (order.instrument != instrument.id || tracked.outside || final(tracked.state())) return;
        if (order.purpose != core::Purpose::stop && order.purpose != core::Purpose::target) return;
        auto tick = execution(instrument, core::Execution::resting, static_cast<unsigned>(order.purpose), now);
        const bool stop = order.purpose == core::Purpose::stop;
        tick.side = order.side;
        tick.execution = {.order_id = order.id.value,
                          .price = stop ? order.trigger : order.price,
                          .quantity = tracked.left(),
                          .fee = {}};
        bot = order.bot;
        ticks.push_back(tick);
    });
    const auto held = ledger.position(instrument.id);
    if (held.units == 0 && ticks.empty()) return ticks;
    auto tick = execution(instrument, core::Execution::held, bot, now);
    tick.side = held.units < 0 ? core::Side::sell : core::Side::buy;
    tick.execution.quantity = held.units < 0 ? -held : held;
    if (held.units != 0) {
        const auto entry = line->account->entry_price(instrument.id);
        tick.execution.price = entry.units > 0 ? entry : prices.of(instrument.id);
        if (tick.execution.price.units <= 0) return std::nullopt;
    }
    ticks.push_back(tick);
    return ticks;
}

}  // namespace omega
