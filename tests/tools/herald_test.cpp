#include "tools/omega/herald.hpp"

#include <gmock/gmock.h>

#include <set>
#include <string>

namespace {

core::InstrumentTable on_venues(std::initializer_list<core::Venue> venues) {
    core::InstrumentTable table;
    for (const auto venue : venues) {
        core::Instrument instrument;
        instrument.venue = venue;
        instrument.market = core::Market::linear;
        instrument.symbol = "BTCUSDT";
        instrument.price_decimals = 1;
        table.add(instrument);
    }
    return table;
}

omega::Glimpse priced(std::uint16_t id, std::int64_t bid, bool valid = true) {
    omega::Glimpse glimpse;
    glimpse.instrument = core::InstrumentId{id};
    glimpse.market.bid = {bid};
    glimpse.market.ask = {bid + 1};
    glimpse.market.valid = valid;
    return glimpse;
}

}  // namespace

TEST(Herald, ShowsEveryInstrumentByItsWholeNameInOneOrder) {
    const auto table = on_venues({core::Venue::binance, core::Venue::bybit, core::Venue::okx});
    omega::Glimpses seen;
    seen[2] = priced(2, 618'030);
    seen[0] = priced(0, 618'000);
    seen[1] = priced(1, 618'010, false);
    const std::string text =
        "  binance.linear.BTCUSDT 61800/61800.1  bybit.linear.BTCUSDT ?/?  okx.linear.BTCUSDT 61803/61803.1";
    for (const std::uint64_t turn : {0u, 1u, 7u}) EXPECT_EQ(omega::price_text(seen, table, turn), text) << turn;
    EXPECT_EQ(omega::price_text({}, table, 3), "");
}

TEST(Herald, TurnsThePagesWhereTheyDoNotAllFit) {
    using core::Venue;
    const auto table = on_venues({Venue::binance, Venue::bitget, Venue::bybit, Venue::okx, Venue::kraken});
    omega::Glimpses seen;
    for (std::uint16_t id = 0; id < 5; ++id) seen[id] = priced(id, 618'000 + id);
    EXPECT_THAT(omega::price_text(seen, table, 4), testing::StartsWith("  1-3 of 5:  binance.linear.BTCUSDT "));
    const auto next = omega::price_text(seen, table, 5);
    EXPECT_THAT(next, testing::StartsWith("  4-5 of 5:  okx.linear.BTCUSDT 61800.3/61800.4  kraken.linear.BTCUSDT "));
}

TEST(Herald, PagesShowEachInstrumentOnceARound) {
    for (std::size_t instruments = 0; instruments < 70; ++instruments)
        for (const std::size_t most : {1u, 3u, 16u}) {
            const auto pages = std::max<std::size_t>(1, (instruments + most - 1) / most);
            std::multiset<std::size_t> shown;
            for (std::uint64_t turn = 9 * pages; turn < 10 * pages; ++turn) {
                const auto page = omega::page_of(instruments, most, turn);
                EXPECT_LE(page.count, most);
                EXPECT_EQ(page.of, instruments);
                for (std::size_t i = 0; i < page.count; ++i) shown.insert(page.first + i);
            }
            EXPECT_EQ(shown.size(), instruments);
            EXPECT_EQ(std::set<std::size_t>(shown.begin(), shown.end()).size(), instruments) << "none twice";
        }
}
