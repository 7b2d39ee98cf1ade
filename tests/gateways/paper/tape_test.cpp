#include "feeds/binance/feed.hpp"
#include "gateways/paper/venue.hpp"
#include "tests/feeds/binance/recordings.hpp"
#include "tests/support.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <vector>

using namespace std::chrono_literals;
using core::Execution;
using core::Order;
using core::OrderType;
using core::Side;
using core::Tick;
using core::TickKind;

namespace {

struct Run {
    std::vector<Tick> reports;
    std::map<std::uint64_t, Order> sent;
    std::int64_t lowest_ask{}, highest_bid{};  // of the whole tape, from both quotes and trades
    std::size_t ticks{};
};

/// Every half second of the tape a small market order, a bid at the best bid, and the cancel of the bid before it.
Run trade_the_tape(std::size_t frames, gateways::paper::QueueModel model) {
    core::InstrumentTable table;
    core::Instrument instrument;
    instrument.venue = core::Venue::binance;
    instrument.market = core::Market::linear;
    instrument.symbol = "BTCUSDT";
    instrument.price_decimals = 1;
    instrument.quantity_decimals = 3;
    const auto id = table.add(instrument);
    gateways::paper::Venue venue{{.queue = model}, table};
    feeds::binance::Feed feed{table};

    Run run;
    core::Quote quote{};
    core::Nanoseconds next{};
    std::uint64_t counter = 0, bid = 0;
    const auto send = [&](Order order, core::Nanoseconds now) {
        order.instrument = id;
        order.venue = core::Venue::binance;
        order.quantity = {5};
        run.sent[order.id.value] = order;
        venue.submit(order, now);
    };
    const auto act = [&](core::Nanoseconds now) {
        if (bid != 0) {
            Order cancel = run.sent[bid];
            cancel.type = OrderType::cancel;
            venue.submit(cancel, now);
        }
        Order order;
        order.type = OrderType::market;
        order.id = {++counter};
        order.side = counter % 4 < 2 ? Side::buy : Side::sell;
        send(order, now);
        order.type = OrderType::limit;
        order.id = {bid = ++counter};
        order.side = Side::buy;
        order.price = quote.bid_price;
        send(order, now);
    };
    test::Recording{test::shared("l2/hftbacktest/usdm_btcusdt_20240808.gz")}.each([&](std::string_view line) {
        if (frames == 0) return;
        --frames;
        const auto frame = test::tape_frame(line);
        feed.on_frame(frame, [&](const Tick& tick) {
            ++run.ticks;
            venue.deliver(tick.receive_time, [&](const Tick& report) { run.reports.push_back(report); });
            venue.on_market(tick);
            if (!tick.is(TickKind::quote)) return;
            quote = tick.quote;
            run.lowest_ask =
                run.lowest_ask == 0 ? quote.ask_price.units : std::min(run.lowest_ask, quote.ask_price.units);
            run.highest_bid = std::max(run.highest_bid, quote.bid_price.units);
            if (tick.receive_time < next) return;
            next = tick.receive_time + 500ms;
            act(tick.receive_time);
        });
    });
    return run;
}

}  // namespace

TEST(PaperVenueTape, TradesTheRecordedMarketAtItsPrices) {
    NEEDS_SHARED_DATA();
    using gateways::paper::QueueModel;
    const auto run = trade_the_tape(30'000, QueueModel::conservative);

    std::map<std::uint64_t, std::int64_t> filled;
    std::size_t makers = 0, takers = 0, rejected = 0;
    for (const auto& report : run.reports) {
        const auto what = static_cast<Execution>(report.code & 0xff);
        rejected += what == Execution::rejected;
        if (what != Execution::filled_maker && what != Execution::filled_taker) continue;
        const auto& order = run.sent.at(report.execution.order_id);
        filled[order.id.value] += report.execution.quantity.units;
        makers += what == Execution::filled_maker;
        takers += what == Execution::filled_taker;
        const auto price = report.execution.price;
        if (what == Execution::filled_maker) {
            EXPECT_EQ(price, order.price);
        } else if (order.side == Side::buy) {
            EXPECT_GE(price.units, run.lowest_ask);
        } else {
            EXPECT_LE(price.units, run.highest_bid);
        }
        EXPECT_GT(report.execution.fee.units, 0);
    }

    EXPECT_GT(run.ticks, 100'000u);
    EXPECT_GT(takers, 50u);
    EXPECT_GT(makers, 0u);
    EXPECT_LE(rejected, 4u) << "only while the book waits for its snapshot";
    for (const auto& [id, quantity] : filled) EXPECT_LE(quantity, run.sent.at(id).quantity.units);

    const auto again = trade_the_tape(30'000, QueueModel::conservative);
    ASSERT_EQ(again.reports.size(), run.reports.size());
    for (std::size_t i = 0; i < run.reports.size(); ++i)
        ASSERT_EQ(std::memcmp(&again.reports[i], &run.reports[i], sizeof(Tick)), 0);
}
