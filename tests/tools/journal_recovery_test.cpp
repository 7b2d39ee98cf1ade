#include "core/domain/tick.hpp"
#include "pipeline/flow/journal_reader.hpp"
#include "tests/tools/session.hpp"

#include <gmock/gmock.h>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

using test::json_of;
using test::replay;
using testing::HasSubstr;

namespace {

constexpr std::uint64_t header_bytes = pipeline::segment_header_bytes;

/// A journal of the lively market, kept once for the whole test.
struct Journaled : testing::Test {
    test::TemporaryFolder folder;
    test::Outcome live;

    void keep(std::size_t frames) {
        auto options = json_of({test::capture_market(folder / "market.omcap", frames)});
        options.journal = (folder / "journal").string();
        live = replay(options);
        ASSERT_EQ(live.exit_code, 0) << live.err;
    }
    [[nodiscard]] std::filesystem::path copy(const std::string& name) const {
        std::filesystem::remove_all(folder / name);
        std::filesystem::copy(folder / "journal", folder / name);
        return folder / name;
    }
    static void flip(const std::filesystem::path& file, std::uint64_t at) {
        auto bytes = test::read_file(file);
        bytes[at] = static_cast<char>(bytes[at] ^ 0x10);
        test::write_file(file, bytes);
    }
};

std::vector<core::Order> orders_of(const std::filesystem::path& journal) {
    std::vector<core::Order> orders;
    pipeline::read_orders(journal, [&](const core::Order& order) { orders.push_back(order); });
    return orders;
}

/// Replays a capture in a process of its own and kills that as soon as record `index` of its journal of ticks is there.
void kill_when_written(const omega::ReplayOptions& options, std::uint64_t index) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        std::ostringstream out, err;
        omega::replay_command(options, out, err);
        ::_exit(0);
    }
    const auto file = std::filesystem::path{options.journal} / "ticks-000000.journal";
    const auto place = static_cast<off_t>(header_bytes + (index - 1) * sizeof(core::Tick));
    int status = 0;
    for (int descriptor = -1; ::waitpid(child, &status, WNOHANG) == 0; ::sched_yield()) {
        if (descriptor < 0) descriptor = ::open(file.c_str(), O_RDONLY);
        core::Tick tick;
        if (descriptor < 0 || ::pread(descriptor, &tick, sizeof tick, place) != sizeof tick || tick.sequence == 0)
            continue;
        ::close(descriptor);
        ::kill(child, SIGKILL);
        ::waitpid(child, &status, 0);
        break;
    }
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the child ended before it was killed";
}

}  // namespace

TEST_F(Journaled, AKilledRunLosesAndRepeatsNoOrder) {
    keep(test::traded_frames);
    const auto ticks = live.object()["ticks"].get<std::uint64_t>();
    const auto whole = orders_of(folder / "journal");
    for (const auto* topology : {"fused", "staged"}) {
        SCOPED_TRACE(topology);
        auto options = json_of({folder / "market.omcap"});
        options.topology = topology;
        options.journal = (folder / topology).string();
        kill_when_written(options, ticks * 3 / 4);
        if (HasFatalFailure()) return;

        // The journal ends in its reserved room; what stands before it is whole.
        std::vector<core::Tick> recorded;
        const auto end =
            pipeline::read_ticks(options.journal, [&](const core::Tick& tick) { recorded.push_back(tick); });
        EXPECT_EQ(end.kind, pipeline::JournalEnd::Kind::torn);
        EXPECT_GE(recorded.size(), ticks * 3 / 4);
        EXPECT_LT(recorded.size(), ticks);

        auto again = json_of({options.journal});
        again.verify = true;
        const auto replayed = replay(again);
        EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
        EXPECT_THAT(replayed.err, HasSubstr("ends without a close after " + std::to_string(recorded.size()) +
                                            " records (the run was killed)"));
        const auto object = replayed.object();
        EXPECT_EQ(object["ticks"], recorded.size());
        EXPECT_EQ(object["verified"], true) << object["first_difference"].dump();

        // Orders on record are a prefix of those the whole run gave, and of those the replay regenerated.
        const auto orders = orders_of(options.journal);
        EXPECT_GT(orders.size(), 0u);
        ASSERT_LE(orders.size(), whole.size());
        for (std::size_t i = 0; i < orders.size(); ++i) {
            EXPECT_EQ(orders[i].id, whole[i].id) << i;
            EXPECT_EQ(orders[i].sequence, whole[i].sequence) << i;
        }
        const auto regenerated = object["orders"].get<std::size_t>() + object["cancels"].get<std::size_t>();
        ASSERT_LE(orders.size(), regenerated);
        ASSERT_LE(regenerated, whole.size());
        if (options.topology == "fused") {  // at most what the newest tick was about to send is missing
            for (std::size_t i = orders.size(); i < regenerated; ++i) EXPECT_EQ(whole[i].sequence, recorded.size());
        }

        // Whatever the venue answered to had been put on record before it was sent.
        std::set<std::uint64_t> sent;
        for (const auto& order : orders)
            EXPECT_TRUE(sent.insert((order.id.value << 1) | (order.type == core::OrderType::cancel)).second)
                << "repeated";
        std::size_t answered = 0;
        for (const auto& tick : recorded) {
            if (!tick.is(core::TickKind::execution)) continue;
            ++answered;
            EXPECT_TRUE(sent.contains(tick.execution.order_id << 1)) << "answered, but not on record";
        }
        EXPECT_GT(answered, 0u);
    }
}

TEST_F(Journaled, CutAtAnyByteReplaysItsWholeRecords) {
    keep(700);
    const auto ticks = live.object()["ticks"].get<std::uint64_t>();
    const auto size = std::filesystem::file_size(folder / "journal" / "ticks-000000.journal");
    ASSERT_EQ(size, header_bytes + ticks * 64);
    for (std::uint64_t i = 0; i < 40; ++i) {
        const std::uint64_t cut = header_bytes + (size - header_bytes) * i / 40 + i * 7 % 64;
        SCOPED_TRACE(cut);
        const auto journal = copy("cut");
        std::filesystem::resize_file(journal / "ticks-000000.journal", cut);
        auto options = json_of({journal});
        options.verify = i % 8 == 0;
        const auto replayed = replay(options);
        EXPECT_EQ(replayed.exit_code, 0) << replayed.err;
        const auto whole = (cut - header_bytes) / 64;
        EXPECT_EQ(replayed.object()["ticks"], whole);
        if ((cut - header_bytes) % 64 != 0) {
            EXPECT_THAT(replayed.err, HasSubstr("ends without a close after " + std::to_string(whole) + " records"));
        }
    }
}

TEST_F(Journaled, CutInItsHeaderItIsRefusedWithFileAndByte) {
    keep(100);
    for (const std::uint64_t cut : {0u, 1u, 64u, 4095u}) {
        const auto journal = copy("cut");
        std::filesystem::resize_file(journal / "ticks-000000.journal", cut);
        const auto replayed = replay(json_of({journal}));
        EXPECT_EQ(replayed.exit_code, 2);
        EXPECT_THAT(replayed.err, testing::AllOf(HasSubstr("header is cut short at byte " + std::to_string(cut)),
                                                 HasSubstr("ticks-000000.journal")));
    }
}

TEST_F(Journaled, AFlippedByteIsNamedAndEverythingBeforeItIsReplayed) {
    keep(700);
    const auto ticks = live.object()["ticks"].get<std::uint64_t>();
    for (const std::uint64_t record : {std::uint64_t{0}, ticks / 2, ticks - 1}) {
        for (const std::uint64_t byte : {0u, 13u, 40u, 63u}) {
            const auto at = header_bytes + record * 64 + byte;
            SCOPED_TRACE(at);
            const auto journal = copy("flipped");
            flip(journal / "ticks-000000.journal", at);
            const auto replayed = replay(json_of({journal}));
            EXPECT_EQ(replayed.exit_code, 1);
            EXPECT_THAT(replayed.err,
                        testing::AllOf(HasSubstr("ticks-000000.journal at byte " + std::to_string(at - byte)),
                                       HasSubstr("record fails its check"),
                                       HasSubstr("replayed the " + std::to_string(record) + " records before it")));
            EXPECT_EQ(replayed.object()["ticks"], record);
        }
    }
}

TEST_F(Journaled, AFlippedByteInItsOrdersIsNamedByVerify) {
    keep(test::traded_frames);
    ASSERT_GT(orders_of(folder / "journal").size(), 1u);
    const auto journal = copy("flipped");
    flip(journal / "orders-000000.journal", header_bytes + 64 + 20);
    auto options = json_of({journal});
    options.verify = true;
    const auto replayed = replay(options);
    EXPECT_EQ(replayed.exit_code, 1);
    EXPECT_THAT(replayed.err, HasSubstr("orders-000000.journal at byte " + std::to_string(header_bytes + 64)));
    EXPECT_EQ(replayed.object()["ticks"], live.object()["ticks"]);
}

TEST_F(Journaled, AnotherSessionsFileOrNoneIsRefused) {
    keep(100);
    auto other = json_of({folder / "market.omcap"}, {"sizing.risk_per_trade=0.004"});
    other.journal = (folder / "other").string();
    ASSERT_EQ(replay(other).exit_code, 0);

    const auto journal = copy("foreign");
    std::filesystem::copy_file(folder / "other" / "session.json", journal / "session.json",
                               std::filesystem::copy_options::overwrite_existing);
    const auto foreign = replay(json_of({journal}));
    EXPECT_EQ(foreign.exit_code, 2);
    EXPECT_THAT(foreign.err, HasSubstr("session.json is not the one this journal was written with"));

    test::write_file(journal / "session.json", "{");
    EXPECT_THAT(replay(json_of({journal})).err, HasSubstr("session.json: damaged"));
    std::filesystem::remove(journal / "session.json");
    const auto none = replay(json_of({journal}));
    EXPECT_EQ(none.exit_code, 2);
    EXPECT_THAT(none.err, HasSubstr("session.json: cannot be read; expected"));
}
