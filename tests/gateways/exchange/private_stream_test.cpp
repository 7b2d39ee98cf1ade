#include "gateways/binance/private_stream.hpp"
#include "gateways/bitget/private_stream.hpp"
#include "gateways/orders/client_id.hpp"
#include "gateways/streams/request_id.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <gtest/gtest.h>

namespace gateways {
namespace {

using streams::FrameKind;

struct Instruments {
    core::InstrumentTable table;

    Instruments() {
        const std::pair<core::Venue, const char*> symbols[] = {{core::Venue::binance, "BTCUSDT"},
                                                               {core::Venue::binance, "ETHUSDT"},
                                                               {core::Venue::binance, "BNBUSDT"},
                                                               {core::Venue::bitget, "BTCUSDT"}};
        for (const auto& [venue, symbol] : symbols)
            for (const auto market : {core::Market::spot, core::Market::linear}) add(venue, market, symbol);
    }
    void add(core::Venue venue, core::Market market, const char* symbol) {
        core::Instrument instrument;
        instrument.venue = venue;
        instrument.market = market;
        instrument.symbol = symbol;
        instrument.price_decimals = 5;
        instrument.quantity_decimals = 8;
        table.add(std::move(instrument));
    }
};

constexpr core::Nanoseconds now{1'700'000'000'000'000'000};

template <class Stream>
std::vector<VenueEvent> events_of(Stream& stream, std::string_view frame, FrameKind kind = FrameKind::events) {
    std::vector<VenueEvent> events;
    const auto reading = stream.read(frame, now, events);
    EXPECT_TRUE(reading) << (reading ? "" : core::name(reading.error()));
    EXPECT_TRUE(!reading || reading->kind == kind) << streams::name(reading->kind);
    EXPECT_TRUE(!reading || reading->events == events.size());
    return events;
}

TEST(BinancePrivateStream, MakesAFillAndTheOrderOfATrade) {
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::linear};
    char text[client_id_length];
    const std::string client{text, write_client_id(text, core::OrderId::of(1, 7))};

    const auto events = events_of(
        stream, R"({"e":"ORDER_TRADE_UPDATE","E":1568879465651,"T":1568879465650,"o":{"s":"BTCUSDT","c":")" + client +
                    R"(","S":"SELL","o":"LIMIT","f":"GTX","q":"0.003","p":"7103.04","ap":"7103.04","sp":"0","x":"TRADE",
                "X":"PARTIALLY_FILLED","i":8886774,"l":"0.001","z":"0.002","L":"7103.04","N":"BNB","n":"0.00010",
                "T":1568879465650,"t":77,"m":true,"R":true,"ps":"BOTH"}})");

    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, VenueEventKind::fill);
    EXPECT_EQ(events[0].order, core::OrderId::of(1, 7));
    EXPECT_EQ(events[0].venue_order.view(), "8886774");
    EXPECT_EQ(events[0].side, core::Side::sell);
    EXPECT_EQ(events[0].fill.trade.view(), "77");
    EXPECT_EQ(events[0].fill.price, core::Price{710304000});
    EXPECT_EQ(events[0].fill.quantity, core::Quantity{100'000});
    EXPECT_EQ(events[0].fill.filled, core::Quantity{200'000});
    EXPECT_EQ(events[0].fill.fee, (Amount{.units = 1, .decimals = 4}));
    EXPECT_EQ(events[0].fill.fee_asset.view(), "BNB");
    EXPECT_EQ(events[0].fill.liquidity, Liquidity::maker);
    EXPECT_EQ(events[0].venue_time, core::Nanoseconds{1568879465650'000'000});
    EXPECT_EQ(events[1].kind, VenueEventKind::order_update);
    EXPECT_EQ(events[1].update.status, VenueStatus::partially_filled);
    EXPECT_EQ(events[1].update.time_in_force, core::TimeInForce::post_only);
    EXPECT_TRUE(events[1].update.reduce_only);
}

TEST(BinancePrivateStream, KnowsTheOrderThatASpotCancelMeant) {
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::spot};

    const auto events = events_of(
        stream, R"({"subscriptionId":0,"event":{"e":"executionReport","E":2,"s":"ETHUSDT","c":"cancel-1","S":"BUY",
            "o":"LIMIT","f":"GTC","q":"1","p":"2500","P":"0","x":"CANCELED","X":"CANCELED","r":"NONE","i":12,"l":"0",
            "z":"0.25","L":"0","n":"0","N":null,"T":3,"t":-1,"m":false,"C":"o0000010000000007"}})");

    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, VenueEventKind::cancelled);
    EXPECT_EQ(events[0].order, core::OrderId::of(1, 7));
    EXPECT_EQ(events[0].closed.filled, core::Quantity{25'000'000});
    EXPECT_TRUE(events[0].closed.filled_known);
}

TEST(BinancePrivateStream, SaysWhyAnOrderExpired) {
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::linear};

    const auto events = events_of(
        stream, R"({"e":"ORDER_TRADE_UPDATE","T":1,"o":{"s":"BTCUSDT","c":"x","S":"BUY","o":"LIMIT","f":"GTX","q":"1",
            "p":"1","x":"EXPIRED","X":"EXPIRED","i":1,"l":"0","z":"0","L":"0","t":0,"T":1}})");

    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, VenueEventKind::expired);
    EXPECT_EQ(events[0].closed.refusal, Refusal::post_only_would_cross);
}

TEST(BinancePrivateStream, TellsWhenItIsOver) {
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::linear};

    // Whether the account's stream is down says the owner of all its sockets.
    EXPECT_TRUE(
        events_of(stream, R"({"e":"listenKeyExpired","E":1736996475556,"listenKey":"K"})", FrameKind::ended).empty());
    EXPECT_TRUE(
        events_of(stream, R"({"subscriptionId":0,"event":{"e":"eventStreamTerminated","E":1}})", FrameKind::ended)
            .empty());
    EXPECT_TRUE(events_of(stream, R"({"e":"serverShutdown","E":1})", FrameKind::notice).empty());
}

TEST(BinancePrivateStream, ReadsRefusalsOfTheWebSocketApi) {
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::spot};
    std::vector<VenueEvent> events;

    const auto reading = stream.read(
        R"({"id":"r1","status":400,"error":{"code":-2010,"msg":"Account has insufficient balance."}})", now, events);

    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->kind, FrameKind::subscribe_refused);
    EXPECT_EQ(reading->request.view(), "r1");
    EXPECT_EQ(reading->code, -2010);
    EXPECT_EQ(reading->refusal, Refusal::insufficient_balance);
    EXPECT_EQ(reading->message.view(), "Account has insufficient balance.");
}

/// An answer with the id of a request of ours becomes the one event that it proves.
struct AnswerRow {
    streams::Operation operation;
    const char* rest;  // behind the id
    std::optional<VenueEventKind> kind;
    Refusal refusal;
};

template <class Stream>
void check_answers(Stream& stream, const std::string& before, std::initializer_list<AnswerRow> rows) {
    const auto order = core::OrderId::of(3, 9);
    for (const auto& row : rows) {
        SCOPED_TRACE(row.rest);
        char id[streams::request_id_length];
        streams::write_request_id(id, order, row.operation, 0x12ab);
        const auto events = events_of(stream, before + std::string{id, sizeof id} + row.rest, FrameKind::answer);
        ASSERT_EQ(events.size(), row.kind ? 1u : 0u);
        if (!row.kind) continue;
        EXPECT_EQ(events[0].kind, *row.kind) << name(events[0].kind);
        EXPECT_EQ(events[0].source, EventSource::answer);
        EXPECT_EQ(events[0].order, order);
        if (*row.kind == VenueEventKind::acknowledged) {
            EXPECT_EQ(events[0].venue_order.view(), "77");
        } else if (*row.kind != VenueEventKind::outcome_unknown) {
            EXPECT_EQ(events[0].rejected.refusal, row.refusal) << name(events[0].rejected.refusal);
        }
    }
}

TEST(BinancePrivateStream, TurnsAnswersToOrdersIntoEvents) {
    using enum streams::Operation;
    using Event = VenueEventKind;
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::linear};
    check_answers(
        stream, R"({"id":")",
        {{place, R"(","status":200,"result":{"orderId":77,"updateTime":5}})", Event::acknowledged, {}},
         {place, R"(","status":200,"result":{"algoId":77,"clientAlgoId":"x"}})", Event::acknowledged, {}},
         {cancel, R"(","status":200,"result":{"orderId":77,"status":"CANCELED"}})", std::nullopt, {}},
         {place, R"(","status":400,"error":{"code":-2019,"msg":"Margin is insufficient."}})", Event::rejected,
          Refusal::insufficient_balance},
         {place, R"(","status":400,"error":{"code":-2010,"msg":"Duplicate order sent."}})", Event::rejected,
          Refusal::duplicate_id},
         {place, R"(","status":400,"error":{"code":-1013,"msg":"Filter failure: LOT_SIZE"}})", Event::rejected,
          Refusal::lot_size},
         {place, R"(","status":400,"error":{"code":-2022,"msg":"ReduceOnly Order is rejected."}})", Event::rejected,
          Refusal::reduce_only},
         {cancel, R"(","status":400,"error":{"code":-2011,"msg":"Unknown order sent."}})", Event::cancel_rejected,
          Refusal::unknown_order},
         {place, R"(","status":400,"error":{"code":-1021,"msg":"Timestamp"}})", Event::rejected, Refusal::clock},
         {place, R"(","status":429,"error":{"code":-1015,"msg":"Too many"}})", Event::rejected, Refusal::rate_limited},
         {place, R"(","status":418,"error":{"code":-1003,"msg":"IP banned"}})", Event::rejected, Refusal::banned},
         {place, R"(","status":503,"error":{"code":-1008,"msg":"overload"}})", Event::outcome_unknown, {}},
         {place, R"(","status":400,"error":{"code":-9999,"msg":"never heard of"}})", Event::outcome_unknown, {}},
         {place, R"(","status":504,"error":{"code":-1007,"msg":"Timeout"}})", Event::outcome_unknown, {}},
         {place, R"(","status":400,"error":{"code":-9999,"msg":"no table knows it"}})", Event::outcome_unknown, {}},
         {cancel, R"(","status":500,"error":{"code":-12345,"msg":"?"}})", Event::outcome_unknown, {}}});
}

TEST(BitgetPrivateStream, TurnsAnswersToOrdersIntoEvents) {
    using enum streams::Operation;
    using Event = VenueEventKind;
    const Instruments instruments;
    bitget::PrivateStream stream{instruments.table};
    check_answers(
        stream, R"({"arg":[{"instType":"USDT-FUTURES","instId":"BTCUSDT","id":")",
        {{place,
          R"(","channel":"place-order","params":{"orderId":"77"}}],"event":"trade","code":0,"msg":"Success"})",
          Event::acknowledged,
          {}},
         {cancel,
          R"(","channel":"cancel-order","params":{"orderId":"77"}}],"event":"trade","code":0,"msg":"ok"})",
          std::nullopt,
          {}},
         {place, R"(","channel":"place-order","params":{}}],"event":"error","code":25202,"msg":"balance"})",
          Event::rejected, Refusal::insufficient_balance},
         {place, R"(","channel":"place-order","params":{}}],"event":"error","code":25212,"msg":"duplicate"})",
          Event::rejected, Refusal::duplicate_id},
         {cancel, R"(","channel":"cancel-order","params":{}}],"event":"error","code":25204,"msg":"no such order"})",
          Event::cancel_rejected, Refusal::unknown_order},
         {place,
          R"(","channel":"place-order","params":{}}],"event":"error","code":25999,"msg":"no table knows it"})",
          Event::outcome_unknown,
          {}},
         {place,
          R"(","channel":"place-order","params":{}}],"event":"error","code":40015,"msg":"abnormal"})",
          Event::outcome_unknown,
          {}}});
}

TEST(RequestId, SurvivesARoundTripAndRefusesOthers) {
    for (const auto operation : {streams::Operation::place, streams::Operation::cancel}) {
        char text[streams::request_id_length];
        EXPECT_EQ(streams::write_request_id(text, core::OrderId{0xfedcba9876543210}, operation, 0xffffffff),
                  text + sizeof text);
        const auto read = streams::parse_request_id({text, sizeof text});
        ASSERT_TRUE(read);
        EXPECT_EQ(read->order, core::OrderId{0xfedcba9876543210});
        EXPECT_EQ(read->operation, operation);
        EXPECT_FALSE(streams::parse_request_id({text, sizeof text - 1}));
    }
    EXPECT_FALSE(streams::parse_request_id("oX000010000000007n00000001"));
    EXPECT_FALSE(streams::parse_request_id("o0000010000000007q00000001"));
}

TEST(BitgetPrivateStream, MakesAFillAndTheOrderOfATrade) {
    const Instruments instruments;
    bitget::PrivateStream stream{instruments.table};

    const auto events = events_of(
        stream, R"({"action":"snapshot","arg":{"instType":"USDT-FUTURES","channel":"orders","instId":"default"},"data":[
            {"accBaseVolume":"0.02","clientOid":"o0000010000000007","fillFee":"-0.162003","fillFeeCoin":"USDT",
             "fillPrice":"27000.5","baseVolume":"0.01","force":"gtc","instId":"BTCUSDT","orderId":"9",
             "orderType":"limit","posMode":"hedge_mode","posSide":"long","price":"27000.5","priceAvg":"27000.5",
             "side":"buy","size":"0.05","status":"partially_filled","tradeScope":"T","tradeId":"11","tradeSide":"close",
             "uTime":"1695718781146"}],"ts":1695718781206})");

    ASSERT_EQ(events.size(), 2u);
    EXPECT_EQ(events[0].kind, VenueEventKind::fill);
    EXPECT_EQ(events[0].side, core::Side::sell);  // buy closes a long position
    EXPECT_EQ(events[0].fill.trade.view(), "11");
    EXPECT_EQ(events[0].fill.fee, (Amount{.units = 162003, .decimals = 6}));
    EXPECT_EQ(events[0].fill.liquidity, Liquidity::taker);
    EXPECT_EQ(events[1].update.filled, core::Quantity{2'000'000});
    EXPECT_TRUE(events[1].update.reduce_only);
    EXPECT_EQ(events[1].order, core::OrderId::of(1, 7));
}

TEST(BitgetPrivateStream, EndsAStopThatWasReleased) {
    const Instruments instruments;
    bitget::PrivateStream stream{instruments.table};
    const auto plan = [&](const std::string& status, const std::string& type) {
        return events_of(
            stream,
            R"({"action":"snapshot","arg":{"instType":"USDT-FUTURES","channel":"orders-algo","instId":"default"},
                    "data":[{"instId":"BTCUSDT","orderId":"1","clientOid":"","side":"sell","tradeSide":"close","posMode":"one_way_mode",
                    "orderType":")" +
                type + R"(","size":"1","triggerPrice":"60000","price":"59000","status":")" + status +
                R"(","uTime":"1"}],"ts":1})");
    };
    EXPECT_EQ(plan("live", "market").at(0).update.status, VenueStatus::pending);
    for (const auto* released : {"executed", "triggered"}) {
        EXPECT_EQ(plan(released, "market").at(0).kind, VenueEventKind::expired) << "it protects nothing any more";
        EXPECT_FALSE(plan(released, "market").at(0).closed.filled_known);
        EXPECT_EQ(plan(released, "limit").at(0).update.status, VenueStatus::working) << "it may rest in the book";
    }
    EXPECT_EQ(plan("executing", "market").at(0).update.status, VenueStatus::working);
}

TEST(BinancePrivateStream, NamesAReleasedStopByTheOrderThatItReleased) {
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::linear};
    const auto algo = [&](const std::string& status, const std::string& released) {
        return events_of(stream, R"({"e":"ALGO_UPDATE","T":1,"E":1,"o":{"caid":"x","aid":77,"at":"CONDITIONAL",
                    "o":"STOP_MARKET","s":"BTCUSDT","S":"SELL","ps":"BOTH","f":"GTC","q":"0.01","X":")" +
                                     status + R"(","ai":")" + released + R"(","tp":"60000","p":"0","R":true}})");
    };
    EXPECT_EQ(algo("NEW", "").at(0).venue_order.view(), "77");
    EXPECT_EQ(algo("TRIGGERED", "8886774").at(0).venue_order.view(), "8886774");
}

TEST(BitgetPrivateStream, SignsAPositionByItsSide) {
    const Instruments instruments;
    bitget::PrivateStream stream{instruments.table};

    const auto events = events_of(
        stream, R"({"action":"snapshot","arg":{"instType":"USDT-FUTURES","channel":"positions","instId":"default"},
            "data":[{"posId":"1","instId":"BTCUSDT","marginCoin":"USDT","holdSide":"short","posMode":"hedge_mode",
            "total":"0.5","available":"0.5","openPriceAvg":"27000.25","uTime":"1695649246169"}],"ts":1695649246300})");

    ASSERT_EQ(events.size(), 1u);
    EXPECT_EQ(events[0].kind, VenueEventKind::position);
    EXPECT_EQ(events[0].position.quantity, core::Quantity{-50'000'000});
    EXPECT_EQ(events[0].position.side, PositionSide::short_only);
    EXPECT_EQ(events[0].position.entry, (Amount{.units = 2700025, .decimals = 2}));
}

TEST(BitgetPrivateStream, ReadsPongAndRefusals) {
    const Instruments instruments;
    bitget::PrivateStream stream{instruments.table};
    std::vector<VenueEvent> events;

    EXPECT_TRUE(events_of(stream, "pong", FrameKind::pong).empty());
    const auto reading = stream.read(R"({"event":"error","code":"30005","msg":"error"})", now, events);
    ASSERT_TRUE(reading);
    EXPECT_EQ(reading->kind, FrameKind::login_refused);
    EXPECT_EQ(reading->refusal, Refusal::credentials);
    EXPECT_EQ(reading->code, 30005);
}

TEST(PrivateStreams, RefuseBrokenFramesAndAppendNothing) {
    const Instruments instruments;
    binance::PrivateStream binance{instruments.table, core::Market::linear};
    bitget::PrivateStream bitget{instruments.table};
    constexpr const char* frames[] = {
        "",
        "{",
        "[]",
        R"({"e":"never heard of"})",
        R"({"e":"ORDER_TRADE_UPDATE","o":{"s":"BTCUSDT","S":"BUY","X":"NEW","x":"NEW","q":"0.123456789","i":1}})",
        R"({"e":"ORDER_TRADE_UPDATE","o":{"s":"BTCUSDT","S":"BUY","X":"UNHEARD","i":1}})",
        R"({"e":"ACCOUNT_UPDATE","a":{"B":[{"a":"USDT","wb":"1","cw":"1"},{"a":"USDT","wb":"x","cw":"1"}]}})",
        R"({"arg":{"channel":"unheard"},"data":[]})",
        R"({"arg":{"instType":"USDT-FUTURES","channel":"orders"},"data":[{"instId":"BTCUSDT","status":"live","size":"-"}]})",
        R"({"arg":{"instType":"USDT-FUTURES","channel":"fill"},"data":[{"symbol":"BTCUSDT"}]})",
    };
    for (const auto* frame : frames) {
        SCOPED_TRACE(frame);
        std::vector<VenueEvent> events;
        EXPECT_FALSE(binance.read(frame, now, events));
        EXPECT_FALSE(bitget.read(frame, now, events));
        EXPECT_TRUE(events.empty());
    }
}

/// The pushes ("= ") and answers ("< ") of a file of JKorf's, with generated values in place of |1| and |2|.
std::vector<std::string> frames_of(const std::filesystem::path& file) {
    std::vector<std::string> frames;
    bool server = false;
    std::ifstream in{file};
    for (std::string line; std::getline(in, line);) {
        const auto mark = line.substr(0, 1);
        if (line.size() > 1 && (mark == ">" || mark == "<" || mark == "=") && line[1] == ' ') {
            server = mark != ">";
            if (server) frames.push_back(line.substr(2));
        } else if (server) {
            frames.back() += '\n' + line;
        }
    }
    for (auto& frame : frames)
        for (const auto* generated : {"\"|1|\"", "|1|", "\"|2|\"", "|2|"})
            for (auto at = frame.find(generated); at != frame.npos; at = frame.find(generated))
                frame.replace(at, std::string_view{generated}.size(), "1");
    return frames;
}

/// Reads every frame of the files whose path has one of the words.
template <class Stream>
void read_all(Stream& stream, const std::string& folder, std::initializer_list<std::string_view> words,
              const std::string& what) {
    int all = 0, passed = 0;
    std::size_t made = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{test::shared(folder)}) {
        const auto path = entry.path().generic_string();
        if (!entry.is_regular_file() ||
            std::none_of(words.begin(), words.end(), [&](auto word) { return path.find(word) != path.npos; }))
            continue;
        const auto frames =
            path.ends_with(".json") ? std::vector{test::text_of(entry.path())} : frames_of(entry.path());
        for (const auto& frame : frames) {
            SCOPED_TRACE(path + ": " + frame.substr(0, 200));
            ++all;
            std::vector<VenueEvent> events;
            const auto reading = stream.read(frame, now, events);
            EXPECT_TRUE(reading) << (reading ? "" : core::name(reading.error()));
            EXPECT_TRUE(!reading ||
                        (reading->kind != FrameKind::subscribe_refused && reading->kind != FrameKind::login_refused));
            passed += reading ? 1 : 0;
            made += events.size();
        }
    }
    EXPECT_GT(all, 0);
    EXPECT_GT(made, 0u);
    test::report(what, passed, all);
    std::printf("golden %s: %zu events\n", what.c_str(), made);
}

TEST(PrivateStreams, ReadWhatOthersRecorded) {
    NEEDS_SHARED_DATA();
    const Instruments instruments;
    binance::PrivateStream spot{instruments.table, core::Market::spot};
    binance::PrivateStream linear{instruments.table, core::Market::linear};
    bitget::PrivateStream bitget{instruments.table};

    read_all(spot, "golden/jkorf/binance/Subscriptions/Spot/Account", {".txt"}, "binance spot stream jkorf");
    read_all(linear, "golden/jkorf/binance/Subscriptions/UsdFutures",
             {"AccountUpdate", "AlgoOrderUpdate", "OrderUpdate", "Leverage", "MarginUpdate", "TradeUpdate",
              "StrategyUpdate"},
             "binance linear stream jkorf");
    read_all(spot, "golden/nautilus/binance/spot/user_data_json", {".json"}, "binance spot stream nautilus");
    read_all(linear, "golden/nautilus/binance/futures/user_data_json", {".json"}, "binance linear stream nautilus");
    read_all(bitget, "golden/jkorf/bitget/Subscriptions",
             {"Spot/Order.", "Spot/UserTrade", "Futures/Order.", "Futures/TriggerOrder", "Futures/Equity",
              "Futures/Balance", "Unified/Order.", "Unified/StrategyOrder", "Unified/Account", "Unified/Position",
              "Unified/FastUserTrade", "Unified/Adl"},
             "bitget stream jkorf");
}

TEST(BinancePrivateStream, ReadsTheWebSocketApisAnswers) {
    NEEDS_SHARED_DATA();
    const Instruments instruments;
    binance::PrivateStream stream{instruments.table, core::Market::spot};
    int all = 0, passed = 0;

    for (const auto& entry :
         std::filesystem::recursive_directory_iterator{test::shared("golden/jkorf/binance/Socket")}) {
        if (!entry.is_regular_file()) continue;
        for (const auto& frame : frames_of(entry.path())) {
            SCOPED_TRACE(entry.path().string());
            ++all;
            std::vector<VenueEvent> events;
            const auto reading = stream.read(frame, now, events);
            EXPECT_TRUE(reading && reading->kind == FrameKind::other && reading->request.view() == "1");
            passed += reading ? 1 : 0;
        }
    }

    test::report("binance websocket api jkorf", passed, all);
}

}  // namespace
}  // namespace gateways
