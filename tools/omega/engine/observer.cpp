#include "tools/omega/engine/observer.hpp"

#include <bit>
#include <thread>

namespace omega {

namespace {

void add(Digest& digest, const strategies::Decision& d) noexcept {
    digest.add_value(d.instrument.value);
    digest.add_value(d.action);
    digest.add_value(d.side);
    digest.add_value(d.bot);
    digest.add_value(d.reasons);
    for (const double x :
         {d.score, d.entry_threshold, d.size_fraction, d.stop_bps, d.exit_impulse, d.exit_threshold, d.leverage})
        digest.add_value(x);
    for (std::uint8_t i = 0; i < d.target_count; ++i) {
        digest.add_value(d.targets[i].bps);
        digest.add_value(d.targets[i].share);
    }
}

}  // namespace

void Observer::on_traps(const core::Tick& tick, const pipeline::Traps& traps) noexcept {
    for (std::size_t i = 0; i < traps.count; ++i) {
        const auto& event = traps.events[i];
        if (event.revision == 0) ++counts_.traps[static_cast<std::size_t>(event.kind)];
        digest_.add_value(tick.sequence);
        digest_.add_value(event.kind);
        digest_.add_value(event.confidence);
        digest_.add_value(event.impact);
        if (trace_ != nullptr) trace_->traps.push_back({tick.sequence, event});
        if (tap_ != nullptr) tap_->on_trap(event);
    }
}

void Observer::on_decisions(const core::Tick& tick, const strategies::Intents& intents,
                            const strategies::Orders& orders) noexcept {
    digest_.add_value(tick.sequence);
    for (std::size_t i = 0; i < intents.decision_count; ++i) {
        const auto& decision = intents.decisions[i];
        ++counts_.decisions;
        counts_.wishes += decision.action != strategies::Action::hold;
        for (auto left = decision.reasons; left != 0; left &= left - 1)
            ++counts_.reasons[static_cast<std::size_t>(std::countr_zero(left)) % counts_.reasons.size()];
        add(digest_, decision);
        if (trace_ != nullptr) trace_->decisions.push_back({tick.sequence, decision});
    }
    for (std::size_t i = 0; i < orders.verdict_count; ++i)
        ++counts_.denials[static_cast<std::size_t>(orders.verdicts[i].denial)];
}

void Observer::on_orders(const core::Tick& tick, const pipeline::Stamps& stamps,
                         const strategies::Orders& orders) noexcept {
    for (std::size_t i = 0; i < orders.count; ++i) {
        const auto& order = orders.orders[i];
        ++(order.type == core::OrderType::cancel ? counts_.cancels : counts_.orders);
        if (trace_ != nullptr) trace_->orders.push_back(order);
        Dispatch* room = orders_->claim();
        while (room == nullptr) {  // orders are never dropped; the desk is a few hundred nanoseconds an order
            std::this_thread::yield();
            room = orders_->claim();
        }
        room->order = order;
        room->receive_time = tick.receive_time;
        room->stamps = stamps;
        orders_->commit();
    }
    orders_seen_.store(counts_.orders, std::memory_order_relaxed);
}

void Observer::on_execution(const core::Tick& tick) noexcept {
    const auto what = static_cast<core::Execution>(tick.code & 0xff);
    if (what == core::Execution::filled_maker || what == core::Execution::filled_taker) {
        fills_seen_.store(++counts_.fills, std::memory_order_relaxed);
        if (tap_ != nullptr) tap_->on_fill(tick);
    }
    if (what != core::Execution::rejected) return;
    ++counts_.rejects;
    if (tap_ != nullptr) tap_->on_fill(tick);
}

}  // namespace omega
