#include "tests/gateways/live/calls_rig.hpp"

using namespace test;
using gateways::exchange::Response;

namespace {

/// What a venue answers when a stop has become an order of another id, request by request; each with what must be in
/// its target or body.
struct Line {
    std::string asks, says;
};

Answered scripted(CallsRig& rig, const Action& action, const std::vector<Line>& lines) {
    auto conversation = rig.calls.begin(action, rig.now);
    for (const auto& line : lines) {
        const auto wire = conversation.next(rig.now);
        if (!wire) {
            ADD_FAILURE() << "no request " << line.asks;
            break;
        }
        EXPECT_NE((wire->target + ' ' + wire->body).find(line.asks), std::string::npos)
            << wire->target << ' ' << wire->body << " instead of " << line.asks;
        conversation.answer(Response{.status = line.says.find("\"code\":-") != std::string::npos ? 400 : 200,
                                     .headers = {},
                                     .body = line.says},
                            rig.now, rig.now);
    }
    EXPECT_TRUE(conversation.done());
    return conversation.take();
}

/// The stop with our first id, sold 0.02 (OKX: 2 contracts); at the venue 5, and the order that it became 6.
struct Released {
    Venue venue;
    Line conditional, absent, child, cancel_child, fills;
    std::vector<Line> lists;  ///< that are looked at before `conditional`
};

const std::string ours = "o0000070000000001";

Released released(Venue venue) {
    switch (venue) {
        case Venue::binance: {
            const std::string order = R"({"orderId":6,"symbol":"BTCUSDT","clientOrderId":"x-1","price":"0",
"avgPrice":"45000","origQty":"0.020","timeInForce":"GTC","type":"MARKET","side":"SELL","reduceOnly":true,)";
            return {.venue = venue,
                    .conditional = {"/fapi/v1/algoOrder?symbol=BTCUSDT&clientAlgoId=" + ours,
                                    R"({"algoId":5,"clientAlgoId":")" + ours + R"(","orderType":"STOP_MARKET",
"symbol":"BTCUSDT","side":"SELL","quantity":"0.020","algoStatus":"FINISHED","actualOrderId":"6","triggerPrice":"45000"})"},
                    .absent = {"/fapi/v1/algoOrder", R"({"code":-2011,"msg":"Unknown order sent."})"},
                    .child = {"/fapi/v1/order?symbol=BTCUSDT&orderId=6",
                              order + R"("status":"FILLED","executedQty":"0.020"})"},
                    .cancel_child = {"/fapi/v1/order?symbol=BTCUSDT&orderId=6",
                                     order + R"("status":"CANCELED","executedQty":"0"})"},
                    .fills = {"/fapi/v1/userTrades", R"([{"id":9,"orderId":6,"symbol":"BTCUSDT","side":"SELL",
"price":"45000","qty":"0.020","commission":"0.1","commissionAsset":"USDT","time":1728000000000,"maker":false}])"},
                    .lists = {}};
        }
        case Venue::bitget: {
            const auto wrap = [](const std::string& data) {
                return R"({"code":"00000","msg":"ok","data":)" + data + '}';
            };
            const std::string order = R"({"orderId":"6","clientOid":"x","symbol":"BTCUSDT","side":"sell","size":"0.02",
"orderType":"market","reduceOnly":"YES",)";
            return {
                .venue = venue,
                .conditional = {"/api/v2/mix/order/orders-plan-history",
                                wrap(R"({"entrustedList":[{"orderId":"5","clientOid":")" + ours +
                                     R"(","symbol":"BTCUSDT","planType":"normal_plan","planStatus":"executed",
"executeOrderId":"6","size":"0.02","side":"sell","orderType":"market","triggerPrice":"45000"}],"endId":"5"})")},
                .absent = {"/api/v2/mix/order/cancel-plan-order",
                           R"({"code":"43025","msg":"Plan order does not exist","data":null})"},
                .child = {"/api/v2/mix/order/detail?orderId=6",
                          wrap(order + R"("state":"filled","baseVolume":"0.02"})")},
                .cancel_child = {R"("orderId":"6")", wrap(R"({"orderId":"6","clientOid":"x"})")},
                .fills = {"orderId=6", wrap(R"({"fillList":[{"tradeId":"9","orderId":"6","symbol":"BTCUSDT",
"side":"sell","price":"45000","baseVolume":"0.02","cTime":"1728000000000"}],"endId":"9"})")},
                .lists = {{"/api/v2/mix/order/orders-plan-pending", wrap(R"({"entrustedList":null,"endId":null})")}}};
        }
        default: {
            const auto wrap = [](const std::string& row) { return R"({"code":"0","msg":"","data":[)" + row + "]}"; };
            const std::string order = R"({"ordId":"6","clOrdId":"","algoId":"5","instId":"BTC-USDT-SWAP","side":"sell",
"ordType":"market","sz":"2","px":"","avgPx":"45000",)";
            return {
                .venue = venue,
                .conditional = {"/api/v5/trade/order-algo?algoClOrdId=" + ours,
                                wrap(R"({"algoId":"5","algoClOrdId":")" + ours +
                                     R"(","ordId":"6","instId":"BTC-USDT-SWAP","ordType":"conditional","side":"sell",
"sz":"2","state":"effective","slTriggerPx":"45000","slOrdPx":"-1","actualSz":"2"})")},
                .absent = {"/api/v5/trade/cancel-algos",
                           R"({"code":"1","data":[{"algoId":"5","sCode":"51400","sMsg":"Cancellation failed"}]})"},
                .child = {"/api/v5/trade/order?instId=BTC-USDT-SWAP&ordId=6",
                          wrap(order + R"("state":"filled","accFillSz":"2"})")},
                .cancel_child = {"\"ordId\":\"6\"", wrap(R"({"ordId":"6","clOrdId":"","sCode":"0"})")},
                .fills = {"ordId=6", wrap(R"({"tradeId":"9","ordId":"6","clOrdId":"","instId":"BTC-USDT-SWAP",
"side":"sell","fillPx":"45000","fillSz":"2","fee":"-0.1","feeCcy":"USDT","ts":"1728000000000","execType":"T"})")},
                .lists = {}};
        }
    }
}

class ReleasedStop : public ::testing::TestWithParam<Venue> {
protected:
    CallsRig rig{GetParam(), {Market::linear}};
    Released told = released(GetParam());
    core::Order stop = rig.stop(rig.btc(Market::linear), Side::sell, 2, 4'500);

    [[nodiscard]] Action action(ActionKind kind) const {
        auto made = rig.action(kind, stop);
        made.venue_order = *gateways::VenueId::of("5");
        return made;
    }
    [[nodiscard]] std::vector<Line> after_looking(std::vector<Line> more) const {
        auto lines = told.lists;
        lines.push_back(told.conditional);
        lines.insert(lines.end(), more.begin(), more.end());
        return lines;
    }
};

}  // namespace

TEST_P(ReleasedStop, IsAskedForAsTheOrderThatItBecame) {
    const auto answered = scripted(rig, action(ActionKind::ask_order), after_looking({told.child}));

    ASSERT_EQ(words(answered.events), "order_update:filled");
    EXPECT_EQ(answered.events[0].order, stop.id);
    EXPECT_EQ(answered.events[0].venue_order.view(), "5") << "the name that the ledger knows";
    EXPECT_EQ(answered.events[0].update.filled, stop.quantity);
}

TEST_P(ReleasedStop, ItsFillsAreToldWithOurId) {
    const auto answered = scripted(rig, action(ActionKind::ask_fills), after_looking({told.fills}));

    ASSERT_EQ(words(answered.events), "fill");
    EXPECT_EQ(answered.events[0].order, stop.id);
    EXPECT_EQ(answered.events[0].fill.quantity, stop.quantity);
    EXPECT_EQ(answered.events[0].fill.trade.view(), "9");
}

TEST_P(ReleasedStop, WhoseOrderTheVenueHasForgottenIsOverAfterAWhile) {
    // when the stop was released: unsaid, a second ago, a minute ago
    const auto told_of = [&](const std::string& stamp) {
        auto line = told.conditional;
        const std::string field = GetParam() == Venue::binance ? "updateTime" : "uTime";
        const auto at = line.says.rfind(GetParam() == Venue::okx ? R"("state")" : R"("triggerPrice")");
        if (!stamp.empty()) line.says.insert(at, '"' + field + R"(":")" + stamp + R"(",)");
        const std::string gone = GetParam() == Venue::binance ? R"({"code":-2013,"msg":"Order does not exist."})"
                                 : GetParam() == Venue::okx
                                     ? R"({"code":"51603","msg":"Order does not exist","data":[]})"
                                     : R"({"code":"40109","msg":"The data of the order cannot be found","data":null})";
        auto lines = told.lists;
        lines.push_back(line);
        lines.push_back({told.child.asks, gone});
        return words(scripted(rig, action(ActionKind::ask_order), lines).events);
    };
    const auto ago = [&](core::Nanoseconds time) { return std::to_string((rig.now - time).count() / 1'000'000); };

    EXPECT_EQ(told_of(""), "");
    EXPECT_EQ(told_of(ago(1s)), "") << "the venue may be slow";
    EXPECT_EQ(told_of(ago(60s)), "cancelled");
}

TEST_P(ReleasedStop, ACancelFollowsItAndEndsWhatItBecame) {
    auto what = action(ActionKind::cancel);
    what.order.type = core::OrderType::cancel;
    std::vector<Line> lines{told.absent};
    for (const auto& line : after_looking({})) lines.push_back(line);
    lines.push_back(told.cancel_child);

    const auto answered = scripted(rig, what, lines);

    // Two of the venues only say that they will.
    EXPECT_EQ(words(answered.events), GetParam() == Venue::binance ? "cancelled" : "");
}

TEST_P(ReleasedStop, ItsFillsInAnAccountAreNamedByIt) {
    auto conversation = rig.calls.begin(rig.action(ActionKind::ask_account), rig.now);
    std::size_t requests = 0;
    const std::string empty = GetParam() == Venue::binance ? "[]"
                              : GetParam() == Venue::okx   ? R"({"code":"0","msg":"","data":[]})"
                                                           : R"({"code":"00000","data":[]})";
    while (!conversation.done() && ++requests < 100) {
        const auto wire = conversation.next(rig.now);
        if (!wire) continue;
        const auto asks = [&](const char* text) { return wire->target.find(text) != std::string::npos; };
        const bool btc = asks("BTC") || GetParam() == Venue::okx;
        const bool fills = (asks("userTrades") || asks("fills")) && btc;
        const bool history = (asks("allAlgoOrders") || asks("algo-history") || asks("plan-history")) && btc;
        auto body = fills ? told.fills.says : history ? told.conditional.says : empty;
        if (history && GetParam() == Venue::binance) body = '[' + body + ']';
        conversation.answer(Response{.status = 200, .headers = {}, .body = body}, rig.now, rig.now);
    }
    const auto answered = conversation.take();

    ASSERT_TRUE(answered.snapshot);
    EXPECT_FALSE(answered.error) << answered.error->message;
    EXPECT_TRUE(answered.snapshot->fills_complete);
    ASSERT_EQ(answered.snapshot->fills.size(), 1u);
    EXPECT_EQ(answered.snapshot->fills[0].order, stop.id);
}

INSTANTIATE_TEST_SUITE_P(Venues, ReleasedStop, ::testing::Values(Venue::binance, Venue::bitget, Venue::okx),
                         [](const auto& tested) { return std::string{core::name(tested.param)}; });
