#include "feeds/binance/feed.hpp"
#include "feeds/capture/discover.hpp"
#include "feeds/capture/merged_reader.hpp"
#include "feeds/synthetic/market.hpp"
#include "tests/allocations/counting_new.hpp"
#include "tests/support.hpp"
#include "tests/tools/session.hpp"
#include "tools/omega/engine/engine.hpp"

#include <memory>
#include <vector>

namespace {

/// What a steady stretch of frames took.
struct Steady {
    std::uint64_t frames{}, allocating_frames{}, allocations{};
    std::uint64_t orders{}, fills{};  ///< encoded and signed in it
    std::uint64_t first{};            ///< number of the first frame that allocated
};

/// Frames through feed, sequencer with journal, every stage, order desk (journal, encode, sign) and paper venue; from
/// frame `warm_up` on, every frame's allocations are counted. `next(frame)` must not count its own.
template <class Next>
Steady feed_engine(omega::Settings settings, core::InstrumentTable& instruments, std::uint64_t warm_up,
                   std::uint64_t frames, Next&& next) {
    test::TemporaryFolder folder;
    settings.journal = (folder / "journal").string();
    const auto engine = std::make_unique<omega::Engine>(settings, instruments, nullptr, nullptr);
    Steady steady;
    engine->with_topology([&](auto& topology) {
        omega::PaperSession session{topology, engine->venue(), engine->desk()};
        const auto feed = std::make_unique<feeds::binance::Feed>(instruments);
        feeds::Frame frame;
        std::uint64_t sent = 0, fills = 0;
        for (std::uint64_t i = 0; i < frames && next(frame); ++i) {
            if (i == warm_up) sent = engine->desk().sent(), fills = engine->observer().counts().fills;
            const auto before = test::allocations();
            const pipeline::Timing timing{.taken = i % 8 == 0, .received = 1, .decoded = 2};
            feed->on_frame(frame, [&](const core::Tick& tick) {
                engine->conditions().before(tick, [&](const core::Tick& condition) { session.on_tick(condition, {}); });
                session.on_tick(tick, timing);
            });
            const auto taken = test::allocations() - before;
            if (i < warm_up) continue;
            ++steady.frames;
            steady.allocations += taken;
            if (taken != 0 && steady.allocating_frames++ == 0) steady.first = i;
        }
        steady.orders = engine->desk().sent() - sent;
        steady.fills = engine->observer().counts().fills - fills;
        session.finish(frame.receive_time);
    });
    return steady;
}

void expect_none(const Steady& steady) {
    EXPECT_EQ(steady.allocations, 0u) << steady.allocating_frames << " of " << steady.frames
                                      << " frames allocated, first frame " << steady.first;
    EXPECT_GT(steady.orders, 0u) << "no order was encoded and signed in the stretch";
    testing::Test::RecordProperty("orders", static_cast<int>(steady.orders));
}

}  // namespace

TEST(Allocations, TheCounterCounts) {
    const auto before = test::allocations();
    const auto one = std::make_unique<int>(1);
    EXPECT_EQ(test::allocations(), before + 1);
}

TEST(Allocations, NoneFromFrameBytesToOrderBytesOfTheSyntheticMarket) {
    auto kinds = test::lively();
    kinds.instruments = feeds::synthetic::usual_instruments(2);
    feeds::synthetic::Market market{kinds};
    core::InstrumentTable instruments;
    for (const auto& instrument : market.instruments()) instruments.add(instrument);

    auto settings = omega::short_profile();
    settings.cosmic.enabled = true;
    const auto steady =
        feed_engine(settings, instruments, 6'000, 60'000, [&](feeds::Frame& frame) { return market.next(frame); });
    EXPECT_EQ(steady.frames, 54'000u);
    EXPECT_GT(steady.fills, 0u);
    expect_none(steady);
}

TEST(Allocations, NoneFromFrameBytesToOrderBytesOfTheUsdmTape) {
    NEEDS_SHARED_DATA();
    const std::vector<std::filesystem::path> files{test::shared("l2/hftbacktest/usdm_btcusdt_20240808.gz")};
    auto instruments = feeds::capture::discover(core::Venue::binance, files);
    feeds::capture::MergedReader reader{files};
    const auto steady = feed_engine(omega::short_profile(), instruments, 20'000, 100'000,
                                    [&](feeds::Frame& frame) { return reader.next(frame); });
    EXPECT_GT(steady.frames, 70'000u);
    expect_none(steady);
}
