#include "core/net/url.hpp"

#include <gtest/gtest.h>

using core::parse_url;

TEST(ParseUrl, KnowsItsParts) {
    const auto url = parse_url("wss://stream.binance.com:9443/ws/btcusdt@trade?x=1");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->to.tls);
    EXPECT_EQ(url->to.host, "stream.binance.com");
    EXPECT_EQ(url->to.port, "9443");
    EXPECT_EQ(url->target, "/ws/btcusdt@trade?x=1");
    EXPECT_EQ(url->to.authority(), "stream.binance.com:9443");
    EXPECT_EQ(parse_url("https://h")->to.authority(), "h");
    EXPECT_EQ(parse_url("ws://h")->to.port, "80");
    EXPECT_EQ(parse_url("http://h?a=b")->target, "/?a=b");
}

TEST(ParseUrl, KnowsIpv6) {
    const auto url = parse_url("wss://[::1]:8443/x");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->to.host, "::1");
    EXPECT_EQ(url->to.port, "8443");
    EXPECT_EQ(url->to.authority(), "[::1]:8443");
}

TEST(ParseUrl, RefusesWhatCannotBeAskedFor) {
    for (const char* bad : {"", "host", "http://", "http://:80/", "http://h:0/", "http://h:99999/", "http://h:/",
                            "http://user@h/", "http://h/#a", "http://h#a", "http://h/a b", "http://h/\r\nX: y",
                            "http://[::1/", "http://[abc]/", "http://[::1]x/", "http://::1/", "http://h:1:2/"})
        EXPECT_EQ(parse_url(bad), core::Error::malformed) << bad;
    EXPECT_EQ(parse_url("file:///etc/passwd"), core::Error::refused);
    EXPECT_EQ(parse_url("http://h/" + std::string(3000, 'x')), core::Error::oversized);
}
