#pragma once

#include "core/domain/tick.hpp"
#include "core/runtime/clock.hpp"
#include "pipeline/flow/sequencer.hpp"
#include "tools/omega/engine/order_desk.hpp"
#include "tools/omega/engine/session.hpp"
#include "tools/omega/live/restore.hpp"
#include "tools/omega/live/risk_keeper.hpp"

#include <cstddef>
#include <thread>
#include <utility>
#include <vector>

namespace omega {

/// Ticks of live feeds through a topology with real accounts on the other side: the twin of PaperSession.
///
/// What an earlier run left of an instrument enters the pipeline before anything of that instrument is traded: as soon
/// as the account agrees with its ledger there, whatever the others do. Until then no entry of it leaves, and nobody is
/// told of its executions but of refusals: what trades then is part of what will be restored.
/// `Accounts`: omega::Accounts, or a test's; `restored_state(accounts, …)` is found beside it.
template <class Topology, class Accounts>
class LiveSession {
public:
    LiveSession(Topology& topology, Accounts& accounts, OrderDesk& desk, const core::InstrumentTable& instruments,
                core::Clock& clock, core::Nanoseconds stop_limit)
        : topology_{&topology},
          accounts_{&accounts},
          desk_{&desk},
          instruments_{&instruments},
          clock_{&clock},
          stop_limit_{stop_limit},
          restored_(instruments.size()) {
        for (const auto& instrument : instruments) waiting_ += accounts.trades(instrument.venue);
    }

    void on_tick(const core::Tick& tick, const pipeline::Timing& timing) {
        if (waiting_ != 0) prices_.on(tick);
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
        if (waiting_ != 0) restore(now);
        if (keeper_ == nullptr) return;
        if (!kept_ && begun_ && (waiting_ == 0 || now - begun_at_ >= patience)) keep(now);
        if (kept_ && now >= next_look_) look(now);
    }
    /// What risk knew before enters with what is restored. It is judged and kept from the moment on that everything is
    /// restored, or a minute after the first: one instrument that differs must not keep losses from being judged. Its
    /// own plan waits for it however long it takes. Before the first tick; not nullptr.
    void remember(RiskKeeper* keeper) {
        keeper_ = keeper;
        earlier_ = keeper->memory();  // it is another thread's once it is kept
    }
    /// Cancels what rests, within the limit, and ends.
    void finish(core::Nanoseconds now) {
        accounts_->stop(now, stop_limit_);
        while (!accounts_->stopped()) {
            accounts_->poll(*clock_);
            enter_executions();
            if (!Topology::immediate) collect();
            std::this_thread::yield();
        }
        topology_->stop([this] { collect(); });
        collect();
    }
    [[nodiscard]] bool starved() const noexcept { return starved_; }
    /// Everything that was left is restored, and entries of every instrument may leave.
    [[nodiscard]] bool trading() const noexcept { return waiting_ == 0; }
    /// Instruments that are not restored yet: their accounts differ from the venue, or nothing is known of them.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_; }

private:
    static constexpr core::Nanoseconds patience = std::chrono::minutes{1};

    void restore(core::Nanoseconds now) {
        fresh_.clear();
        for (const auto& instrument : *instruments_) {
            if (restored_[instrument.id.value] || !accounts_->trades(instrument.venue)) continue;
            if (!accounts_->agrees(instrument.id, now, false)) continue;
            const auto ticks = restored_state(*accounts_, instrument, prices_, now);
            if (!ticks) continue;  // a position whose price nobody knows yet
            if (keeper_ != nullptr && !begun_)
                for (const auto& tick : earlier_.before(*instruments_, now)) publish(tick, {});
            if (!std::exchange(begun_, true)) begun_at_ = now;
            for (const auto& tick : *ticks) publish(tick, {});
            if (keeper_ != nullptr)
                for (const auto& tick : earlier_.after(instrument, now)) publish(tick, {});
            fresh_.push_back(instrument.id);
        }
        if (fresh_.empty()) return;
        // What stages on threads of their own decided before they knew of it is still on its way: it meets a closed
        // gate.
        topology_->settle(core::Nanoseconds::max(), [this] { collect(); });
        collect();
        for (const auto id : fresh_) {
            restored_[id.value] = true;
            accounts_->open((*instruments_)[id].venue);
        }
        waiting_ -= fresh_.size();
    }
    void keep(core::Nanoseconds now) {
        publish(command_tick(static_cast<std::uint16_t>(strategies::Command::restored), now), {});
        keeper_->start();
        kept_ = true;
    }
    /// What the accounts and an operator have to say to risk, a hundred times a second.
    void look(core::Nanoseconds now) {
        next_look_ = now + std::chrono::milliseconds{10};
        if (keeper_->take_resume())
            publish(command_tick(static_cast<std::uint16_t>(strategies::Command::resume), now), {});
        doubtful_.resize(instruments_->size());
        for (const auto& instrument : *instruments_) {
            if (!accounts_->trades(instrument.venue)) continue;
            const bool doubtful = !accounts_->agrees(instrument.id, now, restored(instrument.id));
            if (doubtful == doubtful_[instrument.id.value]) continue;
            doubtful_[instrument.id.value] = doubtful;
            auto tick = command_tick(static_cast<std::uint16_t>(strategies::Command::doubt), now);
            tick.instrument = instrument.id;
            tick.venue = instrument.venue;
            tick.command.argument[0] = doubtful;
            publish(tick, {});
        }
    }
    void enter_executions() {
        accounts_->take_executions([this](const core::Tick& tick) {
            if (!restored(tick.instrument) && !is_refusal(tick)) return;
            publish(tick, {.received = __builtin_ia32_rdtsc()});
        });
    }
    void publish(const core::Tick& tick, const pipeline::Timing& timing) {
        topology_->publish(tick, timing, [this] { collect(); });
        if (!Topology::immediate || tick.whole()) collect();
    }
    void collect() {
        desk_->drain([this](const core::Order& order, core::Nanoseconds) { return submit(order); },
                     [this](const core::Order& order, core::Nanoseconds) { accounts_->refuse(order, clock_->now()); });
    }
    Departure submit(const core::Order& order) {
        const bool enters = !order.reduce_only && order.type != core::OrderType::cancel;
        if (!enters || restored(order.instrument)) [[likely]]
            return accounts_->submit(order, clock_->now());
        accounts_->refuse(order, clock_->now());
        return Departure::held_back;
    }
    [[nodiscard]] bool restored(core::InstrumentId id) const noexcept {
        return id.value < restored_.size() && restored_[id.value];
    }

    Topology* topology_;
    Accounts* accounts_;
    OrderDesk* desk_;
    const core::InstrumentTable* instruments_;
    core::Clock* clock_;
    core::Nanoseconds stop_limit_;
    LastPrices prices_;
    RiskKeeper* keeper_{};
    RiskMemory earlier_{};  // what an earlier run left: an instrument may be restored long after the others
    bool begun_{}, kept_{};
    core::Nanoseconds begun_at_{};
    std::vector<bool> doubtful_;
    core::Nanoseconds next_look_{};
    std::vector<bool> restored_;  // by instrument
    std::vector<core::InstrumentId> fresh_;
    std::size_t waiting_{};
    bool starved_{};
};

}  // namespace omega
