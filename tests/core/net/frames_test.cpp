#include "core/net/ws_frame.hpp"
#include "core/net/ws_handshake.hpp"
#include "tests/core/net/frames_fuzz_entry.hpp"
#include "tests/core/net/loopback.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

TEST(WsFrame, IsWrittenAsTheStandardShows) {
    char bytes[64];
    const std::uint32_t mask = 0x3d21fa37;  // 37 fa 21 3d: RFC 6455, 5.7
    const char* end = core::write_ws_frame(bytes, core::WsOpcode::text, "Hello", mask);
    EXPECT_EQ(std::string(static_cast<const char*>(bytes), end), "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
}

TEST(WsFrame, IsReadAsTheStandardShows) {
    EXPECT_EQ(test::ws_story("\x81\x05Hello", 100), (std::vector<std::string>{"1 Hello"}));
    EXPECT_EQ(test::ws_story("\x01\x03Hel\x80\x02lo", 100), (std::vector<std::string>{"1 Hello"}));
    EXPECT_EQ(test::ws_story("\x89\x05Hello\x82\x01x", 100), (std::vector<std::string>{"3 Hello", "2 x"}));
}

RC_GTEST_PROP(WsFrame, UnmasksToWhatWasMasked, ()) {
    const auto size = *rc::gen::weightedOneOf<std::size_t>(
        {{5, rc::gen::inRange<std::size_t>(0, 300)}, {1, rc::gen::inRange<std::size_t>(65'000, 66'000)}});
    const auto mask = *rc::gen::arbitrary<std::uint32_t>();
    std::string payload(size, '\0');
    for (std::size_t i = 0; i < size; ++i) payload[i] = static_cast<char>(i * 31);
    std::string frame(size + core::ws_head_max, '\0');
    frame.resize(static_cast<std::size_t>(core::write_ws_frame(frame.data(), 1, payload, mask) - frame.data()));
    const auto head = frame.size() - size;
    RC_ASSERT(head == (size < 126 ? 6U : size < 65'536 ? 8U : 14U));
    for (std::size_t i = 0; i < size; ++i)
        frame[head + i] = static_cast<char>(frame[head + i] ^ frame[head - 4 + i % 4]);
    RC_ASSERT(frame.substr(head) == payload);
}

RC_GTEST_PROP(WsReader, ReadsTheSameHoweverTheBytesAreCut, ()) {
    std::string bytes;
    for (const int kind : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 12))) {
        const std::string payload(*rc::gen::inRange<std::size_t>(0, 400), 'p');
        constexpr unsigned heads[]{0x81, 0x82, 0x01, 0x00, 0x80, 0x89, 0x8a, 0x02, 0x81, 0x81, 0xc1, 0x88};
        bytes += test::server_frame(kind == 5 || kind == 6 ? payload.substr(0, 100) : payload,
                                    heads[static_cast<std::size_t>(kind)]);
    }
    RC_ASSERT(test::fuzz_ws(bytes).empty());
}

TEST(WsReader, SurvivesAMessageInAMillionPieces) {
    std::string bytes{"\x01\x00", 2};
    for (int i = 0; i < 1'000'000; ++i) bytes.append("\x00\x00", 2);
    bytes.append("\x80\x01x", 3);
    EXPECT_EQ(test::ws_story(bytes, bytes.size()), std::vector<std::string>{"1 x"});
}

namespace {

/// Writes `bytes` to the reader in pieces of `piece` bytes, taking what is complete after each; how many messages that
/// were, and how far from `first` the memory was that they were written to.
struct Fed {
    std::size_t messages{}, farthest{};
};
Fed feed(core::WsReader& reader, std::string_view bytes, std::size_t piece, const char* first) {
    Fed fed;
    while (!bytes.empty()) {
        const auto room = reader.room();
        const auto count = std::min({piece, bytes.size(), room.size()});
        std::copy_n(bytes.data(), count, room.data());
        fed.farthest = std::max(fed.farthest, static_cast<std::size_t>(room.data() + count - first));
        reader.filled(count);
        bytes.remove_prefix(count);
        for (std::string_view payload; reader.next(payload) != core::WsFound::nothing; ++fed.messages)
            if (reader.fault() != core::WsFault::none) return fed;
    }
    return fed;
}

}  // namespace

TEST(WsReader, StaysInTheSameMemoryHoweverManyFramesComeInPieces) {
    core::WsReader reader{std::size_t{16} << 20};
    std::string bytes;
    for (int i = 0; i < 10'000; ++i) bytes += test::server_frame(std::string(300, 'x'), 0x81);
    const auto fed = feed(reader, bytes, 1'000, reader.room().data());
    EXPECT_EQ(fed.messages, 10'000U);
    EXPECT_LE(fed.farthest, 70'000U) << "of 3 MB";
}

TEST(WsReader, TakesTheLargestMessageWhereverItBegins) {
    constexpr std::size_t largest = 300'000;
    constexpr std::size_t befores[]{0, 1, 30'000, 65'530, 65'531, 65'532, 65'536, 70'000};
    constexpr std::size_t pieces[]{1'000, 100'000, 1'000'000};
    for (const auto before : befores) {
        core::WsReader reader{largest};
        auto bytes = before == 0 ? std::string{} : test::server_frame(std::string(before, 'x'), 0x81);
        bytes += test::server_frame(std::string(largest, 'y'), 0x81);
        for (const auto piece : pieces) {
            const auto fed = feed(reader, bytes, piece, reader.room().data());
            EXPECT_EQ(fed.messages, before == 0 ? 1U : 2U) << before << " bytes before, in pieces of " << piece;
            EXPECT_EQ(reader.fault(), core::WsFault::none);
        }
    }
}

TEST(WsHandshake, IsAnsweredAsTheStandardShows) {
    constexpr std::string_view key = "dGhlIHNhbXBsZSBub25jZQ==";
    const std::string good =
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\n"
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    const auto answer = core::read_ws_answer(good + "frames", key);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->size, good.size());
    EXPECT_EQ(answer->status, 101);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_EQ(core::read_ws_answer(good.substr(0, size), key)->size, 0U) << size;
    for (const char* field : {"Sec-WebSocket-Extensions: permessage-deflate", "Sec-WebSocket-Protocol: chat",
                              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "no colon"})
        EXPECT_FALSE(core::read_ws_answer(good.substr(0, good.size() - 2) + field + "\r\n\r\n", key)) << field;
}

TEST(NetCorpus, ReadsTheSameHoweverTheBytesAreCut) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/fuzz/corpus/net"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        EXPECT_EQ(test::fuzz_ws(bytes), "") << entry.path();
        EXPECT_EQ(test::fuzz_http(bytes), "") << entry.path();
        ++files;
    }
    EXPECT_GE(files, 8U);
}
