#pragma once

#include "core/domain/instrument.hpp"
#include "gateways/binance/order_encoder.hpp"
#include "gateways/paper/venue.hpp"
#include "pipeline/flow/fused.hpp"
#include "pipeline/flow/journal.hpp"
#include "pipeline/flow/staged.hpp"
#include "tools/omega/engine/conditions.hpp"
#include "tools/omega/engine/latency.hpp"
#include "tools/omega/engine/observer.hpp"
#include "tools/omega/engine/order_desk.hpp"
#include "tools/omega/engine/session.hpp"
#include "tools/omega/settings.hpp"
#include "tools/omega/wiring.hpp"

#include <memory>

namespace omega {

/// One run: stages, journals, order desk, paper venue and what they count, built once from the settings.
class Engine {
public:
    /// `tap` and `trace` may be nullptr. With `journal` set, ticks and orders are journaled there, beside a session
    /// file that says with which instruments and configuration. Throws std::runtime_error (journal),
    /// std::invalid_argument (settings).
    Engine(const Settings& configured, const core::InstrumentTable& instruments, Tap* tap, Trace* trace);

    /// Calls f(topology) with the topology the settings ask for.
    template <class F>
    void with_topology(F&& f) {
        pipeline::enter_thread({.name = "omega-sequencer", .cpu = settings_.topology.cpu});
        if (settings_.topology.kind == pipeline::TopologyKind::fused) {
            pipeline::Fused topology{wiring_.chain, observer_, ticks_.get()};
            f(topology);
            remember(topology.sequencer());
        } else {
            const auto plan = pipeline::plan_threads(settings_.topology, Wiring::stage_names());
            pipeline::Staged topology{wiring_.chain, observer_, ticks_.get(), settings_.topology, plan};
            f(topology);
            remember(topology.sequencer());
        }
    }

    [[nodiscard]] const Settings& settings() const noexcept { return settings_; }
    [[nodiscard]] const core::InstrumentTable& instruments() const noexcept { return *instruments_; }
    [[nodiscard]] gateways::paper::Venue& venue() noexcept { return venue_; }
    [[nodiscard]] OrderDesk& desk() noexcept { return desk_; }
    [[nodiscard]] ConditionSource& conditions() noexcept { return conditions_; }
    /// Calls publish(tick) for what comes before a tick of a feed: the ends of quiet bars, then the conditions of a
    /// bucket that it is the first in. A journal holds them, so nothing is asked where one is replayed.
    template <class Publish>
    void before(const core::Tick& tick, Publish&& publish) noexcept {
        quiet_.before(tick, publish);
        conditions_.before(tick, publish);
    }
    [[nodiscard]] const Wiring& wiring() const noexcept { return wiring_; }
    [[nodiscard]] const Observer& observer() const noexcept { return observer_; }
    /// See Observer::remember.
    void remember(RiskNotes* notes) noexcept { observer_.remember(notes); }
    [[nodiscard]] const Sight& sight() const noexcept { return sight_; }
    [[nodiscard]] const LatencyBook& latency() const noexcept { return latency_; }
    [[nodiscard]] double ns_per_cycle() const noexcept { return ns_per_cycle_; }
    [[nodiscard]] std::uint64_t unjournaled() const noexcept { return unjournaled_; }
    /// The journal's disk had no room for another segment, so entries were stopped.
    [[nodiscard]] bool entries_stopped() const noexcept { return entries_stopped_; }
    /// What was lost: ticks that were not kept, orders that were withheld or found no place. 0 in a sound run.
    [[nodiscard]] std::uint64_t drops() const noexcept {
        return unjournaled_ + desk_.withheld() + wiring_.risk.unplaced();
    }
    /// Hex over decisions and order bytes: what two runs of one input must agree on.
    [[nodiscard]] std::string digest() const;

private:
    void remember(const pipeline::Sequencer& sequencer) noexcept {
        unjournaled_ = sequencer.unjournaled();
        entries_stopped_ = sequencer.journal_starved();
    }

    Settings settings_;
    const core::InstrumentTable* instruments_;
    double ns_per_cycle_;
    Wiring wiring_;
    LatencyBook latency_;
    DispatchRing orders_;
    std::unique_ptr<pipeline::TickJournal> ticks_;
    std::unique_ptr<pipeline::OrderJournal> order_journal_;
    Sight sight_;
    Observer observer_;
    gateways::binance::OrderEncoder encoder_;
    OrderDesk desk_;
    gateways::paper::Venue venue_;
    pipeline::QuietBars quiet_;
    ConditionSource conditions_;
    std::uint64_t unjournaled_{};
    bool entries_stopped_{};
};

}  // namespace omega
