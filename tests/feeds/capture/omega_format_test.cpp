#include "feeds/capture/error.hpp"
#include "feeds/capture/omega_reader.hpp"
#include "feeds/capture/writer.hpp"
#include "tests/feeds/capture/temporary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <sys/resource.h>

#include <csignal>
#include <cstring>

using feeds::FrameOrigin;
using feeds::capture::CaptureError;
using feeds::capture::CaptureWriter;
using test::OwnedFrame;

namespace {

std::vector<OwnedFrame> some_frames() {
    return {{"", core::Nanoseconds{10}, 0, FrameOrigin::opened, "wss://venue/stream"},
            {R"({"op":"subscribe"})", core::Nanoseconds{11}, 0, FrameOrigin::sent, "wss://venue/stream"},
            {R"({"e":"trade","p":"1.5"})", core::Nanoseconds{12}, 0, FrameOrigin::socket, "wss://venue/stream"},
            {R"({"e":"trade","p":"1.6"})", core::Nanoseconds{12}, 3, FrameOrigin::socket, ""},
            {R"({"bids":[]})", core::Nanoseconds{13}, 255, FrameOrigin::rest, "https://venue/depth?symbol=X"},
            {std::string("\0\xff\n binary", 10), core::Nanoseconds{-1}, 3, FrameOrigin::socket, ""}};
}

/// Writes `frames`, one block each `per_block`.
void record(const std::filesystem::path& file, const std::vector<OwnedFrame>& frames, std::size_t per_block) {
    CaptureWriter writer{file, core::Venue::kraken};
    for (std::size_t i = 0; i < frames.size(); ++i) {
        writer.write(frames[i].view());
        if (per_block != 0 && i % per_block == per_block - 1) writer.flush();
    }
    writer.close();
}

}  // namespace

TEST(OmegaCapture, KeepsEveryFieldOfEveryFrame) {
    test::TemporaryFolder folder;
    record(folder / "a.omega", some_frames(), 2);

    const auto reader = feeds::capture::open(folder / "a.omega");

    EXPECT_EQ(reader->format(), feeds::capture::Format::omega);
    EXPECT_EQ(reader->venue(), core::Venue::kraken);
    EXPECT_EQ(test::all_frames(*reader), some_frames());
    EXPECT_EQ(reader->dropped_bytes(), 0U);
}

TEST(OmegaCapture, FramesAreFollowedByReadablePadding) {
    test::TemporaryFolder folder;
    record(folder / "a.omega", some_frames(), 0);

    const auto reader = feeds::capture::open(folder / "a.omega");

    std::uint64_t sum = 0;  // ASan is the judge
    for (feeds::Frame frame; reader->next(frame);)
        for (std::size_t i = 0; i < feeds::frame_padding; ++i)
            sum += static_cast<unsigned char>(frame.bytes.data()[frame.bytes.size() + i]);
    EXPECT_GT(sum, 0U);
}

TEST(OmegaCapture, ClosesABlockByItselfWhenItIsLargeEnough) {
    test::TemporaryFolder folder;
    CaptureWriter writer{folder / "a.omega", core::Venue::binance};

    for (int i = 0; i < 20'000; ++i) writer.write({.bytes = R"({"e":"bookTicker","s":"BTCUSDT"})"});

    EXPECT_GT(std::filesystem::file_size(folder / "a.omega"), sizeof(feeds::capture::FileHeader));
    EXPECT_EQ(writer.frames(), 20'000U);
    writer.close();
    EXPECT_EQ(test::all_frames(*feeds::capture::open(folder / "a.omega")).size(), 20'000U);
}

TEST(OmegaCapture, ACaptureWithoutFramesIsAHeader) {
    test::TemporaryFolder folder;
    record(folder / "a.omega", {}, 0);

    EXPECT_EQ(std::filesystem::file_size(folder / "a.omega"), sizeof(feeds::capture::FileHeader));
    EXPECT_TRUE(test::all_frames(*feeds::capture::open(folder / "a.omega")).empty());
}

RC_GTEST_PROP(OmegaCaptureText, SurvivesARoundTrip, (const std::vector<std::string>& texts, std::uint8_t per_block)) {
    test::TemporaryFolder folder;
    std::vector<OwnedFrame> frames;
    for (const auto& text : texts)
        frames.push_back({.bytes = text,
                          .receive_time = core::Nanoseconds{*rc::gen::arbitrary<std::int64_t>()},
                          .connection = *rc::gen::inRange(0U, feeds::capture::max_connections),
                          .origin = static_cast<FrameOrigin>(*rc::gen::inRange(0, 4)),
                          .url = *rc::gen::element<std::string>("", "wss://a", "https://b?c=d")});
    record(folder / "a.omega", frames, per_block);

    RC_ASSERT(test::all_frames(*feeds::capture::open(folder / "a.omega")) == frames);
}

TEST(OmegaCapture, CutAtAnyByteGivesTheWholeBlocksBeforeAndSaysHowMuchWasDropped) {
    test::TemporaryFolder folder;
    const auto frames = some_frames();
    record(folder / "a.omega", frames, 2);
    const auto bytes = test::read_file(folder / "a.omega");

    for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
        SCOPED_TRACE(cut);
        const auto reader = feeds::capture::open(test::write_file(folder / "cut.omega", bytes.substr(0, cut)));
        const auto got = test::all_frames(*reader);

        ASSERT_EQ(got.size() % 2, 0U);
        ASSERT_TRUE(std::equal(got.begin(), got.end(), frames.begin()));
        // What was dropped is exactly what lies behind the last whole block.
        auto whole = bytes;
        whole.resize(cut - reader->dropped_bytes());
        if (whole.empty()) continue;
        const auto again = feeds::capture::open(test::write_file(folder / "whole.omega", whole));
        ASSERT_EQ(test::all_frames(*again), got);
        ASSERT_EQ(again->dropped_bytes(), 0U);
    }
}

TEST(OmegaCapture, AnyFlippedBitIsFoundWithFileAndPosition) {
    test::TemporaryFolder folder;
    record(folder / "a.omega", some_frames(), 2);
    const auto bytes = test::read_file(folder / "a.omega");

    for (std::size_t at = 0; at < bytes.size(); ++at)
        for (const int bit : {0, 4, 7}) {
            SCOPED_TRACE(at);
            auto damaged = bytes;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
            test::write_file(folder / "damaged.omega", damaged);
            try {
                const auto reader = feeds::capture::open(folder / "damaged.omega");
                test::all_frames(*reader);
                FAIL() << "not noticed";
            } catch (const CaptureError& error) {
                EXPECT_EQ(error.file(), folder / "damaged.omega");
                EXPECT_LE(error.position(), at);
                EXPECT_THAT(std::string{error.what()}, testing::HasSubstr("damaged.omega"));
                // In the magic it is no capture of ours any more.
                EXPECT_EQ(error.reason(), at < 8 ? core::Error::malformed : core::Error::corrupt);
            }
        }
}

TEST(OmegaCapture, AVersionOfTheFutureIsRefusedByName) {
    test::TemporaryFolder folder;
    record(folder / "a.omega", {}, 0);
    auto bytes = test::read_file(folder / "a.omega");
    bytes[8] = 2;
    const auto crc = feeds::capture::crc32(bytes.data(), 28);
    std::memcpy(bytes.data() + 28, &crc, sizeof crc);
    test::write_file(folder / "b.omega", bytes);

    try {
        feeds::capture::open(folder / "b.omega");
        FAIL();
    } catch (const CaptureError& error) {
        EXPECT_EQ(error.reason(), core::Error::unknown_message);
        EXPECT_THAT(std::string{error.what()}, testing::HasSubstr("version 1, not 2"));
    }
}

TEST(OmegaCapture, NeverOverwritesAFile) {
    test::TemporaryFolder folder;
    test::write_file(folder / "a.omega", "precious");

    EXPECT_THROW((CaptureWriter{folder / "a.omega", core::Venue::okx}), CaptureError);
    EXPECT_EQ(test::read_file(folder / "a.omega"), "precious");
}

TEST(OmegaCapture, AFullDiskIsSaidAndLeavesWholeBlocks) {
    test::TemporaryFolder folder;
    struct rlimit before {};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    // A file that may not grow stands in for a disk that is full; without the signal the write fails with EFBIG.
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    CaptureWriter writer{folder / "a.omega", core::Venue::okx};
    writer.write({.bytes = "kept"});
    writer.flush();
    const struct rlimit limit { std::filesystem::file_size(folder / "a.omega") + 10, before.rlim_max };
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &limit), 0);

    writer.write({.bytes = "lost"});
    EXPECT_THROW(writer.flush(), CaptureError);
    EXPECT_THROW(writer.write({.bytes = "refused"}), CaptureError);

    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    const auto reader = feeds::capture::open(folder / "a.omega");
    const auto frames = test::all_frames(*reader);
    ASSERT_EQ(frames.size(), 1U);
    EXPECT_EQ(frames[0].bytes, "kept");
    EXPECT_EQ(reader->dropped_bytes(), 0U);
}

TEST(OmegaCapture, RefusesWhatTheFormatCannotHold) {
    test::TemporaryFolder folder;
    CaptureWriter writer{folder / "a.omega", core::Venue::okx};

    EXPECT_THROW(writer.write({.bytes = "x", .connection = 256}), CaptureError);
    EXPECT_THROW(writer.write({.bytes = "x", .url = std::string(5000, 'u')}), CaptureError);
    EXPECT_NO_THROW(writer.write({.bytes = "x"}));
    EXPECT_EQ(writer.frames(), 1U);
}
