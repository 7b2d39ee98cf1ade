#include "gateways/paper/venue.hpp"

#include "gateways/paper/fee.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <memory>
#include <vector>

using namespace gateways::paper;
using namespace std::chrono_literals;
using core::Execution;
using core::Order;
using core::OrderType;
using core::RejectReason;
using core::Side;
using core::Tick;
using core::TickKind;
using core::TimeInForce;

namespace {

struct Report {
    std::uint64_t id;
    Execution what;
    RejectReason why;
    std::int64_t price, quantity;
    friend bool operator==(const Report&, const Report&) = default;
};

std::ostream& operator<<(std::ostream& out, const Report& r) {
    return out << r.id << ' ' << name(r.what) << ' ' << name(r.why) << ' ' << r.quantity << " at " << r.price;
}

/// A venue over one instrument with whole prices and quantities; orders take 1 ms there, reports 1 ms back.
struct Bench {
    core::InstrumentTable instruments;
    core::InstrumentId id;
    Settings settings;
    std::unique_ptr<Venue> venue;
    core::Nanoseconds now{1s};
    std::uint64_t next_id{};
    std::vector<Report> reports;
    std::vector<Tick> ticks;

    explicit Bench(Settings s = {}, core::Market market = core::Market::linear, std::int64_t tick_size = 1) : settings{s} {
        settings.entry_latency_us = settings.response_latency_us = 1000;
        core::Instrument instrument;
        instrument.symbol = "TEST";
        instrument.market = market;
        instrument.tick_size = {tick_size};
        instrument.lot_size = {1};
        instrument.min_notional = {5'00000000};
        id = instruments.add(instrument);
        venue = std::make_unique<Venue>(settings, instruments);
    }

    Tick tick(TickKind kind) const {
        Tick t;
        t.venue_time = t.receive_time = now;
        t.instrument = id;
        t.kind = kind;
        return t;
    }
    void snapshot(std::vector<std::pair<std::int64_t, std::int64_t>> bids, std::vector<std::pair<std::int64_t, std::int64_t>> asks) {
        std::vector<Tick> levels;
        for (const auto side : {Side::buy, Side::sell})
            for (const auto& [price, quantity] : side == Side::buy ? bids : asks) {
                auto t = tick(TickKind::level);
                t.side = side;
                t.flags = core::tick_flag::snapshot;
                t.level = {{price}, {quantity}, 1};
                levels.push_back(t);
            }
        levels.front().flags |= core::tick_flag::first;
        levels.back().flags |= core::tick_flag::last;
        for (const auto& t : levels) venue->on_market(t);
    }
    void level(Side side, std::int64_t price, std::int64_t quantity) {
        auto t = tick(TickKind::level);
        t.side = side;
        t.flags = core::tick_flag::first | core::tick_flag::last;
        t.level = {{price}, {quantity}, 2};
        venue->on_market(t);
    }
    void trade(Side aggressor, std::int64_t price, std::int64_t quantity) {
        auto t = tick(TickKind::trade);
        t.side = aggressor;
        t.trade = {{price}, {quantity}, 3};
        venue->on_market(t);
    }
    void quote(std::int64_t bid, std::int64_t bid_quantity, std::int64_t ask, std::int64_t ask_quantity) {
        auto t = tick(TickKind::quote);
        t.quote = {{bid}, {bid_quantity}, {ask}, {ask_quantity}};
        venue->on_market(t);
    }
    Order order(Side side, OrderType type, std::int64_t price, std::int64_t quantity, TimeInForce tif = TimeInForce::gtc) {
        Order o;
        o.id = {++next_id};
        o.instrument = id;
        o.side = side;
        o.type = type;
        o.time_in_force = tif;
        (type == OrderType::stop_market ? o.trigger : o.price) = {price};
        o.quantity = {quantity};
        return o;
    }
    /// Sends, lets it arrive and the answers return.
    std::vector<Report> send(const Order& o) {
        venue->submit(o, now);
        return wait();
    }
    std::vector<Report> wait(core::Nanoseconds time = 3ms) {
        now += time;
        reports.clear();
        venue->deliver(now, [&](const Tick& t) {
            ticks.push_back(t);
            reports.push_back({t.execution.order_id, static_cast<Execution>(t.code & 0xff), static_cast<RejectReason>(t.code >> 8), t.execution.price.units, t.execution.quantity.units});
        });
        return reports;
    }
    void buy_position(std::int64_t quantity) {
        const auto got = send(order(Side::buy, OrderType::market, 0, quantity, TimeInForce::ioc));
        ASSERT_EQ(got.back().what, Execution::filled_taker);
    }
};

constexpr auto none = RejectReason::none;

}  // namespace

TEST(PaperVenue, TakersWalkTheBookAndGetTheRestBack) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 4}, {102, 5}, {105, 100}});

    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::limit, 102, 20, TimeInForce::ioc)),
              (std::vector<Report>{{1, Execution::accepted, none, 0, 20}, {1, Execution::filled_taker, none, 101, 4}, {1, Execution::filled_taker, none, 102, 5}, {1, Execution::expired, none, 0, 11}}));
}

TEST(PaperVenue, NeverTakesTheSameDisplayedQuantityTwice) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 4}, {102, 5}});
    bench.buy_position(3);

    const auto second = bench.send(bench.order(Side::buy, OrderType::market, 0, 3, TimeInForce::ioc));
    EXPECT_EQ(second[1], (Report{2, Execution::filled_taker, none, 101, 1}));
    EXPECT_EQ(second[2], (Report{2, Execution::filled_taker, none, 102, 2}));

    bench.level(Side::sell, 101, 4);   // the tape shows the level anew
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 3, TimeInForce::ioc))[1], (Report{3, Execution::filled_taker, none, 101, 3}));
}

TEST(PaperVenue, OrdersMeetTheBookOfTheirArrivalNotOfTheirDeparture) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 10}});
    bench.venue->submit(bench.order(Side::buy, OrderType::market, 0, 1, TimeInForce::ioc), bench.now);
    bench.now += 500us;
    bench.level(Side::sell, 101, 0);
    bench.level(Side::sell, 103, 10);
    EXPECT_EQ(bench.wait()[1].price, 103);
    EXPECT_EQ(bench.ticks[0].receive_time, 1s + 2ms);
    EXPECT_EQ(bench.ticks[0].venue_time, 1s + 1ms);
}

TEST(PaperVenue, ANewerQuoteCanOnlyMakeItWorse) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 10}, {102, 10}});
    bench.quote(100, 1, 102, 3);
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 1, TimeInForce::ioc))[1].price, 102);
    bench.quote(99, 1, 100, 3);
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 1, TimeInForce::ioc))[1].price, 101);
}

TEST(PaperVenue, WithoutDepthTheQuoteIsTheBook) {
    Bench bench;
    bench.quote(99, 5, 101, 3);
    const auto got = bench.send(bench.order(Side::buy, OrderType::market, 0, 4, TimeInForce::ioc));
    EXPECT_EQ(got[1], (Report{1, Execution::filled_taker, none, 101, 3}));
    EXPECT_EQ(got[2], (Report{1, Execution::expired, none, 0, 1}));
}

TEST(PaperVenue, MakersWaitForTheQueueAheadOfThem) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 10}});
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::limit, 99, 5)).size(), 1u);

    bench.trade(Side::sell, 99, 8);
    EXPECT_TRUE(bench.wait().empty());
    bench.trade(Side::sell, 99, 4);
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 99, 2}}));
    bench.trade(Side::buy, 99, 50);   // hit the other side
    EXPECT_TRUE(bench.wait().empty());
    bench.trade(Side::sell, 98, 2);   // through us: we were first
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 99, 2}}));
    bench.trade(Side::sell, 98, 50);
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 99, 1}}));
    EXPECT_EQ(bench.venue->working(), 0u);
}

TEST(PaperVenue, CancellationsAheadCountByModel) {
    for (const auto& [model, filled] : {std::pair{QueueModel::conservative, 0}, std::pair{QueueModel::probabilistic, 5}}) {
        Bench bench{{.queue = model}};
        bench.snapshot({{99, 100}}, {{101, 10}});
        bench.send(bench.order(Side::buy, OrderType::limit, 99, 5));
        bench.level(Side::buy, 99, 160);   // 60 came behind us
        bench.level(Side::buy, 99, 110);   // 50 left: nearly all of them were ahead, by the power law
        bench.trade(Side::sell, 99, 70);
        bench.wait();
        std::int64_t got = 0;
        for (const auto& r : bench.reports) got += r.quantity;
        EXPECT_EQ(got, filled);
        bench.level(Side::buy, 99, 3);     // whatever the model: we cannot be behind more than is shown
        bench.trade(Side::sell, 99, 8);
        bench.wait();
        for (const auto& r : bench.reports) got += r.quantity;
        EXPECT_EQ(got, 5);
    }
}

TEST(PaperVenue, AStopWaitsForItsTradeAndThenTakesTheBook) {
    Bench bench;
    bench.snapshot({{99, 10}, {95, 10}}, {{101, 10}});
    bench.buy_position(8);
    auto stop = bench.order(Side::sell, OrderType::stop_market, 97, 8);
    stop.reduce_only = true;
    EXPECT_EQ(bench.send(stop), (std::vector<Report>{{2, Execution::accepted, none, 0, 8}}));

    bench.trade(Side::sell, 98, 1);
    EXPECT_TRUE(bench.wait().empty());
    bench.level(Side::buy, 99, 0);
    bench.trade(Side::sell, 97, 1);
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{2, Execution::filled_taker, none, 95, 8}}));
}

TEST(PaperVenue, AStopWhoseTimeComesWithoutAMarketIsReleasedByTheNextOne) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 10}});
    bench.buy_position(8);
    auto stop = bench.order(Side::sell, OrderType::stop_market, 97, 8);
    stop.reduce_only = true;
    bench.send(stop);
    auto gap = bench.tick(TickKind::session);
    gap.code = static_cast<std::uint16_t>(core::Session::gap);
    bench.venue->on_market(gap);
    bench.trade(Side::sell, 90, 1);
    EXPECT_TRUE(bench.wait().empty());

    bench.snapshot({{88, 20}}, {{91, 10}});
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{2, Execution::filled_taker, none, 88, 8}}));
}

TEST(PaperVenue, RejectsWithAReason) {
    Bench bench{{}, core::Market::linear, 2};
    const auto why = [&](const Order& o) { return bench.send(o).at(0).why; };
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::market, 0, 10)), RejectReason::no_market);
    bench.snapshot({{98, 10}}, {{102, 10}});
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 99, 10)), RejectReason::tick_size);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 98, 0)), RejectReason::lot_size);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 2, 1)), RejectReason::min_notional);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 102, 1, TimeInForce::post_only)), RejectReason::post_only_would_cross);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 100, 1, TimeInForce::post_only)), none);
    auto reduce = bench.order(Side::sell, OrderType::market, 0, 1);
    reduce.reduce_only = true;
    EXPECT_EQ(why(reduce), RejectReason::reduce_only);
    auto twice = bench.order(Side::buy, OrderType::limit, 98, 1);
    EXPECT_EQ(why(twice), none);
    EXPECT_EQ(why(twice), RejectReason::duplicate_id);
    auto cancel = twice;
    cancel.type = OrderType::cancel;
    EXPECT_EQ(bench.send(cancel).at(0).what, Execution::cancelled);
    EXPECT_EQ(bench.send(cancel).at(0).what, Execution::cancel_rejected);
    const auto fok = bench.send(bench.order(Side::buy, OrderType::limit, 102, 11, TimeInForce::fok));
    EXPECT_EQ(fok.back(), (Report{fok.back().id, Execution::expired, RejectReason::would_not_fill, 0, 11}));
}

TEST(PaperVenue, ASpotAccountSellsOnlyWhatItHolds) {
    Bench bench{{}, core::Market::spot};
    bench.snapshot({{99, 10}}, {{101, 10}});
    EXPECT_EQ(bench.send(bench.order(Side::sell, OrderType::market, 0, 1)).at(0).why, RejectReason::reduce_only);
    bench.buy_position(2);
    const auto got = bench.send(bench.order(Side::sell, OrderType::market, 0, 3, TimeInForce::ioc));
    EXPECT_EQ(got[1].quantity, 2);
}

TEST(PaperVenue, FeesAreRoundedAgainstUs) {
    EXPECT_EQ(fee_of({100'000'000}, 5).units, 50'000);
    EXPECT_EQ(fee_of({1}, 5).units, 1);
    EXPECT_EQ(fee_of({1}, -5).units, 0);
    EXPECT_EQ(fee_of({100'000'001}, 2.5).units, 25'001);
}

TEST(PaperVenue, MeasuredLatenciesAreDrawnTheSameEveryTimeAndKeepTheOrder) {
    const auto run = [] {
        Bench bench;
        bench.settings.entry_samples_us = bench.settings.response_samples_us = {100, 900, 5000};
        bench.venue = std::make_unique<Venue>(bench.settings, bench.instruments);
        bench.snapshot({{99, 1000}}, {{101, 1000}});
        for (int i = 0; i < 20; ++i) {
            bench.venue->submit(bench.order(Side::buy, OrderType::market, 0, 1, TimeInForce::ioc), bench.now);
            bench.now += 200us;
        }
        bench.wait(1s);
        std::vector<std::int64_t> times;
        for (const auto& t : bench.ticks) times.push_back(t.receive_time.count());
        EXPECT_TRUE(std::is_sorted(times.begin(), times.end()));
        EXPECT_EQ(bench.venue->lookahead(), 100us);
        return times;
    };
    EXPECT_EQ(run(), run());
}

/// Whatever is sent into whatever market: fills add up, never exceed the order, and a taker never pays less than the best shown.
RC_GTEST_PROP(PaperVenueProperty, FillsAddUpAndAreNeverBetterThanTheBook, (std::vector<std::uint16_t> script)) {
    Bench bench;
    bench.snapshot({{99, 10}, {98, 10}, {97, 10}}, {{101, 10}, {102, 10}, {103, 10}});
    std::map<std::uint64_t, Order> sent;
    for (const auto s : script) {
        const auto side = (s & 1) != 0 ? Side::buy : Side::sell;
        const auto price = 96 + (s >> 1) % 9;
        const auto quantity = 1 + (s >> 5) % 12;
        switch ((s >> 9) % 4) {
            case 0: {
                auto o = bench.order(side, (s & 2) != 0 ? OrderType::limit : OrderType::market, price, quantity, static_cast<TimeInForce>((s >> 11) % 4));
                sent[o.id.value] = o;
                bench.venue->submit(o, bench.now);
                break;
            }
            case 1: bench.trade(side, side == Side::buy ? 101 : 99, quantity); break;
            case 2:
                if (side == Side::buy) bench.level(Side::buy, 97 + price % 3, quantity);
                else bench.level(Side::sell, 101 + price % 3, quantity);
                break;
            default: bench.wait(1ms); break;
        }
    }
    bench.wait(1s);
    std::map<std::uint64_t, std::int64_t> filled;
    std::int64_t position = 0;
    for (const auto& t : bench.ticks) {
        const auto what = static_cast<Execution>(t.code & 0xff);
        if (what != Execution::filled_maker && what != Execution::filled_taker) continue;
        const auto& o = sent.at(t.execution.order_id);
        filled[o.id.value] += t.execution.quantity.units;
        position += core::sign(o.side) * t.execution.quantity.units;
        RC_ASSERT(t.execution.quantity.units > 0);
        RC_ASSERT(t.side == o.side);
        RC_ASSERT((o.type != OrderType::limit || (o.side == Side::buy ? t.execution.price <= o.price : t.execution.price >= o.price)));
        RC_ASSERT((what != Execution::filled_taker || (o.side == Side::buy ? t.execution.price.units >= 101 : t.execution.price.units <= 99)));
        RC_ASSERT(t.execution.fee.units > 0);
    }
    for (const auto& [id, quantity] : filled) RC_ASSERT(quantity <= sent.at(id).quantity.units);
    RC_ASSERT(bench.venue->position(bench.id).units == position);
}
