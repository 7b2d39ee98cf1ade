#include "feeds/binance/feed.hpp"
#include "tests/tools/session.hpp"
#include "tools/omega/engine/engine.hpp"

#include <gmock/gmock.h>

using namespace std::chrono_literals;
using feeds::synthetic::Fault;
using test::json_of;
using test::replay;
using testing::AllOf;
using testing::HasSubstr;

namespace {

/// What a receiver of finished slots saw while a book was not to be trusted.
struct Watch {
    std::uint64_t gaps{}, valid_in_gap{}, invalid{}, valid_again{}, entries{}, entries_while_invalid{};
    bool was_valid{};

    template <class Slot>
    void on(const Slot& slot) noexcept {
        if (!slot.tick.whole() || slot.tick.instrument == core::no_instrument ||
            slot.tick.is(core::TickKind::execution))
            return;
        const auto& market = slot.template get<pipeline::Market>();
        const bool lost =
            slot.tick.is(core::TickKind::session) && slot.tick.code == static_cast<std::uint16_t>(core::Session::gap);
        gaps += lost;
        valid_in_gap += lost && market.valid;
        invalid += !market.valid;
        valid_again += market.valid && !was_valid;
        was_valid = market.valid;
        const auto& orders = slot.template get<strategies::Orders>();
        for (std::size_t i = 0; i < orders.count; ++i) {
            const bool entry =
                orders.orders[i].purpose == core::Purpose::entry && orders.orders[i].type != core::OrderType::cancel;
            entries += entry;
            entries_while_invalid += entry && !market.valid;
        }
    }
};

}  // namespace

TEST(BadInput, DamagedFramesAreCountedAndTheStreamGoesOn) {
    test::TemporaryFolder folder;
    const auto clean = test::capture_market(folder / "clean", 6'000);
    const auto damaged =
        test::capture_market(folder / "damaged", 6'000,
                             test::lively({{20s, Fault::truncated}, {40s, Fault::garbled}, {60s, Fault::garbled}}));
    const auto sound = replay(json_of({clean})).object();
    const auto run = replay(json_of({damaged}));
    EXPECT_EQ(run.exit_code, 1) << "a problem was found";
    EXPECT_THAT(run.err, testing::HasSubstr("3 of 6000 frames refused as binance"));
    EXPECT_EQ(sound["feed_errors"], 0);
    EXPECT_EQ(run.object()["feed_errors"], 3);
    EXPECT_EQ(run.object()["sequence_breaks"], 0) << "no depth event was damaged";
    EXPECT_EQ(run.object()["frames"], sound["frames"]);
    EXPECT_EQ(run.object()["ticks"].get<std::uint64_t>() + 3, sound["ticks"].get<std::uint64_t>())
        << "each lost its own tick only";
}

TEST(BadInput, AGapInvalidatesTheBookUntilItIsResynchronisedAndNoEntryIsSentMeanwhile) {
    const auto settings = omega::effective(omega::short_profile());
    std::vector<feeds::synthetic::PlannedFault> faults;
    for (int i = 1; i <= 40; ++i) faults.push_back({i * 40s, Fault::gap});
    feeds::synthetic::Market market{test::lively(faults)};
    core::InstrumentTable instruments;
    for (const auto& instrument : market.instruments()) instruments.add(instrument);

    auto wiring = std::make_unique<omega::Wiring>(settings, instruments);
    Watch watch;
    pipeline::Fused topology{wiring->chain, watch, nullptr};
    feeds::binance::Feed feed{instruments};
    feeds::Frame frame;
    for (std::size_t i = 0; i < test::traded_frames && market.next(frame); ++i)
        feed.on_frame(frame, [&](const core::Tick& tick) { topology.publish(tick, {}, [] {}); });

    EXPECT_GT(feed.stats().sequence_breaks, 5u);
    EXPECT_GE(feed.stats().sequence_breaks, watch.gaps) << "a break while the book is not valid is no further gap";
    EXPECT_LE(feed.stats().sequence_breaks, watch.gaps + 2);
    EXPECT_EQ(watch.valid_in_gap, 0u);
    EXPECT_GE(watch.valid_again, watch.gaps) << "every book came back";  // and once at the start
    EXPECT_GT(watch.invalid, 100u);
    EXPECT_GT(watch.entries, 0u) << "between the gaps it trades";
    EXPECT_EQ(watch.entries_while_invalid, 0u);
}

TEST(BadInput, UnreadableCapturesAreExitTwoWithFileAndExpectation) {
    test::TemporaryFolder folder;
    const auto missing = replay(json_of({folder / "missing.gz"}));
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.err, AllOf(HasSubstr("missing.gz"), HasSubstr("at byte 0"), HasSubstr("check the path")));

    const auto empty = replay(json_of({test::write_file(folder / "empty.gz", "")}));
    EXPECT_EQ(empty.exit_code, 2);
    EXPECT_THAT(empty.err, AllOf(HasSubstr("empty.gz: truncated at byte 0"), HasSubstr("the file is empty")));

    const auto text = replay(json_of({test::write_file(folder / "diary", "Dear diary\n")}));
    EXPECT_EQ(text.exit_code, 2);
    EXPECT_THAT(text.err, AllOf(HasSubstr("diary"), HasSubstr("expected a cryptofeed, hftbacktest or Omega capture")));

    std::filesystem::create_directory(folder / "no-journal");
    const auto folder_without = replay(json_of({folder / "no-journal"}));
    EXPECT_EQ(folder_without.exit_code, 2);
    EXPECT_THAT(folder_without.err, AllOf(HasSubstr("no-journal"), HasSubstr("expected")));

    auto bytes = test::read_file(test::capture_market(folder / "market.omcap", 4'000));
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x40);
    const auto flipped = replay(json_of({test::write_file(folder / "flipped.omcap", bytes)}));
    EXPECT_EQ(flipped.exit_code, 2);
    EXPECT_THAT(flipped.err,
                AllOf(HasSubstr("flipped.omcap: corrupt at byte"), HasSubstr("a block whose CRC matches")));
}

TEST(BadInput, ADamagedRecordingIsExitTwoWithFileAndPosition) {
    NEEDS_SHARED_DATA();
    test::TemporaryFolder folder;
    auto bytes = test::read_file(test::shared("l2/hftbacktest/spot_ethusdt_20240808.gz")).substr(0, 200'000);
    const auto cut = replay(json_of({test::write_file(folder / "cut.gz", bytes)}));
    EXPECT_EQ(cut.exit_code, 2);
    EXPECT_THAT(cut.err, AllOf(HasSubstr("cut.gz: truncated at byte 200000"),
                               HasSubstr("the gzip stream ends before it is complete")));
    for (std::size_t i = 100'000; i < 100'064; ++i) bytes[i] = 'x';
    const auto damaged = replay(json_of({test::write_file(folder / "damaged.gz", bytes)}));
    EXPECT_EQ(damaged.exit_code, 2);
    EXPECT_THAT(damaged.err, AllOf(HasSubstr("damaged.gz: "), HasSubstr("at byte"), HasSubstr("line ")));
}

TEST(BadInput, WrongSettingsAreExitTwoWithKeyAndExpectation) {
    test::TemporaryFolder folder;
    const auto capture = test::capture_market(folder / "market.omcap", 10);
    const auto unknown = replay(json_of({capture}, {"risk.max_postion=0.1"}));
    EXPECT_EQ(unknown.exit_code, 2);
    EXPECT_THAT(unknown.err,
                AllOf(HasSubstr("risk.max_postion"), HasSubstr("unknown key"), HasSubstr("risk.max_position")));

    const auto value = replay(json_of({capture}, {"topology.kind=fussed"}));
    EXPECT_EQ(value.exit_code, 2);
    EXPECT_THAT(value.err,
                AllOf(HasSubstr("topology.kind"), HasSubstr("fussed"), HasSubstr("expected one of fused, staged")));

    const auto cut = replay(json_of({capture}, {"topology.kind=staged", "topology.cuts=[levels]"}));
    EXPECT_EQ(cut.exit_code, 2);
    EXPECT_THAT(cut.err, AllOf(HasSubstr("levels"), HasSubstr("expected")));

    auto file = json_of({capture});
    file.config.file = test::write_file(folder / "omega.yaml", "risk:\n  max_leverage: 500\n").string();
    const auto in_file = replay(file);
    EXPECT_EQ(in_file.exit_code, 2);
    EXPECT_THAT(in_file.err,
                AllOf(HasSubstr("omega.yaml:2"), HasSubstr("risk.max_leverage"), HasSubstr("from 1 to 125")));

    for (const auto* speed : {"nonsense", "0", "-1", "nan", "2x", ""}) {
        auto options = json_of({capture});
        options.speed = speed;
        const auto run = replay(options);
        EXPECT_EQ(run.exit_code, 2) << speed;
        EXPECT_THAT(run.err, HasSubstr("expected max, real, or a factor above 0"));
    }
}
