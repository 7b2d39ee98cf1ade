#pragma once

#include "pipeline/book/book_stage.hpp"
#include "pipeline/traps/reporter.hpp"
#include "tests/pipeline/ticks.hpp"

#include <vector>

namespace test {

/// Book events, quotes, trades and gaps of one instrument, shown to one detector as TrapStage does, with the market
/// that BookStage makes of them. Two price decimals, no quantity decimals, no cooldowns.
template <class Detector>
class BookTape {
public:
    explicit BookTape(const pipeline::TrapSettings& chosen = {})
        : settings{chosen},
          senses{settings, table_[core::InstrumentId{0}]},
          detector{settings, table_[core::InstrumentId{0}], {}} {
        for (auto& kind : settings.kinds) kind.cooldown_s = 0;
    }

    void event(core::Nanoseconds time, const std::vector<Depth>& levels, bool snapshot = false) {
        for (std::size_t i = 0; i < levels.size(); ++i) {
            auto t = tick(core::TickKind::level, time);
            t.side = levels[i].side;
            t.level = {{levels[i].price}, {levels[i].quantity}, 0};
            t.flags = static_cast<std::uint8_t>((i == 0 ? core::tick_flag::first : 0) |
                                                (i + 1 == levels.size() ? core::tick_flag::last : 0) |
                                                (snapshot ? core::tick_flag::snapshot : 0));
            send(t);
        }
    }
    void quote(core::Nanoseconds time, std::int64_t bid, std::int64_t bids, std::int64_t ask, std::int64_t asks) {
        auto t = tick(core::TickKind::quote, time);
        t.quote = {{bid}, {bids}, {ask}, {asks}};
        send(t);
    }
    void trade(core::Nanoseconds time, std::int64_t price, std::int64_t quantity, core::Side aggressor) {
        send(test::trade(time, price, quantity, aggressor));
    }
    void gap(core::Nanoseconds time) {
        auto t = tick(core::TickKind::session, time);
        t.code = static_cast<std::uint16_t>(core::Session::gap);
        send(t);
    }

private:
    core::InstrumentTable table_{instruments()};

public:
    pipeline::TrapSettings settings;
    pipeline::traps::Senses senses;
    Detector detector;
    pipeline::TrapCounters counters;
    std::vector<pipeline::TrapEvent> found;

private:
    void send(const core::Tick& tick) {
        stage_.on(tick, market_);
        traps_.count = 0;
        if constexpr (requires { detector.on_level(senses, tick, market_); })
            if (tick.is(core::TickKind::level)) detector.on_level(senses, tick, market_);
        if (!tick.whole()) return;
        if (market_.gap) detector.clear();
        pipeline::traps::Reporter reporter{senses, settings, counters, core::unknown, market_.time, false, traps_};
        if (tick.is(core::TickKind::trade))
            detector.on_trade(senses, tick, reporter);
        else if (tick.is(core::TickKind::level) || tick.is(core::TickKind::quote))
            detector.on_book(senses, tick, market_, reporter);
        found.insert(found.end(), traps_.events.begin(), traps_.events.begin() + traps_.count);
    }

    pipeline::BookStage stage_{{}, table_};
    pipeline::Market market_;
    pipeline::Traps traps_;
};

}  // namespace test
