#include "feeds/history/candle_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "core/domain/price.hpp"

using namespace feeds::history;

TEST(ReadExact, KeepsEveryDigitThatMatters) {
    const std::tuple<std::string_view, std::int64_t, int> cases[] = {
        {"0", 0, 0},
        {"0.000", 0, 0},
        {"-0.0", 0, 0},
        {"199.0", 199, 0},
        {"24899.18", 2489918, 2},
        {"0.00000001", 1, 8},
        {"0012.50", 125, 1},
        {"1000", 1000, 0},
        {"1e-05", 1, 5},
        {"1.5E+3", 1500, 0},
        {"7.1620e-08", 7162, 11},
        {"-3.25", -325, 2},
        {"123456789012345678", 123456789012345678, 0},
        {"9223372036854775807", INT64_MAX, 0},
        {"5.929469820000000000000000", 592946982, 8},
    };
    for (const auto& [text, digits, decimals] : cases) {
        SCOPED_TRACE(text);
        NumberFault fault{};
        const auto number = read_exact(text, fault);
        ASSERT_TRUE(number);
        EXPECT_EQ(number->digits, digits);
        EXPECT_EQ(number->decimals, decimals);
    }
}

TEST(ReadExact, RefusesWhatIsNoNumberOrTooLong) {
    const std::pair<std::string_view, NumberFault> cases[] = {
        {"", NumberFault::malformed},
        {"-", NumberFault::malformed},
        {".5", NumberFault::malformed},
        {"+1", NumberFault::malformed},
        {"1.2.3", NumberFault::malformed},
        {"1,5", NumberFault::malformed},
        {"1e", NumberFault::malformed},
        {"1e+-2", NumberFault::malformed},
        {"nan", NumberFault::malformed},
        {"inf", NumberFault::malformed},
        {"null", NumberFault::malformed},
        {"0x10", NumberFault::malformed},
        {"1 ", NumberFault::malformed},
        {"12345678901234567890", NumberFault::out_of_range},
        {"0.1234567890123456789", NumberFault::out_of_range},
        {"1e-19", NumberFault::out_of_range},
        {"1e19", NumberFault::out_of_range},
    };
    for (const auto& [text, expected] : cases) {
        SCOPED_TRACE(text);
        NumberFault fault{};
        EXPECT_FALSE(read_exact(text, fault));
        EXPECT_EQ(fault, expected);
    }
}

RC_GTEST_PROP(ReadExact, SurvivesARoundTrip, ()) {
    const auto units = *rc::gen::inRange<std::int64_t>(-1'000'000'000'000, 1'000'000'000'000);
    const int decimals = *rc::gen::inRange(0, 12);
    NumberFault fault{};

    const auto number = read_exact(core::to_text(units, decimals), fault);

    RC_ASSERT(number.has_value());
    RC_ASSERT(number->decimals <= decimals);
    RC_ASSERT(scaled(*number, decimals) == std::optional{units});
}

TEST(Scaled, SaysSoWhenSixtyFourBitsDoNotHoldIt) {
    EXPECT_EQ(scaled({12, 1}, 3), 1200);
    EXPECT_EQ(scaled({100'000'000'000'000'000, 0}, 1), 1'000'000'000'000'000'000);
    EXPECT_FALSE(scaled({100'000'000'000'000'000, 0}, 2));
    EXPECT_FALSE(scaled({-100'000'000'000'000'000, 0}, 2));
}

TEST(ReadStamp, TellsTheUnitByItsSize) {
    using namespace std::chrono_literals;
    const core::Nanoseconds second = 1743699900s;
    for (const std::string_view text :
         {"1743699900", "1743699900.0", "1743699900000", "1743699900000000", "1743699900000000000", "1.7436999e9",
          "2025-04-03 17:05:00+00:00", "2025-04-03T17:05:00Z", "2025-04-03 17:05", "2025-04-03T19:05:00+02:00",
          "2025-04-03T11:35:00-0530", "2025-04-03T18:05:00+01", "2025-04-03T17:05:00.000000Z"}) {
        SCOPED_TRACE(text);
        const auto time = read_stamp(text);
        ASSERT_TRUE(time);
        EXPECT_EQ(*time, second);
    }
    EXPECT_EQ(read_stamp("2025-04-03"), core::Nanoseconds{1743638400s});
    EXPECT_EQ(read_stamp("0"), core::Nanoseconds{0});
    EXPECT_EQ(read_stamp("1743699900123.5"), second + 123ms + 500us);
    EXPECT_EQ(read_stamp("2025-04-03T17:05:00.25Z"), second + 250ms);
}

TEST(ReadStamp, RefusesWhatIsNoTime) {
    for (const std::string_view text :
         {"", "soon", "-1", "2025-13-01", "2025-02-30", "2025-04-03T25:00", "2025-04-03T10:60", "2025-04-03T10:00:60Z",
          "2025-04-03T10:00:00+15:00", "2025-04-03T10:00:00 CET", "2025-04-03T10", "2025-4-3", "1969-12-31",
          "9223372036854775807", "1743699900000000000.5", "2025-04-03T10:00:00.Z"}) {
        SCOPED_TRACE(text);
        EXPECT_FALSE(read_stamp(text));
    }
}
