#include "feeds/session/recorder.hpp"

#include "core/random/xoshiro.hpp"
#include "feeds/capture/reader.hpp"
#include "tests/feeds/capture/temporary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

using namespace std::chrono_literals;
using feeds::Recorder;

namespace {

feeds::Frame frame(std::string_view bytes, core::Nanoseconds time) {
    return {.bytes = bytes,
            .receive_time = time,
            .connection = 3,
            .origin = feeds::FrameOrigin::socket,
            .url = "wss://venue/ws",
            .venue = core::Venue::okx};
}

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

/// Bytes that do not compress.
std::string noise(std::size_t size, std::uint64_t seed) {
    core::Xoshiro chance{seed};
    std::string text(size, '\0');
    for (auto& c : text) c = static_cast<char>(chance.below(256));
    return text;
}

}  // namespace

TEST(Recorder, WritesEveryFrameAsItCame) {
    const test::TemporaryFolder folder;
    {
        Recorder recorder{{.folder = folder / "captures", .queue_bytes = 1 << 20}, core::Venue::okx};
        for (int i = 0; i < 1000; ++i) {
            const auto text = "{\"frame\":" + std::to_string(i) + '}';
            while (!recorder.push(frame(text, std::chrono::milliseconds{i}))) continue;
        }
    }
    const auto files = files_in(folder / "captures");
    ASSERT_EQ(files.size(), 1U);
    EXPECT_EQ(files.front().filename(), "okx-19700101T000000000000000.ocap");
    const auto reader = feeds::capture::open(files.front());
    feeds::Frame read;
    for (int i = 0; i < 1000; ++i) {
        ASSERT_TRUE(reader->next(read));
        EXPECT_EQ(read.bytes, "{\"frame\":" + std::to_string(i) + '}');
        EXPECT_EQ(read.receive_time, std::chrono::milliseconds{i});
        EXPECT_EQ(read.url, "wss://venue/ws");
        EXPECT_EQ(read.connection, 3U);
    }
    EXPECT_FALSE(reader->next(read));
}

TEST(Recorder, EndsFilesByTimeAndSizeAndKeepsItsBudget) {
    const test::TemporaryFolder folder;
    Recorder::Counts counts;
    {
        Recorder recorder{{.folder = folder / "captures",
                           .file_bytes = 300'000,
                           .file_time = 1h,
                           .budget_bytes = 1'500'000,
                           .queue_bytes = 1 << 20},
                          core::Venue::okx};
        for (int i = 0; i < 100; ++i)
            while (!recorder.push(frame(noise(50'000, static_cast<std::uint64_t>(i)), std::chrono::seconds{i})))
                continue;
        while (!recorder.push(frame("{}", 2h))) continue;
        const auto give_up = std::chrono::steady_clock::now() + 10s;
        while (recorder.counts().written < 101 && std::chrono::steady_clock::now() < give_up) continue;
        counts = recorder.counts();
    }
    EXPECT_EQ(counts.written, 101U);
    EXPECT_GT(counts.files, 8U);
    EXPECT_GT(counts.removed, 3U);
    std::uint64_t sum = 0;
    const auto files = files_in(folder / "captures");
    for (const auto& file : files) sum += std::filesystem::file_size(file);
    EXPECT_LE(sum, 1'500'000U + 200'000U) << "a block may go beyond a file's bound";
    EXPECT_EQ(files.back().filename(), "okx-19700101T020000000000000.ocap") << "the newest stays";
}

TEST(Recorder, DropsAndCountsWhatDoesNotFit) {
    const test::TemporaryFolder folder;
    Recorder recorder{{.folder = folder / "captures", .queue_bytes = 1 << 16}, core::Venue::okx};
    EXPECT_FALSE(recorder.push(frame(std::string(70'000, 'x'), 1s)));
    EXPECT_EQ(recorder.counts().dropped, 1U);
}

TEST(Recorder, TellsWhyItCannotWriteAndGoesOn) {
    const test::TemporaryFolder folder;
    Recorder recorder{{.folder = folder / "captures", .queue_bytes = 1 << 16}, core::Venue::okx};
    std::filesystem::remove_all(folder / "captures");
    std::ofstream{folder / "captures"} << "a file where the folder was";
    EXPECT_TRUE(recorder.push(frame("{}", 1s)));
    const auto give_up = std::chrono::steady_clock::now() + 10s;
    while (recorder.counts().failures == 0 && std::chrono::steady_clock::now() < give_up) continue;
    EXPECT_EQ(recorder.counts().failures, 1U);
    EXPECT_NE(recorder.problem(), "");

    std::filesystem::remove(folder / "captures");
    std::filesystem::create_directory(folder / "captures");
    EXPECT_TRUE(recorder.push(frame("{}", 3s)));
    while (recorder.counts().written == 0 && std::chrono::steady_clock::now() < give_up) continue;
    EXPECT_EQ(recorder.counts().written, 1U);
}
