#include "gateways/orders/ledger_file.hpp"

#include "gateways/orders/start_counter.hpp"
#include "tests/gateways/orders/ledger_world.hpp"

#include <sys/stat.h>
#include <sys/wait.h>

#include <cstring>
#include <fstream>

using namespace test;
using namespace std::chrono_literals;

namespace {

void write_file(const std::filesystem::path& path, std::string_view bytes) {
    std::ofstream{path, std::ios::binary} << bytes;
}

}  // namespace

TEST(LedgerFile, KeepsWhatAKilledProcessWroteAndAsksAboutWhatItMayHaveSent) {
    const auto instruments = two_instruments();
    Folder folder;
    const auto child = ::fork();
    if (child == 0) {
        OrderLedger ledger{{}, instruments};
        std::vector<Effect> effects;
        if (!ledger.open(folder.path / "ledger")) ::_exit(1);
        for (std::uint64_t n = 1; n <= 3; ++n)
            if (!ledger.create(order_of(n), 1000s)) ::_exit(2);
        ledger.on(fill_of(order_of(2), "t1", 4), effects);
        ledger.cancel_asked(order_of(2).id, 1001s);
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));

    OrderLedger ledger{{}, instruments};
    const auto scan = ledger.open(folder.path / "ledger");

    ASSERT_TRUE(scan);
    EXPECT_FALSE(scan->torn);
    EXPECT_EQ(ledger.position(btc), Quantity{4});
    EXPECT_EQ(ledger.find(order_of(1).id)->state(), OrderState::unknown);
    EXPECT_EQ(ledger.find(order_of(2).id)->state(), OrderState::cancelling);
    EXPECT_EQ(ledger.highest_epoch(), 1u);
    EXPECT_EQ(ledger.create(order_of(3), 1000s), Error::refused) << "an id is never used again";
    std::vector<Effect> effects;
    ledger.due(1500s, effects);
    EXPECT_EQ(told(effects), "ask_order ask_order");
    ledger.on(fill_of(order_of(2), "t1", 4), effects);
    EXPECT_EQ(ledger.position(btc), Quantity{4}) << "the memory of fills came back, too";
}

TEST(LedgerFile, IsPrivateAndKeepsASecondProcessOut) {
    const auto instruments = two_instruments();
    Folder folder;
    OrderLedger first{{}, instruments}, second{{}, instruments};
    ASSERT_TRUE(first.open(folder.path / "ledger"));

    struct stat status {};
    ASSERT_EQ(::stat((folder.path / "ledger").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0600u);
    EXPECT_EQ(second.open(folder.path / "ledger"), Error::refused);
}

TEST(LedgerFile, LetsNobodyBeginWhileAnotherReadsWhatItWillReplace) {
    const auto instruments = two_instruments();
    Folder folder;
    OrderLedger ledger{{}, instruments};
    {
        const auto reading = FileLock::take(folder.path / "ledger.lock");
        ASSERT_TRUE(reading);
        EXPECT_EQ(ledger.open(folder.path / "ledger"), Error::refused);
    }
    EXPECT_TRUE(ledger.open(folder.path / "ledger"));
}

TEST(LedgerFile, FollowsAnInstrumentToItsNewPlaceAndRefusesOneThatChangedItsUnits) {
    Folder folder;
    {
        const auto instruments = two_instruments();
        OrderLedger ledger{{}, instruments};
        ASSERT_TRUE(ledger.open(folder.path / "ledger"));
        ASSERT_TRUE(ledger.create(order_of(1, 10, Side::buy, eth), 1000s));
        std::vector<Effect> effects;
        ledger.on(fill_of(order_of(1, 10, Side::buy, eth), "t1", 4), effects);
    }
    const auto old = two_instruments();
    InstrumentTable swapped;
    swapped.add(old[eth]);
    swapped.add(old[btc]);
    {
        OrderLedger ledger{{}, swapped};
        ASSERT_TRUE(ledger.open(folder.path / "ledger"));
        EXPECT_EQ(ledger.position(InstrumentId{0}), Quantity{4});
        EXPECT_EQ(ledger.find(OrderId::of(1, 1))->order.instrument, InstrumentId{0});
    }
    swapped[InstrumentId{0}].quantity_decimals = 2;
    OrderLedger changed{{}, swapped};
    EXPECT_EQ(changed.open(folder.path / "ledger"), Error::refused);
    InstrumentTable without;
    without.add(old[btc]);
    OrderLedger lost{{}, without};
    EXPECT_EQ(lost.open(folder.path / "ledger"), Error::refused);
}

TEST(LedgerFile, TellsATornEndFromADamagedMiddle) {
    const auto instruments = two_instruments();
    Folder folder;
    const auto path = folder.path / "ledger";
    {
        OrderLedger ledger{{}, instruments};
        ASSERT_TRUE(ledger.open(path));
        for (std::uint64_t n = 1; n <= 5; ++n) ASSERT_TRUE(ledger.create(order_of(n), 1000s));
    }
    const auto bytes = read_ledger_file(path);
    ASSERT_TRUE(bytes);
    const auto scan = [](std::vector<char> text) {
        return scan_ledger({text.data(), text.size()}, [](const LedgerRecord&) {});
    };
    const auto whole = scan(*bytes);
    ASSERT_TRUE(whole);
    EXPECT_FALSE(whole->torn);

    auto torn = *bytes;
    torn.back() = static_cast<char>(torn.back() ^ 1);
    EXPECT_EQ(scan(torn)->records, whole->records - 1);
    EXPECT_TRUE(scan(torn)->torn);
    EXPECT_FALSE(scan(torn)->damaged);
    auto damaged = *bytes;
    damaged[bytes->size() / 2] = static_cast<char>(damaged[bytes->size() / 2] ^ 1);
    EXPECT_TRUE(scan(damaged)->damaged);
    auto foreign = *bytes;
    foreign[9] = 7;
    EXPECT_EQ(scan(foreign), Error::corrupt);
}

TEST(LedgerFile, GrowsPastWhatItReserved) {
    Folder folder;
    auto file = LedgerFile::create(folder.path / "grown", 64);
    ASSERT_TRUE(file);
    const auto order = order_of(1);
    for (int i = 0; i < 1000; ++i) ASSERT_TRUE(file->append(LedgerRecordKind::created, &order, sizeof order));
    const auto bytes = file->bytes();
    *file = LedgerFile{};

    const auto read = read_ledger_file(folder.path / "grown");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->size(), bytes);
    std::size_t seen = 0;
    const auto scan = scan_ledger({read->data(), read->size()}, [&](const LedgerRecord& record) {
        if (record.order.id == order.id) ++seen;
    });
    ASSERT_TRUE(scan);
    EXPECT_EQ(seen, 1000u);
}

TEST(StartCounter, GivesEachStartItsOwnEpochAndNeverGuesses) {
    Folder folder;
    const auto path = folder.path / "starts";
    EXPECT_EQ(next_epoch(path), 1u);
    EXPECT_EQ(next_epoch(path), 2u);
    EXPECT_EQ(next_epoch(path, 40), 41u) << "the ledger knows of later ones";
    OrderIds ids{*next_epoch(path)};
    EXPECT_EQ(ids.next(), OrderId::of(42, 1));
    EXPECT_EQ(ids.next(), OrderId::of(42, 2));

    for (const auto* text : {"", "omega starts 42", "omega starts 7 0000000000000000\n", "42\n"}) {
        write_file(path, text);
        EXPECT_EQ(next_epoch(path), Error::corrupt) << text;
    }
    std::filesystem::remove(path);
    EXPECT_EQ(next_epoch(path, (1u << 23) - 1), Error::out_of_range);
}

TEST(StartCounter, SkipsANumberWhenItsProcessDiesBeforeUsingIt) {
    Folder folder;
    const auto path = folder.path / "starts";
    ASSERT_EQ(next_epoch(path), 1u);
    write_file(folder.path / "starts.new", "omega sta");  // died while writing
    EXPECT_EQ(next_epoch(path), 2u);
    const auto child = ::fork();
    if (child == 0) {
        if (next_epoch(path) != core::Result<std::uint32_t>{3u}) ::_exit(1);
        ::raise(SIGKILL);  // died before using it
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(next_epoch(path), 4u);
}
