#include "feeds/capture/merged_reader.hpp"

#include "feeds/capture/tape.hpp"
#include "feeds/capture/writer.hpp"
#include "tests/feeds/capture/temporary.hpp"
#include "tests/support.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

using feeds::capture::MergedReader;

namespace {

std::string line(std::int64_t second, std::string_view text) {
    return std::to_string(second) + ".0: " + std::string{text} + "\n";
}

}  // namespace

TEST(MergedReader, OrdersByReceiveTimeAndKeepsTheOrderOfFilesOnATie) {
    test::TemporaryFolder folder;
    const std::filesystem::path files[] = {
        test::write_file(folder / "a", line(10, "a1") + line(12, "a2") + line(12, "a3")),
        test::write_file(folder / "b", line(9, "b1") + line(12, "b2") + line(13, "b3"))};
    MergedReader reader{files};

    std::vector<std::string> order;
    std::vector<std::uint32_t> connections;
    for (feeds::Frame frame; reader.next(frame);) {
        order.emplace_back(frame.bytes);
        connections.push_back(frame.connection);
    }

    EXPECT_EQ(order, (std::vector<std::string>{"b1", "a1", "a2", "a3", "b2", "b3"}));
    EXPECT_EQ(connections, (std::vector<std::uint32_t>{1, 0, 0, 0, 1, 1}));
}

TEST(MergedReader, KeepsTheConnectionsOfAnOmegaCaptureApart) {
    test::TemporaryFolder folder;
    {
        feeds::capture::CaptureWriter writer{folder / "b.omega", core::Venue::bybit};
        writer.write({.bytes = "b", .receive_time = core::Nanoseconds{5}, .connection = 7});
    }
    const std::filesystem::path files[] = {test::write_file(folder / "a", line(1, "a")), folder / "b.omega",
                                           test::write_file(folder / "c", line(2, "c"))};
    MergedReader reader{files};

    std::vector<std::uint32_t> connections;
    for (feeds::Frame frame; reader.next(frame);) connections.push_back(frame.connection);

    EXPECT_EQ(connections, (std::vector<std::uint32_t>{1 + 7, 0, 1 + 256}));
}

RC_GTEST_PROP(MergedFiles, AreTheStableSortOfTheirFrames, (const std::vector<std::vector<std::uint8_t>>& sessions)) {
    test::TemporaryFolder folder;
    std::vector<std::filesystem::path> files;
    std::vector<std::pair<int, std::string>> expected;
    for (auto seconds : sessions) {
        std::sort(seconds.begin(), seconds.end());
        std::string text = "wss://venue\n";
        for (const auto second : seconds) {
            expected.emplace_back(second, std::to_string(expected.size()));
            text += line(second, expected.back().second);
        }
        files.push_back(test::write_file(folder / std::to_string(files.size()), text));
    }
    std::stable_sort(expected.begin(), expected.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    MergedReader reader{files};

    std::vector<std::string> got, wanted;
    for (feeds::Frame frame; reader.next(frame);)
        if (frame.origin == feeds::FrameOrigin::socket) got.emplace_back(frame.bytes);
    for (const auto& [second, text] : expected) wanted.push_back(text);

    RC_ASSERT(got == wanted);
}

TEST(Tape, HoldsTheSameFramesAsTheReaderAndCanBeWalkedAgain) {
    NEEDS_SHARED_DATA();
    const std::filesystem::path files[] = {test::shared("ws/cryptofeed/BINANCE.ws.1.0.zst"),
                                           test::shared("ws/cryptofeed/BINANCE.http.0.0.zst")};
    MergedReader reader{files};
    const auto wanted = test::all_frames(reader);

    auto loaded = feeds::capture::load_into_memory(files);
    const auto tape = std::move(loaded);

    for (int pass = 0; pass < 2; ++pass) {
        ASSERT_EQ(tape.size(), wanted.size());
        for (std::size_t i = 0; i < tape.size(); ++i) {
            ASSERT_EQ(test::OwnedFrame::of(tape[i]), wanted[i]);
            std::uint64_t padding = 0;  // ASan is the judge
            for (std::size_t k = 0; k < feeds::frame_padding; ++k)
                padding += static_cast<unsigned char>(tape[i].bytes.data()[tape[i].bytes.size() + k]);
            ASSERT_LT(padding, 256 * feeds::frame_padding);
        }
    }
}
