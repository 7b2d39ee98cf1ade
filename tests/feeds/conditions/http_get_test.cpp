#include "feeds/conditions/http_get.hpp"

#include "feeds/conditions/condition_feed.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/feeds/conditions/tiny_server.hpp"

#include <gtest/gtest.h>

#include <csignal>

using namespace feeds::conditions;
using namespace std::chrono_literals;
using test::Identity;
using test::ok;
using test::TinyServer;

namespace {

/// Why a request failed, "" when it did not.
std::string failure(const std::string& url, const HttpLimits& limits = {}) {
    const auto answer = http_get(url, limits);
    return answer ? "" : std::string{name(answer.error().error)};
}

constexpr const char* index_47 = R"({"data":[{"value":"47","timestamp":"1777248000"}]})";

}  // namespace

TEST(HttpGet, BringsTheBody) {
    const TinyServer server{{ok("{\"a\":1}")}};
    const auto answer = http_get(server.url("/fng/?limit=1"));

    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(*answer, "{\"a\":1}");
    EXPECT_EQ(server.request().substr(0, server.request().find("\r\n")), "GET /fng/?limit=1 HTTP/1.1");
    EXPECT_NE(server.request().find("Host: 127.0.0.1"), std::string::npos);
}

TEST(HttpGet, FailsWithAReason) {
    EXPECT_EQ(failure(TinyServer{{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"}}.url()), "status");
    EXPECT_EQ(failure(TinyServer{{"HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n"}}.url()), "status");
    EXPECT_EQ(failure(TinyServer{{"this is not HTTP\r\n\r\n"}}.url()), "protocol");
    EXPECT_EQ(failure(TinyServer{{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"}}.url()), "protocol");
    EXPECT_EQ(failure(TinyServer{{ok(std::string(100, 'x'))}}.url(), {.max_bytes = 99, .ca_file = {}}), "oversized");
    EXPECT_EQ(failure(TinyServer{{"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n"}}.url()),
              "oversized");
    EXPECT_EQ(failure("ftp://host/"), "bad_url");
    std::string nobody;
    {
        const TinyServer gone{{}};
        nobody = gone.url();
    }
    EXPECT_EQ(failure(nobody), "connect");
}

TEST(HttpGet, GivesUpAtItsDeadline) {
    const TinyServer silent{{""}};
    const auto answer = http_get(silent.url(), {.deadline = 50ms, .ca_file = {}});
    ASSERT_FALSE(answer);
    EXPECT_EQ(name(answer.error().error), "timeout");
}

TEST(HttpsGet, TrustsTheAuthorityItWasGiven) {
    const test::TemporaryFolder folder;
    const Identity identity;
    const TinyServer server{{ok("{}")}, &identity};
    const auto answer = http_get(server.url(), {.ca_file = identity.write(folder / "ca.pem")});
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(*answer, "{}");
}

TEST(HttpsGet, RefusesStrangersAndOtherNames) {
    const test::TemporaryFolder folder;
    const Identity identity, stranger, elsewhere{"DNS:example.org"};
    EXPECT_EQ(failure(TinyServer{{ok("{}")}, &stranger}.url(), {.ca_file = identity.write(folder / "ca.pem")}), "tls");
    EXPECT_EQ(failure(TinyServer{{ok("{}")}, &stranger}.url()), "tls") << "not of the system's authorities";
    EXPECT_EQ(failure(TinyServer{{ok("{}")}, &elsewhere}.url(), {.ca_file = elsewhere.write(folder / "other.pem")}),
              "tls")
        << "trusted, but of another host";
    EXPECT_EQ(failure("https://127.0.0.1:1/", {.ca_file = "/no/such/file"}), "tls");
}

TEST(HttpsGet, GivesUpAtItsDeadline) {
    const test::TemporaryFolder folder;
    const Identity identity;
    const TinyServer silent{{""}, &identity};
    const auto answer = http_get(silent.url(), {.deadline = 100ms, .ca_file = identity.write(folder / "ca.pem")});
    ASSERT_FALSE(answer);
    EXPECT_EQ(name(answer.error().error), "timeout");
}

TEST(HttpGet, ReadsBodiesOfEveryKindUpToTheLimit) {
    const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    const std::string to_the_end = "HTTP/1.1 200 OK\r\n\r\nabcde";
    const HttpLimits five{.max_bytes = 5, .ca_file = {}}, four{.max_bytes = 4, .ca_file = {}};
    for (const auto& bytes : {chunked, to_the_end, ok("abcde")}) {
        const auto answer = http_get(TinyServer{{bytes}}.url(), five);
        ASSERT_TRUE(answer) << answer.error().detail;
        EXPECT_EQ(*answer, "abcde");
        EXPECT_EQ(failure(TinyServer{{bytes}}.url(), four), "oversized");
    }
    EXPECT_EQ(failure(TinyServer{{"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999\r\n\r\nx"}}.url()), "oversized");
}

TEST(HttpGet, TakesHttpAddressesOnly) {
    for (const char* bad : {"", "host", "ftp://host/", "ws://127.0.0.1/", "wss://127.0.0.1/"})
        EXPECT_EQ(failure(bad), "bad_url") << bad;
}

TEST(ConditionFeed, AsksAnAddressWhenItIsDueAndBacksOffWhenItFails) {
    const TinyServer server{
        {ok(index_47), "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", ok("nonsense"), ok(index_47)}};
    ConditionFeed feed{
        {.sentiment = {.file = {}, .url = server.url("/fng/"), .poll_s = 3600}, .schumann = {}, .ca_file = {}}};

    EXPECT_TRUE(feed.poll_urls(0s));
    EXPECT_EQ(feed.at(1777248000s).sentiment, 47);
    EXPECT_FALSE(feed.poll_urls(3599s));
    EXPECT_EQ(server.served(), 1) << "not asked before it was due";
    EXPECT_FALSE(feed.poll_urls(3600s)) << "status 500";
    EXPECT_FALSE(feed.poll_urls(3609s)) << "10 s later at the earliest";
    EXPECT_FALSE(feed.poll_urls(3610s)) << "an answer that is no document";
    EXPECT_FALSE(feed.poll_urls(3611s));
    EXPECT_TRUE(feed.poll_urls(3700s));
    EXPECT_EQ(feed.counts().faults[static_cast<std::size_t>(core::Error::refused)], 1U);
    EXPECT_EQ(feed.counts().faults[static_cast<std::size_t>(core::Error::malformed)], 1U);
    EXPECT_EQ(feed.at(1777248000s).sentiment, 47) << "the last good value stays";
}
