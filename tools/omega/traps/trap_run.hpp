#pragma once

#include "strategies/analysis/trap_meter.hpp"
#include "strategies/analysis/trap_outcomes.hpp"
#include "tools/omega/engine/conditions.hpp"
#include "tools/omega/senses.hpp"
#include "tools/omega/settings.hpp"
#include "tools/omega/traps/price_track.hpp"
#include "tools/omega/traps/seen_trap.hpp"

#include <functional>
#include <span>
#include <vector>

namespace omega {

/// One pass of ticks through trap detection: every event is told, and what became of it is remembered.
class TrapRun {
public:
    using Tell = std::function<void(const SeenTrap&)>;

    /// `settings` as they take effect. `tell` may be empty. Prices are kept when `charts`.
    TrapRun(const Settings& settings, const core::InstrumentTable& instruments, Tell tell, bool charts);

    void on_tick(const core::Tick& tick) {
        const auto see = [this](const Senses::Slot& slot) { on(slot); };
        senses_.catch_up(tick, see);
        conditions_.before(tick, [&](const core::Tick& condition) { senses_.on(condition, see); });
        senses_.on(tick, see);
    }
    /// The input ends: what is open stays unresolved.
    void finish() { outcomes_.finish(); }

    [[nodiscard]] const strategies::TrapOutcomes& outcomes() const noexcept { return outcomes_; }
    [[nodiscard]] const pipeline::TrapCounters& counters() const noexcept { return senses_.stages().traps.counters(); }
    /// By instrument; empty without charts.
    [[nodiscard]] std::span<const PriceTrack> prices() const noexcept { return prices_; }
    [[nodiscard]] std::uint64_t ticks() const noexcept { return ticks_; }
    [[nodiscard]] core::Nanoseconds first() const noexcept { return first_; }
    [[nodiscard]] core::Nanoseconds last() const noexcept { return last_; }

private:
    void on(const Senses::Slot& slot);
    void draw(const core::Tick& tick);
    [[nodiscard]] SeenTrap seen(const pipeline::TrapEvent& event, const pipeline::Traps& traps) const noexcept;

    const core::InstrumentTable* instruments_;
    Senses senses_;
    strategies::TrapOutcomes outcomes_;
    strategies::TrapMeter meter_;
    Tell tell_;
    std::vector<PriceTrack> prices_;
    std::uint64_t ticks_{};
    core::Nanoseconds first_{}, last_{};
    ConditionSource conditions_;
};

}  // namespace omega
