#include "tools/omega/engine/tap.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

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

namespace {

core::Tick of_instrument(std::uint16_t id) {
    core::Tick tick;
    tick.instrument = core::InstrumentId{id};
    tick.kind = core::TickKind::quote;
    return tick;
}

}  // namespace

TEST(Tap, GivesAGlimpseOfEveryInstrumentOnceForEachTimeItIsAsked) {
    constexpr std::uint16_t instruments = 5;
    Tap tap{64, instruments};
    const pipeline::Market market;
    const pipeline::Traps traps;
    const strategies::Orders orders;
    const auto tick = [&](std::uint16_t id) { tap.on_tick(of_instrument(id), market, traps, orders, nullptr); };
    const auto seen = [&] {
        std::vector<int> ids;
        for (News news; tap.take(news);) ids.push_back(std::get<omega::Glimpse>(news).instrument.value);
        return ids;
    };
    for (int round = 0; round < 3; ++round) {
        for (int busy = 0; busy < 100; ++busy) tick(2);  // a busy one does not stand for the others
        for (std::uint16_t id = 0; id < instruments; ++id) tick(id);
        EXPECT_EQ(seen(), (std::vector{2, 0, 1, 3, 4}));
        tick(0);
        EXPECT_TRUE(seen().empty()) << "nobody asked";
        tap.ask();
        tap.ask();
    }
    tick(instruments);  // of no table
    tick(core::no_instrument.value);
    EXPECT_TRUE(seen().empty());
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
