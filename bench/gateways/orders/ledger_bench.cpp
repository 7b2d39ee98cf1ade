#include "gateways/orders/ledger.hpp"
#include "gateways/orders/reconcile.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

namespace {

using namespace gateways;
using core::Nanoseconds;

core::InstrumentTable one_instrument() {
    core::InstrumentTable table;
    table.add({.venue = core::Venue::binance,
               .market = core::Market::linear,
               .symbol = "BTCUSDT",
               .price_decimals = 1,
               .quantity_decimals = 3});
    return table;
}

core::Order order_of(std::uint64_t n) {
    core::Order order;
    order.id = core::OrderId::of(1, n);
    order.instrument = core::InstrumentId{0};
    order.venue = core::Venue::binance;
    order.price = {600'000};
    order.quantity = {10};
    return order;
}

VenueEvent event_of(VenueEventKind kind, const core::Order& order, EventSource source) {
    VenueEvent event;
    event.kind = kind;
    event.source = source;
    event.venue = order.venue;
    event.instrument = order.instrument;
    event.order = order.id;
    event.venue_order = *VenueId::of(std::to_string(8'389'765'000'000'000'000 + order.id.value % 1'000'000'000));
    event.venue_time = event.receive_time = std::chrono::seconds{1001};
    if (kind == VenueEventKind::order_update) {
        event.update = OrderUpdate{};
        event.update.status = VenueStatus::working;
        event.update.quantity = order.quantity;
    }
    if (kind == VenueEventKind::fill) {
        event.fill = Fill{};
        event.fill.trade = *VenueId::of(std::to_string(order.id.value));
        event.fill.price = order.price;
        event.fill.quantity = order.quantity;
    }
    return event;
}

/// A whole comparison after a reconnect: that many open orders, a tenth of them unknown here, a tenth gone there, a
/// tenth with a fill that the stream lost. How long entries stay blocked is this and the venue's answer.
void reconcile_open_orders(benchmark::State& state) {
    const auto instruments = one_instrument();
    const auto count = static_cast<std::uint64_t>(state.range(0));
    std::vector<Effect> effects;
    for (auto _ : state) {
        state.PauseTiming();
        auto ledger = std::make_unique<OrderLedger>(LedgerSettings{.max_orders = 8192}, instruments);
        Reconciler reconciler{{}, core::Venue::binance, *ledger, instruments};
        AccountSnapshot answer;
        answer.venue = core::Venue::binance;
        answer.asked_at = std::chrono::seconds{1100};
        answer.open_orders_complete = answer.fills_complete = answer.positions_complete = true;
        for (std::uint64_t n = 1; n <= count; ++n) {
            const auto order = order_of(n);
            if (n % 10 != 0) {
                (void)ledger->create(order, Nanoseconds{});
                ledger->sent(order.id);
            }
            if (n % 10 == 1) answer.fills.push_back(event_of(VenueEventKind::fill, order, EventSource::query));
            if (n % 10 > 2 || n % 10 == 0)
                answer.open_orders.push_back(event_of(VenueEventKind::order_update, order, EventSource::query));
        }
        reconciler.stream(true, std::chrono::seconds{1100});
        reconciler.asked(std::chrono::seconds{1100}, std::chrono::seconds{1100});
        effects.clear();
        state.ResumeTiming();
        benchmark::DoNotOptimize(reconciler.apply(answer, std::chrono::seconds{1101}, effects));
    }
    state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(reconcile_open_orders)->Arg(1000)->Unit(benchmark::kMicrosecond)->Iterations(50);

/// An order's life as the ledger sees it: created, acknowledged, filled; with its file, what a live gateway pays.
void order_life(benchmark::State& state) {
    const auto instruments = one_instrument();
    OrderLedger ledger{{}, instruments};
    std::string folder = (std::filesystem::temp_directory_path() / "omega-bench-XXXXXX").string();
    if (state.range(0) != 0 && (::mkdtemp(folder.data()) == nullptr || !ledger.open(folder + "/ledger")))
        state.SkipWithError("no file");
    std::vector<Effect> effects;
    std::uint64_t n = 0;
    for (auto _ : state) {
        const auto order = order_of(++n);
        benchmark::DoNotOptimize(ledger.create(order, Nanoseconds{}));
        ledger.sent(order.id);
        ledger.on(event_of(VenueEventKind::acknowledged, order, EventSource::stream), effects);
        ledger.on(event_of(VenueEventKind::fill, order, EventSource::stream), effects);
        effects.clear();
    }
    state.SetLabel(state.range(0) != 0 ? "with file" : "in memory");
    if (state.range(0) != 0) std::filesystem::remove_all(folder);
}
BENCHMARK(order_life)->Arg(0)->Arg(1)->Iterations(50'000);

/// The peer: the same life in standard containers, without proof against repetition.
void order_life_in_a_map(benchmark::State& state) {
    struct Life {
        core::Order order;
        std::string venue_order;
        std::int64_t filled{};
    };
    std::map<std::uint64_t, Life> orders;
    std::uint64_t n = 0;
    for (auto _ : state) {
        const auto order = order_of(++n);
        orders[order.id.value] = {order, {}, 0};
        const auto ack = event_of(VenueEventKind::acknowledged, order, EventSource::stream);
        orders[ack.order.value].venue_order = ack.venue_order.view();
        const auto fill = event_of(VenueEventKind::fill, order, EventSource::stream);
        orders[fill.order.value].filled += fill.fill.quantity.units;
        if (orders.size() > 4096) orders.erase(orders.begin());
    }
}
BENCHMARK(order_life_in_a_map)->Iterations(50'000);

}  // namespace
