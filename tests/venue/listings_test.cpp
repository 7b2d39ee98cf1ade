// How many instruments a simulated venue lists, and what they look like.
#include "core/domain/wide.hpp"
#include "tests/venue/simulated.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <utility>

namespace listings {

using core::Venue;
using test::Json;
using venue::usual_listings;

namespace {

constexpr Venue dialects[]{Venue::binance, Venue::bitget, Venue::bybit, Venue::okx};

double in_quote(const core::Instrument& of, core::Price price) {
    return static_cast<double>(price.units) /
           static_cast<double>(core::pow10[static_cast<std::size_t>(of.price_decimals)]);
}

venue::SimulatorSettings hundred(Venue dialect) {
    venue::SimulatorSettings made;
    made.dialect = dialect;
    made.pairs = 100;
    made.start = std::chrono::hours{480'000};
    made.source.warm_up = std::chrono::seconds{3};
    made.source.events_per_s = 5;
    return made;
}

/// Where a venue tells what it lists, spot and linear; and what holds the list in the answer.
struct Told {
    Venue venue;
    const char* spot;
    const char* linear;
    const char* list;  // JSON pointer
};
constexpr Told told[]{
    {Venue::binance, "/api/v3/exchangeInfo", "/fapi/v1/exchangeInfo", "/symbols"},
    {Venue::bitget, "/api/v2/spot/public/symbols", "/api/v2/mix/market/contracts?productType=USDT-FUTURES", "/data"},
    {Venue::bybit, "/v5/market/instruments-info?category=spot", "/v5/market/instruments-info?category=linear",
     "/result/list"},
    {Venue::okx, "/api/v5/public/instruments?instType=SPOT", "/api/v5/public/instruments?instType=SWAP", "/data"}};

}  // namespace

TEST(Listings, TheFirstPairsStayWhatTheyAreHoweverManyFollow) {
    for (const auto dialect : dialects) {
        const auto few = usual_listings(dialect), many = usual_listings(dialect, 60);
        ASSERT_EQ(few.size(), 8U);
        ASSERT_EQ(many.size(), 120U);
        for (std::size_t i = 0; i < 4; ++i)
            for (const auto& [one, other] : {std::pair{few[i], many[i]}, std::pair{few[4 + i], many[60 + i]}}) {
                EXPECT_EQ(one.instrument.symbol, other.instrument.symbol);
                EXPECT_EQ(one.instrument.tick_size, other.instrument.tick_size);
                EXPECT_EQ(one.instrument.lot_size, other.instrument.lot_size);
                EXPECT_EQ(one.feed, other.feed);
            }
    }
}

TEST(Listings, AHundredPairsAreToldInEveryDialect) {
    for (const auto& [dialect, spot, linear, list] : told) {
        SCOPED_TRACE(core::name(dialect));
        auto settings = hundred(dialect);
        settings.source.warm_up = {};
        venue::Simulator simulator{std::move(settings)};
        for (const auto* path : {spot, linear}) {
            const auto reply = simulator.http(venue::HttpRequest::make("GET", path));
            EXPECT_EQ(Json::parse(reply.body).at(Json::json_pointer{list}).size(), 100U) << path;
        }
    }
}

TEST(Listings, AHundredPairsHaveMarketsThatAgreeBetweenVenuesAndWithTheirSpot) {
    std::map<std::string, double> prices;  // of a base, at the first venue
    for (const auto dialect : dialects) {
        SCOPED_TRACE(core::name(dialect));
        venue::Simulator simulator{hundred(dialect)};
        auto& engine = simulator.engine();
        std::set<std::pair<core::Market, std::string>> symbols;
        for (venue::ListingId id = 0; id < engine.listings(); ++id) {
            const auto& state = engine.market(id);
            const auto& rules = state.rules.instrument;
            SCOPED_TRACE(rules.symbol);
            EXPECT_TRUE(symbols.insert({rules.market, rules.symbol}).second);
            const auto bid = state.book.best(core::Side::buy), ask = state.book.best(core::Side::sell);
            ASSERT_GT(bid.units, 0);
            EXPECT_LE(bid, ask);
            EXPECT_EQ(bid.units % rules.tick_size.units, 0);
            EXPECT_LE(rules.tick_size.units * 3'000, bid.units) << "a tick of more than 3.3 bp";
            EXPECT_GT(rules.contract_value.units, 0);
            const auto middle = in_quote(rules, state.mark());
            const auto known = prices.try_emplace(state.rules.base, middle).first;
            EXPECT_NEAR(middle, known->second, 0.01 * middle);
        }
        EXPECT_EQ(symbols.size(), 200U);
    }
    EXPECT_EQ(prices.size(), 100U);
}

TEST(Listings, NoPairAndTooManyAreRefused) {
    EXPECT_THROW(usual_listings(Venue::okx, 0), std::invalid_argument);
    EXPECT_THROW(usual_listings(Venue::okx, venue::max_pairs + 1), std::invalid_argument);
    EXPECT_EQ(usual_listings(Venue::okx, venue::max_pairs).size(), 2 * venue::max_pairs);
}

}  // namespace listings
