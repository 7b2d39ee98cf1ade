#include "tools/omega/engine/tap.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

using omega::News;
using omega::NoticeNews;
using omega::Tap;

namespace {

core::Tick fill(std::uint64_t n) {
    core::Tick tick;
    tick.sequence = n;
    tick.kind = core::TickKind::execution;
    return tick;
}

}  // namespace

TEST(Tap, TakesNoticesFromAnotherThreadThanTheOneThatFinishesSlots) {
    constexpr std::uint64_t count = 20'000;
    const auto tap = std::make_unique<Tap>(1 << 10);
    std::thread stages{[&] {
        for (std::uint64_t n = 1; n <= count; ++n) tap->on_fill(fill(n));
    }};
    std::thread accounts{[&] {
        for (std::uint64_t n = 1; n <= count; ++n) tap->on_notice(n % 2 == 0, "notice " + std::to_string(n));
    }};
    std::uint64_t fills = 0, notices = 0, newest_fill = 0, newest_notice = 0;
    const auto read = [&] {
        News news;
        while (tap->take(news)) {
            if (const auto* one = std::get_if<omega::FillNews>(&news)) {
                ASSERT_GT(one->tick.sequence, newest_fill) << "in order, none twice";
                newest_fill = one->tick.sequence;
                ++fills;
            } else {
                const auto& said = std::get<NoticeNews>(news);
                ASSERT_TRUE(said.words().starts_with("notice "));
                const auto n = std::stoull(std::string{said.words().substr(7)});
                ASSERT_GT(n, newest_notice);
                ASSERT_EQ(said.alert, n % 2 == 0) << "whole, not mixed with its neighbour";
                newest_notice = n;
                ++notices;
            }
        }
    };
    while (fills + notices + tap->dropped() < 2 * count && !testing::Test::HasFatalFailure()) read();
    stages.join();
    accounts.join();
    read();
    EXPECT_EQ(fills + notices + tap->dropped(), 2 * count) << "what is not told is counted";
}

TEST(Tap, TellsNoticesBeforeAnythingElseAndCutsThem) {
    Tap tap{4};
    tap.on_fill(fill(1));
    tap.on_notice(true, std::string(1000, 'x'));
    News news;
    ASSERT_TRUE(tap.take(news));
    const auto& said = std::get<NoticeNews>(news);
    EXPECT_TRUE(said.alert);
    EXPECT_EQ(said.words(), std::string(300, 'x'));
    ASSERT_TRUE(tap.take(news));
    EXPECT_EQ(std::get<omega::FillNews>(news).tick.sequence, 1u);
    EXPECT_FALSE(tap.take(news));
}

TEST(Tap, ANoticeFindsRoomWhereNewsIsDropped) {
    Tap tap{4};
    for (std::uint64_t n = 0; n < 10; ++n) tap.on_fill(fill(n));
    EXPECT_EQ(tap.dropped(), 6u);
    tap.on_notice(true, "naked_position");
    EXPECT_EQ(tap.dropped(), 6u);
}
