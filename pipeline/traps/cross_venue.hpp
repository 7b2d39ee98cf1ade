#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/traps/reporter.hpp"

namespace pipeline::traps {

/// One venue's price left the others' (spec/traps.md section 5, cross venue) and is expected to come back: the gap of
/// its mid to their median, less its own mean of half-life 300 s. Looks at every book update of its own instrument;
/// between two of them nobody knows that the gap held, but nobody has said otherwise either.
class CrossVenue {
public:
    CrossVenue(const TrapSettings& settings, const core::Instrument& instrument, const Timeframes& timeframes) noexcept;

    void on_book(const Senses& senses, const core::Tick& /*tick*/, const Market& market, Reporter& reporter) noexcept {
        if (senses.others.venues == 0 || !market.valid || market.time - market.book_time > Consensus::stale) {
            held_sign_ = 0;  // unknown is not held
            if (senses.others.asked) reporter.note(Measure::consensus, core::unknown);
            return;
        }
        compare(senses, market, reporter);
    }
    /// A gap: the mean starts again.
    void clear() noexcept {
        mean_ = core::unknown;
        held_sign_ = 0;
    }

private:
    void compare(const Senses& senses, const Market& market, Reporter& reporter) noexcept;

    double units_per_quote_;
    double mean_{core::unknown};          // of the raw gap, bps
    core::Nanoseconds since_{}, last_{};  // of the mean: its first and newest sample
    int held_sign_{};                     // of a gap beyond its gate, 0 without
    core::Nanoseconds held_since_{};
};

}  // namespace pipeline::traps
