#include "strategies/analysis/trap_verdict.hpp"
#include "strategies/analysis/underlying.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <optional>
#include <random>
#include <string_view>

using namespace std::chrono_literals;
using core::InstrumentId;
using core::Nanoseconds;
using pipeline::Expect;
using pipeline::TrapKind;
using strategies::TrapScore;

namespace {

core::Instrument named(std::string_view symbol, core::Venue venue = core::Venue::binance) {
    core::Instrument instrument;
    instrument.venue = venue;
    instrument.symbol = symbol;
    return instrument;
}

/// Several instruments in front of one TrapOutcomes.
struct Tapes {
    core::InstrumentTable instruments;
    pipeline::TrapSettings settings;
    std::optional<strategies::TrapOutcomes> outcomes;
    Nanoseconds start{std::chrono::hours{480'000}};

    explicit Tapes(std::initializer_list<core::Instrument> all) {
        for (const auto& instrument : all) instruments.add(instrument);
        outcomes.emplace(settings, instruments);
    }
    void give(std::uint16_t instrument, Nanoseconds after, core::TickKind kind, std::int64_t price = 0,
              std::optional<Expect> expect = {}, bool gap = false) {
        core::Tick tick;
        tick.kind = kind;
        tick.instrument = InstrumentId{instrument};
        tick.venue_time = tick.receive_time = start + after;
        if (kind == core::TickKind::trade) tick.trade = {{price}, {1}, 0};
        if (kind == core::TickKind::session) tick.code = static_cast<std::uint16_t>(core::Session::gap);
        pipeline::Market market;
        market.time = tick.venue_time;
        market.gap = gap;
        pipeline::Traps traps;
        traps.threshold_bps = 30;
        if (expect) {
            auto& event = traps.events[traps.count++];
            event.time = market.time;
            event.price = static_cast<double>(price);
            event.confidence = .6;
            event.threshold_bps = 30;
            event.kind = TrapKind::liquidity_grab;
            event.expect = *expect;
            event.instrument = tick.instrument;
            event.evidence.fill(core::unknown);
        }
        outcomes->on(tick, market, {}, traps);
    }
    void trade(std::uint16_t instrument, Nanoseconds after, std::int64_t price, std::optional<Expect> expect = {}) {
        give(instrument, after, core::TickKind::trade, price, expect);
    }
    void quote(std::uint16_t instrument, Nanoseconds after, std::optional<Expect> expect = {}) {
        give(instrument, after, core::TickKind::quote, 60'000, expect);
    }
    [[nodiscard]] TrapScore together() const {
        return strategies::score_kinds(*outcomes)[static_cast<std::size_t>(TrapKind::liquidity_grab)];
    }
};

/// Forty windows of 120 s that fall, rise or stay as a generator says, with an event in every second: the same on every
/// instrument, each a few milliseconds after the one before it.
void one_market(Tapes& tapes) {
    std::minstd_rand random{7};
    const auto all = static_cast<std::uint16_t>(tapes.instruments.size());
    const auto each = [&](auto&& what) {
        for (std::uint16_t i = 0; i < all; ++i) what(i, i * 3ms);
    };
    for (int window = 0; window < 40; ++window) {
        const auto at = window * 120s;
        const auto way = static_cast<std::int64_t>(random() % 3) - 1;
        each([&](auto i, auto lag) { tapes.trade(i, at + lag, 60'000); });
        each([&](auto i, auto lag) {
            tapes.trade(i, at + 1s + lag, 60'000, window % 2 == 0 ? std::optional{Expect::down} : std::nullopt);
        });
        each([&](auto i, auto lag) { tapes.trade(i, at + 30s + lag, 60'000 + way * 120); });
        each([&](auto i, auto lag) { tapes.trade(i, at + 31s + lag, 60'000); });
    }
    each([&](auto i, auto lag) { tapes.quote(i, 40 * 120s + 200s + lag); });
    tapes.outcomes->finish();
}

}  // namespace

TEST(UnderlyingOf, IsTheSameForWhatMovesAsOne) {
    for (const auto* symbol : {"BTCUSDT", "BTC-USDT", "BTC-USDT-SWAP", "BTCUSD_PERP", "BTCUSDT_240329", "BTC-USD",
                               "BTCUSDT_UMCBL", "XBT/CHF", "btcfdusd", "BTCPYUSD"}) {
        SCOPED_TRACE(symbol);
        EXPECT_EQ(strategies::underlying_of(named(symbol)), "BTC");
    }
    EXPECT_EQ(strategies::underlying_of(named("ETHBTC")), "ETHBTC") << "moves by itself";
    EXPECT_EQ(strategies::underlying_of(named("USDT")), "USDT");
    EXPECT_EQ(strategies::underlying_of(named("TRADE2024")), "TRADE2024");
    EXPECT_NE(strategies::underlying_of(named("1000PEPEUSDT")), strategies::underlying_of(named("PEPEUSDT")));
}

TEST(ScoreKinds, CountsOneMoveOfTheMarketOnceHoweverManyInstrumentsShowIt) {
    Tapes one{named("BTCUSDT")};
    Tapes three{named("BTCUSDT"), named("BTC-USDT", core::Venue::okx), named("BTCUSD_PERP")};
    one_market(one);
    one_market(three);

    const auto alone = one.together(), copied = three.together();
    EXPECT_EQ(alone.share.n, 20U);
    EXPECT_EQ(copied.events, 60U);
    EXPECT_EQ(copied.share.n, alone.share.n);
    EXPECT_EQ(copied.share.hits, alone.share.hits);
    EXPECT_EQ(copied.against, alone.against);
    EXPECT_EQ(copied.overlapping, 40U);
    EXPECT_EQ(copied.events, copied.share.n + copied.unresolved + copied.overlapping);
    EXPECT_NEAR(copied.base_rate, alone.base_rate, 1e-12);
    EXPECT_NEAR(copied.controls, alone.controls, 1e-9);
    EXPECT_NEAR(copied.lift.bounds.low, alone.lift.bounds.low, 1e-9);
    EXPECT_NEAR(copied.lift.bounds.high, alone.lift.bounds.high, 1e-9);

    for (const auto& row : strategies::score_instruments(*three.outcomes))
        EXPECT_EQ(row.share.n, 20U) << "each instrument speaks for itself";
}

/// The first of a move comes now from one instrument, now from the other: base and certainty are still one market's.
TEST(ScoreKinds, AnswersEachControlTimeOnceWhoeverSawTheMoveFirst) {
    Tapes tapes{named("BTCUSDT"), named("BTC-USDT", core::Venue::okx)};
    for (int window = 0; window < 40; ++window) {
        const auto at = window * 120s;
        for (std::uint16_t i = 0; i < 2; ++i) tapes.trade(i, at, 60'000);
        const auto first = static_cast<std::uint16_t>(window % 2), second = static_cast<std::uint16_t>(1 - first);
        tapes.trade(first, at + 1s, 60'000, Expect::down);
        tapes.trade(second, at + 2s, 60'000, Expect::down);
        for (std::uint16_t i = 0; i < 2; ++i) tapes.trade(i, at + 30s, window % 4 < 2 ? 59'880 : 60'000);
        for (std::uint16_t i = 0; i < 2; ++i) tapes.trade(i, at + 31s, 60'000);
    }
    for (std::uint16_t i = 0; i < 2; ++i) tapes.quote(i, 40 * 120s + 200s);
    tapes.outcomes->finish();

    const auto score = tapes.together();
    EXPECT_EQ(score.share.n, 40U);
    EXPECT_EQ(score.share.hits, 20U);
    const auto controls = tapes.outcomes->controls(InstrumentId{0}, {.5, 120s}).n();
    EXPECT_NEAR(score.controls, static_cast<double>(controls), 1e-9);
}

TEST(ScoreKinds, TakesOtherUnderlyingsForThemselves) {
    Tapes tapes{named("BTCUSDT"), named("ETHUSDT")};
    one_market(tapes);
    EXPECT_EQ(tapes.together().share.n, 40U);
}

TEST(TrapOutcomes, KeepEveryEventOfAnInstrumentWithoutTradesUnresolved) {
    Tapes tapes{named("BTCUSDT"), named("BTC-USDT", core::Venue::okx)};
    for (int i = 0; i < 5; ++i) tapes.quote(1, i * 300s, Expect::down);
    tapes.give(1, 1500s, core::TickKind::session, 60'000, Expect::up, true);
    tapes.quote(0, 1600s, Expect::down);  // before its first trade
    tapes.trade(0, 1601s, 60'000, Expect::down);
    tapes.trade(0, 1640s, 59'000);
    tapes.trade(0, 1640s + 200s, 59'000);
    tapes.outcomes->finish();

    ASSERT_EQ(tapes.outcomes->events().size(), 8U);
    const auto score = tapes.together();
    EXPECT_EQ(score.events, 8U);
    EXPECT_EQ(score.unresolved, 7U);
    EXPECT_EQ(score.share.n, 1U) << "what nobody could judge hides nothing";
    EXPECT_EQ(score.events, score.share.n + score.unresolved + score.overlapping);
}

TEST(TrapOutcomes, KeepWhatIsRaisedBetweenCandlesUnresolved) {
    Tapes tapes{named("BTCUSDT")};
    const auto candle = [&](Nanoseconds after, bool closed, std::uint32_t interval_s, std::optional<Expect> expect) {
        core::Tick tick;
        tick.kind = core::TickKind::bar;
        tick.instrument = InstrumentId{0};
        tick.venue_time = tick.receive_time = tapes.start + after;
        tick.flags = closed ? core::tick_flag::closed : 0;
        tick.bar = {{60'000}, {1}, 0, 1, 0, interval_s};
        pipeline::Market market;
        market.time = tapes.start + after + 60s;
        pipeline::Traps traps;
        traps.threshold_bps = 30;
        if (expect) {
            traps.events[0].time = market.time;
            traps.events[0].price = 60'000;
            traps.events[0].instrument = tick.instrument;
            traps.events[0].threshold_bps = 30;
            traps.events[0].kind = TrapKind::liquidity_grab;
            traps.events[0].expect = *expect;
            traps.count = 1;
        }
        tapes.outcomes->on(tick, market, {}, traps);
    };
    candle(0s, false, 60, Expect::up);    // nothing is followed yet
    candle(0s, true, 60, Expect::inert);  // followed from here on
    tapes.quote(0, 61s, Expect::up);      // inside a candle
    candle(0s, true, 300, Expect::up);    // a wider one beside
    for (int i = 1; i < 10; ++i) candle(i * 60s, true, 60, {});
    tapes.outcomes->finish();

    const auto score = tapes.together();
    EXPECT_EQ(score.events, 4U);
    EXPECT_EQ(score.unresolved, 3U);
    EXPECT_EQ(score.share.n, 1U);
    EXPECT_EQ(score.share.hits, 1U);
}

namespace {

void candle(Tapes& tapes, Nanoseconds start, std::int64_t low, std::uint32_t range, std::uint32_t close,
            std::optional<Expect> expect = {}, TrapKind kind = TrapKind::liquidity_grab) {
    core::Tick tick;
    tick.kind = core::TickKind::bar;
    tick.instrument = InstrumentId{0};
    tick.venue_time = tapes.start + start;
    tick.receive_time = tick.venue_time + 300s;
    tick.flags = core::tick_flag::closed;
    tick.bar = {{low}, {1}, 0, range, close, 300};
    pipeline::Market market;
    market.time = tick.receive_time;
    pipeline::Traps traps;
    traps.threshold_bps = 30;
    if (expect) {
        traps.events[0].time = tick.venue_time;
        traps.events[0].price = 60'000;
        traps.events[0].instrument = tick.instrument;
        traps.events[0].threshold_bps = 30;
        traps.events[0].kind = kind;
        traps.events[0].expect = *expect;
        traps.events[0].evidence.fill(core::unknown);
        traps.count = 1;
    }
    tapes.outcomes->on(tick, market, {}, traps);
}

}  // namespace

/// Five-minute candles that each move 50 bps: what is asked of less than a candle nobody can say, and what is asked of
/// whole ones begins where a candle does.
TEST(TrapOutcomes, AskNothingOfACandleThatItCannotTell) {
    Tapes tapes{named("BTCUSDT")};
    const auto kind = TrapKind::liquidity_grab, slow = TrapKind::stop_hunt_up;
    const auto brief = tapes.settings.of(kind), whole = tapes.settings.of(slow);
    ASSERT_EQ(brief.outcome_s, 120);
    ASSERT_EQ(whole.outcome_s, 300);
    for (int i = 0; i < 40; ++i)
        candle(tapes, i * 300s, 60'000, 300, 150, i == 10 || i == 20 ? std::optional{Expect::burst} : std::nullopt,
               i == 10 ? kind : slow);
    tapes.outcomes->finish();

    EXPECT_EQ(tapes.outcomes->controls(InstrumentId{0}, {brief.outcome_x, 120s}).n(), 0U);
    const auto controls = tapes.outcomes->controls(InstrumentId{0}, {whole.outcome_x, 300s});
    EXPECT_EQ(controls.n(), 39U) << "one for each candle after the first";
    EXPECT_EQ(controls.touches[static_cast<std::size_t>(strategies::Touch::none)], 0U) << "every candle moved enough";
    const auto events = tapes.outcomes->events();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].outcome, strategies::Outcome::unresolved);
    EXPECT_EQ(events[1].outcome, strategies::Outcome::hit);
}
