#pragma once

#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/traps/flash.hpp"
#include "pipeline/traps/reporter.hpp"

namespace pipeline::traps {

/// The movement family (spec/traps.md section 5) of one instrument: flash, fake (full, then half), liquidity_grab,
/// volatility_grab, half_liquidity_grab and accumulation, asked in this order. The first whose gate passes with enough
/// confidence wins, even when its cooldown then silences it.
class Movement {
public:
    Movement(const TrapSettings& settings, const core::Instrument& /*instrument*/, const Timeframes& /*timeframes*/)
        : flash_{std::chrono::milliseconds{settings.flash.window_ms}} {}

    /// Nearly every trade ends here: no window moved far enough for any gate.
    void on_trade(const Senses& senses, const core::Tick& trade, Reporter& reporter) noexcept {
        const double price = static_cast<double>(trade.trade.price.units);
        flash_.trade(reporter.time(), price);
        const double T = reporter.threshold();
        if (!senses.measures.moving_window_full())
            reporter.note(Measure::run_w, core::unknown);
        else if (senses.measures.move_may_reach(T / 2))
            return look(senses, reporter);
        if (flash_.reaches(price, T)) look(senses, reporter);
    }
    void on_second(const Senses& senses, const Second& /*second*/, std::int64_t /*index*/,
                   Reporter& reporter) noexcept {
        flash_.expire(reporter.time());
        look(senses, reporter);
    }
    void clear() noexcept { flash_.clear(); }

private:
    void look(const Senses& senses, Reporter& reporter) noexcept;

    FlashWindow flash_;
};

}  // namespace pipeline::traps
