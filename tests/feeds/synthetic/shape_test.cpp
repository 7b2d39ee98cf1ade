#include "feeds/synthetic/market.hpp"

#include "tests/feeds/synthetic/read.hpp"

#include <gtest/gtest.h>

#include <set>

using namespace feeds;
using namespace feeds::synthetic;

namespace {

void replace_all(std::string& text, std::string_view what, std::string_view by) {
    for (auto at = text.find(what); at != text.npos; at = text.find(what, at)) text.replace(at, what.size(), by);
}

/// A frame with each number as 0 and each list of levels as L: what is left is its shape.
std::string shape(std::string_view bytes) {
    std::string made;
    for (const char c : bytes) {
        const bool digit = c >= '0' && c <= '9';
        if (!digit)
            made += c;
        else if (made.empty() || made.back() != '0')
            made += '0';
    }
    replace_all(made, R"(["0.0","0.0"])", "L");
    replace_all(made, "L,L", "L");
    return made;
}

}  // namespace

TEST(SyntheticFrames, HaveTheShapesOfTheVenue) {
    // As recorded (usdm_btcusdt_20240808), digits and levels taken out.
    const std::set<std::string> recorded{
        R"({"stream":"btcusdt@bookTicker","data":{"e":"bookTicker","u":0,"s":"BTCUSDT","b":"0.0","B":"0.0","a":"0.0","A":"0.0","T":0,"E":0}})",
        R"({"stream":"btcusdt@trade","data":{"e":"trade","E":0,"T":0,"s":"BTCUSDT","t":0,"p":"0.0","q":"0.0","X":"MARKET","m":false}})",
        R"({"stream":"btcusdt@trade","data":{"e":"trade","E":0,"T":0,"s":"BTCUSDT","t":0,"p":"0.0","q":"0.0","X":"MARKET","m":true}})",
        R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":0,"T":0,"s":"BTCUSDT","U":0,"u":0,"pu":0,"b":[L],"a":[L]}})",
        R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":0,"T":0,"s":"BTCUSDT","U":0,"u":0,"pu":0,"b":[],"a":[L]}})",
        R"({"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":0,"T":0,"s":"BTCUSDT","U":0,"u":0,"pu":0,"b":[L],"a":[]}})",
        R"({"lastUpdateId":0,"E":0,"T":0,"bids":[L],"asks":[L]})"};
    Market market{{}};
    Frame frame;
    std::set<std::string> seen;
    for (int i = 0; i < 3'000 && market.next(frame); ++i) seen.insert(shape(frame.bytes));

    for (const auto& made : seen) EXPECT_TRUE(recorded.contains(made)) << made;
    EXPECT_GE(seen.size(), 5U);
}

TEST(SyntheticFrames, KeepTheNumberOfDecimals) {
    Market market{{}};
    Frame frame;
    for (int i = 0; i < 1'000 && market.next(frame); ++i) {
        if (!test::is(frame, "@trade")) continue;
        const auto price = test::after(frame.bytes, R"("p":)"), quantity = test::after(frame.bytes, R"("q":)");
        ASSERT_EQ(price.size() - price.find('.'), 3U) << price;
        ASSERT_EQ(price.back(), '0') << "a tick is 0.10";
        ASSERT_EQ(quantity.size() - quantity.find('.'), 4U) << quantity;
    }
}

TEST(SyntheticFrames, WriteWholeQuantitiesWithoutAPoint) {
    Market market{{.instruments = {{"SOLUSDT", 154.2, 3, 1, 0, 120}}}};
    Frame frame;
    do ASSERT_TRUE(market.next(frame));
    while (!test::is(frame, "@bookTicker"));
    EXPECT_EQ(test::after(frame.bytes, R"("B":)").find('.'), std::string_view::npos);
    EXPECT_EQ(test::after(frame.bytes, R"("b":)").substr(0, 4), "154.");
}
