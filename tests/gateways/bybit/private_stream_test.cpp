#include "gateways/bybit/private_stream.hpp"

#include "tests/gateways/bybit/private_stream_fuzz_entry.hpp"
#include "tests/gateways/exchange/stream_golden.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace gateways::bybit {
namespace {

using core::Market;
using streams::FrameKind;
using Kind = VenueEventKind;
constexpr const char* ours = "o00000000000000ab";
constexpr core::OrderId our_id{0xab};

struct BybitStream : testing::Test, test::StreamHarness<PrivateStream> {
    BybitStream()
        : StreamHarness{test::stream_instruments(core::Venue::bybit, {{Market::linear, "BTCUSDT"},
                                                                      {Market::linear, "ETHUSDT"},
                                                                      {Market::inverse, "BTCUSD"},
                                                                      {Market::spot, "BTCUSDT"},
                                                                      {Market::spot, "APEXUSDT"}})} {}
    /// One row of the order topic with our id and these members more.
    void order(const std::string& members) {
        read(R"({"topic":"order","creationTime":1700000000001,"data":[{"category":"linear","symbol":"BTCUSDT",)"
             R"("orderId":"v1","orderLinkId":")" +
             std::string{ours} + R"(","side":"Sell",)" + members + "}]}");
    }
    void execution(const std::string& members) {
        read(R"({"topic":"execution","creationTime":1700000000001,"data":[{"category":"linear","symbol":"BTCUSDT",)"
             R"("orderId":"v1","orderLinkId":")" +
             std::string{ours} + R"(","side":"Buy","execId":"e1","execPrice":"60000.5","execQty":"0.01",)" + members +
             "}]}");
    }
};

TEST_F(BybitStream, ReadsAnOrderAsItStands) {
    order(R"("orderStatus":"PartiallyFilled","orderType":"Limit","timeInForce":"PostOnly","qty":"0.5","price":"60000.1",
             "cumExecQty":"0.2","avgPrice":"60000.10","triggerPrice":"","reduceOnly":true,"updatedTime":"1700000000000")");
    ASSERT_EQ(events.size(), 1u);
    const auto& event = events[0];
    EXPECT_EQ(event.kind, Kind::order_update);
    EXPECT_EQ(event.source, EventSource::stream);
    EXPECT_EQ(event.order, our_id);
    EXPECT_EQ(event.venue_order.view(), "v1");
    EXPECT_EQ(event.side, core::Side::sell);
    EXPECT_EQ(event.venue_time, std::chrono::milliseconds{1700000000000});
    EXPECT_EQ(event.receive_time, test::received);
    EXPECT_EQ(event.update.status, VenueStatus::partially_filled);
    EXPECT_EQ(event.update.time_in_force, core::TimeInForce::post_only);
    EXPECT_EQ(event.update.quantity.units, 50'000'000);
    EXPECT_EQ(event.update.filled.units, 20'000'000);
    EXPECT_EQ(event.update.price.units, 6'000'010'000'000);
    EXPECT_EQ(event.update.average_price, (Amount{600001, 1}));
    EXPECT_TRUE(event.update.reduce_only);
}

TEST_F(BybitStream, TellsHowAnOrderEnded) {
    struct Case {
        const char* members;
        Kind kind;
        Refusal refusal;
    };
    constexpr Case cases[] = {
        {R"("orderStatus":"Cancelled","cancelType":"CancelByUser","rejectReason":"EC_PerCancelRequest")",
         Kind::cancelled, Refusal::other},
        {R"("orderStatus":"Cancelled","cancelType":"UNKNOWN","rejectReason":"EC_PostOnlyWillTakeLiquidity")",
         Kind::expired, Refusal::post_only_would_cross},
        {R"("orderStatus":"Cancelled","timeInForce":"IOC","rejectReason":"EC_NoImmediateQtyToFill")", Kind::expired,
         Refusal::would_not_fill},
        {R"("orderStatus":"Cancelled","timeInForce":"FOK")", Kind::expired, Refusal::would_not_fill},
        {R"("orderStatus":"Cancelled","cancelType":"CancelByReduceOnly")", Kind::expired, Refusal::reduce_only},
        {R"("orderStatus":"Cancelled","cancelType":"CancelBySmp")", Kind::expired, Refusal::other},
        {R"("orderStatus":"PartiallyFilledCanceled","cancelType":"CancelByUser")", Kind::cancelled, Refusal::other},
        {R"("orderStatus":"Deactivated","cancelType":"CancelByUser")", Kind::cancelled, Refusal::other},
        {R"("orderStatus":"Rejected","rejectReason":"EC_ReachRiskPriceLimit")", Kind::expired, Refusal::price_band},
    };
    for (const auto& row : cases) {
        order(std::string{row.members} + R"(,"cumExecQty":"0.3")");
        ASSERT_EQ(events.size(), 1u) << row.members;
        EXPECT_EQ(events[0].kind, row.kind) << row.members;
        EXPECT_EQ(events[0].closed.filled.units, 30'000'000);
        EXPECT_TRUE(events[0].closed.filled_known);
        EXPECT_EQ(events[0].closed.refusal, row.refusal) << row.members;
    }
    order(R"("orderStatus":"Rejected","rejectReason":"EC_LimitOrderInvalidPrice","cumExecQty":"0")");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::rejected);
    EXPECT_EQ(events[0].rejected.refusal, Refusal::tick_size);
}

TEST_F(BybitStream, ReadsAFillWithItsFee) {
    execution(R"("execType":"Trade","execFee":"0.33","orderQty":"0.05","leavesQty":"0.02","isMaker":false,
                 "execTime":"1700000000000","feeCurrency":"")");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::fill);
    EXPECT_EQ(events[0].order, our_id);
    EXPECT_EQ(events[0].fill.trade.view(), "e1");
    EXPECT_EQ(events[0].fill.price.units, 6'000'050'000'000);
    EXPECT_EQ(events[0].fill.quantity.units, 1'000'000);
    EXPECT_EQ(events[0].fill.filled.units, 0) << "leavesQty is 0, too, when the rest was cancelled";
    EXPECT_EQ(events[0].fill.fee, (Amount{33, 2}));
    EXPECT_EQ(events[0].fill.fee_asset.view(), "USDT");  // a linear contract settles in it
    EXPECT_EQ(events[0].fill.liquidity, Liquidity::taker);
}

TEST_F(BybitStream, TellsLiquidationsFromTradesOfOurs) {
    execution(R"("execType":"BustTrade")");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, Kind::liquidation);
    EXPECT_EQ(events[0].liquidation.quantity.units, 1'000'000);
    EXPECT_EQ(events[1].kind, Kind::fill);
    EXPECT_EQ(events[1].origin, OrderOrigin::liquidation);
    execution(R"("execType":"AdlTrade")");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[1].origin, OrderOrigin::deleveraging);
    execution(R"("execType":"Funding")");  // a payment
    EXPECT_TRUE(events.empty());
}

TEST_F(BybitStream, ReadsFastExecutionsWithTheCategoryInTheTopic) {
    read(R"({"topic":"execution.fast.linear","creationTime":1716800399338,"data":[{"symbol":"BTCUSDT","execId":"e1",
         "execPrice":"60000.1","execQty":"0.1","orderId":"v1","isMaker":true,"orderLinkId":")" +
         std::string{ours} + R"(","side":"Sell","execTime":"1716800399334","seq":1}]})");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_TRUE(events[0].fill.fee_asset.empty());  // the fee is not told
    EXPECT_EQ(events[0].fill.liquidity, Liquidity::maker);
    EXPECT_EQ(events[0].side, core::Side::sell);
}

TEST_F(BybitStream, ReadsPositionsOfBothModes) {
    const auto position = [&](const std::string& members) {
        read(R"({"topic":"position","creationTime":1,"data":[{"category":"linear","symbol":"BTCUSDT",)" + members +
             "}]}");
    };
    position(R"("side":"Sell","size":"0.5","entryPrice":"60000","positionIdx":0)");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].position.quantity.units, -50'000'000);
    EXPECT_EQ(events[0].position.side, PositionSide::net);
    position(R"("side":"Sell","size":"0.5","entryPrice":"60000","positionIdx":2,"positionStatus":"Liq")");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].position.side, PositionSide::short_only);
    EXPECT_EQ(events[1].kind, Kind::liquidation);
    EXPECT_EQ(events[1].side, core::Side::buy);
    position(R"("side":"","size":"0","entryPrice":"0","positionIdx":1)");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].position.quantity.units, 0);
}

TEST_F(BybitStream, ReadsAnswersOfOrderEntry) {
    const auto answer = [&](const std::string& op, int code, const std::string& data) {
        return read(R"({"reqId":")" + std::string{ours} + R"(x2","retCode":)" + std::to_string(code) +
                    R"(,"retMsg":"m","op":")" + op + R"(","data":)" + data +
                    R"(,"header":{"Timenow":"1700000000000"},"connId":"c"})");
    };
    EXPECT_EQ(answer("order.create", 0, R"({"orderId":"v1","orderLinkId":")" + std::string{ours} + "\"}").kind,
              FrameKind::answer);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::acknowledged);
    EXPECT_EQ(events[0].source, EventSource::answer);
    EXPECT_EQ(events[0].order, our_id);
    EXPECT_EQ(events[0].venue_time, std::chrono::milliseconds{1700000000000});

    answer("order.create", 110007, "{}");  // by the reqId
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::rejected);
    EXPECT_EQ(events[0].order, our_id);
    EXPECT_EQ(events[0].rejected.refusal, Refusal::insufficient_balance);
    EXPECT_EQ(events[0].rejected.code, 110007);

    for (const int code : {10016, 3400999}) {  // and one that no table knows
        answer("order.create", code, "{}");
        ASSERT_EQ(events.size(), 1u);
        EXPECT_EQ(events[0].kind, Kind::outcome_unknown) << code;
    }
    answer("order.cancel", 110001, "{}");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::cancel_rejected);
    EXPECT_EQ(events[0].rejected.refusal, Refusal::unknown_order);
    answer("order.cancel", 0, R"({"orderId":"v1"})");
    EXPECT_TRUE(events.empty());
}

TEST_F(BybitStream, ReadsTheAnswerOfABatchOrderByOrder) {
    read(R"({"reqId":"b","retCode":0,"op":"order.create-batch","data":{"list":[{"orderId":"v1","orderLinkId":")" +
         std::string{ours} + R"("},{"orderId":"","orderLinkId":"o00000000000000ac"}]},
         "retExtInfo":{"list":[{"code":0,"msg":"OK"},{"code":110072,"msg":"duplicate"}]}})");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, Kind::acknowledged);
    EXPECT_EQ(events[1].kind, Kind::rejected);
    EXPECT_EQ(events[1].order, core::OrderId{0xac});
    EXPECT_EQ(events[1].rejected.refusal, Refusal::duplicate_id);
}

TEST_F(BybitStream, KnowsTheFramesThatAreNoEvents) {
    constexpr std::pair<const char*, FrameKind> frames[] = {
        {R"({"success":true,"ret_msg":"","op":"auth","conn_id":"c"})", FrameKind::login},
        {R"({"success":false,"ret_msg":"bad","op":"auth"})", FrameKind::login_refused},
        {R"({"retCode":0,"retMsg":"OK","op":"auth","connId":"c"})", FrameKind::login},
        {R"({"retCode":10004,"retMsg":"sign","op":"auth"})", FrameKind::login_refused},
        {R"({"success":true,"ret_msg":"","op":"subscribe"})", FrameKind::subscribed},
        {R"({"success":false,"ret_msg":"no","op":"subscribe"})", FrameKind::subscribe_refused},
        {R"({"op":"pong","args":["1"]})", FrameKind::pong},
        {R"({"success":true,"ret_msg":"pong","op":"ping"})", FrameKind::pong},
        {R"({"topic":"greeks","data":[]})", FrameKind::other},
        {"{}", FrameKind::other},
    };
    for (const auto& [frame, kind] : frames) EXPECT_EQ(read(frame).kind, kind) << frame;
    EXPECT_TRUE(events.empty());
    for (const auto* broken : {"", "{", "pong", "[1]"}) EXPECT_FALSE(stream.read(broken, {}, events)) << broken;
}

TEST_F(BybitStream, RefusesARowThatIsNotExactAndReadsTheOthers) {
    const auto reading = read(R"({"topic":"wallet","creationTime":1,"data":[{"coin":[
        {"coin":"DUST","walletBalance":"1.1234567890123456789"},{"coin":"USDT","walletBalance":"10","totalOrderIM":"3"},
        {"coin":"A_NAME_TOO_LONG_TO_KEEP","walletBalance":"1"}]}]})");
    EXPECT_EQ(reading.refused, 1u);
    EXPECT_EQ(reading.first, core::Error::oversized);
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].balance.wallet, (Amount{112345678901234567, 17}));  // a pebble less
    EXPECT_EQ(events[1].balance.asset.view(), "USDT");
    EXPECT_EQ(events[1].balance.available, (Amount{7, 0}));
    EXPECT_EQ(read(R"({"topic":"order","data":[{"category":"linear","symbol":"NONE"}]})").foreign, 1u);
    EXPECT_EQ(read(R"({"topic":"order","data":[{"category":"linear","symbol":"BTCUSDT","side":"Buy",
                       "orderStatus":"Sleeping","cumExecQty":"0"}]})")
                  .first,
              core::Error::unknown_message);
}

TEST_F(BybitStream, ReadsTheRecordedFrames) {
    NEEDS_SHARED_DATA();
    struct Case {
        const char* file;
        Kind kind;
        std::size_t events, foreign;
    };
    constexpr Case cases[] = {
        {"ws_account_order_limit_if_touched", Kind::order_update, 1, 0},
        {"ws_account_order_market_if_touched", Kind::order_update, 1, 0},
        {"ws_account_order_partially_filled_rejected", Kind::expired, 1, 0},
        {"ws_account_order_stop_limit", Kind::order_update, 1, 0},
        {"ws_account_order_take_profit", Kind::order_update, 1, 0},
        {"ws_account_position", Kind::position, 1, 0},
        {"ws_account_position_short", Kind::position, 1, 0},
        {"ws_account_wallet", Kind::balance, 2, 0},
        {"ws_account_wallet_locked_exceeds_total", Kind::balance, 1, 0},
        {"ws_account_wallet_small_order", Kind::balance, 1, 0},
    };
    int passed = 0;
    for (const auto& row : cases) {
        const auto reading = read_file("nautilus/bybit/" + std::string{row.file} + ".json");
        EXPECT_EQ(reading.refused, 0u) << row.file;
        EXPECT_EQ(reading.foreign, row.foreign) << row.file;
        ASSERT_EQ(events.size(), row.events) << row.file;
        EXPECT_EQ(events[0].kind, row.kind) << row.file;
        ++passed;
    }
    const auto open = test::text_of(test::shared("golden/nautilus/bybit/ws_account_position_with_open_time.json"));
    read(R"({"topic":"position","creationTime":1,"data":[)" + open + "]}");  // recorded as a bare row
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].position.quantity.units, 10'000'000);
    test::report("bybit nautilus private frames", passed + 1, static_cast<int>(std::size(cases)) + 1);

    read_file("nautilus/bybit/ws_account_wallet.json");
    EXPECT_EQ(events[1].balance.available, (Amount{951989806037, 8}));  // what the recording calls availableToWithdraw
    read_file("nautilus/bybit/ws_account_wallet_locked_exceeds_total.json");
    EXPECT_EQ(events[0].balance.available.units, 0);
    read_file("nautilus/bybit/ws_account_order_take_profit.json");
    EXPECT_EQ(events[0].update.status, VenueStatus::pending);
    EXPECT_EQ(events[0].update.type, core::OrderType::stop_market);
    EXPECT_EQ(events[0].update.trigger.units, 5'500'000'000'000);
}

TEST_F(BybitStream, ReadsTheRecordedDialogues) {
    NEEDS_SHARED_DATA();
    struct Case {
        const char* file;
        std::vector<FrameKind> kinds;
        std::size_t events;
    };
    const Case cases[] = {
        {"Socket/V5Api/Private/PlaceOrder", {FrameKind::login, FrameKind::answer}, 1},
        {"Socket/V5Api/Private/CancelOrder", {FrameKind::login, FrameKind::answer}, 0},
        {"Subscriptions/V5/Private/Order", {FrameKind::login, FrameKind::subscribed, FrameKind::events}, 0},
        {"Subscriptions/V5/Private/Position", {FrameKind::login, FrameKind::subscribed, FrameKind::events}, 1},
    };
    int passed = 0;
    for (const auto& row : cases) {
        const auto frames =
            test::venue_lines(test::shared("golden/jkorf/bybit/" + std::string{row.file} + ".txt"), ours);
        ASSERT_EQ(frames.size(), row.kinds.size()) << row.file;
        for (std::size_t i = 0; i < frames.size(); ++i) EXPECT_EQ(read(frames[i]).kind, row.kinds[i]) << frames[i];
        EXPECT_EQ(events.size(), row.events) << row.file;
        if (row.events == 1 && events[0].source == EventSource::answer) {
            EXPECT_EQ(events[0].order, our_id);
        }
        ++passed;
    }
    test::report("bybit jkorf private dialogues", passed, static_cast<int>(std::size(cases)));
    // The recorded order is an option: no instrument of ours.
}

/// The fuzzer's corpus through the fuzzer's own entry, so that what it once found stays found without it.
TEST(BybitPrivateCorpus, IsReadWithoutHarm) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/gateways/bybit/corpus"}) {
        ++count;
        fuzz_bybit(test::text_of(entry.path()));
    }
    EXPECT_GT(count, 3u);
}

RC_GTEST_PROP(BybitPrivateFrames, AreNeverReadBeyondTheirEnd, (const std::string& noise, std::uint16_t cut)) {
    std::string frame = R"({"topic":"order","creationTime":1,"data":[{"category":"linear","symbol":"BTCUSDT"}]})";
    frame.resize(cut % (frame.size() + 1));
    fuzz_bybit(frame + noise);
}

}  // namespace
}  // namespace gateways::bybit
