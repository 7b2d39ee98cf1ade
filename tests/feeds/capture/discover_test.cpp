#include "feeds/capture/discover.hpp"

#include "feeds/any_feed.hpp"
#include "feeds/capture/known_instruments.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"

#include <gtest/gtest.h>

using core::Market;
using core::Venue;
using feeds::capture::describe;
using feeds::capture::discover;

namespace {

const core::Instrument& only(const core::InstrumentTable& table, std::size_t index = 0) {
    return table[core::InstrumentId{static_cast<std::uint16_t>(index)}];
}

}  // namespace

TEST(Discover, FindsTheDecimalsThatPricesReallyUse) {
    test::TemporaryFolder folder;
    const std::filesystem::path files[] = {test::write_file(
        folder / "a",
        "1.0: [1,[[\"42.99000\",\"10.50000000\",\"1618678145.9\",\"s\",\"l\",\"\"]],\"trade\",\"SC/EUR\"]\n"
        "2.0: [1,[[\"43.10000\",\"7.00000000\",\"1618678145.9\",\"s\",\"l\",\"\"]],\"trade\",\"SC/EUR\"]\n"
        "3.0: {\"nonsense\n"
        "4.0: [2,[[\"1000.00000\",\"0.12345678\",\"1618678145.9\",\"s\",\"l\",\"\"]],\"trade\",\"XBT/USD\"]\n")};

    const auto table = discover(Venue::kraken, files);

    ASSERT_EQ(table.size(), 2U);
    EXPECT_EQ(only(table).symbol, "SC/EUR");
    EXPECT_EQ(only(table).price_decimals, 2);
    EXPECT_EQ(only(table).quantity_decimals, 1);
    EXPECT_EQ(only(table, 1).price_decimals, 0);
    EXPECT_EQ(only(table, 1).quantity_decimals, 8);
}

TEST(Describe, OverlaysTheRulesOfTheMainPairs) {
    const auto spot = describe(Venue::binance, Market::spot, "BTCUSDT", 2, 5);
    EXPECT_EQ(spot.price_decimals, 2);
    EXPECT_EQ(spot.tick_size, core::Price{1});
    EXPECT_EQ(spot.min_notional, core::Notional{500'000'000});

    // Recorded in whole numbers only: the rules know better.
    const auto linear = describe(Venue::binance, Market::linear, "BTCUSDT", 0, 0);
    EXPECT_EQ(linear.price_decimals, 1);
    EXPECT_EQ(linear.quantity_decimals, 3);
    EXPECT_EQ(linear.min_notional, core::Notional{10'000'000'000});

    // Recorded finer than the rule's step: one unit is all that is known.
    const auto finer = describe(Venue::binance, Market::linear, "BTCUSDT", 2, 4);
    EXPECT_EQ(finer.price_decimals, 2);
    EXPECT_EQ(finer.tick_size, core::Price{1});

    const auto inverse = describe(Venue::binance, Market::inverse, "BTCUSD_240927", 1, 0);
    EXPECT_EQ(inverse.contract_value, core::Notional{10'000'000'000});
    EXPECT_EQ(describe(Venue::okx, Market::inverse, "UNI-USD-SWAP", 3, 0).contract_value,
              core::Notional{1'000'000'000});
}

TEST(Describe, EveryKnownPairHasExactRules) {
    for (const auto& known : feeds::capture::known_instruments()) {
        SCOPED_TRACE(known.symbol);
        const auto instrument = describe(known.venue, known.market, known.symbol, 0, 0);
        EXPECT_EQ(core::to_text(instrument.tick_size, instrument.price_decimals), known.tick_size);
        EXPECT_EQ(core::to_text(instrument.lot_size, instrument.quantity_decimals), known.lot_size);
        EXPECT_EQ(core::to_text(instrument.min_notional), known.min_notional);
        EXPECT_EQ(core::to_text(instrument.contract_value), known.contract_value);
    }
}

TEST(Discover, MakesEveryRecordingDecodeWithoutARefusal) {
    NEEDS_SHARED_DATA();
    struct Case {
        Venue venue;
        std::vector<const char*> files;
        std::size_t instruments;
    };
    const Case cases[] = {
        {Venue::binance, {"l2/hftbacktest/cm_btcusd_perp_20240808.gz"}, 1},
        {Venue::binance, {"ws/cryptofeed/BINANCE.ws.1.0.zst", "ws/cryptofeed/BINANCE.http.0.0.zst"}, 4},
        {Venue::binance, {"ws/cryptofeed/BINANCE_FUTURES.ws.1.0.zst", "ws/cryptofeed/BINANCE_FUTURES.http.0.0.zst"}, 4},
        {Venue::bitget, {"ws/cryptofeed/BITGET.ws.1.0.zst", "ws/cryptofeed/BITGET.0.zst"}, 8},
        {Venue::bybit, {"ws/cryptofeed/BYBIT.ws.25.0.zst", "ws/cryptofeed/BYBIT.0.zst"}, 8},
        {Venue::okx, {"ws/cryptofeed/OKX.ws.1.0.zst"}, 3},
        {Venue::coinbase, {"ws/cryptofeed/COINBASE.ws.28.0.zst", "ws/cryptofeed/COINBASE.0.zst"}, 4},
        {Venue::kraken,
         {"ws/cryptofeed/KRAKEN.ws.48.0.zst", "ws/cryptofeed/KRAKEN.ws.49.0.zst", "ws/cryptofeed/KRAKEN.ws.50.0.zst"},
         10},
    };
    for (const auto& [venue, names, instruments] : cases) {
        SCOPED_TRACE(names[0]);
        std::vector<std::filesystem::path> files;
        for (const auto* name : names) files.push_back(test::shared(name));
        auto table = discover(venue, files);
        EXPECT_EQ(table.size(), instruments);
        feeds::AnyFeed feed{venue, table};
        feeds::capture::MergedReader reader{files};
        std::uint64_t ticks = 0;

        for (feeds::Frame frame; reader.next(frame);) feed.on_frame(frame, [&](const core::Tick&) { ++ticks; });

        EXPECT_GT(ticks, 0U);
        const auto& stats = feed.stats();
        EXPECT_EQ(stats.faulted(), 0U) << core::name(stats.faults[0].fault.reason) << " "
                                       << stats.faults[0].fault.field;
        EXPECT_EQ(stats.sequence_breaks, 0U);
        EXPECT_EQ(stats.checksums.checked, stats.checksums.matched);
        EXPECT_EQ(stats.depth.dropped, 0U);
    }
}
