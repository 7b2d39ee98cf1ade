#include "core/net/secret.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <type_traits>
#include <utility>

using namespace core;

namespace {
template <class T>
concept printable = requires(std::ostream& out, const T& value) {
    out << value;
};
}  // namespace

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!printable<Secret> && printable<std::string>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST(Secret, LeavesNothingWhereItCameFrom) {
    std::string text = "do not tell anybody, it is long enough";
    const char* const place = text.data();
    const Secret secret{std::move(text)};

    EXPECT_EQ(secret.reveal(), "do not tell anybody, it is long enough");
    EXPECT_EQ(text, "");  // NOLINT(bugprone-use-after-move): the constructor promises it
    EXPECT_EQ(place[0], '\0');
}

TEST(Secret, MovesAndIsCopiedOnlyOnPurpose) {
    Secret one{"key"};
    const auto two = one.copy();
    Secret three{"other"};
    three = std::move(one);

    EXPECT_TRUE(one.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(two.reveal(), "key");
    EXPECT_EQ(three.reveal(), "key");
    EXPECT_TRUE(Secret{}.empty());
}
