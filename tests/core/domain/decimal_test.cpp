#include "core/domain/decimal.hpp"

#include "core/domain/price.hpp"

#include <rapidcheck/gtest.h>

#include <array>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

using namespace core;

namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

/// The grammar of parse_decimal once more, digit by digit through 128 bits.
Result<std::int64_t> slow_parse(const std::string& text, int decimals) {
    __extension__ typedef __int128 Int128;
    if (!text.empty() && text[0] == '-') return Error::negative;
    const auto point = text.find('.');
    const auto whole = text.substr(0, point);
    auto fraction = point == std::string::npos ? "" : text.substr(point + 1);
    const auto digits = [](const std::string& s) {
        return !s.empty() && s.find_first_not_of("0123456789") == std::string::npos;
    };
    if (!digits(whole) || (point != std::string::npos && !digits(fraction))) return Error::malformed;
    while (fraction.size() < static_cast<std::size_t>(decimals)) fraction += '0';
    if (fraction.find_first_not_of('0', static_cast<std::size_t>(decimals)) != std::string::npos)
        return Error::too_precise;
    Int128 value = 0;
    for (const char c : whole + fraction.substr(0, static_cast<std::size_t>(decimals))) {
        value = value * 10 + (c - '0');
        if (value > largest) return Error::out_of_range;
    }
    return static_cast<std::int64_t>(value);
}

/// scan_decimal on `text` with `next` behind it must agree with parse_decimal, or leave everything as it was.
bool scan_agrees(const std::string& text, char next, int decimals, bool& accepted) {
    const auto held = text + next + std::string(64, '7');
    const auto* at = held.data();
    std::int64_t units = -77;
    accepted = scan_decimal(at, decimals, units);
    if (!accepted) return at == held.data() && units == -77;
    // It read what its grammar covers: up to the first character that cannot belong to a decimal.
    const std::string_view read{held.data(), static_cast<std::size_t>(at - held.data())};
    return parse_decimal(read, decimals) == units;
}

}  // namespace

TEST(ParseDecimal, ReadsPlainDecimalTextExactly) {
    const std::tuple<const char*, int, std::int64_t> cases[] = {
        {"0", 0, 0},
        {"0", 18, 0},
        {"0.0", 0, 0},
        {"27579.99", 2, 2757999},
        {"27579.9", 2, 2757990},
        {"27579", 2, 2757900},
        {"1.500", 1, 15},
        {"007.50", 1, 75},
        {"0.00000001", 8, 1},
        {"9223372036854775807", 0, largest},
        {"92233720368.54775807", 8, largest},
        {"00000000000000000000000000000001", 0, 1},
        {"9.223372036854775807", 18, largest},
        {"1.00000000000000000000000000000000000", 0, 1},
    };
    for (const auto& [text, decimals, units] : cases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_decimal(text, decimals), units);
    }
}

TEST(ParseDecimal, RefusesWhatItCannotHoldExactly) {
    const std::tuple<const char*, int, Error> cases[] = {
        {"", 2, Error::malformed},
        {".", 2, Error::malformed},
        {"1.", 2, Error::malformed},
        {".5", 2, Error::malformed},
        {"+1", 2, Error::malformed},
        {" 1", 2, Error::malformed},
        {"1 ", 2, Error::malformed},
        {"1e5", 2, Error::malformed},
        {"nan", 2, Error::malformed},
        {"1.2.3", 2, Error::malformed},
        {"1,5", 2, Error::malformed},
        {"0x10", 2, Error::malformed},
        {"0.001x", 2, Error::malformed},
        {"-1", 2, Error::negative},
        {"-0", 2, Error::negative},
        {"0.001", 2, Error::too_precise},
        {"1.5", 0, Error::too_precise},
        {"9223372036854775808", 0, Error::out_of_range},
        {"92233720368.54775808", 8, Error::out_of_range},
        {"92233720369", 8, Error::out_of_range},
        {"93000000000000000000", 2, Error::out_of_range},
        {"10", 18, Error::out_of_range},
    };
    for (const auto& [text, decimals, error] : cases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(parse_decimal(text, decimals), error);
    }
}

TEST(WriteDecimal, WritesEveryDigitAfterThePoint) {
    const std::tuple<std::int64_t, int, const char*> cases[] = {
        {0, 0, "0"},
        {0, 3, "0.000"},
        {5, 3, "0.005"},
        {-5, 3, "-0.005"},
        {1000, 3, "1.000"},
        {9, 0, "9"},
        {10, 0, "10"},
        {999, 0, "999"},
        {1000, 0, "1000"},
        {1024, 1, "102.4"},
        {largest, 0, "9223372036854775807"},
        {largest, 18, "9.223372036854775807"},
        {std::numeric_limits<std::int64_t>::min(), 8, "-92233720368.54775808"},
        {-1, 18, "-0.000000000000000001"},
    };
    for (const auto& [units, decimals, text] : cases) {
        std::array<char, max_decimal_text> held;
        EXPECT_EQ(std::string_view(held.data(), write_decimal(held.data(), units, decimals)), text);
    }
}

TEST(ToText, DropsTrailingZeros) {
    EXPECT_EQ(to_text(500, 3), "0.5");
    EXPECT_EQ(to_text(12000, 3), "12");
    EXPECT_EQ(to_text(-1, 3), "-0.001");
    EXPECT_EQ(to_text(120, 0), "120");
    EXPECT_EQ(to_text(0, 5), "0");
}

RC_GTEST_PROP(ParseDecimal, ReadsWhatWasWritten, ()) {
    const auto bits = *rc::gen::inRange(0, 64);
    const auto units = *rc::gen::arbitrary<std::int64_t>() >> bits & largest;
    const auto decimals = *rc::gen::inRange(0, 19);
    std::array<char, max_decimal_text> text;
    const std::string_view written{text.data(), write_decimal(text.data(), units, decimals)};
    RC_ASSERT(parse_decimal(written, decimals) == units);
    RC_ASSERT(parse_decimal(to_text(units, decimals), decimals) == units);
}

RC_GTEST_PROP(ParseDecimal, AgreesWithASlowTwinOnAnyText, ()) {
    const auto character = rc::gen::weightedElement<char>(
        {{9, '0'}, {4, '1'}, {4, '9'}, {4, '5'}, {4, '.'}, {1, '-'}, {1, 'e'}, {1, ' '}});
    const auto text = *rc::gen::container<std::string>(character);
    const auto decimals = *rc::gen::inRange(0, 19);
    RC_ASSERT(parse_decimal(text, decimals) == slow_parse(text, decimals));
}

TEST(ScanDecimal, ReadsTheUsualTextsAndStopsBehindThem) {
    const std::tuple<std::string, int, std::int64_t> cases[] = {
        {"61800.30", 2, 6180030},
        {"61800.30", 1, 618003},
        {"0.014", 3, 14},
        {"61800.30000000", 2, 6180030},
        {"0.00000000", 8, 0},
        {"12345678.00000000", 0, 12345678},
        {"7", 0, 7},
        {"7", 8, 700'000'000},
        {"123456789.00", 8, 12'345'678'900'000'000},
        {"00.5", 1, 5},
        {"123456789012345", 0, 123'456'789'012'345},
        {"0.100000000000000000", 17, 10'000'000'000'000'000},
        {"1.0000000000000000000000000000", 0, 1},
    };
    for (const auto& [text, decimals, expected] : cases) {
        SCOPED_TRACE(text);
        const auto held = text + '"' + std::string(64, '1');
        const auto* at = held.data();
        std::int64_t units{};
        ASSERT_TRUE(scan_decimal(at, decimals, units));
        EXPECT_EQ(units, expected);
        EXPECT_EQ(at, held.data() + text.size());
    }
}

TEST(ScanDecimal, LeavesTheUnusualToParseDecimal) {
    for (const std::string text : {"", "-1", ".5", "1.", "abc", "0.0001", "9223372036854775808", "1234567890123456.1",
                                   "1.00000000000000000000000000000000000000"}) {
        SCOPED_TRACE(text);
        const auto held = text + '"' + std::string(64, '1');
        const auto* at = held.data();
        std::int64_t units = -77;
        EXPECT_FALSE(scan_decimal(at, 2, units));
        EXPECT_EQ(at, held.data());
        EXPECT_EQ(units, -77);
    }
}

RC_GTEST_PROP(ScanDecimal, AgreesWithParseDecimalOnAnyText, ()) {
    const auto character = rc::gen::weightedElement<char>(
        {{9, '0'}, {4, '1'}, {4, '9'}, {4, '5'}, {4, '.'}, {1, '-'}, {1, 'e'}, {1, '/'}, {1, ':'}});
    const auto text = *rc::gen::container<std::string>(character);
    const auto next = *rc::gen::element('"', ',', ' ', '\0', '\xff', '\xb5');
    bool accepted{};
    RC_ASSERT(scan_agrees(text, next, *rc::gen::inRange(0, 19), accepted));
}

RC_GTEST_PROP(ScanDecimal, TakesEveryTextOfUpToFifteenDigits, ()) {
    const auto decimals = *rc::gen::inRange(0, 13);
    const auto units = *rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000'000 - 1) >> *rc::gen::inRange(0, 50);
    std::array<char, max_decimal_text> text;
    bool accepted{};
    RC_ASSERT(scan_agrees({text.data(), write_decimal(text.data(), units, decimals)}, '"', decimals, accepted));
    RC_ASSERT(accepted);
}
