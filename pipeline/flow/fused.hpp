#pragma once

#include "core/domain/time.hpp"
#include "pipeline/flow/sequencer.hpp"

namespace pipeline {

/// The whole chain on the caller's thread, in one slot that never leaves its cache: the fastest topology.
/// Receiver: `void on(const Slot&) noexcept`, called with every finished slot in order.
template <class Chain, class Receiver>
class Fused {
public:
    using slot_type = typename Chain::slot_type;
    /// publish() returns when the tick is finished: there is never anything to settle.
    static constexpr bool immediate = true;

    Fused(Chain& chain, Receiver& receiver, TickJournal* journal) noexcept
        : chain_{&chain}, receiver_{&receiver}, sequencer_{journal} {}

    template <class Poll>
    void publish(const core::Tick& tick, const Timing& timing, Poll&&) noexcept {
        sequencer_.open(slot_, tick, timing);
        chain_->on(slot_);
        receiver_->on(slot_);
    }
    /// Everything published is finished already.
    template <class Poll>
    void settle(core::Nanoseconds, Poll&&) noexcept {}
    template <class Poll>
    void stop(Poll&&) noexcept {}

    [[nodiscard]] const Sequencer& sequencer() const noexcept { return sequencer_; }

private:
    Chain* chain_;
    Receiver* receiver_;
    Sequencer sequencer_;
    slot_type slot_{};
};

}  // namespace pipeline
