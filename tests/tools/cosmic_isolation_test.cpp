#include "feeds/binance/feed.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/tools/session.hpp"
#include "tools/omega/engine/engine.hpp"

#include <cstring>
#include <utility>
#include <vector>

using namespace std::chrono_literals;

// Cosmic off means absent: the decisions of a chain without the stage, bit for bit.
namespace {

/// In the place of the cosmic stage: writes what a slot without one would hold.
struct NoCosmicStage {
    void on(const core::Tick&, const pipeline::Market&, pipeline::Weights& weights) noexcept { weights = {}; }
};

/// The wiring's chain with another stage in the cosmic one's place.
struct ChainWithoutCosmic {
    omega::Wiring& wiring;
    NoCosmicStage none{};
    using Chain = pipeline::Chain<pipeline::BookStage, pipeline::BarStage, pipeline::IndicatorStage,
                                  pipeline::FibonacciStage, pipeline::TrapStage, pipeline::TrendStage,
                                  pipeline::AiStage, NoCosmicStage, strategies::BotStage, strategies::RiskStage>;
    Chain chain{wiring.book, wiring.bars, wiring.indicators, wiring.fibonacci, wiring.traps, wiring.trends,
                wiring.ai,   none,        wiring.bots,       wiring.risk};
};

omega::Settings short_settings() {
    return omega::effective(omega::short_profile());
}

/// What came of some market: digest of decisions and orders, and how much there was of it.
struct Concluded {
    std::string digest;
    std::uint64_t decisions{}, orders{}, conditions{};
};

template <class Chain>
Concluded conclude(Chain& chain, const omega::Settings& settings, const core::InstrumentTable& known,
                   feeds::synthetic::Market& market, std::size_t frames) {
    omega::LatencyBook latency{omega::Wiring::stage_names()};
    omega::DispatchRing orders{1024};
    omega::Observer observer{orders, latency, 1, nullptr, nullptr};
    omega::ConditionSource conditions{settings.cosmic, settings.conditions};
    gateways::paper::Venue venue{settings.paper, known};
    gateways::binance::OrderEncoder encoder{known, core::Signer{core::Secret{std::string{"secret"}}}};
    omega::OrderDesk desk{orders, encoder, nullptr, latency, 1};
    auto table = known;
    feeds::binance::Feed feed{table};
    feeds::Frame frame;
    pipeline::Fused topology{chain, observer, nullptr};
    omega::PaperSession session{topology, venue, desk};
    core::Nanoseconds last{};
    for (std::size_t i = 0; i < frames && market.next(frame); ++i) {
        last = frame.receive_time;
        feed.on_frame(frame, [&](const core::Tick& tick) {
            conditions.before(tick, [&](const core::Tick& condition) { session.on_tick(condition, {}); });
            session.on_tick(tick, {});
        });
    }
    session.finish(last);
    const auto& counts = observer.counts();
    return {.digest = observer.digest().hex() + desk.digest().hex(),
            .decisions = counts.decisions,
            .orders = counts.orders,
            .conditions = counts.kinds[static_cast<std::size_t>(core::TickKind::condition)]};
}

Concluded with_stage(omega::Settings settings) {
    feeds::synthetic::Market market{test::lively()};
    core::InstrumentTable known;
    for (const auto& instrument : market.instruments()) known.add(instrument);
    omega::Wiring wiring{settings, known};
    return conclude(wiring.chain, settings, known, market, test::traded_frames);
}

Concluded without_stage() {
    auto settings = short_settings();
    feeds::synthetic::Market market{test::lively()};
    core::InstrumentTable known;
    for (const auto& instrument : market.instruments()) known.add(instrument);
    omega::Wiring wiring{settings, known};
    ChainWithoutCosmic absent{wiring};
    return conclude(absent.chain, settings, known, market, test::traded_frames);
}

}  // namespace

TEST(CosmicIsolation, SwitchedOffTheDecisionsAreThoseOfAChainWithoutTheStage) {
    const auto absent = without_stage();
    ASSERT_GT(absent.decisions, 0U);
    ASSERT_GT(absent.orders, 0U);

    auto master_off = short_settings();
    for (auto& factor : master_off.cosmic.factors) factor = {true, 1};
    auto no_factor = short_settings();
    no_factor.cosmic.enabled = true;
    for (auto& factor : no_factor.cosmic.factors) factor.enabled = false;
    auto no_weight = short_settings();
    no_weight.cosmic.enabled = true;
    for (auto& factor : no_weight.cosmic.factors) factor = {true, 0};
    auto no_use = short_settings();
    no_use.cosmic.enabled = true;
    no_use.cosmic.apply = {false, false, false, false, false, false, false};

    const std::vector<std::pair<const char*, omega::Settings>> cases{
        {"master off", master_off}, {"no factor on", no_factor}, {"no weight", no_weight}, {"all apply off", no_use}};
    for (const auto& [name, settings] : cases) {
        SCOPED_TRACE(name);
        const auto off = with_stage(settings);
        EXPECT_EQ(off.digest, absent.digest);
        EXPECT_EQ(off.conditions, 0U) << "nothing is computed";
    }
}

TEST(CosmicIsolation, SwitchedOnItIsFelt) {
    auto on = short_settings();
    on.cosmic.enabled = true;
    const auto felt = with_stage(on);
    EXPECT_GT(felt.conditions, 0U);
    EXPECT_NE(felt.digest, without_stage().digest);
    EXPECT_EQ(with_stage(on).digest, felt.digest) << "and the same again";
}

TEST(CosmicIsolation, WhatTheEmotionalOverlayMaySeeChangesNoDecisionByItself) {
    auto settings = short_settings();
    settings.cosmic.enabled = true;
    settings.cosmic.apply = {.position_size = false,
                             .entry_threshold = false,
                             .exit_impulse = false,
                             .risk_appetite = true,
                             .confidence = true,
                             .emotional_intensity = true,
                             .insight_level = true};
    feeds::synthetic::Market market{test::lively()};
    core::InstrumentTable known;
    for (const auto& instrument : market.instruments()) known.add(instrument);
    pipeline::CosmicStage stage{settings.cosmic, known};
    pipeline::Weights weights;
    core::Tick tick;
    stage.on(tick, {}, weights);
    EXPECT_FALSE(weights.applies);
}

TEST(ConditionSource, GivesTheSameTicksWhetherTheyWerePreparedOrNot) {
    pipeline::CosmicSettings settings;
    settings.enabled = true;
    settings.factor(pipeline::Factor::mercury_retrograde) = {true, 1};
    omega::ConditionSource by_itself{settings, {}}, ahead{settings, {}};
    ahead.start();
    core::Tick tick;
    tick.instrument = core::InstrumentId{0};
    for (int bucket = 0; bucket < 40; ++bucket) {
        if (bucket == 20) tick.venue_time += 600s;  // a jump: what was prepared is of another bucket
        std::vector<core::Tick> one, other;
        by_itself.before(tick, [&](const core::Tick& t) { one.push_back(t); });
        ahead.before(tick, [&](const core::Tick& t) { other.push_back(t); });
        ASSERT_EQ(one.size(), 7U);
        ASSERT_EQ(other.size(), one.size());
        for (std::size_t i = 0; i < one.size(); ++i)
            EXPECT_EQ(std::memcmp(&one[i].condition, &other[i].condition, sizeof one[i].condition), 0) << bucket;
        std::size_t again = 0;
        ahead.before(tick, [&](const core::Tick&) { ++again; });
        EXPECT_EQ(again, 0U) << "once a bucket";
        tick.venue_time += 60s;
    }
}

TEST(ConditionSource, KnowsTheConfiguredFilesFromTheBeginning) {
    test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "fng.json", R"({"data":[{"value":"9","timestamp":"86400"}]})");
    pipeline::CosmicSettings settings;
    settings.enabled = true;
    omega::ConditionSource source{settings, {.sentiment = {.file = file.string()}, .schumann = {}, .ca_file = {}}};
    const auto sentiment = [&](core::Nanoseconds time) {
        core::Tick tick;
        tick.venue_time = time;
        double found = -1;
        source.before(tick, [&](const core::Tick& t) {
            if (t.code == static_cast<std::uint16_t>(core::Condition::sentiment)) found = t.condition.value;
        });
        return found;
    };
    EXPECT_FALSE(core::known(sentiment(86340s))) << "not known yet that day";
    EXPECT_EQ(sentiment(86400s), 9);
    EXPECT_EQ(sentiment(86400s + 36h), 9);
    EXPECT_FALSE(core::known(sentiment(86400s + 36h + 60s))) << "too old";
}

TEST(ConditionSource, GoesOnAfterAStampFromTheFuture) {
    pipeline::CosmicSettings settings;
    settings.enabled = true;
    omega::ConditionSource source{settings, {}};
    const auto buckets = [&](core::Nanoseconds stamp, core::Nanoseconds received) {
        core::Tick tick;
        tick.venue_time = stamp;
        tick.receive_time = received;
        std::vector<core::Nanoseconds> starts;
        source.before(tick, [&](const core::Tick& t) { starts.push_back(t.venue_time); });
        return starts.empty() ? core::Nanoseconds{-1} : starts.back();
    };
    constexpr core::Nanoseconds now = 1741935300s;
    EXPECT_EQ(buckets(now, now), now);
    EXPECT_EQ(buckets(core::Nanoseconds::max(), now + 60s), now + 60s);
    EXPECT_EQ(buckets(now + 120s, now + 120s), now + 120s);

    omega::ConditionSource blind{settings, {}};  // nothing is known of arrivals: the end of time is no bucket
    core::Tick tick;
    std::size_t count = 0;
    tick.venue_time = core::Nanoseconds::max();
    blind.before(tick, [&](const core::Tick&) { ++count; });
    EXPECT_EQ(count, 0U);
    tick.venue_time = now;
    blind.before(tick, [&](const core::Tick&) { ++count; });
    EXPECT_GT(count, 0U);
}

/// What a replay at any speed beside a process that writes the file must not do: use a value before its stamp.
TEST(ConditionSource, ReadsChangedFilesAgainAndUsesNothingBeforeItsStamp) {
    test::TemporaryFolder folder;
    const auto file = test::write_file(folder / "schumann.json", R"({"ts":60000,"modes":[{"n":1,"freq_hz":7.5}]})");
    pipeline::CosmicSettings settings;
    settings.enabled = true;
    settings.factor(pipeline::Factor::schumann_resonance) = {true, 1};
    omega::ConditionSource source{settings, {.sentiment = {}, .schumann = {.file = file.string()}, .ca_file = {}}};
    const auto hz = [&](core::Nanoseconds time) {
        core::Tick tick;
        tick.venue_time = time;
        double found = -1;
        source.before(tick, [&](const core::Tick& t) {
            if (t.code == static_cast<std::uint16_t>(core::Condition::schumann)) found = t.condition.value;
        });
        return found;
    };
    EXPECT_FALSE(core::known(hz(0s))) << "measured a minute later";
    EXPECT_EQ(hz(60s), 7.5);
    test::write_file(file, R"({"ts":300000,"modes":[{"n":1,"freq_hz":12.25}],"source":"again"})");
    EXPECT_EQ(hz(120s), 7.5) << "there already, but not yet measured";
    EXPECT_EQ(hz(240s), 7.5);
    EXPECT_EQ(hz(300s), 12.25);
    test::write_file(file, "no longer JSON");
    EXPECT_EQ(hz(360s), 12.25) << "the last good value stays";
}
