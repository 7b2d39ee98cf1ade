#include "core/config/nearest.hpp"

#include <gtest/gtest.h>

#include <array>

using namespace core;

TEST(EditDistance, CountsInsertionsDeletionsReplacementsAndSwaps) {
    constexpr std::tuple<std::string_view, std::string_view, std::size_t> cases[] = {
        {"", "", 0},       {"", "abc", 3},           {"abc", "abc", 0},  {"abc", "abd", 1},
        {"abc", "acb", 1}, {"kitten", "sitting", 3}, {"flaw", "lawn", 2}};
    for (const auto& [a, b, distance] : cases) {
        EXPECT_EQ(edit_distance(a, b), distance) << a << ' ' << b;
        EXPECT_EQ(edit_distance(b, a), distance) << b << ' ' << a;
    }
    EXPECT_EQ(edit_distance(std::string(1000, 'a'), "b"), 1000U);
}

TEST(Nearest, FindsTypingMistakesAndForgottenGroups) {
    const std::array<std::string, 3> words{"risk.max_position", "risk.max_exposure", "book.depth"};
    EXPECT_EQ(nearest("risk.max_positoin", words), "risk.max_position");
    EXPECT_EQ(nearest("depth", words), "book.depth");
    EXPECT_EQ(nearest("zebra", words), "");
    EXPECT_EQ(nearest("", words), "");
}
