#include "tests/gateways/live/calls_rig.hpp"
#include "tests/gateways/live/fuzz_calls.hpp"

#include <fstream>
#include <iterator>

using namespace test;
using gateways::exchange::Response;

/// The fuzzer's corpus, and beginnings of each of its files, through the fuzzer's own entry.
TEST(HostileAnswers, EveryFileOfTheCorpusEndsWellWhereverItIsCutOff) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/fuzz/corpus/calls"}) {
        std::ifstream file{entry.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        SCOPED_TRACE(entry.path().filename().string());
        const auto body = text.find('\n') + 1;
        for (std::size_t size = body; size <= text.size(); size += std::max<std::size_t>(1, (text.size() - body) / 20))
            ASSERT_EQ(fuzz_calls(std::string_view{text}.substr(0, size)), "") << size;
        ASSERT_EQ(fuzz_calls(text), "");
        ++files;
    }
    EXPECT_GT(files, 10u);
}

TEST(HostileAnswers, PagesWithoutEndAreNotFollowedForEver) {
    CallsRig rig{Venue::bybit, {Market::linear}};
    for (const bool same : {true, false}) {
        auto conversation = rig.calls.begin(rig.action(ActionKind::ask_account), rig.now);
        std::size_t requests = 0;
        while (!conversation.done()) {
            if (!conversation.next(rig.now)) continue;
            const auto cursor = same ? std::string{"x"} : std::to_string(requests);
            conversation.answer(Response{.status = 200,
                                         .headers = {},
                                         .body = R"({"retCode":0,"result":{"list":[{"orderId":"a)" + cursor +
                                                 R"(","symbol":"BTCUSDT","side":"Buy","orderType":"Limit","price":"1",
"qty":"1","cumExecQty":"0","orderStatus":"New"}],"nextPageCursor":")" +
                                                 cursor + R"("}})"},
                                rig.now, rig.now);
            ASSERT_LE(++requests, gateways::live::Conversation::max_requests);
        }
        const auto answered = conversation.take();
        ASSERT_TRUE(answered.snapshot);
        EXPECT_FALSE(answered.snapshot->open_orders_complete);
        EXPECT_TRUE(answered.error);
    }
}

TEST(HostileAnswers, TheAnswerToAnotherOrderProvesNothing) {
    CallsRig rig{Venue::binance};
    const auto order = rig.order(rig.btc(Market::linear), Side::buy, 1, 4'900);
    const Response other{.status = 200,
                         .headers = {},
                         .body = R"({"orderId":5,"clientOrderId":"o00000000000000ff","symbol":"BTCUSDT","side":"BUY",
"type":"LIMIT","origQty":"1","executedQty":"0","status":"NEW","price":"5"})"};
    for (const auto kind : {ActionKind::place, ActionKind::ask_order}) {
        auto conversation = rig.calls.begin(rig.action(kind, order), rig.now);
        ASSERT_TRUE(conversation.next(rig.now));
        conversation.answer(other, rig.now, rig.now);
        ASSERT_TRUE(conversation.done());
        EXPECT_EQ(words(conversation.take().events), kind == ActionKind::place ? "outcome_unknown" : "");
    }
}

TEST(HostileAnswers, NumbersThatDoNotFitMakeAListIncompleteAndNoEvent) {
    CallsRig rig{Venue::binance, {Market::linear}};
    auto conversation = rig.calls.begin(rig.action(ActionKind::ask_account), rig.now);
    while (!conversation.done()) {
        const auto wire = conversation.next(rig.now);
        if (!wire) continue;
        const bool risk = wire->target.find("positionRisk") != std::string::npos;
        conversation.answer(Response{.status = 200,
                                     .headers = {},
                                     .body = risk ? R"([{"symbol":"BTCUSDT","positionAmt":"0.00000001",
"entryPrice":"1","positionSide":"BOTH"}])"
                                                  : "[]"},
                            rig.now, rig.now);
    }
    const auto answered = conversation.take();
    ASSERT_TRUE(answered.snapshot);
    EXPECT_TRUE(answered.snapshot->fills_complete);
    EXPECT_FALSE(answered.snapshot->positions_complete);
    EXPECT_TRUE(answered.snapshot->positions.empty());
}

TEST(HostileAnswers, WhatIsGivenUpIsUnknown) {
    CallsRig rig{Venue::okx};
    const auto order = rig.order(rig.btc(Market::linear), Side::buy, 1, 4'900);
    auto placing = rig.calls.begin(rig.action(ActionKind::place, order), rig.now);
    ASSERT_TRUE(placing.next(rig.now));
    placing.abandon(rig.now);
    ASSERT_TRUE(placing.done());
    EXPECT_EQ(words(placing.take().events), "outcome_unknown");

    auto asking = rig.calls.begin(rig.action(ActionKind::ask_account), rig.now);
    ASSERT_TRUE(asking.next(rig.now));
    asking.abandon(rig.now);
    ASSERT_TRUE(asking.done());
    EXPECT_TRUE(asking.take().account_failed);

    auto unsent = rig.calls.begin(rig.action(ActionKind::place, order), rig.now);
    unsent.abandon(rig.now);
    ASSERT_TRUE(unsent.done());
    EXPECT_TRUE(unsent.take().not_sent);
}
