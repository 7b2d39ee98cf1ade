#include "tools/omega/harmony.hpp"

#include "tests/feeds/capture/temporary.hpp"
#include "tools/omega/harmony_input.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>

using nlohmann::json;
using omega::InputError;
using testing::HasSubstr;

namespace {

struct Outcome {
    int exit_code{};
    std::string out, err;
};

Outcome harmony(std::string_view input, bool as_json = true) {
    test::TemporaryFolder folder;
    std::ostringstream out, err;
    const int code = omega::harmony_command(
        {.positions = test::write_file(folder / "positions.json", input), .json = as_json}, out, err);
    return {code, out.str(), err.str()};
}

json judged(std::string_view input) {
    const auto outcome = harmony(input);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    return json::parse(outcome.out);
}

InputError refusal(std::string_view input) {
    try {
        omega::parse_harmony_input(input);
    } catch (const omega::HarmonyInputError& error) {
        return error.kind();
    }
    ADD_FAILURE() << "accepted: " << input;
    return {};
}

std::string with_position(std::string_view fields) {
    return R"({"equity": 10000, "positions": [{)" + std::string{fields} + "}]}";
}

}  // namespace

TEST(HarmonyVerb, ReproducesTheWorkedExampleOfAPortfolio) {
    const auto result = judged(R"({"equity": 10000, "positions": [
        {"instrument": "BTCUSDT", "side": "long", "contracts": 38.2, "entry": 99, "mark": 100, "leverage": 5, "pnl": 30},
        {"instrument": "ETHUSDT", "side": "short", "contracts": "23.6", "entry": "101", "mark": "100", "pnl": "20"}]})");

    const auto& portfolio = result.at("portfolio");
    EXPECT_NEAR(portfolio.at("harmony"), 1, 1e-3);
    EXPECT_FALSE(portfolio.at("alert"));
    EXPECT_NEAR(portfolio.at("resonance"), .9996, 1e-3);
    EXPECT_NEAR(portfolio.at("long_notional"), 3820, 1e-9);
    EXPECT_NEAR(portfolio.at("short_notional"), 2360, 1e-9);
    EXPECT_EQ(portfolio.at("gain_share").at("state"), "divine");
    EXPECT_TRUE(portfolio.at("gain_share").at("ratio").is_null());
    EXPECT_EQ(result.at("recommendations").at(0).at("advice"), "keep");
    EXPECT_TRUE(result.at("changes").is_null());
    EXPECT_TRUE(result.at("positions").at(0).at("levels").is_null()) << "no leg: unknown, no advice";
}

TEST(HarmonyVerb, ReproducesTheWorkedExamplesOfPositions) {
    const struct {
        double notional, leverage, pnl, h;
    } cases[] = {{6180, 5, 1, .999945}, {5500, 10, -1, .439919}, {500, 1, 1, .8}};
    for (const auto& c : cases) {
        const json input{{"equity", 10000},
                         {"positions",
                          {{{"instrument", "X"},
                            {"side", "long"},
                            {"contracts", c.notional},
                            {"entry", 1},
                            {"mark", 1},
                            {"leverage", c.leverage},
                            {"pnl", c.pnl}}}}};
        EXPECT_NEAR(judged(input.dump()).at("positions").at(0).at("harmony"), c.h, 5e-7);
    }
}

TEST(HarmonyVerb, GivesLevelsChangesAndAdvice) {
    const auto result = judged(R"({"equity": 10000,
        "positions": [{"instrument": "BTCUSDT", "side": "short", "contracts": 1, "entry": 60000, "mark": 60550}],
        "previous": {"positions": [{"instrument": "ETHUSDT", "side": "long", "contracts": 1, "entry": 1, "mark": 1}]},
        "legs": {"BTCUSDT": {"from": 60000, "to": 61000}}})");

    const auto& position = result.at("positions").at(0);
    EXPECT_EQ(position.at("pnl"), -550) << "from entry and mark where it is not given";
    EXPECT_EQ(position.at("levels").at("target").at("level"), "61.8 %");
    EXPECT_NEAR(position.at("levels").at("target").at("price"), 60382, 1e-6);
    EXPECT_EQ(position.at("levels").at("stop").at("level"), "38.2 %");
    EXPECT_EQ(result.at("changes").size(), 2U);
    EXPECT_EQ(result.at("changes").at(0).at("change"), "new");
    EXPECT_EQ(result.at("changes").at(1).at("change"), "closed");
    EXPECT_TRUE(result.at("portfolio").at("alert"));
    EXPECT_EQ(result.at("recommendations").at(0).at("advice"), "rebalance");
    EXPECT_LE(result.at("recommendations").size(), 5U);
}

TEST(HarmonyVerb, AnEmptyAccountWaits) {
    const auto result = judged(R"({"equity": 10000, "positions": []})");
    EXPECT_EQ(result.at("portfolio").at("harmony"), .5);
    EXPECT_EQ(result.at("portfolio").at("resonance"), .5);
    EXPECT_EQ(result.at("recommendations").size(), 1U);
    EXPECT_EQ(result.at("recommendations").at(0).at("advice"), "wait_for_levels");
}

TEST(HarmonyVerb, PrintsATableForPeople) {
    const auto outcome = harmony(R"({"equity": 10000, "previous": [], "positions": [
        {"instrument": "BTCUSDT", "side": "long", "contracts": 0.05, "entry": 60000, "mark": 60350, "leverage": 3}],
        "legs": {"BTCUSDT": {"from": 60000, "to": 61000}}})",
                                 false);
    EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
    for (const auto* part : {"harmony", "BTCUSDT", "60382 (61.8 %)", "recommendations", "new", "consider a hedge"})
        EXPECT_THAT(outcome.out, HasSubstr(part));
}

TEST(HarmonyInput, SaysWhatIsWrong) {
    const std::string good = R"("instrument": "X", "side": "long", "contracts": 1, "entry": 1, "mark": 1)";
    EXPECT_EQ(omega::parse_harmony_input(with_position(good)).positions.size(), 1U);
    const std::pair<std::string, InputError> cases[] = {
        {"", InputError::malformed},
        {"[]", InputError::wrong_type},
        {"{}", InputError::missing_field},
        {R"({"equity": 1})", InputError::missing_field},
        {R"({"equity": "much", "positions": []})", InputError::wrong_type},
        {R"({"equity": "nan", "positions": []})", InputError::out_of_range},
        {R"({"equity": 1e999, "positions": []})", InputError::malformed},
        {R"({"equity": 1, "positions": {}})", InputError::wrong_type},
        {R"({"equity": 1, "positions": [], "postions": []})", InputError::unknown_field},
        {R"({"equity": 1, "positions": [7]})", InputError::wrong_type},
        {with_position(R"("instrument": "X")"), InputError::missing_field},
        {with_position(R"("instrument": "", "side": "long")"), InputError::wrong_type},
        {with_position(R"("instrument": "X", "side": "up")"), InputError::out_of_range},
        {with_position(good + R"(, "leverage": 0)"), InputError::out_of_range},
        {with_position(good + R"(, "pnl": [])"), InputError::wrong_type},
        {with_position(R"("instrument": "X", "side": "long", "contracts": -1, "entry": 1, "mark": 1)"),
         InputError::out_of_range},
        {with_position(R"("instrument": "X", "side": "long", "contracts": 1, "entry": 0, "mark": 1)"),
         InputError::out_of_range},
        {with_position(good + "},{" + good), InputError::twice},
        {R"({"equity": 1, "positions": [], "legs": {"X": {"from": 1, "to": 1}}})", InputError::out_of_range},
        {R"({"equity": 1, "positions": [], "legs": {"X": {"low": 1, "high": 2}}})", InputError::unknown_field},
        {std::string(100'000, '['), InputError::malformed},
        {std::string(omega::max_harmony_bytes + 1, ' '), InputError::oversized},
    };
    for (const auto& [text, kind] : cases) {
        SCOPED_TRACE(text.substr(0, 120));
        EXPECT_EQ(omega::name(refusal(text)), omega::name(kind));
    }
}

TEST(HarmonyInput, LeavesOutPositionsWithoutContracts) {
    const auto input = omega::parse_harmony_input(
        with_position(R"("instrument": "X", "side": "long", "contracts": 0, "entry": 1, "mark": 1)"));
    EXPECT_TRUE(input.positions.empty());
}

TEST(HarmonyVerb, ErrorsNameFilePlaceAndExpectation) {
    const auto outcome =
        harmony(with_position(R"("instrument": "X", "side": "long", "contracts": -3, "entry": 1, "mark": 1)"));
    EXPECT_EQ(outcome.exit_code, 2);
    EXPECT_TRUE(outcome.out.empty());
    EXPECT_THAT(outcome.err, testing::AllOf(HasSubstr("positions.json: positions[0].contracts: -3 found"),
                                            HasSubstr("0 or more expected"), HasSubstr("[out_of_range]")));
    std::ostringstream out, err;
    EXPECT_EQ(omega::harmony_command({.positions = "/no/such/file.json"}, out, err), 2);
    EXPECT_THAT(err.str(), HasSubstr("cannot be read"));
}
