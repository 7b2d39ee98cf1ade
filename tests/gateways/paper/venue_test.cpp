#include "tests/gateways/paper/bench.hpp"

#include "gateways/paper/fee.hpp"

#include <algorithm>

using namespace paper_test;

TEST(PaperVenue, TakersWalkTheBookAndGetTheRestBack) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 4}, {102, 5}, {105, 100}});

    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::limit, 102, 20, TimeInForce::ioc)),
              (std::vector<Report>{{1, Execution::accepted, none, 0, 20},
                                   {1, Execution::filled_taker, none, 101, 4},
                                   {1, Execution::filled_taker, none, 102, 5},
                                   {1, Execution::expired, none, 0, 11}}));
}

TEST(PaperVenue, NeverTakesTheSameDisplayedQuantityTwice) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 4}, {102, 5}});
    bench.buy_position(3);

    const auto second = bench.send(bench.order(Side::buy, OrderType::market, 0, 3, TimeInForce::ioc));
    EXPECT_EQ(second[1], (Report{2, Execution::filled_taker, none, 101, 1}));
    EXPECT_EQ(second[2], (Report{2, Execution::filled_taker, none, 102, 2}));

    bench.level(Side::sell, 101, 4);  // the tape shows the level anew
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 3, TimeInForce::ioc))[1],
              (Report{3, Execution::filled_taker, none, 101, 3}));
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
    bench.trade(Side::buy, 99, 50);  // hit the other side
    EXPECT_TRUE(bench.wait().empty());
    bench.trade(Side::sell, 98, 2);  // through us: we were first
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 99, 2}}));
    bench.trade(Side::sell, 98, 50);
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 99, 1}}));
    EXPECT_EQ(bench.venue->working(), 0u);
}

TEST(PaperVenue, CancellationsAheadCountByModel) {
    for (const auto& [model, filled] :
         {std::pair{QueueModel::conservative, 0}, std::pair{QueueModel::probabilistic, 5}}) {
        Bench bench{{.queue = model}};
        bench.snapshot({{99, 100}}, {{101, 10}});
        bench.send(bench.order(Side::buy, OrderType::limit, 99, 5));
        bench.level(Side::buy, 99, 160);  // 60 came behind us
        bench.level(Side::buy, 99, 110);  // 50 left: nearly all of them were ahead, by the power law
        bench.trade(Side::sell, 99, 70);
        bench.wait();
        std::int64_t got = 0;
        for (const auto& r : bench.reports) got += r.quantity;
        EXPECT_EQ(got, filled);
        bench.level(Side::buy, 99, 3);  // whatever the model: we cannot be behind more than is shown
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

TEST(PaperVenue, AStopWhoseTriggerIsAlreadyPastGoesAtOnce) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 10}});
    bench.buy_position(4);
    bench.trade(Side::sell, 99, 1);
    bench.level(Side::buy, 99, 9);

    EXPECT_EQ(bench.send(bench.order(Side::sell, OrderType::stop_market, 99, 4)),
              (std::vector<Report>{{2, Execution::accepted, none, 0, 4}, {2, Execution::filled_taker, none, 99, 4}}));
    EXPECT_EQ(bench.venue->working(), 0u);
}

TEST(PaperVenue, AStopGetsNoBetterPriceThanTheTradeThatReleasedIt) {
    Bench bench;
    bench.snapshot({{99, 10}, {97, 5}, {95, 10}}, {{101, 10}});
    bench.buy_position(8);
    bench.send(bench.order(Side::sell, OrderType::stop_market, 97, 8));

    bench.trade(Side::sell, 97, 2);  // the book still shows 99, and 5 at 97

    EXPECT_EQ(bench.wait(), (std::vector<Report>{{2, Execution::filled_taker, none, 97, 3},
                                                 {2, Execution::filled_taker, none, 95, 5}}));
}

TEST(PaperVenue, AStopTakesWhatThereIsAndWaitsForTheRest) {
    Bench bench;
    bench.snapshot({{99, 3}}, {{101, 10}});
    bench.buy_position(8);
    auto stop = bench.order(Side::sell, OrderType::stop_market, 99, 8);
    stop.reduce_only = true;
    bench.send(stop);

    bench.trade(Side::sell, 99, 1);
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{2, Execution::filled_taker, none, 99, 2}}));
    bench.level(Side::buy, 96, 20);

    EXPECT_EQ(bench.wait(), (std::vector<Report>{{2, Execution::filled_taker, none, 96, 6}}));
    EXPECT_EQ(bench.venue->working(), 0u);
}

TEST(PaperVenue, BehindALoneQuoteNobodyKnowsTheQueue) {
    Bench bench;
    bench.quote(99, 5, 101, 3);
    bench.send(bench.order(Side::buy, OrderType::limit, 98, 4));

    bench.trade(Side::sell, 98, 50);
    EXPECT_TRUE(bench.wait().empty()) << "who knows how many stood there before us";
    bench.quote(98, 6, 101, 3);
    bench.trade(Side::sell, 98, 7);
    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 98, 1}}));
}

TEST(PaperVenue, ASnapshotTellsAlsoOfLevelsThatAreNoMore) {
    Bench bench;
    bench.snapshot({{99, 10}, {98, 50}}, {{101, 10}});
    bench.send(bench.order(Side::buy, OrderType::limit, 98, 4));

    bench.snapshot({{97, 10}}, {{101, 10}});
    bench.trade(Side::sell, 98, 3);

    EXPECT_EQ(bench.wait(), (std::vector<Report>{{1, Execution::filled_maker, none, 98, 3}}));
}

TEST(PaperVenue, AResynchronisedBookIsAMarketAgainAfterAWholeEvent) {
    Bench bench;
    bench.snapshot({{99, 10}}, {{101, 10}});
    auto session = bench.tick(TickKind::session);
    session.code = static_cast<std::uint16_t>(core::Session::gap);
    bench.venue->on_market(session);
    session.code = static_cast<std::uint16_t>(core::Session::resynchronised);
    bench.venue->on_market(session);
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 1)).at(0).why, RejectReason::no_market);

    bench.level(Side::sell, 101, 8);

    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 1)).at(0).what, Execution::accepted);
}

TEST(PaperVenue, KnowsOnlyItsInstruments) {
    Bench bench;
    auto stray = bench.order(Side::buy, OrderType::market, 0, 1);
    stray.instrument = core::no_instrument;
    EXPECT_EQ(bench.send(stray).at(0).what, Execution::rejected);
}

TEST(PaperVenue, HasNoMarketWhereASideIsEmpty) {
    Bench bench;
    bench.snapshot({{99, 10}}, {});
    EXPECT_EQ(bench.send(bench.order(Side::buy, OrderType::market, 0, 1)).at(0).why, RejectReason::no_market);
}

TEST(PaperVenue, RejectsWithAReason) {
    Bench bench{{}, core::Market::linear, 2};
    const auto why = [&](const Order& o) { return bench.send(o).at(0).why; };
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::market, 0, 10)), RejectReason::no_market);
    bench.snapshot({{98, 10}}, {{102, 10}});
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 99, 10)), RejectReason::tick_size);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 98, 0)), RejectReason::lot_size);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 2, 1)), RejectReason::min_notional);
    EXPECT_EQ(why(bench.order(Side::buy, OrderType::limit, 102, 1, TimeInForce::post_only)),
              RejectReason::post_only_would_cross);
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
    EXPECT_EQ(bench.send(bench.order(Side::sell, OrderType::market, 0, 3, TimeInForce::ioc)).at(0).why,
              core::reject_reason::balance);
    const auto got = bench.send(bench.order(Side::sell, OrderType::market, 0, 2, TimeInForce::ioc));
    EXPECT_EQ(got[1].quantity, 2);
}

TEST(PaperVenue, CoinsThatRestInOneSpotOrderCannotBeSoldByAnother) {
    for (const auto venue : {core::Venue::binance, core::Venue::okx, core::Venue::bitget, core::Venue::bybit}) {
        Bench bench{{}, core::Market::spot};
        bench.snapshot({{99, 10}}, {{101, 10}});
        bench.buy_position(5);
        const auto send = [&](OrderType type, std::int64_t price, std::int64_t quantity) {
            auto order = bench.order(Side::sell, type, type == OrderType::stop_market ? 0 : price, quantity);
            if (type == OrderType::stop_market) order.trigger = {price};
            order.venue = venue;
            return bench.send(order).at(0);
        };
        EXPECT_EQ(send(OrderType::stop_market, 90, 5).what, Execution::accepted);
        const auto target = send(OrderType::limit, 110, 3);
        if (venue == core::Venue::binance) {
            EXPECT_EQ(target.why, core::reject_reason::balance) << "its stop holds them all";
            EXPECT_EQ(send(OrderType::stop_market, 80, 1).why, core::reject_reason::balance);
            continue;
        }
        EXPECT_EQ(target.what, Execution::accepted);
        EXPECT_EQ(send(OrderType::limit, 111, 3).why, core::reject_reason::balance);
        EXPECT_EQ(send(OrderType::limit, 111, 2).what, Execution::accepted);
    }
}

TEST(PaperVenue, FeesAreExactAndRoundedAgainstUs) {
    core::Instrument linear;
    linear.market = core::Market::linear;
    linear.price_decimals = 2;
    linear.quantity_decimals = 3;
    EXPECT_EQ(fee_of(linear, {61800'30}, {1'000}, 5), core::Notional{30'90015000});
    EXPECT_EQ(fee_of(linear, {61800'30}, {6}, 2), core::Notional{7416036});
    EXPECT_EQ(fee_of(linear, {1}, {1}, 5).units, 1) << "0.5 of the smallest unit is a whole one";
    EXPECT_EQ(fee_of(linear, {1}, {1}, -5).units, 0) << "and half a rebate is none";
    EXPECT_EQ(fee_of(linear, {1}, {3'000}, -5).units, -1'500);

    core::Instrument inverse;
    inverse.market = core::Market::inverse;
    inverse.price_decimals = 1;
    inverse.contract_value = {100'00000000};
    EXPECT_EQ(fee_of(inverse, {618003}, {7}, 5), core::Notional{35000000})
        << "a contract is worth its 100 at any price";
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
