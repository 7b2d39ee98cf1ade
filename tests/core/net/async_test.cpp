#include "core/net/async_websocket.hpp"
#include "tests/core/net/net_world.hpp"

#include <gtest/gtest.h>

#include <future>

using namespace std::chrono_literals;
using test::Certificate;
using test::Loopback;
using test::NetWorld;
using test::Peer;

TEST(AsyncWebSocket, TellsWhatHappensInItsOrder) {
    const Certificate certificate;
    const Loopback server{{.certificate = &certificate}, [](Peer& peer) {
                              peer.accept();
                              const auto first = peer.frame(), second = peer.frame();
                              peer.write(test::server_frame(second.payload + first.payload));
                              peer.write(test::server_frame(std::string(100'000, 'x')));
                              peer.write(test::server_frame("\x0f\xa1", 0x88));
                              peer.frame();
                          }};
    NetWorld world{&certificate};
    core::NetThread thread;
    std::vector<std::string> story;
    std::promise<void> over;
    core::AsyncWebSocket socket{thread,
                                *core::parse_url(server.url()),
                                world.tls,
                                world.resolver,
                                {},
                                {.opened = [&] { story.emplace_back("opened"); },
                                 .message = [&](const core::WebSocketMessage& m) { story.emplace_back(m.bytes); },
                                 .closed =
                                     [&](const core::NetFailure& failure) {
                                         story.push_back("closed " + std::to_string(failure.code));
                                         over.set_value();
                                     }}};
    socket.send("before it is open");
    socket.send("and ");
    ASSERT_EQ(over.get_future().wait_for(10s), std::future_status::ready);
    EXPECT_EQ(story,
              (std::vector<std::string>{"opened", "and before it is open", std::string(100'000, 'x'), "closed 4001"}));
}

TEST(AsyncWebSocket, TellsWhyItCouldNotOpen) {
    std::string nobody;
    {
        const Loopback gone{[](Peer&) {}};
        nobody = gone.url();
    }
    NetWorld world;
    core::NetThread thread;
    std::promise<core::NetFailure> failed;
    const core::AsyncWebSocket socket{
        thread,    *core::parse_url(nobody),
        world.tls, world.resolver,
        {},        {.closed = [&](const core::NetFailure& failure) { failed.set_value(failure); }}};
    EXPECT_EQ(failed.get_future().get().phase, core::NetPhase::connect);
}

TEST(AsyncWebSocket, SaysNothingOnceItIsGone) {
    const Loopback server{[](Peer& peer) {
        peer.accept();
        while (peer.write(test::server_frame("tick"))) continue;
    }};
    NetWorld world;
    core::NetThread thread;
    std::atomic<int> heard{};
    std::promise<void> some;
    {
        const core::AsyncWebSocket socket{thread,
                                          *core::parse_url(server.url()),
                                          world.tls,
                                          world.resolver,
                                          {},
                                          {.message = [&](const core::WebSocketMessage&) {
                                              if (++heard == 10) some.set_value();
                                          }}};
        some.get_future().wait();
    }
    const int then = heard;
    std::promise<void> later;
    thread.post([&] { later.set_value(); });
    later.get_future().wait();
    EXPECT_EQ(heard, then);
}

TEST(AsyncWebSocket, SaysGoodbye) {
    std::promise<unsigned> opcode;
    const Loopback server{[&](Peer& peer) {
        peer.accept();
        const auto frame = peer.frame();
        opcode.set_value(frame.opcode);
        peer.write(test::server_frame(frame.payload, 0x88));
    }};
    NetWorld world;
    core::NetThread thread;
    std::promise<int> code;
    std::promise<void> opened;
    core::AsyncWebSocket socket{thread,
                                *core::parse_url(server.url()),
                                world.tls,
                                world.resolver,
                                {},
                                {.opened = [&] { opened.set_value(); },
                                 .closed = [&](const core::NetFailure& failure) { code.set_value(failure.code); }}};
    opened.get_future().wait();
    socket.close(1001);
    EXPECT_EQ(opcode.get_future().get(), 8U);
    EXPECT_EQ(code.get_future().get(), 1001);
}
