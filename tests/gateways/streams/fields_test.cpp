#include "gateways/streams/fields.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <utility>

using namespace gateways;
using streams::amount;

TEST(StreamAmount, ReadsWhatVenuesWriteAndCutsAnAverageBehindItsEighteenthDigit) {
    constexpr std::pair<const char*, Amount> cases[] = {
        {"", {0, 0}},
        {"0", {0, 0}},
        {"1598.1000000000000000", {15981, 1}},
        {"0.0699782527055350", {699782527055350 / 10, 15}},
        {"67413.5833333333333333", {674135833333333333, 13}},  // Bitget's priceAvg of three fills
        {"29786.5999999789081085", {297865999999789081, 13}},  // as OKX documents it
        {"-0.1234567890123456789", {-123456789012345678, 18}},
        {"00012.50", {125, 1}},
        {"999999999999999999", {999999999999999999, 0}},
        {"0.0000000000000000004", {0, 0}},
    };
    for (const auto& [text, expected] : cases) {
        SCOPED_TRACE(text);
        const auto read = amount(text);
        ASSERT_TRUE(read);
        EXPECT_EQ(*read, expected);
    }
}

TEST(StreamAmount, RefusesWhatIsNoNumberOrTooLarge) {
    constexpr std::pair<const char*, core::Error> cases[] = {
        {"x", core::Error::malformed},
        {"1.2.3", core::Error::malformed},
        {"--1", core::Error::malformed},
        {"67413.5833333333333333x", core::Error::malformed},
        {"0.12345678901234567890x1", core::Error::malformed},
        {"99999999999999999999", core::Error::out_of_range},
        {"99999999999999999999.5", core::Error::out_of_range},
    };
    for (const auto& [text, error] : cases) {
        SCOPED_TRACE(text);
        EXPECT_EQ(amount(text), error);
    }
}

RC_GTEST_PROP(StreamAmount, IsExactWhereEighteenDigitsSuffice, (std::uint32_t whole, std::uint32_t behind)) {
    whole %= 100'000'000;
    const auto read = amount(std::to_string(whole) + "." + std::to_string(1'000'000'000 + behind % 1'000'000'000));
    RC_ASSERT(read);
    auto units = static_cast<std::int64_t>(whole) * 10'000'000'000 + 1'000'000'000 + behind % 1'000'000'000;
    int decimals = 10;
    for (; decimals > 0 && units % 10 == 0; --decimals) units /= 10;
    RC_ASSERT(*read == (Amount{units, static_cast<std::uint8_t>(decimals)}));
}
