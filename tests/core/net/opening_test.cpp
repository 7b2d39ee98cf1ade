#include "tests/core/net/net_world.hpp"

#include <gtest/gtest.h>

using namespace std::chrono_literals;
using core::NetFault;
using core::NetPhase;
using State = core::WebSocket::State;
using test::Certificate;
using test::Loopback;
using test::NetWorld;
using test::Peer;

namespace {

void echo(Peer& peer) {
    peer.accept();
    for (auto frame = peer.frame(); frame.opcode == 1; frame = peer.frame())
        peer.write(test::server_frame(frame.payload));
}

core::NetFailure failure_of(NetWorld& world, const std::string& url, core::WebSocketSettings settings = {}) {
    auto socket = world.socket(url, std::move(settings));
    EXPECT_EQ(test::opened(socket, world.clock), State::closed);
    return socket.failure();
}

}  // namespace

TEST(TlsOpening, RefusesStrangersOtherNamesAndWhatIsOver) {
    const Certificate good, stranger, elsewhere{"DNS:example.org"}, expired{"IP:127.0.0.1", -60};
    struct Case {
        const char* what;
        const Certificate& shown;
        const Certificate& trusted;
    };
    for (const auto& [what, shown, trusted] :
         {Case{"self-signed, unknown", stranger, good}, Case{"of another host", elsewhere, elsewhere},
          Case{"expired", expired, expired}}) {
        SCOPED_TRACE(what);
        const Loopback server{{.certificate = &shown}, echo};
        NetWorld world{&trusted};
        const auto failure = failure_of(world, server.url());
        EXPECT_EQ(failure.phase, NetPhase::tls);
        EXPECT_EQ(failure.fault, NetFault::certificate) << failure.detail;
        EXPECT_FALSE(failure.unknown_outcome);
    }
}

TEST(TlsOpening, RefusesTls11AndWhatIsNotTls) {
    const Certificate certificate;
    NetWorld world{&certificate};
    const Loopback old{{.certificate = &certificate, .tls_1_1 = true}, echo};
    const auto outdated = failure_of(world, old.url());
    EXPECT_EQ(outdated.phase, NetPhase::tls);
    EXPECT_EQ(outdated.fault, NetFault::tls) << outdated.detail;

    const Loopback plain{[](Peer& peer) {
        peer.write("HTTP/1.1 400 Bad Request\r\n\r\n");
        peer.wait_for_end();
    }};
    const auto garbage = failure_of(world, "wss" + plain.url().substr(2));
    EXPECT_EQ(garbage.phase, NetPhase::tls);
    EXPECT_EQ(garbage.fault, NetFault::tls) << garbage.detail;
}

TEST(TlsOpening, ResumesTheSessionOfTheSameHost) {
    const Certificate certificate;
    const Loopback server{{.certificate = &certificate}, echo};
    NetWorld world{&certificate};
    for (const bool resumed : {false, true, true}) {
        auto socket = world.socket(server.url());
        ASSERT_EQ(test::opened(socket, world.clock), State::open) << socket.failure().detail;
        EXPECT_EQ(socket.wire().resumed(), resumed);
        std::vector<std::string> texts;  // TLS 1.3 brings its tickets with the first data
        ASSERT_TRUE(socket.send("hello"));
        ASSERT_TRUE(test::poll_until(socket, world.clock, texts, [&] { return !texts.empty(); }));
    }
}

TEST(Opening, GivesUpInEachPhase) {
    const Certificate certificate;
    NetWorld world{&certificate};
    const Loopback silent{[](Peer& peer) { peer.wait_for_end(); }};

    const auto tls = failure_of(world, "wss" + silent.url().substr(2), {.wire = {.tls = 30ms}});
    EXPECT_EQ(tls.phase, NetPhase::tls);
    EXPECT_EQ(tls.fault, NetFault::timeout);

    const auto upgrade = failure_of(world, silent.url(), {.upgrade = 30ms});
    EXPECT_EQ(upgrade.phase, NetPhase::upgrade);
    EXPECT_EQ(upgrade.fault, NetFault::timeout);

    std::string nobody;
    {
        const Loopback gone{echo};
        nobody = gone.url();
    }
    const auto connect = failure_of(world, nobody);
    EXPECT_EQ(connect.phase, NetPhase::connect);
    EXPECT_EQ(connect.fault, NetFault::unreachable);

    const auto resolve = failure_of(world, "wss://no-such-host.invalid/", {.wire = {.resolve = 500ms}});
    EXPECT_EQ(resolve.phase, NetPhase::resolve) << resolve.detail;
}

TEST(Opening, SpeaksPlainTcpToLoopbackOnly) {
    NetWorld world;
    const auto failure = failure_of(world, "ws://192.0.2.1:9/");  // TEST-NET-1: nobody, and nothing is sent there
    EXPECT_EQ(failure.phase, NetPhase::connect);
    EXPECT_EQ(failure.fault, NetFault::address);
}

TEST(Opening, FindsNamesAndIpv6) {
    NetWorld world;
    const Loopback four{echo};
    auto named = world.socket("ws://localhost:" + std::to_string(four.port()) + "/");
    EXPECT_EQ(test::opened(named, world.clock), State::open) << named.failure().detail;
    auto again = world.socket("ws://localhost:" + std::to_string(four.port()) + "/");
    EXPECT_EQ(again.wire().state(), core::Wire::State::resolving);

    const Loopback six{{.ipv6 = true}, echo};
    if (six.port() == 0) GTEST_SKIP() << "no IPv6 here";
    auto socket = world.socket(six.url());
    EXPECT_EQ(test::opened(socket, world.clock), State::open) << socket.failure().detail;
}

TEST(Opening, HandsAnOpenSessionToAnotherThread) {
    const Certificate certificate;
    const Loopback server{{.certificate = &certificate}, echo};
    NetWorld world{&certificate};
    std::unique_ptr<core::WebSocket> session;
    std::thread{[&] {
        session = std::make_unique<core::WebSocket>(*core::parse_url(server.url()), world.tls, world.resolver);
        core::Clock clock{0ns};
        EXPECT_EQ(test::opened(*session, clock), State::open);
    }}.join();
    std::vector<std::string> texts;
    ASSERT_TRUE(session->send("from here"));
    ASSERT_TRUE(test::poll_until(*session, world.clock, texts, [&] { return !texts.empty(); }));
    EXPECT_EQ(texts, std::vector<std::string>{"from here"});
}

TEST(TlsContext, TellsAtStartWhenAuthoritiesCannotBeRead) {
    EXPECT_THROW((core::TlsContext{{.ca_file = "/no/such/file"}}), std::runtime_error);
}
