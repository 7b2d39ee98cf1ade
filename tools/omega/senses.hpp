#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/bars/quiet_bars.hpp"
#include "pipeline/book/book_stage.hpp"
#include "pipeline/fibonacci/fibonacci_stage.hpp"
#include "pipeline/flow/chain.hpp"
#include "pipeline/indicators/indicator_stage.hpp"
#include "pipeline/traps/trap_stage.hpp"
#include "pipeline/trends/trend_stage.hpp"
#include "tools/omega/settings.hpp"

namespace omega {

/// The stages that only look, in their order, each told what it needs of the settings (`effective` ones). A chain binds
/// all of them or the first few; a copy is a snapshot. Throws as the stages do.
struct SenseStages {
    pipeline::BookStage book;
    pipeline::BarStage bars;
    pipeline::IndicatorStage indicators;
    pipeline::FibonacciStage fibonacci;
    pipeline::TrapStage traps;
    pipeline::TrendStage trends;

    SenseStages(const Settings& s, const core::InstrumentTable& instruments)
        : book{s.book, instruments},
          bars{s.bars, instruments},
          indicators{s.indicators, s.bars.timeframes, instruments},
          fibonacci{s.fibonacci, s.bars.timeframes, instruments, s.traps},
          traps{s.traps, instruments, s.bars.timeframes},
          trends{s.trends, s.patterns, s.bars.timeframes, instruments} {}
};

/// Those stages in one slot on the caller's thread, for verbs that look at recordings and trade nothing.
class Senses {
public:
    using Chain = pipeline::Chain<pipeline::BookStage, pipeline::BarStage, pipeline::IndicatorStage,
                                  pipeline::FibonacciStage, pipeline::TrapStage, pipeline::TrendStage>;
    using Slot = Chain::slot_type;

    Senses(const Settings& s, const core::InstrumentTable& instruments)
        : stages_{s, instruments}, quiet_{s.bars, instruments} {}
    Senses(const Senses&) = delete;
    Senses& operator=(const Senses&) = delete;

    /// Calls see(slot) for the ends of quiet bars before the tick, once.
    template <class See>
    void catch_up(const core::Tick& tick, See&& see) {
        quiet_.before(tick, [&](const core::Tick& timer) { see(dossier(timer)); });
    }
    /// The same, and see(slot) for the tick. On an inner level of a book event a slot's sections are those of an
    /// earlier tick.
    template <class See>
    void on(const core::Tick& tick, See&& see) {
        catch_up(tick, see);
        see(dossier(tick));
    }

    [[nodiscard]] const SenseStages& stages() const noexcept { return stages_; }

private:
    const Slot& dossier(const core::Tick& tick) noexcept {
        slot_.tick = tick;
        chain_.on(slot_);
        return slot_;
    }

    SenseStages stages_;
    pipeline::QuietBars quiet_;
    Chain chain_{stages_.book, stages_.bars, stages_.indicators, stages_.fibonacci, stages_.traps, stages_.trends};
    Slot slot_{};
};

}  // namespace omega
