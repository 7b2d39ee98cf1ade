#include "feeds/book_sync.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace feeds;
using core::Session;
using core::TickKind;

namespace {

/// Numbers run on: an update's first must be one past the last; REST snapshots are bridged.
struct Bridged {
    static constexpr core::Venue venue = core::Venue::binance;
    static constexpr bool snapshot_in_stream = false, sequenced = true;
    Follow follows(const BookEvent& last, const BookEvent& e) const noexcept {
        if (e.last <= last.last) return Follow::superseded;
        return e.first == last.last + 1 ? Follow::apply : Follow::gap;
    }
    Follow bridges(std::uint64_t id, const BookEvent& e) const noexcept {
        if (e.last <= id) return Follow::superseded;
        return e.first <= id + 1 ? Follow::apply : Follow::gap;
    }
    Checksum verify(Batch&) const noexcept { return Checksum::absent; }
};

/// Snapshots come in the stream; a checksum of 0 never matches.
struct InStream {
    static constexpr core::Venue venue = core::Venue::bitget;
    static constexpr bool snapshot_in_stream = true, sequenced = false;
    Follow follows(const BookEvent&, const BookEvent&) const noexcept { return Follow::apply; }
    Checksum verify(Batch& batch) const noexcept {
        if (!batch.book.has_checksum) return Checksum::absent;
        return batch.book.checksum != 0 ? Checksum::matched : Checksum::mismatched;
    }
};

/// Runs events through a synchroniser and writes what comes out: "S7" snapshot level with update id 7, "u8" update,
/// "gap", …
template <class Rules>
struct Bench {
    BookSync<Rules> sync{1};
    FeedStats stats;
    Batch batch;
    std::string out;

    void pass(const core::Tick& tick) {
        if (!out.empty()) out += ' ';
        if (tick.kind == TickKind::level)
            out += ((tick.flags & core::tick_flag::snapshot) ? "S" : "u") + std::to_string(tick.level.update_id);
        else if (tick.kind == TickKind::session)
            out +=
                std::string{core::name(static_cast<Session>(tick.code))} +
                (tick.instrument != core::no_instrument && static_cast<Session>(tick.code) == Session::connected ? "(0)"
                                                                                                                 : "");
        else
            out += core::name(tick.kind);
    }
    auto sink() {
        return [this](const core::Tick& tick) { pass(tick); };
    }
    void run(BookEvent event, int levels = 1, std::uint32_t connection = 0) {
        batch.clear();
        event.instrument = {0};
        batch.book = event;
        for (int i = 0; i < levels; ++i) {
            core::Tick& tick = batch.claim();
            tick = {};
            tick.instrument = {0};
            tick.kind = TickKind::level;
            tick.flags = event.kind == BookEvent::Kind::snapshot ? core::tick_flag::snapshot : 0;
            tick.level.update_id = event.last;
            batch.commit();
        }
        sync.on_batch(Frame{.connection = connection}, batch, stats, sink());
    }
    void market_data(TickKind kind, std::uint32_t connection) {
        batch.clear();
        core::Tick& tick = batch.claim();
        tick = {};
        tick.instrument = {0};
        tick.kind = kind;
        batch.commit();
        sync.on_batch(Frame{.connection = connection}, batch, stats, sink());
    }
    void opened(std::uint32_t connection) { sync.on_opened(Frame{.connection = connection}, stats, sink()); }
    void closed(std::uint32_t connection) { sync.on_closed(Frame{.connection = connection}, stats, sink()); }
    void update(std::uint64_t first, std::uint64_t last) {
        run({.kind = BookEvent::Kind::update, .first = first, .last = last});
    }
    void rest(std::uint64_t id) { run({.kind = BookEvent::Kind::snapshot, .rest = true, .last = id}); }
    void snapshot(std::uint64_t id) { run({.kind = BookEvent::Kind::snapshot, .last = id}); }
    [[nodiscard]] std::string take() { return std::exchange(out, {}); }
};

}  // namespace

TEST(BookSync, BuffersUntilTheSnapshotThenBridges) {
    Bench<Bridged> bench;

    bench.update(1, 2);
    bench.update(3, 5);
    bench.update(6, 6);
    EXPECT_EQ(bench.take(), "");
    EXPECT_TRUE(bench.sync.needs_snapshot({0}));

    bench.rest(4);
    bench.update(7, 8);

    EXPECT_EQ(bench.take(), "S4 u5 u6 u8");
    EXPECT_EQ(bench.stats.depth.superseded, 1U);
    EXPECT_EQ(bench.stats.depth.applied, 3U);
    EXPECT_EQ(bench.stats.depth.buffered, 3U);
    EXPECT_EQ(bench.stats.sequence_breaks, 0U);
}

TEST(BookSync, BridgesAnUpdateThatComesAfterTheSnapshot) {
    Bench<Bridged> bench;

    bench.rest(10);
    bench.update(8, 9);
    bench.update(10, 12);
    bench.update(13, 13);

    EXPECT_EQ(bench.take(), "S10 u12 u13");
    EXPECT_EQ(bench.sync.state({0}), BookSync<Bridged>::State::live);
}

TEST(BookSync, DistrustsASnapshotThatNoUpdateBridges) {
    Bench<Bridged> bench;

    bench.rest(10);
    bench.update(15, 16);

    EXPECT_EQ(bench.take(), "S10 gap");
    EXPECT_EQ(bench.stats.sequence_breaks, 1U);

    bench.rest(14);
    EXPECT_EQ(bench.take(), "S14 u16 resynchronised");
}

TEST(BookSync, KeepsWaitingWhenTheSnapshotIsOlderThanTheBuffer) {
    Bench<Bridged> bench;

    bench.update(20, 21);
    bench.rest(10);
    EXPECT_EQ(bench.take(), "");
    EXPECT_EQ(bench.stats.snapshots.too_old, 1U);
    EXPECT_TRUE(bench.sync.needs_snapshot({0}));

    bench.rest(19);
    EXPECT_EQ(bench.take(), "S19 u21");
}

TEST(BookSync, AGapInvalidatesAndBuffersUntilANewSnapshot) {
    Bench<Bridged> bench;
    bench.rest(1);
    bench.update(2, 2);
    (void)bench.take();

    bench.update(4, 4);
    bench.update(5, 5);
    EXPECT_EQ(bench.take(), "gap");
    EXPECT_EQ(bench.stats.sequence_breaks, 1U);

    bench.rest(4);
    bench.update(6, 6);
    EXPECT_EQ(bench.take(), "S4 u5 resynchronised u6");
    EXPECT_EQ(bench.stats.resyncs, 2U);
}

TEST(BookSync, AHoleAmongWaitingUpdatesKeepsOnlyTheNewer) {
    Bench<Bridged> bench;
    bench.update(1, 2);
    bench.update(5, 6);

    bench.rest(2);
    EXPECT_EQ(bench.take(), "") << "updates 3 and 4 are nowhere";

    bench.rest(5);
    EXPECT_EQ(bench.take(), "S5 u6");
}

TEST(BookSync, DropsTheOldestUpdatesWhenTheBufferIsFull) {
    Bench<Bridged> bench;
    const auto events = EventBuffer::max_events + 10;
    for (std::uint64_t i = 1; i <= events; ++i) bench.update(i, i);

    EXPECT_EQ(bench.stats.depth.dropped, 10U);
    bench.rest(9);
    EXPECT_EQ(bench.take(), "") << "update 10 was dropped";
    bench.rest(events);
    bench.update(events + 1, events + 1);
    EXPECT_EQ(bench.take(), "S2058 u2059");
}

TEST(BookSync, PartialBooksPassUntilAFullBookIsWanted) {
    Bench<Bridged> bench;

    bench.snapshot(1);
    bench.snapshot(2);
    bench.update(3, 3);
    bench.snapshot(4);
    bench.rest(3);
    bench.snapshot(5);

    EXPECT_EQ(bench.take(), "S1 S2 gap S3 resynchronised");
    EXPECT_EQ(bench.stats.sequence_breaks, 0U);
}

TEST(BookSync, AReconnectDistrustsTheBooksOfItsConnectionOnly) {
    Bench<Bridged> bench;
    bench.rest(1);
    bench.update(2, 2);
    (void)bench.take();

    bench.sync.on_opened(Frame{.connection = 1}, bench.stats, bench.sink());
    EXPECT_EQ(bench.take(), "connected");

    bench.sync.on_opened(Frame{.connection = 0}, bench.stats, bench.sink());
    EXPECT_EQ(bench.take(), "gap connected");
}

TEST(BookSync, AReconnectOfTheTradesIsToldWithoutTouchingTheBook) {
    Bench<Bridged> bench;
    bench.opened(0);
    bench.opened(1);
    bench.rest(1);
    bench.update(2, 2);
    bench.market_data(TickKind::trade, 1);
    (void)bench.take();

    bench.opened(1);
    EXPECT_EQ(bench.take(), "connected(0) connected");
    bench.update(3, 3);
    EXPECT_EQ(bench.take(), "u3") << "the book's connection never ended";

    bench.opened(1);
    EXPECT_EQ(bench.take(), "connected") << "it brought nothing since";
    bench.market_data(TickKind::mark, 1);
    bench.opened(1);
    EXPECT_EQ(bench.take(), "mark connected") << "no window lives on marks";
    bench.market_data(TickKind::quote, 1);
    bench.opened(1);
    EXPECT_EQ(bench.take(), "quote connected(0) connected");
    bench.market_data(TickKind::trade, 0);
    (void)bench.take();
    bench.opened(0);
    EXPECT_EQ(bench.take(), "gap connected") << "the book's gap says it for both";
}

TEST(BookSync, AClosedConnectionIsToldOnceAndTheLastOneIsTheVenues) {
    Bench<Bridged> bench;
    bench.rest(1);
    bench.update(2, 2);
    bench.market_data(TickKind::trade, 1);
    (void)bench.take();

    bench.closed(1);
    EXPECT_EQ(bench.take(), "connected(0)") << "the book's connection stands";
    bench.closed(0);
    EXPECT_EQ(bench.take(), "gap disconnected");
    EXPECT_EQ(bench.sync.state({0}), BookSync<Bridged>::State::waiting);
    bench.opened(0);
    bench.opened(1);
    EXPECT_EQ(bench.take(), "connected connected") << "nothing new";

    bench.rest(5);
    EXPECT_EQ(bench.take(), "S5 resynchronised");
}

TEST(BookSync, AReconnectIsToldToInstrumentsThatOnlyTrade) {
    Bench<InStream> bench;
    bench.market_data(TickKind::trade, 70);  // shares a bit with connection 6
    bench.opened(6);
    EXPECT_EQ(bench.take(), "trade connected(0) connected");
    bench.opened(70);
    EXPECT_EQ(bench.take(), "connected");
}

TEST(BookSync, SnapshotsInTheStreamReplaceTheBookAtAnyTime) {
    Bench<InStream> bench;

    bench.update(1, 1);
    bench.snapshot(2);
    bench.update(3, 3);
    bench.snapshot(4);

    EXPECT_EQ(bench.take(), "S2 u3 S4");
    EXPECT_EQ(bench.stats.depth.received, 4U);
    EXPECT_EQ(bench.stats.depth.applied, 3U);
    EXPECT_EQ(bench.stats.depth.dropped, 1U);
}

TEST(BookSync, AWrongChecksumIsNeverPassedOn) {
    Bench<InStream> bench;
    bench.run({.kind = BookEvent::Kind::snapshot, .last = 1, .has_checksum = true, .checksum = 7});
    bench.run({.kind = BookEvent::Kind::update, .last = 2, .has_checksum = true, .checksum = 0});
    bench.run({.kind = BookEvent::Kind::update, .last = 3, .has_checksum = true, .checksum = 7});

    EXPECT_EQ(bench.take(), "S1 gap");
    EXPECT_EQ(bench.stats.checksums.checked, 2U);
    EXPECT_EQ(bench.stats.checksums.matched, 1U);
    EXPECT_TRUE(bench.sync.needs_snapshot({0}));

    bench.snapshot(4);
    EXPECT_EQ(bench.take(), "S4 resynchronised");
}

TEST(BookSync, ARefusedFrameDistrustsBooksThatNoNumberProtects) {
    Bench<InStream> bench;
    bench.snapshot(1);
    (void)bench.take();

    bench.sync.on_fault(Frame{}, core::Fault{.reason = core::Error::unknown_symbol}, bench.stats, bench.sink());
    EXPECT_EQ(bench.take(), "");
    bench.sync.on_fault(Frame{}, core::Fault{.reason = core::Error::truncated}, bench.stats, bench.sink());
    EXPECT_EQ(bench.take(), "gap");
}

TEST(BookSync, OtherTicksPassStraightThrough) {
    Bench<Bridged> bench;
    core::Tick& tick = bench.batch.claim();
    tick = {};
    tick.kind = TickKind::quote;
    bench.batch.commit();

    bench.sync.on_batch(Frame{}, bench.batch, bench.stats, bench.sink());

    EXPECT_EQ(bench.take(), "quote");
}

/// A stream of numbered updates with losses, repetitions and snapshots at any moment: whatever the synchroniser lets
/// through while it calls the book trusted is the true book. The twin is the list of updates seen by the venue.
RC_GTEST_PROP(BookSync, WhatItTrustsIsTheTruth, ()) {
    Bench<Bridged> bench;
    std::uint64_t venue = 0;  // the venue's newest update id: the true state
    bool trusted = false;
    std::uint64_t held = 0;
    const auto sink = [&](const core::Tick& tick) {
        if (tick.kind == TickKind::session) {
            trusted = static_cast<Session>(tick.code) == Session::resynchronised;
        } else if (tick.flags & core::tick_flag::snapshot) {
            held = tick.level.update_id;
            trusted = true;
        } else {
            RC_ASSERT(tick.level.update_id > held);
            RC_ASSERT(tick.level.update_id - held <= 3U);
            held = tick.level.update_id;
        }
    };
    const auto give = [&](BookEvent event) {
        event.instrument = {0};
        bench.batch.clear();
        bench.batch.book = event;
        core::Tick& tick = bench.batch.claim();
        tick = {};
        tick.kind = TickKind::level;
        tick.flags = event.rest ? core::tick_flag::snapshot : 0;
        tick.level.update_id = event.last;
        bench.batch.commit();
        bench.sync.on_batch(Frame{}, bench.batch, bench.stats, sink);
    };
    for (const auto action : *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 20))) {
        const std::uint64_t step = 1 + static_cast<std::uint64_t>(action % 3);
        if (action == 19) {
            give({.kind = BookEvent::Kind::snapshot, .rest = true, .last = venue});
        } else if (action == 18) {
            give({.kind = BookEvent::Kind::snapshot, .rest = true, .last = venue - std::min<std::uint64_t>(venue, 4)});
        } else if (action == 17) {
            venue += step;  // lost on the way
            continue;
        } else {
            give({.kind = BookEvent::Kind::update, .first = venue + 1, .last = venue + step});
            venue += step;
            if (trusted) RC_ASSERT(held == venue);
        }
    }
    const auto& depth = bench.stats.depth;
    RC_ASSERT(depth.received >= depth.applied + depth.superseded + depth.dropped);
}
