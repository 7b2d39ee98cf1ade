#include "pipeline/traps/hidden_liquidity.hpp"

#include "pipeline/traps/confidence.hpp"
#include "tests/pipeline/traps/book_tape.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace pipeline::traps {
namespace {

using core::Side;
using test::Depth;
using namespace std::chrono_literals;

struct Desk : test::BookTape<HiddenLiquidity> {
    Desk() { event(0ms, {{Side::buy, 100'000, 10}, {Side::buy, 99'990, 10}, {Side::sell, 100'001, 10}}, true); }

    /// The bid at 100 000 trades down to `left` and shows `back` again `after` later.
    void execute(core::Nanoseconds at, std::int64_t quantity, std::int64_t left, std::int64_t back,
                 core::Nanoseconds after = 50ms) {
        trade(at, 100'000, quantity, Side::sell);
        event(at + 1ms, {{Side::buy, 100'000, left}});
        event(at + after, {{Side::buy, 100'000, back}});
    }
};

TEST(HiddenLiquidity, SeesADisplayThatIsRefilled) {
    Desk desk;
    desk.execute(1s, 8, 2, 10);
    desk.execute(2s, 8, 2, 8);
    EXPECT_TRUE(desk.found.empty());

    desk.trade(3s, 100'000, 8, Side::sell);

    ASSERT_EQ(desk.found.size(), 1u) << "24 traded where 10 were shown, two refills";
    const TrapEvent& event = desk.found[0];
    const double cv = 1. / 7;  // of refills of 8 and 6
    EXPECT_EQ(event.kind, TrapKind::hidden_liquidity);
    EXPECT_EQ(event.expect, Expect::up);
    EXPECT_EQ(event.time, 3s);
    EXPECT_NEAR(event.price, 1000.005, 1e-9);
    EXPECT_NEAR(event.confidence, hidden_liquidity_confidence(2.4, 2, cv), 1e-12);
    EXPECT_NEAR(event.impact, .8, 1e-12);
    const double evidence[] = {1000, 2.4, 2, cv, 24};
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(event.evidence[i], evidence[i], 1e-9) << i;

    desk.event(3001ms, {{Side::buy, 100'000, 0}});
    desk.event(3100ms, {{Side::buy, 100'000, 10}});
    ASSERT_EQ(desk.found.size(), 2u) << "the whole display may go and come back";
    EXPECT_EQ(desk.found[1].evidence[2], 3);
}

TEST(HiddenLiquidity, CountsWhatItCannotSee) {
    Desk desk;
    desk.gap(1s);
    desk.trade(2s, 100'000, 8, Side::sell);
    desk.event(3s, {{Side::buy, 100'000, 9}});
    EXPECT_EQ(desk.counters.unknown[static_cast<std::size_t>(Measure::book)], 2u);
}

TEST(HiddenLiquidity, AnAskExpectsAFall) {
    Desk desk;
    for (int i = 0; i < 3; ++i) {
        desk.trade(i * 1s + 1s, 100'001, 9, Side::buy);
        desk.quote(i * 1s + 1001ms, 100'000, 10, 100'001, 1);
        desk.quote(i * 1s + 1002ms, 100'000, 10, 100'001, 10);
    }
    ASSERT_EQ(desk.found.size(), 2u) << "at the third execution and at its refill";
    EXPECT_EQ(desk.found[0].expect, Expect::down);
}

TEST(HiddenLiquidity, NeedsARefillInTime) {
    struct Row {
        const char* what;
        std::int64_t left, back;
        core::Nanoseconds after;
        bool found;
    };
    const Row rows[] = {{"in time", 2, 10, 200ms, true},
                        {"late", 2, 10, 201ms, false},
                        {"to .8", 2, 8, 50ms, true},
                        {"to less", 2, 7, 50ms, false},
                        {"without a fall", 9, 10, 50ms, false}};
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        Desk desk;
        desk.settings.min_confidence = 0;
        for (int i = 0; i < 4; ++i) {
            desk.execute(i * 1s + 1s, 8, row.left, row.back, row.after);
            desk.event(i * 1s + 1500ms, {{Side::buy, 100'000, 10}});
        }
        EXPECT_EQ(!desk.found.empty(), row.found);
    }
}

TEST(HiddenLiquidity, TheBookMayArriveBeforeTheTrade) {
    Desk desk;
    for (int i = 0; i < 3; ++i) {
        desk.event(i * 1s + 1s, {{Side::buy, 100'000, 2}});
        desk.trade(i * 1s + 1001ms, 100'000, 8, Side::sell);
        desk.event(i * 1s + 1050ms, {{Side::buy, 100'000, 10}});
    }
    EXPECT_FALSE(desk.found.empty());
}

TEST(HiddenLiquidity, ForgetsAfterTenSecondsAndAtAGap) {
    Desk desk;
    desk.execute(1s, 8, 2, 10);
    desk.execute(2s, 8, 2, 10);
    desk.trade(12s, 100'000, 8, Side::sell);
    EXPECT_TRUE(desk.found.empty());

    Desk other;
    other.execute(1s, 8, 2, 10);
    other.execute(2s, 8, 2, 10);
    other.gap(2500ms);
    other.event(2600ms, {{Side::buy, 100'000, 10}, {Side::sell, 100'001, 10}}, true);
    other.trade(3s, 100'000, 8, Side::sell);
    EXPECT_TRUE(other.found.empty());
}

/// Everything that was seen at every price, and each judgement from the whole history.
struct Twin {
    struct Fact {
        core::Nanoseconds time;
        std::int64_t traded, shown, refill;
    };
    struct Spot {
        std::vector<Fact> facts;
        std::int64_t now{}, before{}, reference{}, low{};
        core::Nanoseconds fell{}, executed{}, refilled{};
        bool waiting{}, dropped{}, any_refill{};
    };
    std::map<std::int64_t, Spot> spots[2];
    std::int64_t touch[2]{};
    std::vector<std::array<double, 4>> found;  ///< price, ratio, refills, cv

    void show(std::size_t side, std::int64_t price, std::int64_t size, core::Nanoseconds time) {
        Spot& spot = spots[side][price];
        carry(spot, time);
        if (size < spot.now) {
            if (time - spot.fell > 200ms || spot.before < spot.now) spot.before = spot.now;
            spot.fell = time;
        }
        spot.now = size;
        spot.facts.push_back({time, 0, size, 0});
        if (!spot.waiting) return;
        if (time - spot.executed > 200ms) {
            spot.waiting = false;
            return;
        }
        spot.low = std::min(spot.low, size);
        if (10 * size < 8 * spot.reference) {
            spot.dropped = true;
        } else if (spot.dropped) {
            spot.facts.push_back({time, 0, 0, size - spot.low});
            spot.waiting = false;
            spot.before = size;
        }
    }
    /// A display counts in every second it stands in.
    static void carry(Spot& spot, core::Nanoseconds time) {
        if (spot.facts.empty()) return;
        for (auto t = core::floor_to(spot.facts.back().time, 1s) + 1s; t <= time; t += 1s)
            spot.facts.push_back({t, 0, spot.now, 0});
    }
    void top(std::size_t side, std::int64_t price, std::int64_t size, core::Nanoseconds time) {
        const std::int64_t sign = side == 0 ? 1 : -1;
        if (touch[side] != price)
            for (auto& [at, spot] : spots[side]) {
                if (at == price || spot.now == 0) continue;
                if ((at - price) * sign > 0) {
                    show(side, at, 0, time);
                } else {
                    carry(spot, time);
                    spot.now = 0;
                }
            }
        if (touch[side] != price) forget_touch(side, price);
        touch[side] = price;
        Spot& spot = spots[side][price];
        if (spot.now == size && !spot.facts.empty()) return;
        const auto refills = [&] {
            return std::count_if(spot.facts.begin(), spot.facts.end(), [](auto& f) { return f.refill > 0; });
        };
        const auto before = refills();
        show(side, price, size, time);
        if (refills() > before) pending.push_back({side, price});
    }
    /// The detector knows a price from its first trade on, and its display since it is the touch.
    void forget_touch(std::size_t side, std::int64_t price) {
        auto& spot = spots[side][price];
        if (std::none_of(spot.facts.begin(), spot.facts.end(), [](auto& f) { return f.traded > 0; })) spot = {};
    }
    std::vector<std::pair<std::size_t, std::int64_t>> pending;
    void settle(core::Nanoseconds time) {
        for (const auto& [side, price] : pending) judge(spots[side][price], price, time);
        pending.clear();
    }
    void trade(std::size_t side, std::int64_t price, std::int64_t quantity, core::Nanoseconds time) {
        Spot& spot = spots[side][price];
        const bool fresh = std::none_of(spot.facts.begin(), spot.facts.end(), [](auto& f) { return f.traded > 0; });
        if (fresh) {  // what it showed before counts from now on
            if (touch[side] != price) spot = {};
            spot.facts.clear();
            spot.facts.push_back({time, 0, spot.now, 0});
        }
        carry(spot, time);
        spot.facts.push_back({time, quantity, 0, 0});
        if (!spot.waiting || time - spot.executed > 200ms) {
            spot.reference = spot.before > spot.now && time - spot.fell <= 200ms ? spot.before : spot.now;
            spot.low = spot.now;
            spot.dropped = 10 * spot.now < 8 * spot.reference;
            spot.waiting = spot.reference > 0;
        }
        spot.executed = time;
        judge(spot, price, time);
    }
    void judge(Spot& spot, std::int64_t price, core::Nanoseconds time) {
        carry(spot, time);
        double traded = 0, shown = 0, n = 0, sum = 0, squares = 0;
        for (const Fact& fact : spot.facts) {
            if (core::floor_to(fact.time, 1s) <= core::floor_to(time, 1s) - 10s) continue;
            traded += static_cast<double>(fact.traded);
            shown = std::max(shown, static_cast<double>(fact.shown));
            if (fact.refill == 0) continue;
            ++n;
            sum += static_cast<double>(fact.refill);
            squares += static_cast<double>(fact.refill * fact.refill);
        }
        if (n < 2 || shown <= 0 || traded < 2 * shown) return;
        const double cv = std::sqrt(std::max(squares / n - sum / n * (sum / n), 0.)) / (sum / n);
        if (hidden_liquidity_confidence(traded / shown, n, cv) < .3) return;
        found.push_back({static_cast<double>(price) / 100, traded / shown, n, cv});
    }
};

RC_GTEST_PROP(HiddenLiquidity, AgreesWithASlowTwin, ()) {
    Desk desk;
    Twin twin;
    std::int64_t bid = 100'000, bids = 10, ask = 100'001, asks = 10;
    core::Nanoseconds now{};
    const auto show = [&] {
        twin.top(0, bid, bids, now);
        twin.top(1, ask, asks, now);
        twin.settle(now);
    };
    show();
    const auto plan = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        400, rc::gen::tuple(rc::gen::inRange(0, 12), rc::gen::inRange(0, 150), rc::gen::inRange(1, 12)));
    for (const auto& [what, pause, size] : plan) {
        now += std::chrono::milliseconds{what == 11 ? 10 * pause : pause};
        if (what < 5) {
            const bool sell = what < 3;
            desk.trade(now, sell ? bid : ask, size, sell ? Side::sell : Side::buy);
            twin.trade(sell ? 0 : 1, sell ? bid : ask, size, now);
        } else {
            if (what == 10) bid = 100'003 - size % 3, ask = bid + 1;
            if (what > 7) asks = size % 2 == 0 ? 10 : size;
            if (what < 8 || what == 10) bids = size % 2 == 0 ? 10 : size;
            desk.quote(now, bid, bids, ask, asks);
            show();
        }
        RC_ASSERT(desk.found.size() == twin.found.size());
    }
    for (std::size_t i = 0; i < twin.found.size(); ++i)
        for (std::size_t k = 0; k < 4; ++k) RC_ASSERT(std::abs(desk.found[i].evidence[k] - twin.found[i][k]) < 1e-9);
    RC_CLASSIFY(!twin.found.empty(), "any");
}

}  // namespace
}  // namespace pipeline::traps
