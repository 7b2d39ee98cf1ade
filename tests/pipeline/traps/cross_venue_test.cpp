#include "pipeline/traps/cross_venue.hpp"

#include "pipeline/traps/confidence.hpp"
#include "pipeline/traps/trap_stage.hpp"
#include "tests/pipeline/ticks.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <map>
#include <vector>

namespace pipeline::traps {
namespace {

using core::Venue;
using namespace std::chrono_literals;

core::Instrument instrument(Venue venue, core::Market market, const char* symbol) {
    return {.venue = venue, .market = market, .symbol = symbol, .price_decimals = 2, .quantity_decimals = 3};
}

TEST(Consensus, ReadsThePairOfEveryVenuesSymbol) {
    const std::pair<const char*, const char*> rows[] = {
        {"BTCUSDT", "BTCUSDT"},
        {"BTC-USDT", "BTCUSDT"},
        {"BTC-USDT-SWAP", "BTCUSDT"},
        {"XBT/USDT", "BTCUSDT"},
        {"BTCUSDT_UMCBL", "BTCUSDT"},
        {"BTCUSD_PERP", "BTCUSD"},
        {"BTC-USD-SWAP", "BTCUSD"},
        {"BTC-USD-220527", "BTCUSD220527"},
        {"BTCUSD_240927", "BTCUSD240927"},
        {"xdg/eur", "DOGEEUR"},
        {"ETHXBT", "ETHXBT"},
    };
    for (const auto& [symbol, pair] : rows)
        EXPECT_EQ(pair_of(instrument(Venue::okx, core::Market::spot, symbol)), pair) << symbol;
}

/// Instrument 0 is the one asked about.
struct Venues {
    explicit Venues(const std::vector<core::Instrument>& all) {
        for (const auto& one : all) table.add(one);
        consensus.emplace(table);
    }
    void say(std::uint16_t id, double mid, core::Nanoseconds time) {
        Market market;
        market.valid = core::known(mid);
        market.mid = mid;
        market.time = market.book_time = time;
        consensus->note(core::InstrumentId{id}, market);
    }
    [[nodiscard]] Others others(core::Nanoseconds time, std::uint16_t id = 0) const {
        return consensus->others(core::InstrumentId{id}, time);
    }
    core::InstrumentTable table;
    std::optional<Consensus> consensus;
};

TEST(Consensus, IsTheMedianOfTheSamePairElsewhere) {
    using enum core::Market;
    Venues venues{{instrument(Venue::binance, linear, "BTCUSDT"), instrument(Venue::okx, linear, "BTC-USDT-SWAP"),
                   instrument(Venue::bybit, linear, "BTCUSDT"), instrument(Venue::bitget, linear, "BTCUSDT_UMCBL"),
                   instrument(Venue::okx, spot, "BTC-USDT"), instrument(Venue::okx, linear, "ETH-USDT-SWAP"),
                   instrument(Venue::binance, spot, "BTCUSDT"), instrument(Venue::kraken, spot, "XBT/USD")}};
    EXPECT_EQ(venues.others(1s).venues, 0u);
    EXPECT_FALSE(core::known(venues.others(1s).mid));

    venues.say(0, 1, 1s);
    venues.say(1, 100, 1s);
    venues.say(2, 103, 2s);
    venues.say(4, 7, 2s);
    venues.say(5, 8, 2s);
    venues.say(6, 9, 2s);
    EXPECT_EQ(venues.others(2s).venues, 2u);
    EXPECT_DOUBLE_EQ(venues.others(2s).mid, 101.5);
    venues.say(3, 90, 2s);
    EXPECT_DOUBLE_EQ(venues.others(2s).mid, 100);

    EXPECT_EQ(venues.others(3s).venues, 3u);
    EXPECT_EQ(venues.others(3s + 1ns).venues, 2u) << "older than 2000 ms";
    EXPECT_EQ(venues.others(-1ns).venues, 1u) << "more than 2000 ms ahead";
    venues.say(3, core::unknown, 2s);
    EXPECT_EQ(venues.others(2s).venues, 2u);
    venues.consensus->forget(Venue::bybit);
    EXPECT_EQ(venues.others(2s).venues, 1u);
    EXPECT_EQ(venues.others(2s, 6).venues, 1u) << "spot looks at spot";
    EXPECT_EQ(venues.others(2s, 7).venues, 0u) << "dollars are not tethers";
}

TEST(Consensus, TakesAnotherKindOfMarketWhereThereIsNoOther) {
    using enum core::Market;
    Venues venues{{instrument(Venue::binance, linear, "BTCUSDT"), instrument(Venue::okx, spot, "BTC-USDT"),
                   instrument(Venue::binance, spot, "BTCUSDT")}};
    venues.say(1, 100, 1s);
    venues.say(2, 50, 1s);
    EXPECT_DOUBLE_EQ(venues.others(1s).mid, 100);
    EXPECT_DOUBLE_EQ(venues.others(1s, 2).mid, 100);
    EXPECT_DOUBLE_EQ(venues.others(1s, 1).mid, 50) << "spot first, one mid a venue";
}

/// Quotes of two venues through the whole stage.
class Pair {
public:
    Pair() {
        table_.add(instrument(Venue::binance, core::Market::linear, "BTCUSDT"));
        table_.add(instrument(Venue::okx, core::Market::linear, "BTC-USDT-SWAP"));
        settings.kinds[static_cast<std::size_t>(TrapKind::cross_venue_divergence)].cooldown_s = 0;
        settings.hf.min_traps = 100;  // else events would lower T
        stage_.emplace(settings, table_);
    }
    void quote(std::uint16_t id, core::Nanoseconds time, double mid) {
        auto tick = test::quote(time);
        tick.instrument = core::InstrumentId{id};
        Market market;
        market.valid = market.top_changed = true;
        market.time = market.book_time = time;
        market.mid = mid;
        stage_->on(tick, market, bars_, levels_, traps_);
        found.insert(found.end(), traps_.events.begin(), traps_.events.begin() + traps_.count);
    }
    /// Both venues agree, but for a standing basis, a quote a second in (from, to].
    void agree(core::Nanoseconds from, core::Nanoseconds to, double basis = 0) {
        for (auto t = from + 1s; t <= to; t += 1s) {
            quote(1, t, 60'000);
            quote(0, t, 60'000 + basis);
        }
    }
    [[nodiscard]] std::uint64_t unknown(Measure measure) const {
        return stage_->counters().unknown[static_cast<std::size_t>(measure)];
    }
    TrapSettings settings;
    std::vector<TrapEvent> found;

private:
    core::InstrumentTable table_;
    std::optional<TrapStage> stage_;
    Bars bars_;
    Levels levels_;
    Traps traps_;
};

TEST(CrossVenue, SeesAGapThatHolds) {
    Pair pair;
    pair.agree(0s, 400s);

    pair.quote(0, 400s, 60'240);
    pair.quote(0, 400s + 249ms, 60'240);
    EXPECT_TRUE(pair.found.empty());
    pair.quote(0, 400s + 250ms, 60'240);

    ASSERT_EQ(pair.found.size(), 1u);
    const TrapEvent& event = pair.found[0];
    EXPECT_EQ(event.kind, TrapKind::cross_venue_divergence);
    EXPECT_EQ(event.expect, Expect::down);
    EXPECT_EQ(event.instrument, core::InstrumentId{0});
    // Its mean has followed for a quarter of a second.
    const double mean = 40 * (1 - std::exp2(-.249 / 300)), gap = 40 - mean;
    EXPECT_NEAR(event.evidence[0], gap, 1e-9);
    EXPECT_NEAR(event.evidence[1], mean, 1e-9);
    EXPECT_NEAR(event.evidence[2], 250, 1e-9);
    EXPECT_EQ(event.evidence[3], 1);
    EXPECT_EQ(event.evidence[4], 60'000);
    EXPECT_NEAR(event.confidence, cross_venue_confidence(gap, 250, 1, 30), 1e-12);
    EXPECT_NEAR(event.impact, gap / 30, 1e-12);
}

TEST(CrossVenue, IsSilentWhenItMayNotSpeak) {
    Pair young;
    young.agree(0s, 299s);
    young.quote(0, 299s + 500ms, 60'300);
    young.quote(0, 300s + 500ms, 60'300);
    EXPECT_TRUE(young.found.empty()) << "the mean is not 300 s old";
    EXPECT_GT(young.unknown(Measure::gap_mean), 500u) << "of both";
    EXPECT_EQ(young.unknown(Measure::consensus), 1u) << "the first quote";

    Pair stale;
    stale.agree(0s, 400s);
    stale.quote(0, 402s + 1ms, 60'300);
    stale.quote(0, 403s, 60'300);
    EXPECT_TRUE(stale.found.empty()) << "a stale venue is unknown";
    EXPECT_EQ(stale.unknown(Measure::consensus), 3u) << "the first quote, and two of a venue whose peer fell silent";

    Pair restless;
    restless.agree(0s, 400s);
    for (int i = 0; i < 10; ++i) restless.quote(0, 400s + i * 200ms, i % 2 == 0 ? 60'300 : 60'000);
    EXPECT_TRUE(restless.found.empty()) << "the gap did not hold";
}

TEST(CrossVenue, AStandingBasisIsNoGap) {
    Pair pair;
    pair.agree(0s, 600s, 180);
    EXPECT_TRUE(pair.found.empty());
    pair.quote(0, 600s, 60'000);
    pair.quote(0, 601s, 60'000);
    ASSERT_EQ(pair.found.size(), 1u);
    EXPECT_EQ(pair.found[0].expect, Expect::up);
}

/// Every gap kept; mean, gate and hold from the whole history.
RC_GTEST_PROP(CrossVenue, AgreesWithASlowTwin, ()) {
    const auto plan = *rc::gen::container<std::vector<std::tuple<int, int, int>>>(
        300, rc::gen::tuple(rc::gen::inRange(0, 3), rc::gen::inRange(0, 2500), rc::gen::inRange(0, 40)));
    Pair pair;
    std::vector<std::pair<core::Nanoseconds, double>> raws;  // unknown where it broke
    std::size_t expected = 0;
    double other = core::unknown;
    core::Nanoseconds now{}, other_time{};
    for (const auto& [who, pause, where] : plan) {
        now += std::chrono::milliseconds{who == 0 ? pause : pause / 10};
        const double mid = 60'000 + 6 * (where < 25 ? where % 5 : where);
        if (who == 2) {
            pair.quote(1, now, mid);
            other = mid;
            other_time = now;
            continue;
        }
        pair.quote(0, now, mid);
        raws.emplace_back(now, now - other_time <= 2s ? core::bps(mid, other) : core::unknown);

        double mean = core::unknown, gap = core::unknown;
        core::Nanoseconds first{}, last{}, held{};
        int sign = 0;
        bool fires = false;
        for (const auto& [time, raw] : raws) {
            fires = false;
            if (!core::known(raw)) {
                sign = 0;
                continue;
            }
            if (!core::known(mean)) mean = raw, first = last = time;
            gap = raw - mean;
            mean += (1 - std::pow(.5, core::seconds(time - last) / 300)) * gap;
            last = time;
            const int now_sign = std::abs(gap) < 15 || time - first < 300s ? 0 : gap > 0 ? 1 : -1;
            if (now_sign != sign) held = time;
            sign = now_sign;
            fires = sign != 0 && time - held >= 250ms &&
                    cross_venue_confidence(gap, 1e3 * core::seconds(time - held), 1, 30) >= .3;
        }
        expected += fires;
        RC_ASSERT(pair.found.size() == expected);
        if (fires) RC_ASSERT(std::abs(pair.found.back().evidence[0] - gap) < 1e-6);
    }
    RC_CLASSIFY(expected > 0, "any");
}

}  // namespace
}  // namespace pipeline::traps
