#include "gateways/exchange/value.hpp"

#include "gateways/exchange/arguments.hpp"
#include "gateways/exchange/decimal_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace gateways::exchange {
namespace {

TEST(JsonValue, KeepsNumbersAsTheyCame) {
    const auto value = Value::parse(R"({"a":0.10,"b":[1e-7,123456789012345678901234567890,-0],"c":"x\ny","d":null})");

    ASSERT_TRUE(value);
    EXPECT_EQ((*value)["a"].text(), "0.10");
    EXPECT_EQ((*value)["b"].at(1).text(), "123456789012345678901234567890");
    EXPECT_EQ((*value)["missing"]["deeper"].at(3).text(), "");
    EXPECT_EQ(value->write(), R"({"a":0.10,"b":[1e-7,123456789012345678901234567890,-0],"c":"x\ny","d":null})");
}

TEST(JsonValue, ReadsEveryKindOfDocument) {
    constexpr std::string_view documents[] = {"null", "true", "false", "12", "-0.5", R"("text")", "[]", "{}"};
    for (const auto text : documents) {
        SCOPED_TRACE(text);
        const auto value = Value::parse(std::string{" "} + std::string{text} + "\n");
        ASSERT_TRUE(value);
        EXPECT_EQ(value->write(), text);
    }
}

TEST(JsonValue, RefusesWhatIsNoDocument) {
    const std::string deep(100, '[');
    const std::string_view cases[] = {
        "",     " ",      "{",  "[1,]", "{\"a\":}",  "01", "1.",   "1e",  "nul",   "truex",   "1 2",      "[1] [2]",
        "{} 3", "\"open", "+1", "--1",  "{\"a\" 1}", deep, "word", "a b", "[1 2]", "{'a':1}", "BTC/USDT", "0x10"};
    for (const auto text : cases) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(Value::parse(text));
    }
}

RC_GTEST_PROP(JsonValue, SurvivesARoundTrip, (const std::map<std::string, std::string>& members, std::int64_t number)) {
    auto value = Value::object();
    for (const auto& [key, text] : members) {
        std::string ascii, name;  // JSON texts are UTF-8, so bytes past 127 alone are none
        for (const char c : text) ascii += static_cast<char>(c & 0x7f);
        for (const char c : key) name += static_cast<char>(c & 0x7f);
        value.set(name, ascii);
    }
    value.set("number", number);

    const auto read = Value::parse(value.write());

    RC_ASSERT(read.has_value());
    RC_ASSERT(*read == value);
}

TEST(Arguments, AreBoundByPosition) {
    auto bound =
        Arguments::bind(Call::create_order, {"BTC/USDT", "limit", "buy", Arguments::read("0.010"),
                                             Arguments::read("25000"), Arguments::read(R"({"postOnly":true})")});

    ASSERT_TRUE(bound);
    EXPECT_EQ(bound->text("symbol"), "BTC/USDT");
    EXPECT_EQ(bound->text("amount"), "0.010");
    EXPECT_TRUE(bound->param("postOnly").is_true());
}

TEST(Arguments, MayLeaveOutTheLastBeforeTheOptions) {
    const auto bound = Arguments::bind(Call::fetch_orders, {Arguments::read(R"({"type":"swap"})")});

    ASSERT_TRUE(bound);
    EXPECT_TRUE((*bound)["symbol"].is_null());
    EXPECT_EQ(bound->param("type").text(), "swap");
}

TEST(Arguments, SayWhatIsMissingOrTooMuch) {
    const auto missing = Arguments::bind(Call::create_order, {"BTC/USDT", "limit"});
    const auto too_many = Arguments::bind(Call::fetch_time, {"now"});

    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error(), ErrorKind::bad_request);
    EXPECT_NE(missing.error().message.find("side"), std::string::npos);
    EXPECT_FALSE(too_many);
}

TEST(Calls, HaveTwoNamesEachAndOneRow) {
    for (std::size_t i = 0; i < call_count; ++i) {
        const auto& row = all_calls()[i];
        SCOPED_TRACE(row.name);
        EXPECT_EQ(parse_call(row.name), static_cast<Call>(i));
        EXPECT_EQ(parse_call(row.camel), static_cast<Call>(i));
    }
    EXPECT_EQ(parse_call("fetch_fun"), std::nullopt);
    EXPECT_EQ(name(Call::set_position_mode), "set_position_mode");
}

TEST(DecimalText, IsExact) {
    EXPECT_EQ(sum("0.1", "0.2"), "0.3");
    EXPECT_EQ(difference("1", "0.999999999999999999"), "0.000000000000000001");
    EXPECT_EQ(product("0.001", "60000.5"), "60.0005");
    EXPECT_EQ(quotient("10", "4"), "2.5");
    EXPECT_EQ(quotient("1", "3"), "0.333333333333333333");
    EXPECT_EQ(quotient("1", "0"), "");
    EXPECT_EQ(sum("", "1"), "");
    EXPECT_EQ(product("99999999999999999999999999999999999999", "10"), "");
    EXPECT_EQ(negated("1.50"), "-1.5");
    EXPECT_EQ(to_amount("1e-7", ""), "0.0000001");
    EXPECT_EQ(to_amount("0.4234234234", "0.001"), "0.423");
    EXPECT_EQ(to_amount("-1.9", "1"), "-1");
    EXPECT_EQ(to_amount("7.3", "0.5"), "7");
    EXPECT_EQ(to_price("55.324242343", "0.01"), "55.32");
    EXPECT_EQ(to_price("55.325", "0.01"), "55.33");
    EXPECT_EQ(to_price("abc", "0.01"), "");
    EXPECT_EQ(step_of_decimals(0), "1");
    EXPECT_EQ(step_of_decimals(3), "0.001");
}

RC_GTEST_PROP(DecimalText, AgreesWithWholeNumbers, (std::int32_t a, std::int32_t b)) {
    const auto scaled = [](std::int64_t number, int decimals) {
        auto text = std::to_string(number < 0 ? -number : number);
        while (text.size() <= static_cast<std::size_t>(decimals)) text.insert(0, "0");
        text.insert(text.size() - static_cast<std::size_t>(decimals), ".");
        return (number < 0 ? "-" : "") + text;
    };
    const auto x = scaled(a, 2), y = scaled(b, 2);

    RC_ASSERT(sum(x, y) == Decimal::parse(scaled(std::int64_t{a} + b, 2))->text());
    RC_ASSERT(difference(x, y) == Decimal::parse(scaled(std::int64_t{a} - b, 2))->text());
    RC_ASSERT(product(x, y) == Decimal::parse(scaled(std::int64_t{a} * b, 4))->text());
    RC_ASSERT(to_amount(x, "1") == std::to_string(a / 100));
}

}  // namespace
}  // namespace gateways::exchange
