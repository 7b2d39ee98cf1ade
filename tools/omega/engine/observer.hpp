#pragma once

#include "core/domain/order.hpp"
#include "core/rings/spsc_ring.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/cosmic/weights.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/flow/slot.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/traps/traps.hpp"
#include "pipeline/trends/predictions.hpp"
#include "pipeline/trends/trends.hpp"
#include "strategies/decision.hpp"
#include "tools/omega/engine/counts.hpp"
#include "tools/omega/engine/digest.hpp"
#include "tools/omega/engine/latency.hpp"
#include "tools/omega/engine/note_senses.hpp"
#include "tools/omega/engine/risk_notes.hpp"
#include "tools/omega/engine/sight.hpp"
#include "tools/omega/engine/tap.hpp"
#include "tools/omega/engine/trace.hpp"

#include <atomic>
#include <cstdint>

namespace omega {

/// An approved order on its way from the thread that finished its slot to the order desk.
struct Dispatch {
    core::Order order;
    core::Nanoseconds receive_time{};  ///< of the tick that caused it: when it leaves us
    pipeline::Stamps stamps{};
};
using DispatchRing = core::SpscRing<Dispatch>;

/// Sees every finished slot in order, on the thread of the last stage: counts, digests what was concluded, hands orders
/// to the desk and tells the herald.
class Observer {
public:
    /// `tap`, `trace` and `sight` may be nullptr.
    Observer(DispatchRing& orders, LatencyBook& latency, double ns_per_cycle, Tap* tap, Trace* trace,
             Sight* sight = nullptr) noexcept
        : orders_{&orders}, latency_{&latency}, ns_per_cycle_{ns_per_cycle}, tap_{tap}, trace_{trace}, sight_{sight} {}

    template <class Slot>
    void on(const Slot& slot) noexcept {
        const core::Tick& tick = slot.tick;
        ++counts_.ticks;
        ++counts_.kinds[static_cast<std::size_t>(tick.kind)];
        if (slot.stamps.taken) {
            latency_->on_slot(slot.stamps, ns_per_cycle_);
            if (tap_ != nullptr) tap_->on_timed(slot.stamps);
        }
        if (!tick.whole()) return;
        const auto& traps = slot.template get<pipeline::Traps>();
        const auto& intents = slot.template get<strategies::Intents>();
        const auto& orders = slot.template get<strategies::Orders>();
        if (trace_ != nullptr) [[unlikely]]
            note_senses(*trace_, slot.tick, slot.template get<pipeline::Bars>(),
                        slot.template get<pipeline::Indicators>(), slot.template get<pipeline::Levels>(), traps,
                        slot.template get<pipeline::Trends>(), slot.template get<pipeline::Predictions>(),
                        slot.template get<pipeline::Weights>());
        if (orders.count != 0) [[unlikely]]
            on_orders(slot.tick, slot.stamps, orders);
        if (traps.count != 0) [[unlikely]]
            on_traps(tick, traps);
        if (intents.decision_count != 0) [[unlikely]]
            on_decisions(tick, intents, orders);
        if (tick.is(core::TickKind::execution)) [[unlikely]]
            on_execution(tick);
        if (notes_ != nullptr) notes_->on(slot);
        if (sight_ != nullptr) sight_->on(slot);
        if (tap_ != nullptr) tap_->on_tick(tick, slot.template get<pipeline::Market>(), traps, orders, sight_);
    }

    /// From now on what must outlive the process is told there. Before the first slot.
    void remember(RiskNotes* notes) noexcept { notes_ = notes; }
    /// When the thread of the last stage rests: after the end, or always where it is the caller's own.
    [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
    /// How far it is: any thread, at any time.
    struct Progress {
        std::uint64_t orders{}, fills{};
    };
    [[nodiscard]] Progress progress() const noexcept {
        return {.orders = orders_seen_.load(std::memory_order_relaxed),
                .fills = fills_seen_.load(std::memory_order_relaxed)};
    }
    [[nodiscard]] const Digest& digest() const noexcept { return digest_; }

private:
    void on_traps(const core::Tick& tick, const pipeline::Traps& traps) noexcept;
    void on_decisions(const core::Tick& tick, const strategies::Intents& intents,
                      const strategies::Orders& orders) noexcept;
    void on_orders(const core::Tick& tick, const pipeline::Stamps& stamps, const strategies::Orders& orders) noexcept;
    void on_execution(const core::Tick& tick) noexcept;

    DispatchRing* orders_;
    LatencyBook* latency_;
    double ns_per_cycle_;
    Tap* tap_;
    Trace* trace_;
    Sight* sight_;
    RiskNotes* notes_{};
    Counts counts_;
    Digest digest_;
    std::atomic<std::uint64_t> orders_seen_{}, fills_seen_{};  // relaxed: numbers to look at, nothing hangs on them
};

}  // namespace omega
