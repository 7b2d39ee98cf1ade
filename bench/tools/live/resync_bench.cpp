#include "bench/core/rings/two_threads.hpp"
#include "bench/tools/live/feed_rig.hpp"
#include "tools/venue/server/server.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <thread>

namespace {

using namespace std::chrono_literals;

constexpr std::int64_t levels_a_side = 1'000;

/// Every tick around the best prices holds something, as far as a thousand levels on each side.
void deepen(venue::Simulator& simulator) {
    auto& engine = simulator.engine();
    const auto& state = engine.market(0);
    for (const auto side : {core::Side::buy, core::Side::sell}) {
        const auto best = state.book.best(side);
        for (std::int64_t n = 1; n < levels_a_side; ++n) {
            core::Tick tick;
            tick.kind = core::TickKind::level;
            tick.side = side;
            tick.flags = n + 1 == levels_a_side ? core::tick_flag::last : std::uint16_t{};
            const auto away = n * state.rules.instrument.tick_size.units;
            tick.level = {core::Price{best.units + (side == core::Side::buy ? -away : away)}, core::Quantity{1'000 + n},
                          0};
            engine.on_tick(0, tick);
        }
    }
}

/// What one reconnect took, ms, counted from when the session has its new socket.
struct Back {
    double valid{}, first_update{};
    std::uint64_t levels{};
};

/// The venue cuts the connection; polls until the book may be used again.
Back cut(venue::Server& server, bench::FeedRig& rig) {
    server.with([](venue::Simulator& inside) {
        deepen(inside);
        inside.add_fault(venue::parse_faults("{kind: disconnect, count: 1}").front());
    });
    Back back;
    double opened = 0, first = 0, valid = 0;
    std::uint64_t frames_before = 0;
    while (valid == 0) {
        rig.poll([&](const core::Tick& tick) {
            if (tick.is(core::TickKind::level) && (tick.flags & core::tick_flag::snapshot) != 0) ++back.levels;
            if (!tick.is(core::TickKind::session)) return;
            const auto what = static_cast<core::Session>(tick.code);
            if (what == core::Session::connected && tick.instrument == core::no_instrument) {
                opened = bench::now_ns();
                frames_before = rig.status().front().frames;
            }
            if (what == core::Session::resynchronised) valid = bench::now_ns();
        });
        // The acknowledgement, then data.
        if (opened != 0 && first == 0 && rig.status().front().frames >= frames_before + 2) first = bench::now_ns();
    }
    back.valid = (valid - opened) * 1e-6;
    back.first_update = ((first == 0 ? valid : std::min(first, valid)) - opened) * 1e-6;
    return back;
}

/// From "the socket is back" to "the book may be used", a thousand levels on each side, TLS on loopback. Counters, ms:
/// median, best and worst; how long the venue let us wait for the first message after its acknowledgement (Binance's
/// snapshots are sound only after the first update, every 100 ms); what is left of the median without it.
void resync(benchmark::State& state, core::Venue venue) {
    constexpr int cuts = 15;
    std::vector<double> valid, waited, own;
    std::uint64_t levels = 0;
    std::unique_ptr<venue::Server> server;
    std::unique_ptr<bench::FeedRig> rig;
    std::thread{[&] {
        bench::pin_to(1);
        venue::SimulatorSettings simulator;
        simulator.dialect = venue;
        simulator.source.warm_up = 5s;
        for (auto& listing : venue::usual_listings(venue, 1))
            if (!listing.spot()) simulator.listings.push_back(std::move(listing));
        server = std::make_unique<venue::Server>(venue::ServerSettings{.tls = true}, std::move(simulator));
        server->start();
        rig = std::make_unique<bench::FeedRig>(
            std::vector<bench::ServedVenue>{
                {venue, server->address(), 1, {.trades = false, .quotes = false, .books = true, .marks = false}}},
            server->authority());
    }}.join();
    std::thread{[&] {
        bench::pin_to(0);
        if (!rig->ready()) return;
        for (int i = 0; i < cuts; ++i) {
            const auto back = cut(*server, *rig);
            valid.push_back(back.valid);
            waited.push_back(back.first_update);
            own.push_back(back.valid - back.first_update);
            levels = back.levels;
            rig->take(UINT64_MAX, 0.3 + 0.013 * i);  // another moment of the venue's beat each time
        }
    }}.join();
    if (valid.empty()) return state.SkipWithError("not ready");
    for (auto* all : {&valid, &waited, &own}) std::ranges::sort(*all);
    const auto middle = [](const std::vector<double>& all) { return all[all.size() / 2]; };
    for (auto _ : state) state.SetIterationTime(middle(valid) * 1e-3);
    state.counters["ms"] = middle(valid);
    state.counters["ms_least"] = valid.front();
    state.counters["ms_most"] = valid.back();
    state.counters["ms_until_first_update"] = middle(waited);
    state.counters["ms_after_it"] = middle(own);
    state.counters["levels"] = static_cast<double>(levels);
    rig.reset();
}
BENCHMARK_CAPTURE(resync, binance, core::Venue::binance)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(resync, bitget, core::Venue::bitget)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(resync, bybit, core::Venue::bybit)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(resync, okx, core::Venue::okx)->UseManualTime()->Iterations(1);

}  // namespace
