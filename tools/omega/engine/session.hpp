#pragma once

#include "core/domain/tick.hpp"
#include "gateways/paper/venue.hpp"
#include "pipeline/flow/sequencer.hpp"
#include "strategies/risk/risk_stage.hpp"
#include "tools/omega/engine/order_desk.hpp"

#include <algorithm>
#include <cstddef>

namespace omega {

/// What cannot be journaled must not be risked: from here on positions are only reduced.
inline core::Tick stop_entries_command(const core::Tick& at) noexcept {
    core::Tick command;
    command.venue_time = at.venue_time;
    command.receive_time = at.receive_time;
    command.venue = core::Venue::omega;
    command.kind = core::TickKind::command;
    command.code = static_cast<std::uint16_t>(strategies::RiskStage::Command::stop_entries);
    command.command = {};
    return command;
}

/// An order that was not taken.
inline bool is_refusal(const core::Tick& execution) noexcept {
    return static_cast<core::Execution>(execution.code & 0xff) == core::Execution::rejected;
}

/// Ticks of a feed through a topology with the paper venue on the other side: what `run` and `replay` drive.
///
/// The paper venue lives in the feed's receive time. Before a tick is published, everything the venue would have told
/// us by then is delivered first, and (staged) every decision that could still reach the venue by then is waited for.
/// So what happens does not depend on how fast a thread was, and every topology gives the same digest.
template <class Topology>
class PaperSession {
public:
    PaperSession(Topology& topology, gateways::paper::Venue& venue, OrderDesk& desk) noexcept
        : topology_{&topology}, venue_{&venue}, desk_{&desk}, lookahead_{venue.lookahead()} {}

    /// The next tick of the feed, in receive order (a receive time that goes back counts as the newest).
    void on_tick(const core::Tick& tick, const pipeline::Timing& timing) noexcept {
        newest_ = std::max(newest_, tick.receive_time);
        advance(newest_);
        venue_->on_market(tick);
        publish(tick, timing);
        if (topology_->sequencer().journal_starved() && !starved_) [[unlikely]] {
            starved_ = true;
            publish(stop_entries_command(tick), {});
        }
    }

    /// Delivers what the venue has to say until `time`.
    void advance(core::Nanoseconds time) noexcept {
        settle(time - lookahead_);
        while (venue_->next_due() <= time) [[unlikely]] {
                const auto due = venue_->next_due();
                venue_->deliver(
                    due, [&](const core::Tick& report) { publish(report, {.received = __builtin_ia32_rdtsc()}); });
                settle(std::min(due, time - lookahead_));
            }
    }

    /// The end of the input: the last reports are delivered up to `time` and the topology stops.
    void finish(core::Nanoseconds time) noexcept {
        advance(std::max(newest_, time));
        topology_->stop([this] { collect(); });
        collect();
    }
    /// Of the twin with real accounts: here nobody need be asked first.
    [[nodiscard]] static constexpr bool trading() noexcept { return true; }
    [[nodiscard]] static constexpr std::size_t waiting() noexcept { return 0; }
    /// The journal's disk is full: entries were stopped.
    [[nodiscard]] bool starved() const noexcept { return starved_; }

private:
    void publish(const core::Tick& tick, const pipeline::Timing& timing) noexcept {
        topology_->publish(tick, timing, [this] { collect(); });
        // An inner level of a book event leads to no orders, and nearly every tick is one.
        if (!Topology::immediate || tick.whole()) collect();
    }
    void settle(core::Nanoseconds until) noexcept {
        if constexpr (Topology::immediate) return;
        topology_->settle(until, [this] { collect(); });
        collect();
    }
    void collect() noexcept {
        desk_->drain([this](const core::Order& order, core::Nanoseconds now) { venue_->submit(order, now); },
                     [this](const core::Order& order, core::Nanoseconds now) { venue_->refuse(order, now); });
    }

    Topology* topology_;
    gateways::paper::Venue* venue_;
    OrderDesk* desk_;
    core::Nanoseconds lookahead_;
    core::Nanoseconds newest_{core::Nanoseconds::min()};
    bool starved_{};
};

/// Ticks of a journal through a topology. Executions are among them, so orders go nowhere: they are encoded and
/// digested.
template <class Topology>
class JournalSession {
public:
    JournalSession(Topology& topology, OrderDesk& desk) noexcept : topology_{&topology}, desk_{&desk} {}

    void on_tick(const core::Tick& tick, const pipeline::Timing& timing) noexcept {
        topology_->publish(tick, timing, [this] { collect(); });
        collect();
    }
    void finish() noexcept {
        topology_->stop([this] { collect(); });
        collect();
    }

private:
    void collect() noexcept {
        constexpr auto nowhere = [](const core::Order&, core::Nanoseconds) {};
        desk_->drain(nowhere, nowhere);
    }

    Topology* topology_;
    OrderDesk* desk_;
};

}  // namespace omega
