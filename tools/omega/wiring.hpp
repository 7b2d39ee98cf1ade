#pragma once

#include "core/domain/instrument.hpp"
#include "pipeline/cosmic/cosmic_stage.hpp"
#include "pipeline/flow/chain.hpp"
#include "pipeline/trends/ai_stage.hpp"
#include "strategies/bots/bot_stage.hpp"
#include "strategies/risk/risk_stage.hpp"
#include "tools/omega/senses.hpp"
#include "tools/omega/settings.hpp"

#include <cmath>
#include <string_view>
#include <vector>

namespace omega {

/// The way of a tick, on one screen: which stages there are, in which order, and what each is told. Live, paper, replay
/// and benchmark all run this object; only the source of ticks and the receiver of orders differ. Verbs that trade
/// nothing stop after the senses.
struct Wiring : SenseStages {
    pipeline::AiStage ai;
    pipeline::CosmicStage cosmic;
    strategies::BotStage bots;
    strategies::RiskStage risk;

    using Chain =
        pipeline::Chain<pipeline::BookStage, pipeline::BarStage, pipeline::IndicatorStage, pipeline::FibonacciStage,
                        pipeline::TrapStage, pipeline::TrendStage, pipeline::AiStage, pipeline::CosmicStage,
                        strategies::BotStage, strategies::RiskStage>;
    Chain chain{book, bars, indicators, fibonacci, traps, trends, ai, cosmic, bots, risk};

    static const std::vector<std::string_view>& stage_names() {
        static const std::vector<std::string_view> names{"book",   "bars", "indicators", "fibonacci", "traps",
                                                         "trends", "ai",   "cosmic",     "bots",      "risk"};
        return names;
    }

    Wiring(const Settings& s, const core::InstrumentTable& instruments)
        : SenseStages{s, instruments},
          ai{s.ai, s.bars.timeframes, instruments},
          cosmic{s.cosmic, instruments},
          bots{{.bots = {{.name = "strategic_fibo", .fibo = s.fibo}},
                .sizing = s.sizing,
                .bracket = s.bracket,
                .timeframes = s.bars.timeframes,
                .start_equity = start_equity(s),
                .watched = watched(s, instruments)},
               instruments},
          risk{{.risk = s.risk,
                .bracket = s.bracket,
                .start_equity = start_equity(s),
                .epoch = s.live.epoch,
                .bots = 1,
                .live = s.mode == RunMode::prod},
               instruments} {}
    Wiring(const Wiring&) = delete;
    Wiring& operator=(const Wiring&) = delete;

    /// Instruments of venues whose market data alone is taken, where orders are real.
    static std::vector<core::InstrumentId> watched(const Settings& s, const core::InstrumentTable& instruments) {
        std::vector<core::InstrumentId> all;
        if (s.mode == RunMode::paper) return all;
        for (const auto& instrument : instruments) {
            const auto venue = s.live.venues.find(std::string{name(instrument.venue)});
            if (venue == s.live.venues.end() || !venue->second.trade) all.push_back(instrument.id);
        }
        return all;
    }
    static core::Notional start_equity(const Settings& s) noexcept { return {std::llround(s.start_equity * 1e8)}; }
};

}  // namespace omega
