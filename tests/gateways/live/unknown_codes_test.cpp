#include "core/domain/reject_reasons.hpp"
#include "gateways/binance/private_stream.hpp"
#include "gateways/bitget/private_stream.hpp"
#include "gateways/bybit/private_stream.hpp"
#include "gateways/exchange/service.hpp"
#include "gateways/okx/private_stream.hpp"
#include "gateways/streams/request_id.hpp"
#include "tests/gateways/live/calls_world.hpp"

/// A code that no table knows refuses no order: what is taken for refused although it stands is placed twice.
namespace test {
namespace {

using gateways::Refusal;
using gateways::VenueEvent;
using gateways::streams::Operation;

/// An answer with this code: over REST (`of_one`: about the one order inside), and over the socket.
Response rest(Venue venue, const std::string& code, bool of_one = false) {
    switch (venue) {
        case Venue::binance: return {400, {}, R"({"code":)" + code + R"(,"msg":"words"})"};
        case Venue::bitget: return {400, {}, R"({"code":")" + code + R"(","msg":"words","data":null})"};
        case Venue::bybit: return {200, {}, R"({"retCode":)" + code + R"(,"retMsg":"words","result":{},"time":1})"};
        default:
            return {200,
                    {},
                    of_one ? R"({"code":"1","msg":"","data":[{"ordId":"","sCode":")" + code + R"(","sMsg":"words"}]})"
                           : R"({"code":")" + code + R"(","msg":"words","data":[]})"};
    }
}

std::string frame(Venue venue, const std::string& request, const std::string& code) {
    switch (venue) {
        case Venue::binance:
            return R"({"id":")" + request + R"(","status":400,"error":{"code":)" + code + R"(,"msg":"words"}})";
        case Venue::bitget:
            return R"({"event":"error","arg":[{"id":")" + request +
                   R"(","instType":"SPOT","channel":"place-order","instId":"BTCUSDT","params":{}}],"code":)" + code +
                   R"(,"msg":"words"})";
        case Venue::bybit:
            return R"({"reqId":")" + request + R"(","retCode":)" + code +
                   R"(,"retMsg":"words","op":"order.create","data":{}})";
        default:
            return R"({"id":")" + request + R"(","op":"order","data":[{"ordId":"","sCode":")" + code +
                   R"(","sMsg":"words"}],"code":"1","msg":""})";
    }
}

std::vector<VenueEvent> by_socket(Venue venue, const core::InstrumentTable& table, const std::string& code) {
    std::string request(gateways::streams::request_id_length, '0');
    gateways::streams::write_request_id(request.data(), core::OrderId::of(7, 1), Operation::place, 1);
    auto text = frame(venue, request, code);
    const auto size = text.size();
    text.resize(size + 64);
    const auto view = std::string_view{text}.substr(0, size);
    std::vector<VenueEvent> events;
    const auto read = [&](auto&& stream) { EXPECT_TRUE(stream.read(view, 1s, events)) << view; };
    switch (venue) {
        case Venue::binance: read(gateways::binance::PrivateStream{table, Market::linear}); break;
        case Venue::bitget: read(gateways::bitget::PrivateStream{table}); break;
        case Venue::bybit: read(gateways::bybit::PrivateStream{table}); break;
        default: read(gateways::okx::PrivateStream{table}); break;
    }
    return events;
}

struct Case {
    Venue venue;
    std::vector<const char*> unknown;                              ///< in a family that refuses elsewhere, and told so
    std::vector<std::pair<const char*, Refusal>> refused;          ///< in the table
    std::vector<std::pair<const char*, Refusal>> would_trigger{};  ///< a stop past its price

    friend void PrintTo(const Case& it, std::ostream* out) { *out << core::name(it.venue); }
};
const Case cases[] = {
    {Venue::binance,
     {"-4999", "-1199", "-5999", "-1007", "-9000"},
     {{"-4164", Refusal::min_notional}, {"-4131", Refusal::price_band}}},
    {Venue::bitget,
     {"43999", "45999", "22999", "40099", "45001", "40910"},
     {{"43008", Refusal::price_band}, {"45110", Refusal::min_notional}},
     {{"43035", Refusal::would_trigger}, {"40917", Refusal::would_trigger}}},
    {Venue::bybit,
     {"110999", "170999", "170001", "170146"},
     {{"110003", Refusal::price_band}, {"170140", Refusal::min_notional}},
     {{"110092", Refusal::would_trigger}, {"110093", Refusal::would_trigger}}},
    {Venue::okx,
     {"51149", "51999", "51054", "58001"},
     {{"51006", Refusal::price_band}, {"51008", Refusal::insufficient_balance}},
     {{"51278", Refusal::would_trigger}, {"51280", Refusal::would_trigger}}},
};

class UnknownCodes : public ::testing::TestWithParam<Case> {};

}  // namespace

TEST_P(UnknownCodes, RefuseNoOrderOverRest) {
    const CallsWorld world{GetParam().venue};
    for (const auto market : {Market::spot, Market::linear})
        for (const auto* code : GetParam().unknown)
            for (const bool of_one : {false, true}) {
                const auto place = world.action(ActionKind::place, world.order(market));
                const auto answered = world.answered(place, rest(world.venue, code, of_one));
                ASSERT_EQ(answered.events.size(), 1u) << code;
                EXPECT_EQ(answered.events[0].kind, VenueEventKind::outcome_unknown) << code;
                EXPECT_FALSE(answered.not_sent);
            }
}

TEST_P(UnknownCodes, RefuseNoOrderOverTheSocket) {
    const auto table = pairs_of(GetParam().venue);
    for (const auto* code : GetParam().unknown) {
        const auto events = by_socket(GetParam().venue, table, code);
        ASSERT_EQ(events.size(), 1u) << code;
        EXPECT_EQ(events[0].kind, VenueEventKind::outcome_unknown) << code;
    }
}

TEST_P(UnknownCodes, AreToldFromThoseThatRefuse) {
    const CallsWorld world{GetParam().venue};
    auto all = GetParam().refused;
    all.insert(all.end(), GetParam().would_trigger.begin(), GetParam().would_trigger.end());
    for (const auto& [code, refusal] : all) {
        const auto place = world.action(ActionKind::place, world.order(Market::linear));
        const auto answered = world.answered(place, rest(world.venue, code));
        ASSERT_EQ(answered.events.size(), 1u) << code;
        EXPECT_EQ(answered.events[0].kind, VenueEventKind::rejected) << code;
        EXPECT_EQ(answered.events[0].rejected.refusal, refusal) << code;
        const auto events = by_socket(world.venue, world.instruments, code);
        ASSERT_EQ(events.size(), 1u) << code;
        EXPECT_EQ(events[0].kind, VenueEventKind::rejected) << code;
        EXPECT_EQ(events[0].rejected.refusal, refusal) << code;
    }
}

INSTANTIATE_TEST_SUITE_P(, UnknownCodes, ::testing::ValuesIn(cases),
                         [](const auto& one) { return std::string{core::name(one.param.venue)}; });

TEST(StopPastItsPrice, IsRefusedByANameThatReachesTheStrategies) {
    const CallsWorld world{Venue::binance};
    const auto place = world.action(ActionKind::place, world.order(Market::linear, true));
    for (const auto* body : {R"({"code":-2021,"msg":"Order would immediately trigger."})",
                             R"({"code":-4142,"msg":"REJECT: take profit or stop order will be triggered"})",
                             R"({"code":-2010,"msg":"Order would trigger immediately."})"}) {
        const auto answered = world.answered(place, {400, {}, body});
        ASSERT_EQ(answered.events.size(), 1u) << body;
        EXPECT_EQ(answered.events[0].kind, VenueEventKind::rejected) << body;
        EXPECT_EQ(answered.events[0].rejected.refusal, Refusal::would_trigger) << body;
    }
    EXPECT_EQ(gateways::to_reject_reason(Refusal::would_trigger), core::reject_reason::would_trigger);
    EXPECT_EQ(core::name(core::reject_reason::would_trigger), "would_trigger");
    EXPECT_EQ(gateways::name(Refusal::would_trigger), "would_trigger");
}

TEST(ClosedMarket, RefusesForSure) {
    const CallsWorld world{Venue::binance};
    const auto place = world.action(ActionKind::place, world.order(Market::spot));
    const auto answered = world.answered(place, {400, {}, R"({"code":-2010,"msg":"Market is closed."})"});
    ASSERT_EQ(answered.events.size(), 1u);
    EXPECT_EQ(answered.events[0].kind, VenueEventKind::rejected);
    EXPECT_EQ(answered.events[0].rejected.refusal, Refusal::no_market);
}

TEST(SpotReplacement, SaysWhichPartOfItWasDone) {
    const auto service = gateways::exchange::make_service(Venue::binance);
    gateways::exchange::MarketTable markets;
    gateways::exchange::Market market;
    market.id = "BTCUSDT", market.symbol = "BTC/USDT", market.base = "BTC", market.quote = "USDT";
    market.type = gateways::exchange::MarketType::spot;
    markets.add(std::move(market));
    const auto read = [&](int status, const std::string& body) {
        using gateways::exchange::Call;
        gateways::exchange::Arguments arguments;
        for (const auto& [name, value] :
             {std::pair{"id", "7"}, std::pair{"symbol", "BTC/USDT"}, std::pair{"type", "limit"},
              std::pair{"side", "buy"}, std::pair{"amount", "1"}, std::pair{"price", "2"}})
            arguments.set(name, std::string{value});
        const auto built = service->build(Call::edit_order, arguments, {.markets = markets});
        EXPECT_TRUE(built);
        const auto result =
            service->parse(Call::edit_order, arguments, {.markets = markets}, built->front(), {status, {}, body});
        EXPECT_FALSE(result);
        return result ? ApiError{} : result.error();
    };
    const auto answer = [](const char* code, const char* cancel, const char* placed, const char* why) {
        return R"({"code":)" + std::string{code} + R"(,"msg":"Order cancel-replace failed.","data":{"cancelResult":")" +
               cancel + R"(","newOrderResult":")" + placed +
               R"(","cancelResponse":{"code":-2011,"msg":"Unknown order)" + R"( sent."},"newOrderResponse":)" + why +
               "}}";
    };
    constexpr const char* balance = R"({"code":-2010,"msg":"Account has insufficient balance"})";

    EXPECT_EQ(read(400, answer("-2022", "FAILURE", "NOT_ATTEMPTED", "null")).kind, ErrorKind::order_not_found);
    EXPECT_EQ(read(400, answer("-2022", "FAILURE", "FAILURE", balance)).kind, ErrorKind::order_not_found);
    EXPECT_EQ(read(400, answer("-2022", "FAILURE", "FAILURE", R"({"code":-1007,"msg":"Timeout"})")).kind,
              ErrorKind::unknown_outcome);
    const auto half = read(409, answer("-2021", "SUCCESS", "FAILURE", balance));
    EXPECT_EQ(half.kind, ErrorKind::unknown_outcome);
    EXPECT_NE(half.message.find("is cancelled, the new one refused"), std::string::npos);
    EXPECT_EQ(read(409, answer("-2021", "FAILURE", "SUCCESS", "{}")).kind, ErrorKind::unknown_outcome);
    EXPECT_EQ(read(409, R"({"code":-2021,"msg":"Order cancel-replace partially failed."})").kind,
              ErrorKind::unknown_outcome);
}

}  // namespace test
