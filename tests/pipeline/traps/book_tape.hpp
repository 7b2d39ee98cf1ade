#pragma once

#include "pipeline/book/book_stage.hpp"
#include "tests/pipeline/ticks.hpp"

#include <vector>

namespace test {

struct Depth {
    core::Side side;
    std::int64_t price, quantity;
};

/// Book events, quotes, trades and gaps of one instrument, each shown to `on` with the market that BookStage makes of
/// it. Two price decimals, no quantity decimals.
class BookTape {
public:
    virtual ~BookTape() = default;

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

protected:
    virtual void on(const core::Tick& tick, const pipeline::Market& market) = 0;

private:
    void send(const core::Tick& tick) {
        stage_.on(tick, market_);
        on(tick, market_);
    }

    pipeline::BookStage stage_{{}, instruments()};
    pipeline::Market market_;
};

}  // namespace test
