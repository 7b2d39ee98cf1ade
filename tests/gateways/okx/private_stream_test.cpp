#include "gateways/okx/private_stream.hpp"

#include "tests/gateways/exchange/stream_golden.hpp"
#include "tests/gateways/okx/private_stream_fuzz_entry.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace gateways::okx {
namespace {

using core::Market;
using streams::FrameKind;
using Kind = VenueEventKind;
constexpr const char* ours = "o00000000000000ab";
constexpr core::OrderId our_id{0xab};

struct OkxStream : testing::Test, test::StreamHarness<PrivateStream> {
    OkxStream()
        : StreamHarness{test::stream_instruments(core::Venue::okx, {{Market::linear, "BTC-USDT-SWAP"},
                                                                    {Market::linear, "ETH-USDT-SWAP"},
                                                                    {Market::inverse, "BTC-USD-SWAP"},
                                                                    {Market::spot, "BTC-USDT"}})} {}
    streams::Reading row(const std::string& channel, const std::string& members) {
        return read(R"({"arg":{"channel":")" + channel + R"("},"data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP",)" +
                    members + "}]}");
    }
    void order(const std::string& members) {
        row("orders", R"("ordId":"77","clOrdId":")" + std::string{ours} + R"(","side":"sell",)" + members);
    }
};

TEST_F(OkxStream, ReadsAnOrderAsItStands) {
    order(R"("state":"live","ordType":"post_only","sz":"2","px":"60000.1","accFillSz":"0","avgPx":"","tradeId":"",
             "reduceOnly":"true","uTime":"1700000000000")");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::order_update);
    EXPECT_EQ(events[0].order, our_id);
    EXPECT_EQ(events[0].venue_order.view(), "77");
    EXPECT_EQ(events[0].side, core::Side::sell);
    EXPECT_EQ(events[0].venue_time, std::chrono::milliseconds{1700000000000});
    EXPECT_EQ(events[0].update.status, VenueStatus::working);
    EXPECT_EQ(events[0].update.time_in_force, core::TimeInForce::post_only);
    EXPECT_EQ(events[0].update.quantity.units, 200'000'000);
    EXPECT_EQ(events[0].update.price.units, 6'000'010'000'000);
    EXPECT_TRUE(events[0].update.reduce_only);
}

TEST_F(OkxStream, TellsTheTradeBeforeTheOrder) {
    order(R"("state":"partially_filled","ordType":"limit","sz":"2","px":"60000","accFillSz":"1.5","avgPx":"60000",
             "tradeId":"9","fillPx":"59999.5","fillSz":"0.5","fillFee":"-0.02","fillFeeCcy":"USDT","execType":"M",
             "fillTime":"1700000000000","uTime":"1700000000001")");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, Kind::fill);
    EXPECT_EQ(events[0].fill.trade.view(), "9");
    EXPECT_EQ(events[0].fill.quantity.units, 50'000'000);
    EXPECT_EQ(events[0].fill.filled.units, 150'000'000);
    EXPECT_EQ(events[0].fill.fee, (Amount{2, 2}));  // paid
    EXPECT_EQ(events[0].fill.fee_asset.view(), "USDT");
    EXPECT_EQ(events[0].fill.liquidity, Liquidity::maker);
    EXPECT_EQ(events[0].venue_time, std::chrono::milliseconds{1700000000000});
    EXPECT_EQ(events[1].kind, Kind::order_update);
    EXPECT_EQ(events[1].update.status, VenueStatus::partially_filled);
    EXPECT_EQ(events[1].update.filled.units, 150'000'000);
}

TEST_F(OkxStream, TellsHowAnOrderEnded) {
    struct Case {
        const char* source;
        Kind kind;
        Refusal refusal;
    };
    constexpr Case cases[] = {
        {"1", Kind::cancelled, Refusal::other},
        {"", Kind::cancelled, Refusal::other},
        {"20", Kind::cancelled, Refusal::other},
        {"31", Kind::expired, Refusal::post_only_would_cross},
        {"13", Kind::expired, Refusal::would_not_fill},
        {"14", Kind::expired, Refusal::would_not_fill},
        {"22", Kind::expired, Refusal::reduce_only},
        {"32", Kind::expired, Refusal::other},
        {"9", Kind::expired, Refusal::insufficient_balance},
    };
    for (const auto& row : cases) {
        order(R"("state":"canceled","accFillSz":"0.3","cancelSource":")" + std::string{row.source} + '"');
        ASSERT_EQ(events.size(), 1u) << row.source;
        EXPECT_EQ(events[0].kind, row.kind) << row.source;
        EXPECT_EQ(events[0].closed.filled.units, 30'000'000);
        EXPECT_EQ(events[0].closed.refusal, row.refusal) << row.source;
    }
}

TEST_F(OkxStream, FollowsAnOrderThatWaitsForAPrice) {
    const auto algo = [&](const std::string& members) {
        row("orders-algo",
            R"("algoId":"5","algoClOrdId":")" + std::string{ours} +
                R"(","side":"sell","ordType":"conditional","sz":"2","slTriggerPx":"59000","slOrdPx":"-1",)" + members);
        EXPECT_EQ(events.size(), 1u) << members;
    };
    algo(R"("state":"live","ordId":"","actualSz":"0")");
    EXPECT_EQ(events[0].order, our_id);
    EXPECT_EQ(events[0].venue_order.view(), "5");
    EXPECT_EQ(events[0].update.status, VenueStatus::pending);
    EXPECT_EQ(events[0].update.type, core::OrderType::stop_market);
    EXPECT_EQ(events[0].update.trigger.units, 5'900'000'000'000);
    algo(R"("state":"effective","ordId":"78","actualSz":"2")");
    EXPECT_EQ(events[0].venue_order.view(), "78");
    EXPECT_EQ(events[0].update.status, VenueStatus::working);
    algo(R"("state":"order_failed","failCode":"51008")");
    EXPECT_EQ(events[0].kind, Kind::rejected);
    EXPECT_EQ(events[0].rejected.refusal, Refusal::insufficient_balance);
    algo(R"("state":"canceled","actualSz":"0")");
    EXPECT_EQ(events[0].kind, Kind::cancelled);
    // what it became bears its name, too
    row("orders", R"("ordId":"78","clOrdId":"","algoClOrdId":")" + std::string{ours} +
                      R"(","side":"sell","state":"live","ordType":"market","sz":"2","accFillSz":"0")");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].order, our_id);
}

TEST_F(OkxStream, ReadsPositionsOfBothModes) {
    row("positions", R"("posSide":"net","pos":"-0.5","avgPx":"60000.5","uTime":"1700000000000")");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].position.quantity.units, -50'000'000);
    EXPECT_EQ(events[0].position.entry, (Amount{600005, 1}));
    row("positions", R"("posSide":"short","pos":"3","avgPx":"60000")");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].position.quantity.units, -300'000'000);
    EXPECT_EQ(events[0].position.side, PositionSide::short_only);
    read(R"({"arg":{"channel":"balance_and_position"},"data":[{"balData":[{"ccy":"USDT","cashBal":"1"}],
         "posData":[{"instType":"SWAP","instId":"ETH-USDT-SWAP","posSide":"long","pos":"1","avgPx":"2000"},
                    {"instType":"MARGIN","instId":"BTC-USDT","posSide":"net","pos":"1"}]}]})");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].position.side, PositionSide::long_only);
}

TEST_F(OkxStream, ReadsTheAccount) {
    read(R"({"arg":{"channel":"account"},"data":[{"details":[
         {"ccy":"USDT","cashBal":"4750.426970691436","availEq":"4734.371190691435","availBal":"1","uTime":"1705564213903"},
         {"ccy":"BTC","cashBal":"-0.5","availEq":"","availBal":"0"}]}]})");
    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, Kind::balance);
    EXPECT_EQ(events[0].balance.wallet, (Amount{4750426970691436, 12}));
    EXPECT_EQ(events[0].balance.available, (Amount{4734371190691435, 12}));
    EXPECT_EQ(events[0].venue_time, std::chrono::milliseconds{1705564213903});
    EXPECT_EQ(events[1].balance.wallet, (Amount{-5, 1}));
}

TEST_F(OkxStream, ReadsAnswersOfOrderEntry) {
    const auto answer = [&](const std::string& op, int code, const std::string& data) {
        return read(R"({"id":")" + std::string{ours} + R"(2","op":")" + op + R"(","code":")" + std::to_string(code) +
                    R"(","msg":"","data":[)" + data + R"(],"inTime":"1","outTime":"2"})");
    };
    EXPECT_EQ(
        answer("order", 0, R"({"ordId":"1","clOrdId":")" + std::string{ours} + R"(","ts":"1695190491421","sCode":"0"})")
            .kind,
        FrameKind::answer);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::acknowledged);
    EXPECT_EQ(events[0].order, our_id);
    EXPECT_EQ(events[0].venue_order.view(), "1");

    EXPECT_EQ(answer("order", 1, R"({"ordId":"","clOrdId":"","sCode":"51008","sMsg":"m"})").code, 51008);
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::rejected);
    EXPECT_EQ(events[0].order, our_id);  // by the id
    EXPECT_EQ(events[0].rejected.code, 51008);

    for (const int code : {50004, 58999}) {  // refused as a whole, and nobody knows; a code that no table knows
        answer("order", code, "");
        ASSERT_EQ(events.size(), 1u);
        EXPECT_EQ(events[0].kind, Kind::outcome_unknown) << code;
    }
    answer("order", 50013, "");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].rejected.refusal, Refusal::unavailable);
    answer("cancel-order", 1, R"({"ordId":"1","sCode":"51400"})");
    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, Kind::cancel_rejected);
    EXPECT_EQ(events[0].rejected.refusal, Refusal::already_final);
    answer("cancel-order", 0, R"({"ordId":"1","sCode":"0"})");
    EXPECT_TRUE(events.empty());
    answer("amend-order", 1, R"({"ordId":"1","sCode":"51503"})");
    EXPECT_TRUE(events.empty());
}

TEST_F(OkxStream, KnowsTheFramesThatAreNoEvents) {
    constexpr std::pair<const char*, FrameKind> frames[] = {
        {"pong", FrameKind::pong},
        {R"({"event":"login","code":"0","msg":"","connId":"c"})", FrameKind::login},
        {R"({"event":"error","code":"60009","msg":"Login failed."})", FrameKind::login_refused},
        {R"({"event":"subscribe","arg":{"channel":"orders"}})", FrameKind::subscribed},
        {R"({"event":"error","code":"60012","msg":"bad"})", FrameKind::subscribe_refused},
        {R"({"event":"channel-conn-count-error","channel":"orders"})", FrameKind::subscribe_refused},
        {R"({"event":"channel-conn-count","channel":"orders","connCount":"2"})", FrameKind::other},
        {R"({"event":"notice","code":"64008","msg":"soon"})", FrameKind::notice},
        {R"({"arg":{"channel":"account-greeks"},"data":[{}]})", FrameKind::other},
        {"{}", FrameKind::other},
    };
    for (const auto& [frame, kind] : frames) EXPECT_EQ(read(frame).kind, kind) << frame;
    EXPECT_EQ(read(R"({"event":"error","code":"60009"})").code, 60009);
    EXPECT_TRUE(events.empty());
    for (const auto* broken : {"", "{", "ping", "[1]"}) EXPECT_FALSE(stream.read(broken, {}, events)) << broken;
}

TEST_F(OkxStream, RefusesARowThatIsNotExact) {
    EXPECT_EQ(row("orders", R"("ordId":"1","side":"buy","state":"live","sz":"0.123456789","accFillSz":"0")").first,
              core::Error::too_precise);
    EXPECT_EQ(row("orders", R"("ordId":"1","side":"buy","state":"dreaming","accFillSz":"0")").first,
              core::Error::unknown_message);
    EXPECT_EQ(row("orders", R"("ordId":"1","state":"live")").first, core::Error::missing_field);
    EXPECT_TRUE(events.empty());
    EXPECT_EQ(read(R"({"arg":{"channel":"orders"},"data":[{"instId":"NONE-USDT"}]})").foreign, 1u);
}

TEST_F(OkxStream, ReadsTheRecordedFrames) {
    NEEDS_SHARED_DATA();
    struct Case {
        const char* file;
        std::vector<Kind> kinds;
    };
    const Case cases[] = {
        {"ws_account", {Kind::balance, Kind::balance, Kind::balance}},
        {"ws_orders", {Kind::fill, Kind::order_update}},
        {"ws_orders_adl", {Kind::liquidation, Kind::fill, Kind::order_update}},
        {"ws_orders_algo",
         {Kind::order_update, Kind::order_update, Kind::order_update, Kind::cancelled, Kind::order_update}},
        {"ws_orders_fok", {Kind::fill, Kind::order_update}},
    };
    int passed = 0;
    for (const auto& row : cases) {
        const auto reading = read_file("nautilus/okx/" + std::string{row.file} + ".json");
        EXPECT_EQ(reading.refused, 0u) << row.file;
        EXPECT_EQ(reading.foreign, 0u) << row.file;
        std::vector<Kind> kinds;
        for (const auto& event : events) kinds.push_back(event.kind);
        EXPECT_EQ(kinds, row.kinds) << row.file;
        passed += kinds == row.kinds ? 1 : 0;
    }
    test::report("okx nautilus private frames", passed, static_cast<int>(std::size(cases)));

    read_file("nautilus/okx/ws_orders_adl.json");
    EXPECT_EQ(events.at(1).origin, OrderOrigin::deleveraging);
    EXPECT_TRUE(events.at(1).fill.fee_asset.empty());  // only the order's whole fee is told
    read_file("nautilus/okx/ws_orders_fok.json");
    EXPECT_EQ(events.at(1).update.time_in_force, core::TimeInForce::fok);
}

TEST_F(OkxStream, ReadsTheRecordedDialogues) {
    NEEDS_SHARED_DATA();
    struct Case {
        const char* file;
        std::vector<FrameKind> kinds;
        std::size_t events;
    };
    const Case cases[] = {
        {"Socket/UnifiedApi/PlaceOrder", {FrameKind::login, FrameKind::answer}, 1},
        {"Socket/UnifiedApi/PlaceMultipleOrders", {FrameKind::login, FrameKind::answer}, 2},
        {"Socket/UnifiedApi/CancelOrder", {FrameKind::login, FrameKind::answer}, 0},
        {"Socket/UnifiedApi/AmendOrder", {FrameKind::login, FrameKind::answer}, 0},
        {"Socket/UnifiedApi/AmendMultipleOrders", {FrameKind::login, FrameKind::answer}, 0},
        {"Subscriptions/Unified/Trading/Order", {FrameKind::login, FrameKind::subscribed, FrameKind::events}, 2},
        {"Subscriptions/Unified/Trading/UserTrade", {FrameKind::login, FrameKind::subscribed, FrameKind::events}, 1},
        // an iceberg in state "pause"
        {"Subscriptions/Unified/Trading/AdvancedAlgoOrder",
         {FrameKind::login, FrameKind::subscribed, FrameKind::events},
         1},
        {"Subscriptions/Unified/Account/Balance", {FrameKind::login, FrameKind::subscribed, FrameKind::events}, 1},
        {"Subscriptions/Unified/Account/Greeks", {FrameKind::login, FrameKind::subscribed, FrameKind::other}, 0},
    };
    int passed = 0;
    for (const auto& row : cases) {
        const auto frames = test::venue_lines(test::shared("golden/jkorf/okx/" + std::string{row.file} + ".txt"), ours);
        ASSERT_EQ(frames.size(), row.kinds.size()) << row.file;
        for (std::size_t i = 0; i < frames.size(); ++i) {
            const auto reading = read(frames[i]);
            EXPECT_EQ(reading.kind, row.kinds[i]) << frames[i];
            EXPECT_EQ(reading.refused, 0u) << frames[i];
        }
        EXPECT_EQ(events.size(), row.events) << row.file;
        passed += events.size() == row.events ? 1 : 0;
    }
    test::report("okx jkorf private dialogues", passed, static_cast<int>(std::size(cases)));
}

/// The fuzzer's corpus through the fuzzer's own entry, so that what it once found stays found without it.
TEST(OkxPrivateCorpus, IsReadWithoutHarm) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/gateways/okx/corpus"}) {
        ++count;
        fuzz_okx(test::text_of(entry.path()));
    }
    EXPECT_GT(count, 3u);
}

RC_GTEST_PROP(OkxPrivateFrames, AreNeverReadBeyondTheirEnd, (const std::string& noise, std::uint16_t cut)) {
    std::string frame = R"({"arg":{"channel":"orders"},"data":[{"instType":"SWAP","instId":"BTC-USDT-SWAP"}]})";
    frame.resize(cut % (frame.size() + 1));
    fuzz_okx(frame + noise);
}

}  // namespace
}  // namespace gateways::okx
