#include "feeds/checksum_book.hpp"
#include "feeds/frame_scanner.hpp"
#include "feeds/json_fields.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace {

/// What the documentation says, word by word: top 25, alternating, joined by ':'.
template <class Bids, class Asks>
std::string checksum_text(const Bids& bids, const Asks& asks) {
    std::string text;
    auto bid = bids.begin();
    auto ask = asks.begin();
    for (int i = 0; i < 25; ++i) {
        if (bid != bids.end()) text += (bid++)->second + ':';
        if (ask != asks.end()) text += (ask++)->second + ':';
    }
    if (!text.empty()) text.pop_back();
    return text;
}

TEST(Crc32, GivesThePublishedCheckValue) {
    EXPECT_EQ(feeds::crc32("123456789"), 0xcbf43926U);
}

RC_GTEST_PROP(ChecksumBook, AgreesWithASortedMapOfTexts, ()) {
    const auto changes = *rc::gen::container<std::vector<std::tuple<bool, int, int>>>(
        rc::gen::tuple(rc::gen::arbitrary<bool>(), rc::gen::inRange(1, 60), rc::gen::inRange(0, 4)));
    feeds::ChecksumBook book{64};
    std::map<int, std::string, std::greater<>> bids;
    std::map<int, std::string> asks;
    feeds::Batch batch;

    for (const auto& [is_bid, price, quantity] : changes) {
        const auto price_text = std::to_string(price) + ".0";
        const auto quantity_text = std::to_string(quantity);
        batch.clear();
        batch.book.kind = feeds::BookEvent::Kind::update;
        auto& tick = batch.claim();
        tick = core::Tick{};
        tick.kind = core::TickKind::level;
        tick.side = is_bid ? core::Side::buy : core::Side::sell;
        tick.level = {{price}, {quantity}, 0};
        batch.texts()[0] = {price_text, quantity_text};
        batch.commit();
        RC_ASSERT(book.apply(batch));
        const auto change = [&](auto& side) {
            if (quantity == 0)
                side.erase(price);
            else
                side[price] = price_text + ':' + quantity_text;
        };
        is_bid ? change(bids) : change(asks);
    }

    RC_ASSERT(book.bids().size() == bids.size() && book.asks().size() == asks.size());
    RC_ASSERT(book.alternating_checksum() == feeds::crc32(checksum_text(bids, asks)));
    std::vector<std::string> walked, wanted;
    book.top(core::Side::buy, 10,
             [&](const feeds::TextLevel& level) { walked.push_back(std::string{level.joined()}); });
    for (const auto& [price, text] : bids)
        if (wanted.size() < 10) wanted.push_back(text);
    RC_ASSERT(walked == wanted);
}

TEST(ChecksumBook, ForgetsTheWorstWhenASideIsFull) {
    feeds::TextSide asks{core::Side::sell, 2};

    EXPECT_TRUE(asks.set({3}, {1}, {"3", "1"}));
    EXPECT_TRUE(asks.set({5}, {1}, {"5", "1"}));
    EXPECT_TRUE(asks.set({9}, {1}, {"9", "1"}));
    EXPECT_TRUE(asks.set({4}, {1}, {"4", "1"}));

    ASSERT_EQ(asks.size(), 2U);
    EXPECT_EQ(asks.nth(0).price_text(), "3");
    EXPECT_EQ(asks.nth(1).price_text(), "4");
}

TEST(ChecksumBook, RefusesTextTooLongToKeep) {
    feeds::TextSide asks{core::Side::sell, 2};
    const std::string zeros = "1." + std::string(60, '0');

    EXPECT_FALSE(asks.set({1}, {1}, {zeros, "1"}));
    EXPECT_TRUE(asks.set({1}, {0}, {zeros, "0"})) << "removing needs no text";
}

RC_GTEST_PROP(FrameScanner, ReadsDecimalsAsParseDecimalDoes, ()) {
    const auto text = *rc::gen::container<std::string>(rc::gen::element('0', '1', '5', '9', '.', '0', '7'));
    const auto decimals = *rc::gen::inRange(0, 19);
    const std::string padded = text + '"' + std::string(feeds::frame_padding, '9');
    feeds::FrameScanner scan{std::string_view{padded}.substr(0, text.size() + 1)};
    std::int64_t units = -1;

    const bool read = scan.decimal(decimals, units);

    const auto parsed = core::parse_decimal(text, decimals);
    // A scanner stops at what does not belong; that nothing but the quote follows is the caller's check.
    RC_ASSERT(!read || !scan.next_is('"') || (parsed && *parsed == units));
    RC_ASSERT(read || !parsed || text.size() > 15);
}

TEST(ParseRate, CutsAtOneTenBillionth) {
    constexpr std::pair<std::string_view, std::int64_t> cases[] = {{"0.0001", 1'000'000},
                                                                   {"-0.000212", -2'120'000},
                                                                   {"0.0001875391284828", 1'875'391},
                                                                   {"-0.00000000019", -1},
                                                                   {"0", 0}};
    for (const auto& [text, rate] : cases) EXPECT_EQ(feeds::parse_rate(text), rate) << text;
    for (const auto* text : {"", "-", "nan", "--1", "0.00000000001x", "1e-5"})
        EXPECT_EQ(feeds::parse_rate(text), core::Error::malformed) << text;
}

}  // namespace
