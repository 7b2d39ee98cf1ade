#include "tools/omega/key_permissions.hpp"
#include "tools/omega/live/key_check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace omega;
using core::Venue;

namespace {

std::string told(const KeyPermissions& permissions) {
    const auto word = [](std::optional<bool> right) { return !right ? "?" : *right ? "yes" : "no"; };
    return permissions.problem.empty() ? std::string{"reads "} + word(permissions.reads) + ", trades " +
                                             word(permissions.trades) + ", withdraws " + word(permissions.withdraws)
                                       : permissions.problem;
}

}  // namespace

TEST(KeyPermissions, AreReadAsEachVenueWritesThem) {
    const struct {
        Venue venue;
        const char* body;
        const char* told;
    } cases[] = {
        {Venue::binance,
         R"({"ipRestrict":false,"createTime":1698645219000,"enableReading":true,"enableWithdrawals":false,"enableFutures":true,"enableSpotAndMarginTrading":false})",
         "reads yes, trades yes, withdraws no"},
        {Venue::binance,
         R"({"enableReading":true,"enableWithdrawals":true,"enableFutures":false,"enableSpotAndMarginTrading":false})",
         "reads yes, trades no, withdraws yes"},
        {Venue::binance, R"({"enableReading":true})", "reads yes, trades ?, withdraws ?"},
        {Venue::binance, R"({"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."})",
         "the venue refuses the key: -2015 Invalid API-key, IP, or permissions for action."},
        {Venue::bybit,
         R"({"retCode":0,"retMsg":"","result":{"readOnly":0,"permissions":{"ContractTrade":["Order","Position"],"Spot":["SpotTrade"],"Wallet":["AccountTransfer"]}}})",
         "reads yes, trades yes, withdraws no"},
        {Venue::bybit,
         R"({"retCode":0,"result":{"readOnly":0,"permissions":{"ContractTrade":[],"Spot":[],"Wallet":["AccountTransfer","Withdraw"]}}})",
         "reads yes, trades no, withdraws yes"},
        {Venue::bybit, R"({"retCode":0,"result":{"readOnly":1,"permissions":{"Spot":["SpotTrade"],"Wallet":[]}}})",
         "reads yes, trades no, withdraws no"},
        {Venue::bybit, R"({"retCode":10003,"retMsg":"API key is invalid."})",
         "the venue refuses the key: 10003 API key is invalid."},
        {Venue::bybit, R"({"retCode":0,"result":{}})", "reads ?, trades ?, withdraws ?"},
        {Venue::okx, R"({"code":"0","data":[{"uid":"4","perm":"read_only,withdraw,trade"}],"msg":""})",
         "reads yes, trades yes, withdraws yes"},
        {Venue::okx, R"({"code":"0","data":[{"perm":"read_only,trade"}],"msg":""})",
         "reads yes, trades yes, withdraws no"},
        {Venue::okx, R"({"code":"50111","data":[],"msg":"Invalid OK-ACCESS-KEY"})",
         "the venue refuses the key: 50111 Invalid OK-ACCESS-KEY"},
        {Venue::okx, R"({"code":"0","data":[]})", "reads ?, trades ?, withdraws ?"},
        {Venue::bitget, R"({"code":"00000","data":{}})", "reads ?, trades ?, withdraws ?"},
        {Venue::okx, "<html>", "the venue answered 502 and nothing to be read"},
        {Venue::binance, "[]", "the venue answered 502 and nothing to be read"},
    };
    for (const auto& [venue, body, expected] : cases)
        EXPECT_EQ(told(read_permissions(venue, 502, body)), expected) << body;
}

TEST(KeyPermissions, AreAskedWithOneSignedQuestionThatShowsNoSecret) {
    const gateways::exchange::Credentials keys{.key = core::Secret{std::string{"the-key"}},
                                               .secret = core::Secret{std::string{"the-secret"}},
                                               .passphrase = {}};
    int asked = 0;
    const auto permissions = ask_permissions(
        core::Venue::binance, keys, gateways::exchange::Environment::live,
        [&](const gateways::exchange::WireRequest& request)
            -> gateways::exchange::Expected<gateways::exchange::Response> {
            ++asked;
            EXPECT_EQ(request.method, gateways::exchange::Method::get);
            EXPECT_THAT(request.target, testing::StartsWith("/sapi/v1/account/apiRestrictions?"));
            EXPECT_THAT(request.target, testing::HasSubstr("signature="));
            EXPECT_THAT(request.target, testing::Not(testing::HasSubstr("the-secret")));
            return gateways::exchange::Response{
                .status = 200,
                .headers = {},
                .body =
                    R"({"enableReading":true,"enableWithdrawals":true,"enableFutures":true,"enableSpotAndMarginTrading":true})"};
        },
        std::chrono::seconds{1'700'000'000});
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(permissions.withdraws, true);

    const auto broken = ask_permissions(
        core::Venue::binance, keys, gateways::exchange::Environment::live,
        [](const gateways::exchange::WireRequest&) -> gateways::exchange::Expected<gateways::exchange::Response> {
            return gateways::exchange::refused(gateways::exchange::ErrorKind::network, "no route");
        },
        std::chrono::seconds{1'700'000'000});
    EXPECT_THAT(broken.problem, testing::HasSubstr("network"));
}

TEST(KeyPermissions, MakeAKeyUnfitThatMayWithdrawOrMayNotTrade) {
    EXPECT_THAT(omega::why_unfit({.reads = true, .trades = true, .withdraws = true}).value_or(""),
                testing::HasSubstr("may withdraw"));
    EXPECT_EQ(omega::why_unfit({.reads = true, .trades = false, .withdraws = false}), "may not trade");
    EXPECT_EQ(omega::why_unfit({.reads = true, .trades = true, .withdraws = false}), std::nullopt);
    EXPECT_EQ(omega::why_unfit({}), std::nullopt) << "nothing is known";
}

TEST(KeyCheck, StopsARunWhoseKeyMayWithdrawAndSpeaksWhereNothingIsKnown) {
    omega::LiveSettings settings;
    settings.venues["okx"].trade = true;
    settings.venues["bitget"].trade = true;
    settings.venues["binance"].trade = false;  // not asked
    omega::KeyRing keys{true};
    std::string rights = "read_only,trade,withdraw";
    const auto transport = [&](core::Venue, const omega::VenueSettings&) -> gateways::exchange::Transport {
        return [&](const gateways::exchange::WireRequest& request)
                   -> gateways::exchange::Expected<gateways::exchange::Response> {
            EXPECT_EQ(request.target, "/api/v5/account/config");
            return gateways::exchange::Response{
                .status = 200, .headers = {}, .body = R"({"code":"0","data":[{"perm":")" + rights + R"("}]})"};
        };
    };
    const auto check = [&] {
        return omega::refuse_unfit_keys(settings, gateways::exchange::Environment::live, keys, transport,
                                        std::chrono::seconds{1'700'000'000});
    };
    EXPECT_THROW(check(), std::runtime_error);

    rights = "read_only,trade";
    EXPECT_THAT(check(), testing::ElementsAre(testing::HasSubstr("bitget: whether the key may withdraw is not known")));
}
