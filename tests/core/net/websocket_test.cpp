#include "core/net/websocket.hpp"

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
using test::server_frame;

namespace {

/// What became of a session whose server does `serve` after the handshake.
struct Story {
    std::vector<std::string> texts{};
    core::NetFailure failure{};
};
Story story_of(std::function<void(Peer&)> serve, core::WebSocketSettings settings = {}) {
    const Loopback server{[&](Peer& peer) {
        peer.accept();
        serve(peer);
    }};
    NetWorld world;
    auto socket = world.socket(server.url(), std::move(settings));
    Story story;
    test::closed(socket, world.clock, story.texts);
    story.failure = socket.failure();
    return story;
}

}  // namespace

TEST(WebSocket, CarriesTextBothWaysOverTls) {
    const Certificate certificate;
    const Loopback server{{.certificate = &certificate}, [](Peer& peer) {
                              peer.accept();
                              for (auto frame = peer.frame(); frame.opcode == 1; frame = peer.frame())
                                  peer.write(server_frame("echo " + frame.payload));
                          }};
    NetWorld world{&certificate};
    auto socket = world.socket(server.url("/stream?a=1"));
    ASSERT_EQ(test::opened(socket, world.clock), State::open) << socket.failure().detail;
    EXPECT_EQ(socket.wire().protocol(), "TLSv1.3");

    for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U, 200'000U}) {
        const std::string text(size, 'x');
        std::vector<std::string> texts;
        ASSERT_TRUE(socket.send(text));
        ASSERT_TRUE(test::poll_until(socket, world.clock, texts, [&] { return !texts.empty(); }));
        ASSERT_EQ(texts.size(), 1U);
        EXPECT_EQ(texts[0], "echo " + text);
    }
    EXPECT_EQ(socket.counts().messages, 7U);
    EXPECT_EQ(socket.counts().sent, 7U);
}

TEST(WebSocket, StampsWhenTheBytesCameAndPadsThem) {
    const Loopback server{[](Peer& peer) {
        peer.accept();
        peer.write(server_frame("one") + server_frame("two"));
        peer.wait_for_end();
    }};
    NetWorld world;
    auto socket = world.socket(server.url());
    const auto before = world.clock.now();
    std::vector<core::Nanoseconds> stamps;
    std::size_t readable = 0;
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (stamps.size() < 2 && std::chrono::steady_clock::now() < give_up)
        socket.poll(world.clock, [&](const core::WebSocketMessage& message) {
            stamps.push_back(message.receive_time);
            for (std::size_t i = 0; i < 64; ++i)  // AddressSanitizer would object
                readable += static_cast<volatile const char*>(message.bytes.end())[i] != 0 ? 1U : 1U;
        });
    ASSERT_EQ(stamps.size(), 2U);
    EXPECT_EQ(readable, 128U);
    EXPECT_GE(stamps[0], before);
    EXPECT_EQ(stamps[0], stamps[1]) << "they came together";
    EXPECT_LE(stamps[1], world.clock.now());
}

TEST(WebSocket, JoinsMessagesThatComeInPiecesWithAPingBetween) {
    std::string pong;
    const auto story = story_of([&](Peer& peer) {
        peer.write(server_frame("Hel", 0x01) + server_frame("ping!", 0x89) + server_frame("lo, ", 0x00));
        const auto answer = peer.frame();
        pong = answer.opcode == 10 ? answer.payload : "no pong";
        peer.write(server_frame("world", 0x80) + server_frame("next") + server_frame("\x03\xe8", 0x88));
        peer.frame();
    });
    EXPECT_EQ(story.texts, (std::vector<std::string>{"Hello, world", "next"}));
    EXPECT_EQ(pong, "ping!");
    EXPECT_EQ(story.failure.fault, NetFault::closed);
    EXPECT_EQ(story.failure.code, 1000);
}

TEST(WebSocket, ReadsFramesHoweverTheyAreCut) {
    std::string bytes;
    std::vector<std::string> expected;
    for (int i = 0; i < 50; ++i) {
        expected.emplace_back(static_cast<std::size_t>(i * 7), static_cast<char>('a' + i % 26));
        bytes += server_frame(expected.back());
    }
    bytes += server_frame("", 0x88);
    const auto story = story_of([&](Peer& peer) {
        std::size_t step = 1;
        for (std::size_t at = 0; at < bytes.size(); at += step, step = step % 97 + 1)
            peer.write(std::string_view{bytes}.substr(at, step));
        peer.frame();
    });
    EXPECT_EQ(story.texts, expected);
    EXPECT_EQ(story.failure.code, 1005) << "a close frame without a code";
}

TEST(WebSocket, RefusesWhatAServerMustNotSend) {
    struct Case {
        const char* what;
        std::string bytes;
        NetFault fault;
        unsigned close_code;
    };
    std::string masked = server_frame("abcd");
    masked[1] = static_cast<char>(masked[1] | '\x80');
    const std::vector<Case> cases{
        {"masked", masked, NetFault::protocol, 1002},
        {"reserved bit", server_frame("a", 0xc1), NetFault::protocol, 1002},
        {"opcode", server_frame("a", 0x83), NetFault::protocol, 1002},
        {"control in pieces", server_frame("a", 0x09), NetFault::protocol, 1002},
        {"long control", server_frame(std::string(126, 'a'), 0x89), NetFault::protocol, 1002},
        {"continuing nothing", server_frame("a", 0x80), NetFault::protocol, 1002},
        {"message in a message", server_frame("a", 0x01) + server_frame("b"), NetFault::protocol, 1002},
        {"lengthy length", std::string{"\x81\x7e\x00\x01", 4} + "a", NetFault::protocol, 1002},
        {"length of 2^63", std::string{"\x81\x7f\x80\0\0\0\0\0\0\1", 10}, NetFault::protocol, 1002},
        {"close of one byte", server_frame("a", 0x88), NetFault::protocol, 1002},
        {"close code 1006", server_frame("\x03\xee", 0x88), NetFault::protocol, 1002},
        {"oversized", server_frame(std::string(1001, 'a')), NetFault::oversized, 1009},
        {"oversized in pieces", server_frame(std::string(999, 'a'), 0x01) + server_frame("bb", 0x80),
         NetFault::oversized, 1009},
    };
    for (const auto& [what, bytes, fault, close_code] : cases) {
        SCOPED_TRACE(what);
        unsigned said = 0;
        const auto story = story_of(
            [&, sent = bytes](Peer& peer) {
                peer.write(sent);
                const auto goodbye = peer.frame();
                if (goodbye.opcode == 8 && goodbye.payload.size() == 2)
                    said = static_cast<unsigned char>(goodbye.payload[0]) * 256U +
                           static_cast<unsigned char>(goodbye.payload[1]);
            },
            {.max_message = 1000});
        EXPECT_TRUE(story.texts.empty());
        EXPECT_EQ(story.failure.fault, fault);
        EXPECT_EQ(story.failure.phase, NetPhase::open);
        EXPECT_EQ(said, close_code);
    }
}

TEST(WebSocket, TellsCloseCodesAndEndsWithoutThem) {
    const auto told = story_of([](Peer& peer) {
        peer.write(server_frame("\x0f\xa0tired", 0x88));  // 4000
        peer.frame();
    });
    EXPECT_EQ(told.failure.code, 4000);
    EXPECT_EQ(told.failure.detail, "tired");

    const auto rude = story_of([](Peer& peer) {
        peer.write(server_frame("\x0f\xa0\x1b[2J\xff\"", 0x88));  // clears a terminal, and is no UTF-8
        peer.frame();
    });
    EXPECT_EQ(rude.failure.detail, "?[2J?\"");

    const auto ended = story_of([](Peer& peer) {
        peer.write(server_frame("last"));
        peer.end();
        peer.wait_for_end();
    });
    EXPECT_EQ(ended.failure.fault, NetFault::closed);
    EXPECT_EQ(ended.failure.code, 0);
    EXPECT_EQ(ended.texts, std::vector<std::string>{"last"});

    const auto cut = story_of([](Peer& peer) { peer.cut(); });
    EXPECT_EQ(cut.failure.fault, NetFault::cut);
}

TEST(WebSocket, SaysGoodbyeAndWaitsForTheAnswer) {
    const Loopback server{[](Peer& peer) {
        peer.accept();
        const auto goodbye = peer.frame();
        peer.write(server_frame("on its way") + server_frame(goodbye.payload, 0x88));
    }};
    NetWorld world;
    auto socket = world.socket(server.url());
    ASSERT_EQ(test::opened(socket, world.clock), State::open);
    socket.close(1001);
    EXPECT_FALSE(socket.send("too late"));
    std::vector<std::string> texts;
    EXPECT_EQ(test::closed(socket, world.clock, texts), State::closed);
    EXPECT_EQ(texts, std::vector<std::string>{"on its way"});
    EXPECT_EQ(socket.failure().code, 1001);
}

TEST(WebSocket, DoesNotWaitForEverForAnAnswerToItsGoodbye) {
    const auto server = Loopback{[](Peer& peer) {
        peer.accept();
        peer.wait_for_end();
    }};
    NetWorld world;
    auto socket = world.socket(server.url(), {.goodbye = 20ms});
    ASSERT_EQ(test::opened(socket, world.clock), State::open);
    socket.close();
    std::vector<std::string> texts;
    EXPECT_EQ(test::closed(socket, world.clock, texts), State::closed);
    EXPECT_EQ(socket.failure().fault, NetFault::timeout);
}

TEST(WebSocket, GivesUpOnAServerThatDoesNotRead) {
    const Loopback server{[](Peer& peer) {
        peer.accept();
        peer.read_to("never sent");  // blocks; what is behind the socket's buffers is not taken
    }};
    NetWorld world;
    auto socket = world.socket(server.url(), {.max_unsent = 100'000});
    ASSERT_EQ(test::opened(socket, world.clock), State::open);
    EXPECT_FALSE(socket.send(std::string(100'001, 'x'))) << "larger than what may wait";
    EXPECT_EQ(socket.failure().fault, NetFault::overrun);
}

TEST(WebSocket, KeepsWhatASlowReaderDidNotTakeYet) {
    constexpr int messages = 400;
    constexpr std::size_t size = 50'000;
    std::atomic<bool> go{};
    std::atomic<int> read{};
    const Loopback server{[&](Peer& peer) {
        peer.accept();
        while (!go) std::this_thread::yield();
        while (peer.frame().payload.size() == size) ++read;
    }};
    NetWorld world;
    auto socket = world.socket(server.url(), {.max_unsent = messages * (size + 14)});
    ASSERT_EQ(test::opened(socket, world.clock), State::open);
    const std::string text(size, 'x');
    for (int i = 0; i < messages; ++i) ASSERT_TRUE(socket.send(text));
    EXPECT_TRUE(socket.wants_write()) << "20 MB do not fit into the socket";
    go = true;
    std::vector<std::string> none;
    EXPECT_TRUE(test::poll_until(socket, world.clock, none, [&] { return read == messages; }));
    EXPECT_EQ(socket.state(), State::open);
}

TEST(WebSocketOpening, RefusesAnswersThatAreNoUpgrade) {
    struct Case {
        const char* answer;
        NetFault fault;
        int code;
    };
    constexpr const char* accept_of_another_key = "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    const std::string wrong =
        std::string{"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"} + accept_of_another_key;
    const std::string endless = "HTTP/1.1 101 S\r\nX: " + std::string(20'000, 'x');
    const std::vector<Case> cases{
        {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", NetFault::refused, 403},
        {"HTTP/1.1 429 Too Many Requests\r\n\r\n", NetFault::refused, 429},
        {"HTTP/1.1 200 OK\r\n\r\n", NetFault::refused, 200},
        {"HTTP/1.1 101 S\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", NetFault::protocol, 0},
        {"SSH-2.0-OpenSSH_9.2\r\n", NetFault::protocol, 0},
        {"\x15\x03\x01\x02\x02\x32", NetFault::protocol, 0},
        {"HTTP/1.1 1x1 S\r\n\r\n", NetFault::protocol, 0},
        {wrong.c_str(), NetFault::protocol, 0},
        {endless.c_str(), NetFault::oversized, 0},
    };
    for (const auto& [answer, fault, code] : cases) {
        SCOPED_TRACE(std::string{answer}.substr(0, 60));
        const Loopback server{[text = answer](Peer& peer) {
            peer.read_to("\r\n\r\n");
            peer.write(text);
            peer.wait_for_end();
        }};
        NetWorld world;
        auto socket = world.socket(server.url());
        EXPECT_EQ(test::opened(socket, world.clock), State::closed);
        EXPECT_EQ(socket.failure().phase, NetPhase::upgrade);
        EXPECT_EQ(socket.failure().fault, fault);
        EXPECT_EQ(socket.failure().code, code);
    }
}

TEST(WebSocketOpening, SendsOurHeadersAndRefusesThoseThatCannotBeSent) {
    std::string request;
    const Loopback server{[&](Peer& peer) {
        request = peer.accept();
        peer.write(server_frame("go on"));
        peer.wait_for_end();
    }};
    NetWorld world;
    auto socket = world.socket(server.url("/ws/v3?x=1"), {.headers = {{"X-Channel", "abc"}}});
    std::vector<std::string> texts;
    ASSERT_TRUE(test::poll_until(socket, world.clock, texts, [&] { return !texts.empty(); }));
    EXPECT_TRUE(request.starts_with("GET /ws/v3?x=1 HTTP/1.1\r\nHost: 127.0.0.1:"));
    EXPECT_NE(request.find("\r\nX-Channel: abc\r\n"), std::string::npos);
    EXPECT_THROW((void)world.socket("ws://127.0.0.1/", {.headers = {{"X", "a\r\nY: b"}}}), std::invalid_argument);
    EXPECT_THROW((void)world.socket("ws://127.0.0.1/", {.headers = {{"X Y", "a"}}}), std::invalid_argument);
}
