#include "core/config/scalar.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace core;

TEST(ReadNumber, TakesAllOrNothing) {
    EXPECT_EQ(read_number<double>("0.05"), 0.05);
    EXPECT_EQ(read_number<double>("1e-05"), 1e-5);
    EXPECT_EQ(read_number<int>("-3"), -3);
    for (const auto* text : {"", " 1", "1 ", "+1", "0x10", "nan", "inf", "-inf", "1e999", "1,5", "1_000", "abc"})
        EXPECT_EQ(read_number<double>(text), std::nullopt) << text;
    for (const auto* text : {"", "1.0", "1e3", "2147483648", "--1"})
        EXPECT_EQ(read_number<int>(text), std::nullopt) << text;
    EXPECT_EQ(read_number<std::uint8_t>("256"), std::nullopt);
}

TEST(ReadDuration, CountsItsUnitExactly) {
    constexpr std::int64_t ms = 1'000'000, s = 1'000'000'000;
    EXPECT_EQ(read_duration("5", s), 5 * s);
    EXPECT_EQ(read_duration("0.1", s), s / 10);
    EXPECT_EQ(read_duration("0.000001", ms), 1);
    EXPECT_EQ(read_duration("-2.5", ms), -2'500'000);
    EXPECT_EQ(read_duration("0.0000001", ms), std::nullopt);
    EXPECT_EQ(read_duration("9223372037", s), std::nullopt);
    EXPECT_EQ(read_duration("5s", s), std::nullopt);
}

TEST(DurationUnit, IsNamedByTheEndOfTheKey) {
    EXPECT_EQ(duration_unit("a.timeout_ms").nanoseconds, 1'000'000);
    EXPECT_EQ(duration_unit("a.timeout_min").word, "minutes");
    EXPECT_EQ(duration_unit("a.bars").nanoseconds, 0);
    EXPECT_EQ(unit_word("a.band_bps"), "basis points");
}

RC_GTEST_PROP(WriteNumber, ReadsBackAsTheSameDouble, (double value)) {
    RC_ASSERT(read_number<double>(write_number(value)) == value);
}

RC_GTEST_PROP(WriteDuration, ReadsBackAsTheSameNanoseconds, ()) {
    const auto nanoseconds = *rc::gen::inRange<std::int64_t>(-(1LL << 50), 1LL << 50);
    for (const std::int64_t unit : {1LL, 1'000LL, 1'000'000LL, 1'000'000'000LL, 60'000'000'000LL, 3'600'000'000'000LL})
        RC_ASSERT(read_duration(write_duration(nanoseconds, unit), unit) == nanoseconds);
}

TEST(Quoted, EscapesWhatYamlAndJsonEscape) {
    EXPECT_EQ(quoted("a\"b\\c\n"), R"("a\"b\\c\n")");
    EXPECT_EQ(quoted("\xff"), "\"\\ufffd\"");
}
