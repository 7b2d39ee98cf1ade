#include "pipeline/flow/journal_reader.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <fstream>

using namespace pipeline;
using core::Tick;

namespace {

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = (std::filesystem::temp_directory_path() / "omega-journal-XXXXXX").string();
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
    [[nodiscard]] JournalSettings settings(std::size_t records = 64) const {
        return {.directory = path, .segment_records = records, .epoch = 3};
    }
};

Tick tick_of(std::uint64_t i) {
    Tick tick;
    tick.sequence = i;
    tick.venue_time = core::Nanoseconds{static_cast<std::int64_t>(i * 1000)};
    tick.trade = {{static_cast<std::int64_t>(i)}, {static_cast<std::int64_t>(i * 7)}, i};
    return tick;
}

void write(const Folder& folder, std::uint64_t count, std::size_t records = 64) {
    TickJournal journal{folder.settings(records)};
    for (std::uint64_t i = 1; i <= count; ++i) ASSERT_TRUE(journal.append(tick_of(i)));
}

JournalEnd count_intact(const Folder& folder) {
    std::uint64_t expected = 0;
    return read_ticks(folder.path, [&](const Tick& tick) {
        EXPECT_EQ(std::memcmp(&tick, std::addressof(static_cast<const Tick&>(tick_of(++expected))), 64), 0);
    });
}

}  // namespace

TEST(Journal, GivesBackEveryRecordAcrossSegments) {
    const Folder folder;
    write(folder, 1000);

    const auto end = count_intact(folder);

    EXPECT_EQ(end.kind, JournalEnd::Kind::whole);
    EXPECT_EQ(end.records, 1000u);
    EXPECT_EQ(JournalReader{folder.path}.header().epoch, 3u);
}

TEST(Journal, CutAtAnyByteRecoversToItsLastWholeRecord) {
    const Folder folder;
    write(folder, 20);
    const auto file = folder.path / "ticks-000000.journal";
    const auto size = std::filesystem::file_size(file);
    ASSERT_EQ(size, segment_header_bytes + 20 * 64);

    for (auto cut = size; cut-- > segment_header_bytes;) {
        std::filesystem::resize_file(file, cut);
        const auto end = count_intact(folder);
        ASSERT_EQ(end.records, (cut - segment_header_bytes) / 64) << "cut at " << cut;
    }
    std::filesystem::resize_file(file, 17);
    EXPECT_THROW(JournalReader{folder.path}, std::runtime_error);
}

TEST(Journal, NamesTheRecordInWhichAByteWasFlipped) {
    const Folder folder;
    write(folder, 20);
    const auto file = folder.path / "ticks-000000.journal";
    for (std::size_t at = segment_header_bytes; at < segment_header_bytes + 20 * 64; at += 13) {
        const auto flip = [&] {
            std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
            stream.seekg(static_cast<std::streamoff>(at));
            const char byte = static_cast<char>(stream.get() ^ 0x10);
            stream.seekp(static_cast<std::streamoff>(at));
            stream.put(byte);
        };
        flip();
        const auto end = read_ticks(folder.path, [](const Tick&) {});
        EXPECT_EQ(end.kind, JournalEnd::Kind::corrupt);
        EXPECT_EQ(end.records, (at - segment_header_bytes) / 64);
        EXPECT_EQ(end.offset, segment_header_bytes + end.records * 64);
        flip();
    }
    EXPECT_EQ(count_intact(folder).kind, JournalEnd::Kind::whole);
}

TEST(Journal, LosesNothingThatWasAppendedWhenTheProcessIsKilled) {
    const Folder folder;
    int pipe_ends[2];
    ASSERT_EQ(::pipe(pipe_ends), 0);
    const pid_t child = ::fork();
    if (child == 0) {
        TickJournal journal{folder.settings(256)};
        for (std::uint64_t i = 1;; ++i) {
            journal.append(tick_of(i));
            if (::write(pipe_ends[1], &i, sizeof i) != sizeof i) ::_exit(1);
        }
    }
    ::close(pipe_ends[1]);
    std::uint64_t told = 0;
    while (told < 2000 && ::read(pipe_ends[0], &told, sizeof told) == sizeof told) {
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    while (::read(pipe_ends[0], &told, sizeof told) == sizeof told) {
    }
    ::close(pipe_ends[0]);

    const auto end = count_intact(folder);

    EXPECT_GE(end.records, told);
    EXPECT_LE(end.records, told + 1);
    EXPECT_NE(end.kind, JournalEnd::Kind::corrupt) << end.reason;
}

TEST(Journal, RefusesToWriteOverAnOlderOne) {
    const Folder folder;
    write(folder, 1);
    EXPECT_THROW(TickJournal{folder.settings()}, std::runtime_error);
}

TEST(Journal, KeepsOrdersBesideTicks) {
    const Folder folder;
    auto settings = folder.settings();
    settings.stem = "orders";
    {
        OrderJournal journal{settings};
        for (std::uint64_t i = 1; i <= 100; ++i) {
            core::Order order;
            order.id = core::OrderId::of(3, i);
            order.quantity = {static_cast<std::int64_t>(i)};
            ASSERT_TRUE(journal.append(order));
        }
    }
    std::uint64_t i = 0;
    const auto end =
        read_orders(folder.path, [&](const core::Order& order) { EXPECT_EQ(order.id, core::OrderId::of(3, ++i)); });
    EXPECT_EQ(end.records, 100u);
    EXPECT_EQ(end.kind, JournalEnd::Kind::whole);
}
