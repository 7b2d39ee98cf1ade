#include "tests/feeds/synthetic/tape.hpp"

#include <set>
#include <string>

using namespace std::chrono_literals;
using core::Nanoseconds;
using core::Side;
using feeds::synthetic::Settings;
using feeds::synthetic::Truth;
using test::bps;
using test::Tape;

/// Each test reads the frames of one planted trap and works out, slowly and by hand, what the specification's gate of
/// its kind asks for.
namespace {

Settings calm(Nanoseconds duration, double events_per_s) {
    return {.duration = duration, .events_per_s = events_per_s, .volatility = 0.05, .wildness = 0, .traps_per_h = 0};
}

struct Planted {
    Tape tape;
    Truth truth;
};

Planted plant(Settings settings, const char* kind, const char* expect, Nanoseconds after) {
    settings.traps = {{after, kind, expect}};
    auto tapes = test::tapes_of(settings);
    EXPECT_EQ(tapes.faulted, 0U);
    EXPECT_EQ(tapes.truth.size(), 1U);
    const Truth truth = tapes.truth.empty() ? Truth{} : tapes.truth[0];
    EXPECT_EQ(truth.kind, kind);
    EXPECT_EQ(truth.expect, expect);
    return {std::move(tapes.of[0]), truth};
}

/// A level that grew by at least `multiple` mean sizes, 1 to 50 bps from its touch, and lost nine tenths of that again
/// within three seconds, untraded.
struct Wall {
    Nanoseconds placed{}, gone{};
    double price{}, share{};
    Side side{};
};

std::vector<Wall> walls(const Planted& planted, double multiple) {
    const auto& [tape, truth] = planted;
    std::vector<Wall> found;
    const auto changes = Tape::between(tape.changes, truth.start, truth.end);
    for (auto at = changes.begin(); at != changes.end(); ++at) {
        const double delta = at->after - at->before, distance = std::fabs(bps(at->price, at->touch));
        if (delta < multiple * at->mean10 || distance < 1 || distance > 50) continue;
        const auto leaves = std::find_if(at + 1, changes.end(), [&](const Tape::Change& later) {
            return later.side == at->side && later.price == at->price && later.after <= at->after - 0.9 * delta;
        });
        if (leaves == changes.end() || leaves->time - at->time > 3s) continue;
        const auto trades = Tape::between(tape.trades, at->time, leaves->time);
        if (std::ranges::any_of(trades, [&](const auto& trade) { return trade.price == at->price; })) continue;
        found.push_back({at->time, leaves->time, at->price, delta / (delta + at->sum20), at->side});
    }
    return found;
}

}  // namespace

class PushedBook : public testing::TestWithParam<const char*> {};

TEST_P(PushedBook, SpoofingShowsOneWallAndTakesItAway) {
    const bool bid = std::string{GetParam()} == "down";
    const auto planted = plant(calm(3min, 30), "spoofing", GetParam(), 60s);

    const auto found = walls(planted, 5);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].side, bid ? Side::buy : Side::sell);
    EXPECT_NEAR(core::seconds(found[0].gone - planted.truth.time), 0, 0.3);
    const double push = bps(planted.tape.mid_at(found[0].gone), planted.tape.mid_at(found[0].placed));
    EXPECT_GT(bid ? push : -push, 0.5);
    const double after = bps(planted.tape.mid_at(found[0].gone + 30s), planted.tape.mid_at(found[0].gone));
    EXPECT_GT(bid ? -after : after, 2);
}

TEST_P(PushedBook, LayeringShowsSeveralWallsTogetherAndTakesThemAwayTogether) {
    const bool bid = std::string{GetParam()} == "down";
    auto settings = calm(3min, 30);
    settings.instruments = {{"LINKUSDT", 10.482, 3, 1, 2, 30'000}};
    const auto planted = plant(settings, "layering", GetParam(), 60s);

    const auto found = walls(planted, 3);
    ASSERT_GE(found.size(), 3U);
    std::set<double> prices;
    Nanoseconds placed{}, first{Nanoseconds::max()}, last{};
    for (const auto& wall : found) {
        EXPECT_EQ(wall.side, bid ? Side::buy : Side::sell);
        prices.insert(wall.price);
        placed = std::max(placed, wall.placed);
        first = std::min(first, wall.gone);
        last = std::max(last, wall.gone);
    }
    EXPECT_EQ(prices.size(), found.size());
    EXPECT_LT(placed, first) << "all stood together";
    EXPECT_LE(last - first, 1s);
}

INSTANTIATE_TEST_SUITE_P(Sides, PushedBook, testing::Values("up", "down"));

class HiddenOrder : public testing::TestWithParam<const char*> {};

TEST_P(HiddenOrder, TradesMoreThanItShowsAndIsRefilled) {
    const bool bid = std::string{GetParam()} == "up";
    const auto [tape, truth] = plant(calm(3min, 30), "hidden_liquidity", GetParam(), 60s);

    // Within ten seconds: the price that traded most on that side.
    std::map<double, double> traded;
    for (const auto& trade : Tape::between(tape.trades, truth.time - 8s, truth.time))
        if (trade.aggressor == (bid ? Side::sell : Side::buy)) traded[trade.price] += trade.quantity;
    ASSERT_FALSE(traded.empty());
    const auto [price, volume] = *std::ranges::max_element(traded, {}, [](const auto& row) { return row.second; });
    double displayed = 0;
    int refills = 0;
    Nanoseconds eaten{};
    double before = 0;
    for (const auto& quote : Tape::between(tape.quotes, truth.time - 8s, truth.time)) {
        const double touch = bid ? quote.bid : quote.ask, size = bid ? quote.bid_quantity : quote.ask_quantity;
        if (touch != price) continue;
        displayed = std::max(displayed, size);
        if (size < 0.8 * before) eaten = quote.time;
        if (eaten != Nanoseconds{} && size >= 0.8 * displayed && quote.time - eaten <= 200ms) {
            ++refills;
            eaten = {};
        }
        before = size;
    }
    EXPECT_GE(volume / displayed, 2);
    EXPECT_GE(refills, 2);
}

INSTANTIATE_TEST_SUITE_P(Sides, HiddenOrder, testing::Values("up", "down"));

TEST(WashTrades, AlternateAtOnePriceInOneSize) {
    const auto [tape, truth] = plant(calm(4min, 30), "wash_trading", "inert", 60s);

    std::size_t run = 0, longest = 0;
    const auto trades = Tape::between(tape.trades, truth.start, truth.end);
    for (std::size_t i = 1; i < trades.size(); ++i) {
        const auto &a = trades[i - 1], &b = trades[i];
        const bool washed = a.price == b.price && a.quantity == b.quantity && a.aggressor != b.aggressor;
        run = washed ? run + 1 : 0;
        longest = std::max(longest, run + 1);
    }
    EXPECT_GE(longest, 10U);
    EXPECT_LT(std::fabs(bps(tape.mid_at(truth.end), tape.mid_at(truth.start))), 5);
}

class StealthyFlow : public testing::TestWithParam<const char*> {};

TEST_P(StealthyFlow, IsOneSidedInANarrowBandAndThenGetsItsWay) {
    const bool accumulates = std::string{GetParam()} == "stealth_accumulation";
    const auto [tape, truth] = plant(calm(45min, 5), GetParam(), accumulates ? "up" : "down", 60s);

    double buy = 0, sell = 0, high = 0, low = 1e18;
    for (const auto& trade : Tape::between(tape.trades, truth.time - 900s, truth.time)) {
        (trade.aggressor == Side::buy ? buy : sell) += trade.quantity;
        high = std::max(high, trade.price);
        low = std::min(low, trade.price);
    }
    const double flow = (buy - sell) / (buy + sell);
    EXPECT_GE(accumulates ? flow : -flow, 0.3);
    EXPECT_LE(bps(high, low), 25);
    const double after = bps(tape.mid_at(truth.time + 700s), tape.mid_at(truth.time));
    EXPECT_GE(accumulates ? after : -after, 30);
}

INSTANTIATE_TEST_SUITE_P(Kinds, StealthyFlow, testing::Values("stealth_accumulation", "stealth_distribution"));

TEST(TimeDilation, CrowdsOrThinsArrivalsBeforeTheBurst) {
    for (const std::uint64_t seed : {1U, 2U, 3U, 4U, 5U, 6U}) {
        SCOPED_TRACE(seed);
        auto settings = calm(15min, 10);
        settings.seed = seed;
        const auto [tape, truth] = plant(settings, "time_dilation", "burst", 6min);

        double mean = 0, variance = 0, largest = 0;
        std::vector<double> gaps;
        for (std::size_t i = 1; i < tape.trades.size(); ++i) {
            const double gap = core::seconds(tape.trades[i].time - tape.trades[i - 1].time);
            if (gap <= 0) continue;
            const double u = std::log(gap), delta = u - mean;
            mean = gaps.empty() ? u : mean + delta / 500;
            variance = gaps.empty() ? 0 : (1 - 1. / 500) * (variance + delta * delta / 500);
            gaps.push_back(u);
            if (gaps.size() < 500 || tape.trades[i].time > truth.time) continue;
            double fast = 0;
            for (std::size_t n = 0; n < 20; ++n) fast += gaps[gaps.size() - 1 - n] / 20;
            const double z = (fast - mean) / std::sqrt(variance / 20);
            const double move = bps(tape.mid_at(tape.trades[i].time), tape.mid_at(tape.trades[i].time - 15s));
            if (std::fabs(move) < 15) largest = std::max(largest, std::fabs(z));
        }
        EXPECT_GE(largest, 7);
        const double burst = bps(tape.mid_at(truth.time + 26s), tape.mid_at(truth.time));
        EXPECT_GE(std::fabs(burst), 30);
    }
}

namespace {

struct Bar {
    double high{}, low{1e18}, close{};
};

std::map<std::int64_t, Bar> bars_of(const Tape& tape, Nanoseconds width) {
    std::map<std::int64_t, Bar> bars;
    for (const auto& trade : tape.trades) {
        Bar& bar = bars[trade.time / width];
        bar = {std::max(bar.high, trade.price), std::min(bar.low, trade.price), trade.price};
    }
    return bars;
}

}  // namespace

class FailedBreak : public testing::TestWithParam<const char*> {};

TEST_P(FailedBreak, ClosesBeyondAConfirmedTurnAndFailsWithinThreeBars) {
    const bool bull = std::string{GetParam()} == "bull_trap";
    const auto [tape, truth] = plant(calm(50min, 5), GetParam(), bull ? "down" : "up", 10min);
    const auto bars = bars_of(tape, 60s);
    const auto first = truth.start / 60s, eve = truth.time / std::chrono::minutes{1};
    const double sign = bull ? 1 : -1;

    // The turn: the extreme of what came before the break, confirmed by 20 bps back and three bars without a new one.
    double level = bull ? 0 : 1e18, back = 0;
    std::int64_t turn = 0;
    for (auto minute = first; minute < eve; ++minute) {
        const double reach = bull ? bars.at(minute).high : bars.at(minute).low;
        if (sign * (reach - level) > 0) level = reach, turn = minute, back = 0;
        back = std::max(back, sign * bps(level, bars.at(minute).close));
    }
    EXPECT_GE(eve - turn, 4);
    EXPECT_GE(back, 20);
    EXPECT_LT(sign * (bars.at(eve - 1).close - level), 0);
    EXPECT_GT(sign * bps(bars.at(eve).close, level), 2);
    EXPECT_LT(sign * (bars.at(eve + 1).close - level), 0);
}

INSTANTIATE_TEST_SUITE_P(Kinds, FailedBreak, testing::Values("bull_trap", "bear_trap"));

class Fractal : public testing::TestWithParam<const char*> {};

TEST_P(Fractal, IsExceededByABarThatClosesBackInside) {
    const double sign = std::string{GetParam()} == "down" ? 1 : -1;
    const auto [tape, truth] = plant(calm(60min, 5), "fractal_trap", GetParam(), 15min);
    const auto bars = bars_of(tape, 300s);
    const auto trap = truth.time / std::chrono::minutes{5}, peak = trap - 3;

    const auto reach = [&](std::int64_t bar) { return sign > 0 ? bars.at(bar).high : bars.at(bar).low; };
    for (const std::int64_t beside : {-2, -1, 1, 2}) EXPECT_GT(sign * (reach(peak) - reach(peak + beside)), 0);
    EXPECT_GT(sign * bps(reach(trap), reach(peak)), 3);
    EXPECT_GT(sign * bps(reach(peak), bars.at(trap).close), 3);
}

INSTANTIATE_TEST_SUITE_P(Sides, Fractal, testing::Values("up", "down"));
