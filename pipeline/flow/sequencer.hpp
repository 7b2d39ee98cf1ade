#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/flow/journal.hpp"
#include "pipeline/flow/slot.hpp"

#include <cstdint>

namespace pipeline {

/// When a tick's frame was received and decoded, in TSC cycles; `taken` asks the stages to stamp theirs.
struct Timing {
    bool taken{};
    std::uint64_t received{}, decoded{};
};

/// The single writer of order: numbers every tick and appends it to the journal before its slot opens.
class Sequencer {
public:
    /// `journal` may be nullptr: nothing is kept.
    explicit Sequencer(TickJournal* journal) noexcept : journal_{journal} {}

    template <class Slot>
    void open(Slot& slot, const core::Tick& tick, const Timing& timing) noexcept {
        slot.tick = tick;
        slot.tick.sequence = ++sequence_;
        if (journal_ != nullptr && !journal_->append(slot.tick)) [[unlikely]]
            ++unjournaled_;
        // Every order gets its total; inner levels, which lead to none, are not timed at all.
        slot.stamps.received = timing.received;
        slot.stamps.taken = timing.taken && tick.whole();
        if (slot.stamps.taken) {
            slot.stamps.decoded = timing.decoded;
            slot.stamps.opened = __builtin_ia32_rdtsc();
        }
    }

    [[nodiscard]] std::uint64_t sequence() const noexcept { return sequence_; }
    /// Ticks that found the disk full. Once this is not 0 no new risk may be opened: they cannot be replayed.
    [[nodiscard]] std::uint64_t unjournaled() const noexcept { return unjournaled_; }
    [[nodiscard]] bool journal_starved() const noexcept {
        return journal_ != nullptr && (unjournaled_ != 0 || journal_->nearly_full());
    }

private:
    TickJournal* journal_;
    std::uint64_t sequence_{}, unjournaled_{};
};

}  // namespace pipeline
