#include "pipeline/traps/spoofing.hpp"

#include "pipeline/traps/confidence.hpp"
#include "tests/pipeline/ticks.hpp"
#include "tests/pipeline/traps/book_tape.hpp"
#include "tests/pipeline/traps/spoofing_twin.hpp"

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

class Desk : public test::BookTape<Spoofing> {
public:
    using test::BookTape<Spoofing>::BookTape;

    /// A calm book around 100 000: 25 bids and asks a tick apart, and as many updates of size ten as the mean needs.
    void warm_up() {
        std::vector<Depth> book;
        for (int i = 0; i < 25; ++i) {
            book.push_back({Side::buy, 100'000 - i, 10});
            book.push_back({Side::sell, 100'001 + i, 10});
        }
        event(0ms, book, true);
        for (int i = 0; i < 100; ++i) event(1ms, {{Side::buy, 99'999, 10}, {Side::sell, 100'002, 10}});
    }
};

constexpr std::int64_t wall = 99'980;  ///< 2 bps below the touch

TEST(Spoofing, SeesAWallThatIsWithdrawn) {
    Desk desk;
    desk.warm_up();

    desk.event(1000ms, {{Side::buy, wall, 135}});
    desk.trade(1300ms, 100'001, 25, Side::buy);
    desk.event(1500ms, {{Side::sell, 100'001, 0}});
    desk.event(1800ms, {{Side::buy, wall, 10}});

    ASSERT_EQ(desk.found.size(), 1u);
    const TrapEvent& finding = desk.found[0];
    const double push = core::bps(1000.01, 1000.005);
    EXPECT_EQ(finding.time, 1800ms);
    EXPECT_EQ(finding.kind, TrapKind::spoofing);
    EXPECT_EQ(finding.expect, Expect::down);
    EXPECT_NEAR(finding.price, 1000.01, 1e-9);
    EXPECT_NEAR(finding.confidence, spoofing_confidence(12.5, 1, 800, .2, push), 1e-12);
    EXPECT_NEAR(finding.impact, 1.25, 1e-12);
    const double evidence[] = {999.80, 125, 12.5, 1, 800, .2, push};
    for (std::size_t i = 0; i < 7; ++i) EXPECT_NEAR(finding.evidence[i], evidence[i], 1e-9) << i;
    EXPECT_FALSE(core::known(finding.evidence[7]));
}

TEST(Spoofing, JudgesByTheSpecificationsGates) {
    struct Row {
        const char* what;
        std::int64_t price, size, left;
        int life_ms;
        std::int64_t traded;
        std::size_t found;
    };
    const Row rows[] = {
        {"a wall", wall, 70, 10, 500, 0, 1},
        {"less than five mean sizes", wall, 59, 10, 500, 0, 0},
        {"three seconds", wall, 70, 10, 3000, 0, 1},
        {"longer than three seconds", wall, 70, 10, 3001, 0, 0},
        {"nine tenths withdrawn", wall, 70, 16, 500, 0, 1},
        {"less withdrawn", wall, 70, 17, 500, 0, 0},
        {"a tenth was executed", wall, 70, 0, 500, 6, 1},
        {"more was executed", wall, 70, 10, 500, 7, 0},
        {"at one bps", 99'990, 70, 0, 500, 0, 1},
        {"nearer than one bps", 99'991, 70, 0, 500, 0, 0},
        {"at fifty bps", 99'500, 70, 0, 500, 0, 1},
        {"beyond fifty bps", 99'499, 70, 0, 500, 0, 0},
    };
    for (const Row& row : rows) {
        SCOPED_TRACE(row.what);
        Desk desk;
        desk.settings.min_confidence = 0;
        desk.warm_up();
        if (row.price < 99'976 || row.price > 99'985) desk.event(900ms, {{Side::buy, row.price, 10}});

        desk.event(1000ms, {{Side::buy, row.price, row.size}});
        if (row.traded > 0) desk.trade(1100ms, row.price, row.traded, Side::sell);
        desk.event(1000ms + std::chrono::milliseconds{row.life_ms}, {{Side::buy, row.price, row.left}});

        EXPECT_EQ(desk.found.size(), row.found);
    }
}

TEST(Spoofing, NeedsAMeanOfAHundredSizes) {
    Desk desk;
    desk.event(0ms, {{Side::buy, 100'000, 10}, {Side::sell, 100'001, 10}}, true);
    for (int i = 0; i < 99; ++i) desk.event(1ms, {{Side::buy, 100'000, 10 + i % 2}});
    desk.event(2ms, {{Side::buy, wall, 1000}});
    desk.event(3ms, {{Side::buy, wall, 0}});
    EXPECT_TRUE(desk.found.empty());
}

TEST(Spoofing, IsSilentWithoutAValidBook) {
    Desk desk;
    desk.warm_up();
    desk.event(1000ms, {{Side::buy, wall, 135}});
    desk.gap(1100ms);
    desk.event(1200ms, {{Side::buy, wall, 0}});
    EXPECT_TRUE(desk.found.empty());

    desk.warm_up();
    desk.event(2000ms, {{Side::buy, wall, 135}});
    desk.event(2100ms, {{Side::buy, 100'000, 10}, {Side::sell, 100'001, 10}}, true);
    desk.event(2200ms, {{Side::buy, wall, 0}});
    EXPECT_TRUE(desk.found.empty()) << "a snapshot says nothing of what became of an order";
}

TEST(Spoofing, OthersMayComeAndGoAtTheLevel) {
    Desk desk;
    desk.warm_up();
    desk.event(1000ms, {{Side::buy, wall, 110}});
    for (int i = 0; i < 20; ++i) {
        desk.event(1100ms, {{Side::buy, wall, 130}});
        desk.event(1200ms, {{Side::buy, wall, 110}});
    }
    EXPECT_TRUE(desk.found.empty());

    desk.event(1300ms, {{Side::buy, wall, 40}});
    EXPECT_TRUE(desk.found.empty());
    desk.event(1400ms, {{Side::buy, wall, 15}});

    ASSERT_EQ(desk.found.size(), 1u);
    EXPECT_NEAR(desk.found[0].evidence[3], .95, 1e-12);
}

TEST(Layering, ConsumesItsCandidates) {
    Desk desk;
    desk.warm_up();
    desk.event(1000ms, {{Side::sell, 100'020, 110}, {Side::sell, 100'022, 110}, {Side::sell, 100'024, 60}});
    desk.event(1100ms, {{Side::sell, 100'030, 80}});

    desk.event(2000ms, {{Side::sell, 100'020, 10}});
    EXPECT_TRUE(desk.found.empty()) << "it may still become a layering";
    desk.event(2100ms, {{Side::sell, 100'022, 10}});
    desk.event(2300ms, {{Side::sell, 100'024, 10}, {Side::sell, 100'030, 0}});

    ASSERT_EQ(desk.found.size(), 1u);
    const TrapEvent& finding = desk.found[0];
    EXPECT_EQ(finding.kind, TrapKind::layering);
    EXPECT_EQ(finding.expect, Expect::up);
    // The best twenty hold 200, and the first wall is among them: 100 more. The others are added.
    const double share = 330. / (300 + 100 + 50 + 80);
    EXPECT_NEAR(finding.confidence, layering_confidence(4, share, 1, 300), 1e-12);
    EXPECT_NEAR(finding.impact, 4 * share, 1e-12);
    const double evidence[] = {4, share, 1, 300, 1000.20};
    for (std::size_t i = 0; i < 5; ++i) EXPECT_NEAR(finding.evidence[i], evidence[i], 1e-9) << i;
}

TEST(Layering, GrowsWithALateLayer) {
    Desk desk;
    desk.warm_up();
    for (int i = 0; i < 4; ++i) desk.event(1000ms, {{Side::buy, wall - i, 110}});
    desk.event(2000ms, {{Side::buy, wall, 10}, {Side::buy, wall - 1, 10}, {Side::buy, wall - 2, 10}});
    desk.event(3000ms, {{Side::buy, wall - 3, 0}});
    desk.event(9000ms, {{Side::buy, 100'000, 11}});

    ASSERT_EQ(desk.found.size(), 2u);
    EXPECT_EQ(desk.found[0].evidence[0], 3);
    EXPECT_EQ(desk.found[1].evidence[0], 4);
}

TEST(Layering, TakesWallsThatStoodTogetherAndLeftTogether) {
    Desk desk;
    desk.warm_up();
    for (int i = 0; i < 3; ++i) desk.event(1000ms, {{Side::buy, wall - i, 110}});
    for (int i = 0; i < 3; ++i) desk.event(2000ms + i * 501ms, {{Side::buy, wall - i, 10}});
    desk.event(9000ms, {{Side::buy, 100'000, 11}});

    ASSERT_EQ(desk.found.size(), 3u) << "1002 ms apart: three spoofs";
    for (const TrapEvent& finding : desk.found) EXPECT_EQ(finding.kind, TrapKind::spoofing);
}

TEST(Layering, CountsNoWallsBelowThreeMeansHoweverSmallASpoofMayBe) {
    TrapSettings settings;
    settings.spoof.multiple = 2;
    for (const std::int64_t size : {25, 35}) {
        Desk desk{settings};
        desk.warm_up();
        const std::vector<Depth> walls{
            {Side::buy, wall - 5, size}, {Side::buy, wall - 9, size}, {Side::buy, wall - 12, size}};
        std::vector<Depth> gone = walls;
        for (auto& level : gone) level.quantity = 0;
        desk.event(1000ms, walls);
        desk.event(1300ms, gone);
        desk.event(3000ms, {{Side::buy, 99'990, 10}});

        const auto layers = std::ranges::count(desk.found, TrapKind::layering, &TrapEvent::kind);
        const auto spoofs = std::ranges::count(desk.found, TrapKind::spoofing, &TrapEvent::kind);
        EXPECT_EQ(layers, size == 35 ? 1 : 0);
        EXPECT_EQ(spoofs, size == 35 ? 0 : 3);
    }
}

TEST(Spoofing, CountsWhatItCannotJudge) {
    const auto count = [](const Desk& desk, Measure measure) {
        return desk.counters.unknown[static_cast<std::size_t>(measure)];
    };
    Desk desk;
    desk.event(0ms, {{Side::buy, 100'000, 10}});  // no snapshot: the book is not valid
    EXPECT_EQ(count(desk, Measure::book), 1u);
    desk.warm_up();
    const auto warming = count(desk, Measure::level_size);
    EXPECT_GT(warming, 100u) << "a side at a time";
    desk.event(1000ms, {{Side::buy, 99'999, 10}});
    EXPECT_EQ(count(desk, Measure::level_size), warming) << "the mean is known";
    EXPECT_EQ(count(desk, Measure::book), 1u);
}

RC_GTEST_PROP(Candidates, AreWhatAMapHolds, (std::vector<std::pair<std::uint8_t, bool>> steps)) {
    Candidates candidates;
    std::map<std::int64_t, std::uint64_t> twin;  // price to order of coming
    std::uint64_t serial = 0;
    for (const auto& [near, add] : steps) {
        const std::int64_t price = 50 * near;
        Candidate* found = candidates.find({price});
        RC_ASSERT((found != nullptr) == twin.contains(price));
        if (found != nullptr) {
            RC_ASSERT(found->price.units == price);
            RC_ASSERT(found->serial == twin[price]);
        }
        if (found != nullptr && !add) {
            candidates.remove(*found);
            twin.erase(price);
        } else if (found == nullptr && add) {
            if (twin.size() == Candidates::capacity)
                twin.erase(std::ranges::min_element(twin, {}, [](const auto& one) { return one.second; }));
            candidates.add({price});
            twin[price] = ++serial;
        }
        RC_ASSERT(static_cast<std::size_t>(candidates.size()) == twin.size());
    }
    std::size_t seen = 0;
    candidates.each([&](const Candidate& one) { seen += twin.contains(one.price.units); });
    RC_ASSERT(seen == twin.size());
}

TEST(Layering, SwitchedOffLeavesSpoofing) {
    Desk desk;
    desk.settings.kinds[static_cast<std::size_t>(TrapKind::layering)].enabled = false;
    desk.warm_up();
    for (int i = 0; i < 3; ++i) desk.event(1000ms, {{Side::buy, wall - i, 110}});
    for (int i = 0; i < 3; ++i) desk.event(1500ms, {{Side::buy, wall - i, 10}});
    ASSERT_EQ(desk.found.size(), 3u);
    EXPECT_EQ(desk.found[0].kind, TrapKind::spoofing);
}

struct Move {
    int dice;
    int pause_ms;
    std::vector<Depth> levels;
};

/// Levels of a small book whose walls come and go beyond one bps, in an order that makes both kinds.
rc::Gen<Move> moves() {
    using rc::gen::inRange;
    const auto level = rc::gen::map(
        rc::gen::tuple(inRange(0, 2), inRange(0, 12), inRange(0, 8), inRange(30, 200)),
        [](const std::tuple<int, int, int, int>& t) {
            const auto [side, where, what, big] = t;
            const int offset = where < 4 ? where : 5 + 5 * (where - 4);  // 0 to 3, then 5 to 40 in fives
            const int size = what == 0 ? 0 : what == 1 || (what < 5 && where > 5) ? big : 10 + what;
            return Depth{side == 0 ? Side::buy : Side::sell, side == 0 ? 100'000 - offset : 100'001 + offset,
                         where > 5 && what > 5 ? 10 : size};
        });
    return rc::gen::map(rc::gen::tuple(inRange(0, 60), inRange(0, 400),
                                       rc::gen::nonEmpty(rc::gen::container<std::vector<Depth>>(level))),
                        [](std::tuple<int, int, std::vector<Depth>> t) {
                            return Move{std::get<0>(t), std::get<1>(t), std::get<2>(std::move(t))};
                        });
}

RC_GTEST_PROP(Spoofing, AgreesWithASlowTwin, ()) {
    Desk desk;
    test::SpoofingTwin twin;
    core::Nanoseconds now{1s};
    const auto both = [&](const std::vector<Depth>& levels, bool snapshot) {
        desk.event(now, levels, snapshot);
        twin.event(now, levels, snapshot);
    };
    const auto restart = [&] {
        std::vector<Depth> book;
        for (int i = 0; i < 45; ++i) {
            book.push_back({Side::buy, 100'000 - i, 10});
            book.push_back({Side::sell, 100'001 + i, 10});
        }
        both(book, true);
        for (int i = 0; i < 100; ++i) both({{Side::buy, 99'999, 9 + i % 3}, {Side::sell, 100'002, 9 + i % 4}}, false);
    };
    restart();
    const auto plan = *rc::gen::container<std::vector<Move>>(150, moves());
    for (const Move& move : plan) {
        now += std::chrono::milliseconds{move.pause_ms};
        if (move.dice == 0) {
            desk.gap(now);
            twin.gap();
            restart();
        } else if (move.dice == 1) {
            both({{Side::buy, 100'000, 10}, {Side::buy, 99'980, 10}, {Side::sell, 100'001, 10}}, true);
        } else if (move.dice < 15) {
            const Depth& at = move.levels[0];
            desk.trade(now, at.price, at.quantity, core::opposite(at.side));
            twin.trade(at.price, at.quantity, core::opposite(at.side));
        } else {
            const auto few = std::min<std::size_t>(move.levels.size(), 4);
            both({move.levels.begin(), move.levels.begin() + static_cast<std::ptrdiff_t>(few)}, false);
        }

        RC_ASSERT(desk.found.size() == twin.found.size());
    }
    std::size_t layerings = 0;
    for (std::size_t i = 0; i < twin.found.size(); ++i) {
        const TrapEvent& a = desk.found[i];
        const Finding& b = twin.found[i];
        RC_ASSERT(a.kind == b.kind && a.expect == expectation(b.kind, b.sign));
        RC_ASSERT(std::abs(a.confidence - b.confidence) < 1e-9 && std::abs(a.impact - b.impact) < 1e-9);
        for (std::size_t k = 0; k < 8; ++k)
            RC_ASSERT(core::known(a.evidence[k]) == core::known(b.evidence[k]) &&
                      !(std::abs(a.evidence[k] - b.evidence[k]) > 1e-6));
        layerings += a.kind == TrapKind::layering;
    }
    RC_CLASSIFY(!twin.found.empty(), "any");
    RC_CLASSIFY(layerings > 0, "layering");
    RC_CLASSIFY(twin.found.size() > layerings, "spoofing");
}

}  // namespace
}  // namespace pipeline::traps
