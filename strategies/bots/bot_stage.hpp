#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/cosmic/weights.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/traps/traps.hpp"
#include "pipeline/trends/trends.hpp"
#include "strategies/bots/strategic_fibo.hpp"
#include "strategies/decision.hpp"
#include "strategies/risk/account.hpp"
#include "strategies/risk/settings.hpp"
#include "strategies/sizing.hpp"

#include <string>
#include <vector>

namespace strategies {

/// One configured bot: `bots.<name>`.
struct BotSettings {
    std::string name{"strategic_fibo"};
    FiboSettings fibo{};
};

struct BotStageSettings {
    std::vector<BotSettings> bots{BotSettings{}};
    SizingSettings sizing{};
    BracketSettings bracket{};
    pipeline::Timeframes timeframes{};
    core::Notional start_equity{};
    double entry_slippage_bps{5};  ///< how far past the touch an entry may pay: it is a limit, immediate or cancel
    std::vector<core::InstrumentId> watched{};  ///< only looked at: there is no account for them
    double entry_pause_s{5};                    ///< after an entry wish, none for the instrument for so long
};

/// Runs every bot on every tick: decision → cosmic overlay → evaluation → size → intent (spec/bots.md section 1).
class BotStage {
public:
    BotStage(const BotStageSettings& settings, const core::InstrumentTable& instruments);

    void on(const core::Tick& tick, const pipeline::Market& market, const pipeline::Bars& bars,
            const pipeline::Indicators& indicators, const pipeline::Levels& levels, const pipeline::Traps& traps,
            const pipeline::Trends& trends, const pipeline::Weights& weights, Intents& out) noexcept;

    [[nodiscard]] const std::string& bot_name(std::uint8_t bot) const noexcept { return settings_.bots[bot].name; }
    [[nodiscard]] std::size_t bots() const noexcept { return settings_.bots.size(); }

private:
    void on_command(const core::Tick& tick) noexcept;
    void evaluate(const core::Tick& tick, const pipeline::Market& market, const pipeline::Weights& weights,
                  Decision& decision, Intents& out) noexcept;
    bool enter(const pipeline::Market& market, const Decision& decision, Intent& intent) const noexcept;
    [[nodiscard]] Holding holding(core::InstrumentId id, std::uint8_t bot) const noexcept;

    BotStageSettings settings_;
    const core::InstrumentTable* instruments_;
    Account account_;
    std::vector<StrategicFibo> fibos_;
    std::vector<double> price_units_;               // by instrument
    std::vector<std::uint8_t> owners_;              // bot whose wish opened the position
    std::vector<bool> watched_;                     // no bot trades it
    std::vector<core::Nanoseconds> entries_after_;  // no second wish before
};

}  // namespace strategies
