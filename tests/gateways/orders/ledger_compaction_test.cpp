// The ledger's file is rewritten while it is written to, and nobody waits for the disk.
#include "tests/gateways/orders/ledger_world.hpp"

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

using namespace test;
using namespace std::chrono_literals;

namespace {

/// The disk of this program: it can be made to hang, or to fail.
struct Disk {
    std::atomic<bool> hangs{}, fails{};
    std::atomic<int> waiting{}, syncs_of_this_thread{};
    const std::thread::id trader = std::this_thread::get_id();

    int sync(int file) {
        if (std::this_thread::get_id() == trader) ++syncs_of_this_thread;
        ++waiting;
        hangs.wait(true);
        if (fails) return -1;
        return static_cast<int>(::syscall(SYS_fdatasync, file));
    }
    void hang() { hangs = true; }
    void go_on() {
        hangs = false;
        hangs.notify_all();
    }
};
Disk disk;

}  // namespace

extern "C" int fdatasync(int file) {  // in place of the library's, for the whole program
    return disk.sync(file);
}

namespace {

/// A ledger on a file, and what a process would find that came after a kill -9 right now.
struct World {
    Folder folder;
    InstrumentTable instruments = two_instruments();
    OrderLedger ledger{{}, instruments};
    std::vector<Effect> effects;
    std::uint64_t orders{};

    World() {
        EXPECT_TRUE(ledger.open(folder.path / "ledger"));
        disk.syncs_of_this_thread = 0;
        disk.waiting = 0;
    }
    void trade(int count) {
        for (int i = 0; i < count; ++i) {
            const auto order = order_of(++orders);
            ASSERT_TRUE(ledger.create(order, 1000s));
            ledger.sent(order.id);
            ledger.on(acked(order), effects);
            ledger.on(fill_of(order, "t" + std::to_string(orders), 3), effects);
        }
    }
    void expect_kept() {
        const auto copy = folder.path / "copy";
        std::filesystem::copy_file(folder.path / "ledger", copy, std::filesystem::copy_options::overwrite_existing);
        OrderLedger found{{}, instruments};
        ASSERT_TRUE(found.open(copy));
        EXPECT_EQ(found.digest(), ledger.digest());
        EXPECT_EQ(found.position(btc), Quantity{static_cast<std::int64_t>(3 * orders)});
    }
    std::optional<bool> end() {
        for (;;)
            if (const auto done = ledger.look_at_compaction())
                return done;
            else
                std::this_thread::yield();
    }
    void close_the_old_one() {
        for (; ledger.compacting(); std::this_thread::yield()) (void)ledger.look_at_compaction();
    }
};

}  // namespace

TEST(LedgerCompaction, GoesOnWhileTheDiskHangsAndNeitherFileLacksARecord) {
    World world;
    world.trade(5);
    disk.hang();
    ASSERT_TRUE(world.ledger.begin_compaction());
    while (disk.waiting == 0) std::this_thread::yield();

    world.trade(5);
    EXPECT_EQ(world.ledger.look_at_compaction(), std::nullopt);
    EXPECT_TRUE(world.ledger.compacting());
    const auto before = world.ledger.file_bytes();
    disk.go_on();
    ASSERT_EQ(world.end(), true);
    EXPECT_LT(world.ledger.file_bytes(), before);
    EXPECT_EQ(disk.syncs_of_this_thread, 0) << "the thread that trades waits for no disk";

    world.trade(5);
    world.close_the_old_one();
    world.trade(5);
    EXPECT_EQ(world.ledger.unrecorded(), 0u);
    world.expect_kept();
}

TEST(LedgerCompaction, KilledAtAnyMomentOfItTheFileOfThatNameHoldsEverything) {
    World world;
    for (int round = 0; round < 6; ++round) {
        ASSERT_TRUE(world.ledger.begin_compaction());
        for (int i = 0; i < 4; ++i) {
            world.trade(1);
            world.expect_kept();  // now the old file has the name, now the new one
            (void)world.ledger.look_at_compaction();
        }
        world.close_the_old_one();
        world.expect_kept();
    }
}

TEST(LedgerCompaction, FailedLeavesTheOldFileInUse) {
    World world;
    world.trade(5);
    disk.fails = true;
    ASSERT_TRUE(world.ledger.begin_compaction());
    EXPECT_EQ(world.end(), false);
    disk.fails = false;
    EXPECT_FALSE(world.ledger.compacting());
    world.trade(5);
    world.expect_kept();

    ASSERT_TRUE(world.ledger.begin_compaction()) << "and it is tried again";
    EXPECT_EQ(world.end(), true);
    world.expect_kept();
}

TEST(LedgerCompaction, EndsWithTheLedgerWhateverItWasAt) {
    for (const bool placed : {false, true}) {
        World world;
        world.trade(5);
        ASSERT_TRUE(world.ledger.begin_compaction());
        if (placed) {
            EXPECT_EQ(world.end(), true);
        }
        world.trade(1);
        const auto digest = world.ledger.digest();
        { const auto gone = std::move(world.ledger); }
        OrderLedger next{{}, world.instruments};
        ASSERT_TRUE(next.open(world.folder.path / "ledger"));
        EXPECT_EQ(next.digest(), digest);
    }
}
