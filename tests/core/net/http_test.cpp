#include "core/net/http_client.hpp"

#include "tests/core/net/net_world.hpp"

#include <gtest/gtest.h>

#include <future>

using namespace std::chrono_literals;
using core::HttpClient;
using core::HttpRequest;
using core::HttpSettings;
using core::NetFault;
using core::NetPhase;
using test::Certificate;
using test::http_ok;
using test::Loopback;
using test::NetWorld;
using test::Peer;

namespace {

core::Endpoint end_of(const Loopback& server) {
    return core::parse_url(server.url())->to;
}

/// Answers every request of a connection with what `answer(its first line)` says.
auto answering(std::function<std::string(const std::string&)> answer) {
    return [answer = std::move(answer)](Peer& peer) {
        for (auto head = peer.read_to("\r\n\r\n"); !head.empty(); head = peer.read_to("\r\n\r\n")) {
            const auto length = head.find("Content-Length: ");
            if (length != std::string::npos) peer.exactly(std::stoul(head.substr(length + 16)));
            peer.write(answer(head.substr(0, head.find("\r\n"))));
        }
    };
}

core::HttpResult fetch(const Loopback& server, HttpRequest request = {}, HttpSettings settings = {}) {
    NetWorld world;
    return core::http_fetch(end_of(server), request, world.tls, world.resolver, settings);
}

core::NetFailure failure_of(const std::string& answer, HttpRequest request = {}, HttpSettings settings = {}) {
    const Loopback server{[&](Peer& peer) {
        peer.read_to("\r\n\r\n");
        peer.write(answer);
        peer.end();
        peer.wait_for_end();
    }};
    const auto result = fetch(server, std::move(request), settings);
    return result ? core::NetFailure{.detail = "it did not fail"} : result.error();
}

}  // namespace

TEST(HttpClient, KeepsConnectionsForTheNextRequest) {
    const Certificate certificate;
    const Loopback server{{.certificate = &certificate},
                          answering([](const std::string& line) { return http_ok(line); })};
    NetWorld world{&certificate};
    core::NetThread thread;
    HttpClient client{thread, world.tls, world.resolver};

    for (const char* target : {"/a", "/b?c=d", "/e"}) {
        const auto answer = client.ask(end_of(server), {.target = target});
        ASSERT_TRUE(answer) << answer.error().detail;
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "GET " + std::string{target} + " HTTP/1.1");
        EXPECT_EQ(answer->field("content-length"), std::to_string(answer->body.size()));
    }
    const auto posted = client.ask(end_of(server), {.method = "POST", .target = "/p", .body = "x=1"});
    ASSERT_TRUE(posted) << posted.error().detail;
    EXPECT_EQ(posted->body, "POST /p HTTP/1.1");
    EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClient, AsksManyAtOnceOverAFewConnections) {
    std::atomic<int> served{};
    const Loopback server{answering([&](const std::string&) {
        ++served;
        return http_ok("x");
    })};
    NetWorld world;
    core::NetThread thread;
    HttpClient client{thread, world.tls, world.resolver, {.connections_a_host = 1}};
    std::vector<std::future<core::HttpResult>> results;
    for (int i = 0; i < 50; ++i) {
        auto promise = std::make_shared<std::promise<core::HttpResult>>();
        results.push_back(promise->get_future());
        client.send(end_of(server), {}, [promise](core::HttpResult result) { promise->set_value(std::move(result)); });
    }
    for (auto& result : results) EXPECT_TRUE(result.get());
    EXPECT_EQ(served, 50);
    EXPECT_EQ(server.accepted(), 1);
}

TEST(HttpClient, RepeatsOnlyWhatIsHarmlessWhenAKeptConnectionHadEnded) {
    // Each connection answers one request, then ends when the second has come: what a server's idle timer does.
    std::atomic<int> posts{};
    const Loopback server{[&](Peer& peer) {
        const auto count = [&](const std::string& head) { posts += head.starts_with("POST") ? 1 : 0; };
        count(peer.read_to("\r\n\r\n"));
        peer.write(http_ok("x"));
        count(peer.read_to("\r\n\r\n"));
    }};
    NetWorld world;
    core::NetThread thread;
    HttpClient client{thread, world.tls, world.resolver};
    EXPECT_TRUE(client.ask(end_of(server), {}));
    EXPECT_TRUE(client.ask(end_of(server), {})) << "asked again on a new connection";
    EXPECT_EQ(server.accepted(), 2);

    const auto order = client.ask(end_of(server), {.method = "POST"});
    ASSERT_FALSE(order) << "an order is not";
    EXPECT_TRUE(order.error().unknown_outcome);
    EXPECT_EQ(order.error().phase, NetPhase::read);
    EXPECT_EQ(posts, 1);
}

TEST(HttpClient, OpensAnotherConnectionWhenTheServerEndedTheKeptOne) {
    std::promise<void> ended;
    const Loopback server{[&](Peer& peer) {
        peer.read_to("\r\n\r\n");
        peer.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    }};
    NetWorld world;
    core::NetThread thread;
    HttpClient client{thread, world.tls, world.resolver};
    for (int i = 1; i <= 3; ++i) {
        EXPECT_TRUE(client.ask(end_of(server), {.method = "POST"}));
        EXPECT_EQ(server.accepted(), i);
    }
}

TEST(HttpClient, FailsWhatWaitedTooLongForAConnection) {
    const Loopback silent{[](Peer& peer) { peer.wait_for_end(); }};
    NetWorld world;
    core::NetThread thread;
    HttpClient client{thread, world.tls, world.resolver, {.connections_a_host = 1}};
    std::promise<core::HttpResult> first;
    client.send(end_of(silent), {.deadline = 60ms},
                [&](core::HttpResult result) { first.set_value(std::move(result)); });
    const auto second = client.ask(end_of(silent), {.deadline = 30ms});
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().fault, NetFault::timeout);
    EXPECT_EQ(second.error().phase, NetPhase::connect);
    EXPECT_FALSE(second.error().unknown_outcome) << "it was never sent";
    EXPECT_EQ(first.get_future().get().error().phase, NetPhase::read);
}

TEST(HttpClient, LetsWhatIsUrgentPassQuestionsThatHang) {
    std::promise<void> let_go;
    const auto free = let_go.get_future().share();
    std::atomic<int> hanging{};
    const Loopback server{answering([&](const std::string& line) {
        if (line.starts_with("GET /slow")) {
            ++hanging;
            free.wait();
        }
        return http_ok(line);
    })};
    NetWorld world;
    core::NetThread thread;
    std::promise<void> all_asked;
    std::atomic<int> answered{};
    constexpr int questions = 9;
    {
        HttpClient client{thread, world.tls, world.resolver};
        for (int i = 0; i < questions; ++i)
            client.send(end_of(server), {.target = "/slow"}, [&](const core::HttpResult& result) {
                EXPECT_TRUE(result);
                if (++answered == questions) all_asked.set_value();
            });
        const auto stop =
            client.ask(end_of(server), {.method = "POST", .target = "/stop", .body = "x", .urgent = true});
        EXPECT_TRUE(stop) << stop.error().detail;
        EXPECT_EQ(answered, 0);
        EXPECT_LE(hanging, 4);  // the connections that are for urgent requests took none of the others
        let_go.set_value();
        all_asked.get_future().wait();
    }
    EXPECT_EQ(answered, questions);
}

TEST(HttpClient, NeverBeginsWhatWaitedTooLongToBeCarriedOut) {
    std::promise<void> let_go;
    const auto free = let_go.get_future().share();
    std::atomic<int> orders{};
    const Loopback server{answering([&](const std::string& line) {
        line.starts_with("POST") ? void(++orders) : free.wait();
        return http_ok(line);
    })};
    NetWorld world;
    core::NetThread thread;
    // The question takes the only connection for 30 ms, and the order may begin for 1 ms.
    HttpClient client{thread, world.tls, world.resolver, {.answer = 30ms, .connections_a_host = 1, .urgent_a_host = 0}};
    std::promise<void> answered;
    client.send(end_of(server), {.target = "/slow"}, [&](const core::HttpResult& result) {
        EXPECT_FALSE(result);
        answered.set_value();
    });
    const auto order = client.ask(end_of(server), {.method = "POST", .target = "/order", .begin_within = 1ms});
    answered.get_future().wait();
    ASSERT_FALSE(order);
    EXPECT_EQ(order.error().fault, NetFault::timeout);
    EXPECT_FALSE(order.error().unknown_outcome);
    EXPECT_EQ(orders, 0);
    let_go.set_value();
}

TEST(HttpReader, TakesALastChunkThatComesByteByByte) {
    const std::string_view answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    for (std::size_t cut = 0; cut < answer.size(); ++cut) {
        core::HttpReader reader{1000};
        auto done = reader.feed(answer.substr(0, cut));
        for (std::size_t at = cut; at < answer.size(); ++at) {
            ASSERT_TRUE(done) << cut;
            done = reader.feed(answer.substr(at, 1));
        }
        ASSERT_TRUE(done && *done) << cut;
        EXPECT_EQ(reader.take().body, "abc");
    }
}

TEST(HttpFetch, ReadsBodiesOfEveryKind) {
    const std::string chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    const std::string interim =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + http_ok("abcde");
    for (const auto& bytes : {chunked, interim, http_ok("abcde"), std::string{"HTTP/1.1 200 OK\r\n\r\nabcde"}}) {
        const Loopback server{[&](Peer& peer) {
            peer.read_to("\r\n\r\n");
            for (const char c : bytes) peer.write({&c, 1});
            peer.end();
            peer.wait_for_end();
        }};
        const auto answer = fetch(server);
        ASSERT_TRUE(answer) << answer.error().detail;
        EXPECT_EQ(answer->body, "abcde");
    }
    const Loopback teapot{
        answering([](const std::string&) { return "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 2\r\n\r\nno"; })};
    EXPECT_EQ(fetch(teapot)->status, 418) << "any status is an answer";
    const Loopback head{
        answering([](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"; })};
    EXPECT_EQ(fetch(head, {.method = "HEAD"})->body, "");
}

TEST(HttpFetch, TellsHowAnAnswerFailed) {
    const HttpSettings four{.max_body = 4};
    const auto chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n";
    struct Case {
        std::string answer;
        NetFault fault;
    };
    for (const auto& [answer, fault] :
         {Case{"this is not HTTP\r\n\r\n", NetFault::protocol},
          Case{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", NetFault::oversized},
          Case{"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab", NetFault::cut}, Case{"HTTP/1.1 200", NetFault::cut},
          Case{http_ok("abcde"), NetFault::oversized}, Case{chunked, NetFault::oversized}, Case{"", NetFault::closed},
          Case{"HTTP/1.1 200 OK\r\n\r\nabcde", NetFault::oversized},
          Case{"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", NetFault::oversized},
          Case{"HTTP/1.1 101 S\r\n\r\n", NetFault::protocol},
          Case{"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", NetFault::protocol}}) {
        SCOPED_TRACE(answer.substr(0, 70));
        const auto failure = failure_of(answer, {}, four);
        EXPECT_EQ(failure.phase, NetPhase::read);
        EXPECT_EQ(failure.fault, fault) << failure.detail;
        EXPECT_TRUE(failure.unknown_outcome) << "the request had gone out";
    }
}

TEST(HttpFetch, KnowsThatAServerItNeverReachedDidNothing) {
    std::string nobody;
    {
        const Loopback gone{[](Peer&) {}};
        nobody = gone.url();
    }
    NetWorld world;
    const auto refused = core::http_fetch(core::parse_url(nobody)->to, {.method = "POST"}, world.tls, world.resolver);
    EXPECT_EQ(refused.error().phase, NetPhase::connect);
    EXPECT_FALSE(refused.error().unknown_outcome);

    const Loopback silent{[](Peer& peer) { peer.wait_for_end(); }};
    auto https = end_of(silent);
    https.tls = true;
    const auto no_tls = core::http_fetch(https, {.method = "POST", .deadline = 30ms}, world.tls, world.resolver);
    EXPECT_EQ(no_tls.error().phase, NetPhase::tls);
    EXPECT_EQ(no_tls.error().fault, NetFault::timeout);
    EXPECT_FALSE(no_tls.error().unknown_outcome);

    const auto no_answer = fetch(silent, {.method = "POST"}, {.answer = 30ms});
    EXPECT_EQ(no_answer.error().phase, NetPhase::read);
    EXPECT_EQ(no_answer.error().fault, NetFault::timeout);
    EXPECT_TRUE(no_answer.error().unknown_outcome);
}

TEST(HttpFetch, KnowsThatHalfARequestDidNothing) {
    std::promise<void> over;
    const Loopback deaf{
        [&, done = over.get_future().share()](Peer&) { done.wait(); }};  // takes nothing from its socket
    const auto result = fetch(deaf, {.method = "POST", .body = std::string(50'000'000, 'x'), .deadline = 100ms});
    over.set_value();
    EXPECT_EQ(result.error().phase, NetPhase::write);
    EXPECT_EQ(result.error().fault, NetFault::timeout);
    EXPECT_FALSE(result.error().unknown_outcome);
}

TEST(HttpRequest, CannotSmuggleASecondOne) {
    EXPECT_TRUE(core::may_be_sent(HttpRequest{.target = "/a?b=c%20d", .fields = {{"X-A", "b c"}}}));
    EXPECT_FALSE(core::may_be_sent(HttpRequest{.method = "GET / HTTP/1.1\r\n"}));
    EXPECT_FALSE(core::may_be_sent(HttpRequest{.target = "/a HTTP/1.1\r\nX: y"}));
    EXPECT_FALSE(core::may_be_sent(HttpRequest{.target = "a"}));
    EXPECT_FALSE(core::may_be_sent(HttpRequest{.fields = {{"X", "a\r\n\r\nGET / HTTP/1.1"}}}));
    EXPECT_FALSE(core::may_be_sent(HttpRequest{.fields = {{"", "a"}}}));
    const Loopback server{answering([](const std::string&) { return http_ok(""); })};
    const auto result = fetch(server, {.target = "/\r\n"});
    EXPECT_EQ(result.error().fault, NetFault::address);
    EXPECT_FALSE(result.error().unknown_outcome);
}
