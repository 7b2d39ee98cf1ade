#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/book/book_stage.hpp"
#include "pipeline/fibonacci/fibonacci_stage.hpp"
#include "pipeline/flow/chain.hpp"
#include "pipeline/indicators/indicator_stage.hpp"
#include "pipeline/traps/trap_stage.hpp"
#include "pipeline/trends/trend_stage.hpp"
#include "tools/omega/settings.hpp"

namespace omega {

/// The stages up to the trends, as the wiring has them, for verbs that look at recordings and trade nothing.
class Senses {
public:
    using Chain = pipeline::Chain<pipeline::BookStage, pipeline::BarStage, pipeline::IndicatorStage,
                                  pipeline::FibonacciStage, pipeline::TrapStage, pipeline::TrendStage>;
    using Slot = Chain::slot_type;

    /// `effective` settings; throws as the stages do.
    Senses(const Settings& s, const core::InstrumentTable& instruments)
        : book_{s.book, instruments},
          bars_{s.bars, instruments},
          indicators_{s.indicators, s.bars.timeframes, instruments},
          fibonacci_{s.fibonacci, s.bars.timeframes, instruments, s.traps},
          traps_{s.traps, instruments, s.bars.timeframes},
          trends_{s.trends, s.patterns, s.bars.timeframes, instruments} {}

    /// The tick's dossier. On an inner level of a book event its sections are those of an earlier tick.
    const Slot& on(const core::Tick& tick) noexcept {
        slot_.tick = tick;
        chain_.on(slot_);
        return slot_;
    }

private:
    pipeline::BookStage book_;
    pipeline::BarStage bars_;
    pipeline::IndicatorStage indicators_;
    pipeline::FibonacciStage fibonacci_;
    pipeline::TrapStage traps_;
    pipeline::TrendStage trends_;
    Chain chain_{book_, bars_, indicators_, fibonacci_, traps_, trends_};
    Slot slot_{};
};

}  // namespace omega
