#pragma once

#include "pipeline/trends/ai_stage.hpp"
#include "tools/omega/senses.hpp"

namespace omega {

/// The stages that look and the monitor that predicts, in one slot on the caller's thread: Senses and one stage more.
class Foresight {
public:
    using Chain =
        pipeline::Chain<pipeline::BookStage, pipeline::BarStage, pipeline::IndicatorStage, pipeline::FibonacciStage,
                        pipeline::TrapStage, pipeline::TrendStage, pipeline::AiStage>;
    using Slot = Chain::slot_type;

    /// `s`: effective ones. Throws as the stages do.
    Foresight(const Settings& s, const core::InstrumentTable& instruments)
        : stages_{s, instruments}, ai_{s.ai, s.bars.timeframes, instruments}, quiet_{s.bars, instruments} {}
    Foresight(const Foresight&) = delete;
    Foresight& operator=(const Foresight&) = delete;

    /// As Senses::on.
    template <class See>
    void on(const core::Tick& tick, See&& see) {
        quiet_.before(tick, [&](const core::Tick& timer) { see(dossier(timer)); });
        see(dossier(tick));
    }

private:
    const Slot& dossier(const core::Tick& tick) noexcept {
        slot_.tick = tick;
        chain_.on(slot_);
        return slot_;
    }

    SenseStages stages_;
    pipeline::AiStage ai_;
    pipeline::QuietBars quiet_;
    Chain chain_{stages_.book, stages_.bars, stages_.indicators, stages_.fibonacci, stages_.traps, stages_.trends, ai_};
    Slot slot_{};
};

}  // namespace omega
