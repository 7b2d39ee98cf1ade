#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/flow/sequencer.hpp"
#include "tools/omega/engine/session.hpp"
#include "tools/omega/live/accounts.hpp"
#include "tools/omega/live/restore.hpp"

#include <thread>

namespace omega {

/// Ticks of live feeds through a topology with real accounts on the other side: the twin of PaperSession. What an
/// earlier run left at the venues enters before anything is traded, once every account agrees with its ledger.
template <class Topology>
class LiveSession {
public:
    LiveSession(Topology& topology, Accounts& accounts, OrderDesk& desk, const core::InstrumentTable& instruments,
                core::Clock& clock, core::Nanoseconds stop_limit) noexcept
        : topology_{&topology},
          accounts_{&accounts},
          desk_{&desk},
          instruments_{&instruments},
          clock_{&clock},
          stop_limit_{stop_limit} {}

    void on_tick(const core::Tick& tick, const pipeline::Timing& timing) {
        if (!restored_) prices_.on(tick);
        if (tick.is(core::TickKind::trade)) accounts_->price(tick);
        publish(tick, timing);
        if (topology_->sequencer().journal_starved() && !starved_) [[unlikely]] {
            starved_ = true;
            publish(stop_entries_command(tick), {});
        }
    }
    /// Reads the private side: executions enter between two ticks of the market.
    void advance(core::Nanoseconds now) {
        if (!Topology::immediate) collect();
        accounts_->poll(*clock_);
        enter_executions();
        if (!restored_ && accounts_->reconciled()) restore(now);
    }
    /// Cancels what rests, within the limit, and ends.
    void finish(core::Nanoseconds now) {
        accounts_->stop(now, stop_limit_);
        while (!accounts_->stopped()) {
            accounts_->poll(*clock_);
            enter_executions();
            std::this_thread::yield();
        }
        topology_->stop([this] { collect(); });
        collect();
    }
    [[nodiscard]] bool starved() const noexcept { return starved_; }
    /// What was left is restored, and entries may leave.
    [[nodiscard]] bool trading() const noexcept { return restored_; }

private:
    void restore(core::Nanoseconds now) {
        const auto ticks = restored_state(*accounts_, *instruments_, prices_, now);
        if (!ticks) return;  // a position whose price nobody knows yet
        restored_ = true;
        for (const auto& tick : *ticks) publish(tick, {});
        accounts_->open();
    }
    void enter_executions() {
        accounts_->take_executions([this](const core::Tick& tick) {
            // Until then whatever trades is part of what will be restored; only answers to orders of this run pass.
            if (!restored_ && !is_refusal(tick)) return;
            publish(tick, {.received = __builtin_ia32_rdtsc()});
        });
    }
    void publish(const core::Tick& tick, const pipeline::Timing& timing) {
        topology_->publish(tick, timing, [this] { collect(); });
        if (!Topology::immediate || tick.whole()) collect();
    }
    void collect() {
        desk_->drain([this](const core::Order& order, core::Nanoseconds) { accounts_->submit(order, clock_->now()); },
                     [this](const core::Order& order, core::Nanoseconds) { accounts_->refuse(order, clock_->now()); });
    }

    Topology* topology_;
    Accounts* accounts_;
    OrderDesk* desk_;
    const core::InstrumentTable* instruments_;
    core::Clock* clock_;
    core::Nanoseconds stop_limit_;
    LastPrices prices_;
    bool restored_{}, starved_{};
};

}  // namespace omega
