#include "tests/feeds/synthetic/read.hpp"
#include "tests/feeds/synthetic/tape.hpp"

#include <string>

using namespace feeds;
using namespace feeds::synthetic;
using namespace std::chrono_literals;
using core::Venue;
using test::bps;

namespace {

Settings three_venues() {
    Settings settings{.duration = 3min, .events_per_s = 30, .volatility = 0.3, .traps_per_h = 0};
    settings.instruments = on_venues(InstrumentSettings{}, {Venue::bybit, Venue::okx});
    return settings;
}

}  // namespace

TEST(SyntheticVenues, AreReadByTheirOwnCodecs) {
    const auto tapes = test::tapes_of(three_venues());

    EXPECT_EQ(tapes.faulted, 0U);
    EXPECT_EQ(tapes.sequence_breaks, 0U);
    for (const auto& tape : tapes.of) {
        EXPECT_GT(tape.trades.size(), 500U);
        EXPECT_GT(tape.quotes.size(), 3'000U);
    }
    for (const std::size_t with_book : {0U, 1U}) EXPECT_GT(tapes.of[with_book].changes.size(), 5'000U);
    EXPECT_TRUE(tapes.of[2].changes.empty()) << "OKX sends quotes and trades only";
}

TEST(SyntheticVenues, ShowOnBybitTheBookWhoseTopIsQuoted) {
    Market market{three_venues()};
    core::InstrumentTable table;
    for (const auto& instrument : market.instruments()) table.add(instrument);
    AnyFeed feed{Venue::bybit, table};
    Frame frame;
    test::Tape tape;
    int compared = 0;
    while (market.next(frame)) {
        if (frame.venue != Venue::bybit) continue;
        ASSERT_EQ(frame.origin, FrameOrigin::socket) << "its snapshots come in the stream";
        feed.on_frame(frame, [&](const core::Tick& tick) { tape.read(tick); });
        if (!test::is(frame, "orderbook.500") || tape.quotes.empty()) continue;
        ++compared;
        ASSERT_EQ(tape.bids.begin()->first, tape.quotes.back().bid);
        ASSERT_EQ(tape.bids.begin()->second, tape.quotes.back().bid_quantity);
        ASSERT_EQ(tape.asks.begin()->first, tape.quotes.back().ask);
        ASSERT_EQ(tape.asks.begin()->second, tape.quotes.back().ask_quantity);
    }
    EXPECT_GT(compared, 2'000);
}

TEST(SyntheticVenues, HealAfterAGapOnBybit) {
    auto settings = three_venues();
    settings.faults = {{30s, Fault::gap, 1}};
    Market market{settings};
    core::InstrumentTable table;
    for (const auto& instrument : market.instruments()) table.add(instrument);
    AnyFeed feed{Venue::bybit, table};
    Frame frame;
    int healed = 0;
    while (market.next(frame))
        if (frame.venue == Venue::bybit)
            feed.on_frame(frame, [&](const core::Tick& tick) {
                healed += tick.is(core::TickKind::session) &&
                          tick.code == static_cast<std::uint16_t>(core::Session::resynchronised);
            });

    EXPECT_EQ(feed.stats().faulted(), 0U);
    EXPECT_EQ(feed.stats().sequence_breaks, 1U);
    EXPECT_EQ(healed, 1);
}

TEST(SyntheticVenues, StandApartByTheirBasisAndLittleElse) {
    const auto settings = three_venues();
    const auto tapes = test::tapes_of(settings);

    for (const std::size_t other : {1U, 2U}) {
        double sum = 0, furthest = 0;
        int samples = 0;
        for (auto time = settings.start + 10s; time < settings.start + settings.duration; time += 1s) {
            const double gap = bps(tapes.of[other].mid_at(time), tapes.of[0].mid_at(time));
            sum += gap;
            furthest = std::max(furthest, std::fabs(gap - settings.instruments[other].basis_bps));
            ++samples;
        }
        EXPECT_NEAR(sum / samples, settings.instruments[other].basis_bps, 1);
        EXPECT_LT(furthest, 6);
    }
}

TEST(SyntheticVenues, DivergeWhereItWasPlanted) {
    for (const std::size_t away : {0U, 1U, 2U}) {
        auto settings = three_venues();
        settings.traps = {{60s, "cross_venue_divergence", "down", away}};
        const auto tapes = test::tapes_of(settings);

        ASSERT_EQ(tapes.truth.size(), 1U);
        const Truth& truth = tapes.truth[0];
        EXPECT_EQ(truth.instrument, away);
        for (std::size_t other = 0; other < 3; ++other) {
            if (other == away) continue;
            const auto gap = [&](core::Nanoseconds time) {
                return bps(tapes.of[away].mid_at(time), tapes.of[other].mid_at(time));
            };
            const double usual = gap(truth.start);
            EXPECT_GT(gap(truth.time) - usual, 25);
            EXPECT_GT(gap(truth.time - 500ms) - usual, 25);
            EXPECT_NEAR(gap(truth.start + 20s), usual, 6);
        }
    }
}

TEST(SyntheticVenues, FollowEveryOtherTrapOfTheirLeader) {
    auto settings = three_venues();
    settings.traps = {{60s, "liquidity_grab", "down"}};
    const auto tapes = test::tapes_of(settings);

    ASSERT_EQ(tapes.truth.size(), 1U);
    const auto extreme = tapes.truth[0].time;
    for (const auto& tape : tapes.of) EXPECT_GT(bps(tape.mid_at(extreme + 1s), tape.mid_at(tapes.truth[0].start)), 30);
}

TEST(SyntheticVenues, LeaveTheLeaderAsItIsAlone) {
    const auto frames = [](const Settings& settings) {
        Market market{settings};
        std::vector<std::string> all;
        for (Frame frame; market.next(frame);)
            if (frame.venue == Venue::binance) all.emplace_back(frame.bytes);
        return all;
    };
    auto alone = three_venues();
    alone.instruments.resize(1);
    EXPECT_EQ(frames(three_venues()), frames(alone));
}

TEST(SyntheticVenues, RefuseWhatCannotBe) {
    auto missing = three_venues();
    missing.instruments[1].follows = 7;
    EXPECT_THROW(Market{missing}, std::invalid_argument);
    auto lone = three_venues();
    lone.instruments.resize(1);
    lone.traps = {{1s, "cross_venue_divergence"}};
    EXPECT_THROW(Market{lone}, std::invalid_argument);
    auto silent = three_venues();
    silent.instruments[1].venue = Venue::kraken;
    EXPECT_THROW(Market{silent}, std::invalid_argument);
    EXPECT_THROW(on_venues(InstrumentSettings{}, {Venue::kraken}), std::invalid_argument);
    EXPECT_THROW((Market{{.wildness = 2}}), std::invalid_argument);
    EXPECT_THROW((Market{{.kinds = {"no_such_trap"}}}), std::invalid_argument);
}

TEST(SyntheticKinds, AreThoseAskedFor) {
    Market market{{.duration = 4h, .events_per_s = 5, .traps_per_h = 60, .kinds = {"spoofing", "flash_pump"}}};
    for (Frame frame; market.next(frame);) {
    }
    EXPECT_GT(market.truth().size(), 20U);
    for (const auto& truth : market.truth()) EXPECT_TRUE(truth.kind == "spoofing" || truth.kind == "flash_pump");
}
