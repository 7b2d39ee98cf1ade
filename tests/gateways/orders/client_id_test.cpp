#include "gateways/orders/client_id.hpp"

#include <gtest/gtest.h>

#include <array>

using namespace gateways;

TEST(ClientId, SurvivesARoundTripAndRefusesTheIdsOfOthers) {
    std::array<char, client_id_length> text;
    const auto id = core::OrderId::of(7, 123456789);
    EXPECT_EQ(write_client_id(text.data(), id), text.data() + text.size());
    EXPECT_EQ(parse_client_id({text.data(), text.size()}), id);

    EXPECT_EQ(parse_client_id("web_12345"), std::nullopt);
    EXPECT_EQ(parse_client_id("o00000000000000G0"), std::nullopt);
}
