#include "gateways/binance/order_encoder.hpp"

#include "gateways/orders/client_id.hpp"

#include <rapidcheck/gtest.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <limits>
#include <string>

using namespace core;
using namespace gateways::binance;

namespace {

const std::string key = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j";
constexpr Nanoseconds sent{1'723'161'255'030'314'667};

struct Desk {
    InstrumentTable instruments;
    InstrumentId spot = add(Market::spot, "BTCUSDT", 2, 5);
    InstrumentId linear = add(Market::linear, "BTCUSDT", 1, 3);
    InstrumentId inverse = add(Market::inverse, "BTCUSD_PERP", 1, 0);
    InstrumentId chinese = add(Market::spot, "币安人生USDT", 4, 1);
    InstrumentId foreign = instruments.add({.venue = Venue::okx, .symbol = "BTC-USDT"});
    OrderEncoder encoder{instruments, Signer{Secret{std::string{key}}}};

    InstrumentId add(Market market, std::string symbol, int price_decimals, int quantity_decimals) {
        return instruments.add({.venue = Venue::binance,
                                .market = market,
                                .symbol = std::move(symbol),
                                .price_decimals = price_decimals,
                                .quantity_decimals = quantity_decimals});
    }
};

Order order(InstrumentId instrument, OrderType type) {
    Order made;
    made.id = OrderId::of(1, 0xabc);
    made.instrument = instrument;
    made.venue = Venue::binance;
    made.type = type;
    made.price = {618'003};
    made.quantity = {6};
    return made;
}

/// "POST /path?query" without the signature, which is checked to be the last parameter and OpenSSL's.
std::string sent_text(const Request& request) {
    const auto at = request.query.rfind("&signature=");
    const std::string payload{request.query.substr(0, at)};
    std::array<unsigned char, 32> digest{};
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(payload.data()),
         payload.size(), digest.data(), nullptr);
    std::string hex;
    for (const auto byte : digest) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    EXPECT_EQ(request.query.substr(at), "&signature=" + hex);
    return std::string{name(request.method)} + " " + std::string{request.path} + "?" + payload;
}

}  // namespace

TEST(BinanceOrderEncoder, WritesEachKindOfOrderAsItsMarketWantsIt) {
    Desk desk;
    const auto text = [&](const Order& one) { return sent_text(desk.encoder.encode(one, sent)); };

    auto one = order(desk.linear, OrderType::limit);
    EXPECT_EQ(text(one),
              "POST /fapi/v1/order?recvWindow=5000&symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.006"
              "&price=61800.3&newClientOrderId=o0000010000000abc&timestamp=1723161255030");
    one.side = Side::sell;
    one.time_in_force = TimeInForce::post_only;
    one.reduce_only = true;
    EXPECT_EQ(text(one),
              "POST /fapi/v1/order?recvWindow=5000&symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTX&quantity=0.006"
              "&price=61800.3&newClientOrderId=o0000010000000abc&reduceOnly=true&timestamp=1723161255030");

    one = order(desk.linear, OrderType::stop_market);
    one.side = Side::sell;
    one.trigger = {600'000};
    one.reduce_only = true;
    EXPECT_EQ(text(one),
              "POST /fapi/v1/algoOrder?recvWindow=5000&symbol=BTCUSDT&side=SELL&algoType=CONDITIONAL&type=STOP_MARKET"
              "&workingType=CONTRACT_PRICE&quantity=0.006&triggerPrice=60000.0&clientAlgoId=o0000010000000abc"
              "&reduceOnly=true&timestamp=1723161255030");
    one.type = OrderType::cancel;
    EXPECT_EQ(
        text(one),
        "DELETE "
        "/fapi/v1/algoOrder?recvWindow=5000&symbol=BTCUSDT&clientAlgoId=o0000010000000abc&timestamp=1723161255030");

    one = order(desk.inverse, OrderType::market);
    EXPECT_EQ(text(one),
              "POST /dapi/v1/order?recvWindow=5000&symbol=BTCUSD_PERP&side=BUY&type=MARKET&quantity=6"
              "&newClientOrderId=o0000010000000abc&timestamp=1723161255030");
    one.type = OrderType::stop_market;
    one.trigger = {600'000};
    EXPECT_EQ(
        text(one),
        "POST /dapi/v1/order?recvWindow=5000&symbol=BTCUSD_PERP&side=BUY&type=STOP_MARKET&workingType=CONTRACT_PRICE"
        "&quantity=6&stopPrice=60000.0&newClientOrderId=o0000010000000abc&timestamp=1723161255030");

    one = order(desk.spot, OrderType::limit);
    one.price = {6'180'030};
    one.time_in_force = TimeInForce::post_only;
    one.reduce_only = true;
    EXPECT_EQ(text(one),
              "POST /api/v3/order?recvWindow=5000&symbol=BTCUSDT&side=BUY&type=LIMIT_MAKER&quantity=0.00006"
              "&price=61800.30&newClientOrderId=o0000010000000abc&timestamp=1723161255030");
    one.time_in_force = TimeInForce::ioc;
    EXPECT_NE(text(one).find("&type=LIMIT&timeInForce=IOC&quantity="), std::string::npos);
    one.time_in_force = TimeInForce::fok;
    EXPECT_NE(text(one).find("&type=LIMIT&timeInForce=FOK&quantity="), std::string::npos);
    one.type = OrderType::stop_market;
    one.trigger = {6'000'000};
    EXPECT_EQ(text(one),
              "POST /api/v3/order?recvWindow=5000&symbol=BTCUSDT&side=BUY&type=STOP_LOSS&quantity=0.00006"
              "&stopPrice=60000.00&newClientOrderId=o0000010000000abc&timestamp=1723161255030");
    one.type = OrderType::cancel;
    EXPECT_EQ(
        text(one),
        "DELETE "
        "/api/v3/order?recvWindow=5000&symbol=BTCUSDT&origClientOrderId=o0000010000000abc&timestamp=1723161255030");
}

TEST(BinanceOrderEncoder, EncodesSymbolsBeforeSigning) {
    Desk desk;
    const auto request = sent_text(desk.encoder.encode(order(desk.chinese, OrderType::market), sent));
    EXPECT_EQ(request,
              "POST /api/v3/order?recvWindow=5000&symbol=%E5%B8%81%E5%AE%89%E4%BA%BA%E7%94%9FUSDT&side=BUY&type=MARKET"
              "&quantity=0.6&newClientOrderId=o0000010000000abc&timestamp=1723161255030");
}

TEST(BinanceOrderEncoder, WritesTheSameUnsigned) {
    Desk desk;
    const auto one = order(desk.linear, OrderType::limit);
    const std::string unsigned_query{desk.encoder.write(one, sent).query};
    EXPECT_EQ(desk.encoder.encode(one, sent).query.substr(0, unsigned_query.size()), unsigned_query);
    EXPECT_EQ(unsigned_query.find("signature"), std::string::npos);
}

RC_GTEST_PROP(BinanceOrderEncoder, SignsWhateverItWrites, ()) {
    static Desk desk;
    auto one = order(*rc::gen::element(desk.spot, desk.linear, desk.inverse, desk.chinese),
                     *rc::gen::element(OrderType::limit, OrderType::market, OrderType::stop_market, OrderType::cancel));
    const auto positive =
        rc::gen::map(rc::gen::pair(rc::gen::inRange<std::int64_t>(1, std::numeric_limits<std::int64_t>::max()),
                                   rc::gen::inRange(0, 62)),
                     [](auto pair) { return (pair.first >> pair.second) + 1; });
    one.id = {*rc::gen::arbitrary<std::uint64_t>()};
    one.side = *rc::gen::element(Side::buy, Side::sell);
    one.time_in_force = *rc::gen::element(TimeInForce::gtc, TimeInForce::ioc, TimeInForce::fok, TimeInForce::post_only);
    one.price = {*positive};
    one.trigger = {*positive};
    one.quantity = {*positive};
    one.reduce_only = *rc::gen::arbitrary<bool>();
    const auto text = sent_text(desk.encoder.encode(one, sent));
    std::string id(gateways::client_id_length, '?');
    gateways::write_client_id(id.data(), one.id);
    const auto& instrument = desk.instruments[one.instrument];
    const auto number = [](std::int64_t units, int decimals) {
        std::array<char, max_decimal_text> held;
        return std::string(held.data(),
                           static_cast<std::size_t>(write_decimal(held.data(), units, decimals) - held.data()));
    };
    RC_ASSERT(text.find("=" + id + "&") != std::string::npos);
    if (one.type == OrderType::cancel) return;
    RC_ASSERT(text.find("&quantity=" + number(one.quantity.units, instrument.quantity_decimals) + "&") !=
              std::string::npos);
    if (one.type == OrderType::limit)
        RC_ASSERT(text.find("&price=" + number(one.price.units, instrument.price_decimals) + "&") != std::string::npos);
}
