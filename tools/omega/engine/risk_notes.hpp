#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "core/rings/spsc_ring.hpp"
#include "strategies/command.hpp"
#include "strategies/decision.hpp"

#include <atomic>
#include <cstdint>

namespace omega {

/// Something that must outlive the process changed.
struct RiskNote {
    enum class Kind : std::uint8_t {
        account,
        plan,
        addition,
        restored  ///< the instrument is: a plan of it that was not told since is of a position that is gone
    } kind{};
    core::InstrumentId instrument{};
    strategies::AccountMemory account{};
    strategies::PlanMemory plan{};
    strategies::AdditionMemory addition{};
};

/// The way of what must outlive the process, from the last stage's thread to the one that writes it. Silent until an
/// earlier run's memory was entered, so that it is not overwritten by a pipeline that does not know it yet.
class RiskNotes {
public:
    RiskNotes() : ring_{1024} {}

    /// On the last stage's thread, of every finished slot.
    template <class Slot>
    void on(const Slot& slot) noexcept {
        const core::Tick& tick = slot.tick;
        if (tick.is(core::TickKind::command)) [[unlikely]]
            on_command(tick);
        if (!open_) return;
        const auto& orders = slot.template get<strategies::Orders>();
        const auto& intents = slot.template get<strategies::Intents>();
        if (orders.account_changed) [[unlikely]]
            push({.kind = RiskNote::Kind::account, .instrument = {}, .account = orders.account});
        if (orders.plan_changed) [[unlikely]]
            push({.kind = RiskNote::Kind::plan, .instrument = tick.instrument, .plan = orders.plan});
        if (intents.addition_changed) [[unlikely]]
            push({.kind = RiskNote::Kind::addition, .instrument = tick.instrument, .addition = intents.addition});
    }
    /// On the writer's thread: calls f(note) for each that waits.
    template <class F>
    void drain(F&& f) {
        while (const RiskNote* note = ring_.front()) {
            f(*note);
            ring_.release();
        }
    }
    /// Notes that found no room, so that what was kept may be older than the truth. Any thread.
    [[nodiscard]] std::uint64_t lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

private:
    void on_command(const core::Tick& tick) noexcept {
        if (tick.code == static_cast<std::uint16_t>(strategies::Command::restore_account)) open_ = true;
        if (tick.code == static_cast<std::uint16_t>(strategies::Command::instrument_restored))
            push({.kind = RiskNote::Kind::restored, .instrument = tick.instrument});
    }
    void push(const RiskNote& note) noexcept {
        if (!ring_.try_push(note)) lost_.fetch_add(1, std::memory_order_relaxed);  // relaxed: a count, orders nothing
    }

    core::SpscRing<RiskNote> ring_;
    std::atomic<std::uint64_t> lost_{};
    bool open_{};
};

}  // namespace omega
