#include "tests/allocations/counting_new.hpp"
#include "tests/core/net/net_world.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <cstdlib>

namespace {

thread_local std::uint64_t openssl_allocations = 0;

/// OpenSSL's own memory is counted, too; it must be told before it allocates anything.
const int counting_openssl = CRYPTO_set_mem_functions(
    [](std::size_t size, const char*, int) { return ++openssl_allocations, std::malloc(size); },
    [](void* memory, std::size_t size, const char*, int) { return ++openssl_allocations, std::realloc(memory, size); },
    [](void* memory, const char*, int) { std::free(memory); });

/// Polls until `count` messages came; their bytes.
std::size_t take(core::WebSocket& socket, core::Clock& clock, int count) {
    std::size_t bytes = 0;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (count > 0 && std::chrono::steady_clock::now() < give_up)
        if (socket.poll(clock, [&](const core::WebSocketMessage& message) {
                bytes += message.bytes.size();
                --count;
            }) == core::WebSocket::State::closed)
            break;
    EXPECT_EQ(count, 0);
    return bytes;
}

}  // namespace

TEST(Allocations, NoneWhereAWebSocketReceivesSendsAndAnswersPings) {
    ASSERT_EQ(counting_openssl, 1) << "OpenSSL had allocated before";
    const test::Certificate certificate;
    const test::Loopback server{{.certificate = &certificate}, [](test::Peer& peer) {
                                    peer.accept();
                                    const std::string text(300, 'x');
                                    for (auto frame = peer.frame(); frame.opcode != 0; frame = peer.frame())
                                        for (int i = 0; frame.opcode == 1 && i < 100; ++i) {
                                            if (i % 10 == 0 && frame.payload[0] == 'p')
                                                peer.write(test::server_frame("are you there", 0x89));
                                            if (i % 7 == 0) peer.write(test::server_frame(text, 0x01));
                                            peer.write(test::server_frame(text, i % 7 == 0 ? 0x80 : 0x81));
                                        }
                                }};
    test::NetWorld world{&certificate};
    auto socket = world.socket(server.url());
    ASSERT_EQ(test::opened(socket, world.clock), core::WebSocket::State::open);
    ASSERT_TRUE(socket.send("pings, too"));
    take(socket, world.clock, 100);  // tickets of TLS 1.3, memory for messages in pieces

    const std::string with_pings(200, 'p'), without(200, 'q');
    const auto before = test::allocations();
    std::uint64_t openssl_taken = 0;
    for (int round = 0; round < 20; ++round) {
        ASSERT_TRUE(socket.send(with_pings));
        EXPECT_EQ(take(socket, world.clock, 100), 15U * 600 + 85U * 300);
        ASSERT_TRUE(socket.send(without));
        const auto openssl_before = openssl_allocations;
        EXPECT_EQ(take(socket, world.clock, 100), 15U * 600 + 85U * 300);
        openssl_taken += openssl_allocations - openssl_before;
    }
    EXPECT_EQ(test::allocations() - before, 0U);
    // OpenSSL 3.0 itself takes 40 bytes for every record of TLS 1.3 (the header that is authenticated), and gives them
    // back: the floor of any client on it. Nothing comes on top.
    EXPECT_LE(openssl_taken, 20U * 115) << "at most one a record received";
    EXPECT_GE(socket.counts().pings, 200U);
}
