#include "tests/tools/session.hpp"

#include <gmock/gmock.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>

using testing::HasSubstr;

namespace {

enum Verdict : int { fine = 0, no_small_disk = 77 };

/// A disk of `bytes` at `path`, seen by this process alone: a tmpfs in a mount namespace of its own.
bool mount_small_disk(const std::filesystem::path& path, const std::string& bytes) {
    const int spaces = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS;
    if (::unshare(spaces) != 0) return false;
    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    return ::mount("none", path.c_str(), "tmpfs", 0, ("size=" + bytes).c_str()) == 0;
}

/// Runs `body` in a child with a small disk at `path`; its return is the child's exit code.
template <class F>
int on_small_disk(const std::filesystem::path& path, const std::string& bytes, F&& body) {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(mount_small_disk(path, bytes) ? body() : no_small_disk);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

/// A disk with room for the session, the orders and one segment of ticks (16 MiB), filled by a market of more ticks
/// than that holds: 262,144.
TEST(FullDisk, StopsEntriesSaysSoAndLosesNothingThatWasWritten) {
    test::TemporaryFolder folder;
    const auto capture = test::capture_market(folder / "market.omcap", 150'000,
                                              {.seed = 8, .events_per_s = 20, .volatility = 8, .traps_per_h = 60});
    const auto disk = folder / "disk";
    std::filesystem::create_directory(disk);
    const auto told = folder / "told";

    const int verdict = on_small_disk(disk, "19m", [&] {
        auto options = test::json_of({capture});
        options.journal = (disk / "journal").string();
        const auto outcome = test::replay(options);
        auto again = test::json_of({disk / "journal"});
        again.verify = true;
        const auto replayed = test::replay(again);
        std::ofstream{told} << nlohmann::json{{"code", outcome.exit_code},
                                              {"out", outcome.object()},
                                              {"err", outcome.err},
                                              {"replay_code", replayed.exit_code},
                                              {"replay", replayed.object()}};
        return fine;
    });

    if (verdict == no_small_disk) GTEST_SKIP() << "skipped: this machine lets a test mount no small disk";
    ASSERT_EQ(verdict, fine);
    const auto facts = nlohmann::json::parse(std::ifstream{told});
    EXPECT_EQ(facts["code"], 1);
    EXPECT_THAT(facts["err"].get<std::string>(), HasSubstr("no room for another segment; entries were stopped"));
    EXPECT_EQ(facts["out"]["journal"]["entries_stopped"], true);
    const std::uint64_t lost = facts["out"]["journal"]["ticks_not_kept"];
    ASSERT_GT(lost, 0u) << "the market was to be longer than the disk";
    EXPECT_EQ(facts["out"]["drops"], lost);
    EXPECT_EQ(facts["replay_code"], 0) << "what was written is whole";
    EXPECT_EQ(facts["replay"]["verified"], true);
    EXPECT_EQ(facts["replay"]["ticks"].get<std::uint64_t>() + lost, facts["out"]["ticks"].get<std::uint64_t>());
}

TEST(FullDisk, IsRefusedAtTheStartWhenNotEvenOneSegmentFits) {
    test::TemporaryFolder folder;
    const auto capture = test::capture_market(folder / "market.omcap", 100);
    const auto disk = folder / "disk";
    std::filesystem::create_directory(disk);
    const auto told = folder / "told";

    const int verdict = on_small_disk(disk, "1m", [&] {
        auto options = test::json_of({capture});
        options.journal = (disk / "journal").string();
        const auto outcome = test::replay(options);
        std::ofstream{told} << outcome.err;
        return outcome.exit_code;
    });

    if (verdict == no_small_disk) GTEST_SKIP() << "skipped: this machine lets a test mount no small disk";
    EXPECT_EQ(verdict, 2);
    std::string text;
    std::getline(std::ifstream{told}, text);
    EXPECT_THAT(text, HasSubstr("cannot reserve (No space left on device)"));
}
