#include "feeds/synthetic/market.hpp"

#include "tests/feeds/synthetic/read.hpp"

#include <gtest/gtest.h>

using namespace feeds;
using namespace feeds::synthetic;
using namespace std::chrono_literals;

TEST(SyntheticFaults, HoldBackOneDepthEventAndSendASnapshotLater) {
    Market market{{.duration = 20s, .faults = {{5s, Fault::gap}}}};
    Frame frame;
    std::int64_t previous = 0;
    int gaps = 0, snapshots = 0;
    core::Nanoseconds gap_at{}, snapshot_at{};
    while (market.next(frame)) {
        if (frame.origin == FrameOrigin::rest) {
            ++snapshots;
            snapshot_at = frame.receive_time;
        } else if (test::is(frame, "@depth")) {
            if (previous != 0 && test::number(test::after(frame.bytes, R"("pu":)")) != previous) {
                ++gaps;
                gap_at = frame.receive_time;
            }
            previous = test::number(test::after(frame.bytes, R"("u":)"));
        }
    }
    EXPECT_EQ(gaps, 1);
    EXPECT_EQ(snapshots, 2);
    EXPECT_GT(gap_at, Settings{}.start + 5s);
    EXPECT_LT(gap_at, Settings{}.start + 5500ms);
    EXPECT_GT(snapshot_at, gap_at);
    EXPECT_LT(snapshot_at, gap_at + 2s);
}

TEST(SyntheticFaults, DamageOneFrameEach) {
    Market market{{.duration = 10s, .faults = {{3s, Fault::garbled}, {2s, Fault::truncated}}}};
    Frame frame;
    int whole = 0, truncated = 0, garbled = 0;
    while (market.next(frame)) {
        if (frame.bytes.find('\x01') != std::string_view::npos)
            ++garbled;
        else if (!frame.bytes.ends_with('}'))
            ++truncated;
        else
            ++whole;
    }
    EXPECT_EQ(garbled, 1);
    EXPECT_EQ(truncated, 1);
    EXPECT_GT(whole, 500);
}

TEST(SyntheticFaults, LeaveEveryOtherFrameAsItWas) {
    const auto frames = [](std::vector<PlannedFault> faults) {
        Market market{{.duration = 5s, .faults = std::move(faults)}};
        std::vector<std::string> all;
        Frame frame;
        while (market.next(frame)) all.emplace_back(frame.bytes);
        return all;
    };
    const auto good = frames({}), bad = frames({{2s, Fault::garbled}});
    ASSERT_EQ(good.size(), bad.size());
    int different = 0;
    for (std::size_t i = 0; i < good.size(); ++i) different += good[i] != bad[i] ? 1 : 0;
    EXPECT_EQ(different, 1);
}
