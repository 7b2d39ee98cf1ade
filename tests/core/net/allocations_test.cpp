#include "core/net/openssl_memory.hpp"
#include "tests/allocations/counting_new.hpp"
#include "tests/core/net/net_world.hpp"

#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <array>
#include <cstring>
#include <set>
#include <thread>

namespace {

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
    ASSERT_TRUE(core::openssl_memory_is_ours()) << "OpenSSL had allocated before";
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
    const auto before = test::allocations(), openssl_before = core::openssl_allocations();
    for (int round = 0; round < 20; ++round) {
        ASSERT_TRUE(socket.send(with_pings));
        EXPECT_EQ(take(socket, world.clock, 100), 15U * 600 + 85U * 300);
        ASSERT_TRUE(socket.send(without));
        EXPECT_EQ(take(socket, world.clock, 100), 15U * 600 + 85U * 300);
    }
    EXPECT_EQ(test::allocations() - before, 0U);
    // What OpenSSL 3.0 takes for every record of TLS 1.3 does not come from the heap.
    EXPECT_EQ(core::openssl_allocations() - openssl_before, 0U);
    EXPECT_GE(socket.counts().pings, 200U);
}

/// As OpenSSL's record layer takes and gives back; the file's name is what tells it.
TEST(OpensslMemory, KeepsRecordsOffTheHeapAndEverythingElseOnIt) {
    constexpr const char* record = "../crypto/packet.c";
    const auto before = core::openssl_allocations();
    std::array<void*, 6> blocks{};
    for (auto& block : blocks) std::memset(block = CRYPTO_malloc(40, record, 1), 'x', 40);
    EXPECT_EQ(std::set<void*>(blocks.begin(), blocks.end()).size(), blocks.size());
    EXPECT_EQ(core::openssl_allocations() - before, 2U) << "four a thread, then the heap";

    std::thread{[&] {  // whoever gives back
        for (void* block : blocks) CRYPTO_free(block, record, 1);
    }}
        .join();
    void* small = CRYPTO_malloc(40, record, 1);
    std::memset(small, 'y', 40);
    EXPECT_EQ(core::openssl_allocations() - before, 2U);
    auto* grown = static_cast<char*>(CRYPTO_realloc(small, 4'000, record, 1));
    EXPECT_EQ(std::string(grown, 40), std::string(40, 'y'));
    EXPECT_EQ(core::openssl_allocations() - before, 3U);
    CRYPTO_free(grown, record, 1);

    CRYPTO_free(CRYPTO_malloc(40, "../crypto/bn/bn_lib.c", 1), nullptr, 1);
    EXPECT_EQ(core::openssl_allocations() - before, 4U);
}
