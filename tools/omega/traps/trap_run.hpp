#pragma once

#include "pipeline/bars/bar_stage.hpp"
#include "pipeline/book/book_stage.hpp"
#include "pipeline/fibonacci/fibonacci_stage.hpp"
#include "pipeline/flow/chain.hpp"
#include "pipeline/flow/fused.hpp"
#include "pipeline/traps/trap_stage.hpp"
#include "strategies/analysis/trap_outcomes.hpp"
#include "tools/omega/engine/conditions.hpp"
#include "tools/omega/settings.hpp"
#include "tools/omega/traps/price_track.hpp"

#include <functional>
#include <span>
#include <vector>

namespace omega {

/// The stages that trap detection needs, from the same settings as the engine's, and nothing that trades.
struct TrapWiring {
    pipeline::BookStage book;
    pipeline::BarStage bars;
    pipeline::FibonacciStage fibonacci;
    pipeline::TrapStage traps;

    using Chain =
        pipeline::Chain<pipeline::BookStage, pipeline::BarStage, pipeline::FibonacciStage, pipeline::TrapStage>;
    Chain chain{book, bars, fibonacci, traps};

    TrapWiring(const Settings& s, const core::InstrumentTable& instruments)
        : book{s.book, instruments},
          bars{s.bars, instruments},
          fibonacci{s.fibonacci, s.bars.timeframes, instruments, s.traps},
          traps{s.traps, instruments, s.bars.timeframes} {}
};

/// One pass of ticks through trap detection: every event is told, and what became of it is remembered.
class TrapRun {
public:
    using Tell = std::function<void(const pipeline::TrapEvent&)>;

    /// `settings` as they take effect. `tell` may be empty. Prices are kept when `charts`.
    TrapRun(const Settings& settings, const core::InstrumentTable& instruments, Tell tell, bool charts);

    void on_tick(const core::Tick& tick) {
        conditions_.before(tick, [&](const core::Tick& condition) { topology_.publish(condition, {}, [] {}); });
        topology_.publish(tick, {}, [] {});
    }
    /// The input ends: what is open stays unresolved.
    void finish() { receiver_.outcomes.finish(); }

    [[nodiscard]] const strategies::TrapOutcomes& outcomes() const noexcept { return receiver_.outcomes; }
    [[nodiscard]] const pipeline::TrapCounters& counters() const noexcept { return wiring_.traps.counters(); }
    /// By instrument; empty without charts.
    [[nodiscard]] std::span<const PriceTrack> prices() const noexcept { return receiver_.prices; }
    [[nodiscard]] std::uint64_t ticks() const noexcept { return receiver_.ticks; }
    [[nodiscard]] core::Nanoseconds first() const noexcept { return receiver_.first; }
    [[nodiscard]] core::Nanoseconds last() const noexcept { return receiver_.last; }

private:
    struct Receiver {
        strategies::TrapOutcomes outcomes;
        Tell tell;
        const core::InstrumentTable* instruments;
        std::vector<PriceTrack> prices;
        std::uint64_t ticks{};
        core::Nanoseconds first{}, last{};

        void on(const TrapWiring::Chain::slot_type& slot) noexcept;
        void draw(const core::Tick& tick) noexcept;
    };

    TrapWiring wiring_;
    Receiver receiver_;
    pipeline::Fused<TrapWiring::Chain, Receiver> topology_;
    ConditionSource conditions_;
};

}  // namespace omega
