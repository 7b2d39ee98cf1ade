#include "core/net/sign.hpp"

#include <rapidcheck/gtest.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

using namespace core;

namespace {

std::string hex(const Digest& digest) {
    std::string text(hex_length, '?');
    EXPECT_EQ(write_hex(text.data(), digest), text.data() + text.size());
    return text;
}
std::string base64(const Digest& digest) {
    std::string text(base64_length, '?');
    EXPECT_EQ(write_base64(text.data(), digest), text.data() + text.size());
    return text;
}

Signer signer(const std::string& key) {
    return Signer{Secret{std::string{key}}};
}

Digest openssl(const std::string& key, const std::string& message) {
    Digest digest;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(message.data()),
         message.size(), digest.data(), nullptr);
    return digest;
}

}  // namespace

TEST(Signer, PassesTheVectorsOfRfc4231) {
    const std::tuple<std::string, std::string, std::string> cases[] = {
        {std::string(20, '\x0b'), "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {std::string(20, '\xaa'), std::string(50, '\xdd'),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {std::string(131, '\xaa'),
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
         "hashed before "
         "being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (const auto& [key, message, expected] : cases) EXPECT_EQ(hex(signer(key).sign(message)), expected);
}

TEST(Signer, SignsAsTheVenuesDocument) {
    const auto binance = signer("NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j");
    EXPECT_EQ(hex(binance.sign("symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&"
                               "timestamp=1499827319559")),
              "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71");
    EXPECT_EQ(
        hex(binance.sign("apiKey=vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A&price=52000.00&"
                         "quantity=0.01000000&"
                         "recvWindow=100&side=SELL&symbol=BTCUSDT&timeInForce=GTC&timestamp=1645423376532&type=LIMIT")),
        "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24");

    const auto other = signer("22582BD0CFF14C41EDBF1AB98506286D");
    EXPECT_EQ(base64(other.sign("16273667805456GET/api/mix/v2/market/depth?limit=20&symbol=BTCUSDT")),
              "30l+qfOwyfwL90Ss/Wz2h2be1+vlW/DKH5rcFIsocEI=");
    EXPECT_EQ(
        base64(other.sign(
            R"(16273667805456POST/api/v2/mix/order/place-order{"productType":"usdt-futures","symbol":"BTCUSDT","size":"8","marginMode":"crossed","side":"buy","orderType":"limit","clientOid":"channel#123456"})")),
        "jIRuviYIBOMtYTXX+ji2u+/QsuvmwgqRWhM6kiexTEU=");
    EXPECT_EQ(base64(other.sign("1538054050GET/user/verify")), "/4S0C3L8mGdm8894ulf8wfnQ6dqMXO8Iw95zlvMN8Zw=");
    EXPECT_EQ(hex(other.sign("1658384314791XXXXXXXXXX5000category=option&symbol=BTC-29JUL22-25000-C")),
              "6ffe92d55e809d8723ee51ed95f03ba8174b905fcdfc37542d56aa0d03b8ffbc");
    EXPECT_EQ(hex(other.sign("GET/realtime1662350400000")),
              "a0400ad4d1c25ebf2021552662d5672b7f399cb2e8a74cc66856886c11c68c46");
    EXPECT_EQ(base64(other.sign("2020-12-08T09:08:57.715ZGET/api/v5/account/balance?ccy=BTC")),
              "HiZhvSfMtWJA3uUIVXV3a/bSXNPCWvYFXoGCVS8V4zY=");
    EXPECT_EQ(base64(other.sign("1538054050GET/users/self/verify")), "+LdIr8lkkvhr5hoA3g9TMC0+uQJ849ftAcocA/ouu4M=");
}

TEST(Signer, SignsTheSameFromACopyAndAfterAMove) {
    auto one = signer("key");
    const auto expected = one.sign("message");
    const auto two = one.copy();
    const Signer three{std::move(one)};
    EXPECT_EQ(two.sign("message"), expected);
    EXPECT_EQ(three.sign("message"), expected);
}

RC_GTEST_PROP(Signer, AgreesWithOpensslOnAnyKeyAndMessage, (const std::string& key, const std::string& message)) {
    const auto longer = std::string(*rc::gen::inRange<std::size_t>(0, 300), 'x') + message;
    RC_ASSERT(signer(key).sign(longer) == openssl(key, longer));
}

RC_GTEST_PROP(Signer, SignsTheSameFromABeginning, (const std::string& key, const std::string& rest)) {
    const auto beginning = std::string(*rc::gen::inRange<std::size_t>(0, 3) * 64, 'b');
    const auto one = signer(key);
    RC_ASSERT(one.sign(one.start(beginning), rest) == one.sign(beginning + rest));
}

RC_GTEST_PROP(Base64, AgreesWithOpenssl, ()) {
    const auto digest = *rc::gen::container<Digest>(rc::gen::arbitrary<std::uint8_t>());
    std::string expected(base64_length + 1, '?');
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(expected.data()), digest.data(), static_cast<int>(digest.size()));
    expected.resize(base64_length);
    RC_ASSERT(base64(digest) == expected);
}

RC_GTEST_PROP(Sha256, CompressesTheSameBothWays, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(0, 5);
    const auto blocks =
        *rc::gen::container<std::vector<std::uint8_t>>(count * sha256::block_size, rc::gen::arbitrary<std::uint8_t>());
    auto chosen = *rc::gen::container<sha256::State>(rc::gen::arbitrary<std::uint32_t>());
    auto portable = chosen;
    auto extended = chosen;
    sha256::compress(chosen, blocks.data(), count);
    sha256::compress_portable(portable, blocks.data(), count);
    RC_ASSERT(chosen == portable);
    Digest digest_portable, digest_extended, digest_chosen;
    sha256::hmac(portable, sha256::initial, blocks.data(), count, blocks.data(), std::min<std::size_t>(count, 2),
                 digest_chosen.data());
    sha256::hmac_portable(portable, sha256::initial, blocks.data(), count, blocks.data(),
                          std::min<std::size_t>(count, 2), digest_portable.data());
    RC_ASSERT(digest_chosen == digest_portable);
    if (!sha256::has_extensions()) return;
    sha256::hmac_extensions(portable, sha256::initial, blocks.data(), count, blocks.data(),
                            std::min<std::size_t>(count, 2), digest_extended.data());
    RC_ASSERT(digest_chosen == digest_extended);
    sha256::compress_extensions(extended, blocks.data(), count);
    RC_ASSERT(chosen == extended);
}
