#include "bench/core/rings/two_threads.hpp"
#include "bench/tools/live/feed_rig.hpp"
#include "bench/tools/live/tape_venue.hpp"
#include "tools/venue/server/server.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <functional>
#include <iostream>
#include <map>

namespace {

using namespace std::chrono_literals;

constexpr std::array venues{core::Venue::binance, core::Venue::bitget, core::Venue::bybit, core::Venue::okx};
constexpr std::size_t a_frame = 0, full = 16'000;  // what a TLS record holds

venue::SimulatorSettings simulated(core::Venue venue, std::size_t symbols, double events_per_s) {
    venue::SimulatorSettings made;
    made.dialect = venue;
    for (auto& listing : venue::usual_listings(venue, symbols))
        if (!listing.spot()) made.listings.push_back(std::move(listing));
    made.source.events_per_s = events_per_s;
    made.source.warm_up = 3s;
    return made;
}

/// f() on core 0; what it makes (cold threads, servers) on core 1.
void on_core_0(const std::function<void()>& f) {
    std::thread{[&] {
        bench::pin_to(0);
        f();
    }}.join();
}
void on_core_1(const std::function<void()>& f) {
    std::thread{[&] {
        bench::pin_to(1);
        f();
    }}.join();
}

double median(std::vector<double> of) {
    std::ranges::sort(of);
    return of.empty() ? 0 : of[of.size() / 2];
}

struct Report {
    std::vector<bench::Intake> rounds{};
    std::uint64_t bytes{}, frames{};  // of the tapes
    std::size_t connections{}, subscriptions{};
    std::string trouble{};
};

void tell(benchmark::State& state, const Report& report) {
    if (!report.trouble.empty()) return state.SkipWithError(report.trouble.c_str());
    const auto middle = [&](auto&& f) {
        std::vector<double> all;
        for (const auto& one : report.rounds) all.push_back(f(one));
        return median(std::move(all));
    };
    std::uint64_t frames = 0, lost = 0, allocations = 0;
    for (const auto& one : report.rounds) frames += one.frames, lost += one.lost, allocations += one.allocations;
    using bench::Intake;
    const auto rate = [](const Intake& one) { return static_cast<double>(one.frames) / one.seconds; };
    for (auto _ : state) state.SetIterationTime(1 / middle(rate));
    state.counters["frames_per_s"] = middle(rate);
    state.counters["busy"] = middle([](const Intake& one) { return one.busy_seconds / one.seconds; });
    state.counters["ticks_per_frame"] =
        middle([](const Intake& one) { return static_cast<double>(one.ticks) / static_cast<double>(one.frames); });
    if (report.frames != 0)
        state.counters["bytes_per_frame"] = static_cast<double>(report.bytes) / static_cast<double>(report.frames);
    state.counters["frames"] = static_cast<double>(frames);
    state.counters["lost"] = static_cast<double>(lost);
    state.counters["allocs_per_10k"] = static_cast<double>(allocations) * 1e4 / static_cast<double>(frames);
    state.counters["p50_ns"] = middle([](const Intake& one) { return one.p50_ns; });
    state.counters["p99_ns"] = middle([](const Intake& one) { return one.p99_ns; });
    state.counters["connections"] = static_cast<double>(report.connections);
    state.counters["subscriptions"] = static_cast<double>(report.subscriptions);
}

/// `rounds` tapes of so many frames through the whole driver.
Report play(const std::vector<core::Venue>& of, std::size_t symbols, std::uint64_t frames, std::size_t record_bytes,
            const feeds::FeedStreams& streams) {
    constexpr int rounds = 5;
    Report report;
    std::unique_ptr<bench::TapeVenue> tapes;
    std::unique_ptr<bench::FeedRig> rig;
    on_core_1([&] {
        std::vector<venue::SimulatorSettings> settings;
        for (const auto venue : of) settings.push_back(simulated(venue, symbols, 100));
        tapes = std::make_unique<bench::TapeVenue>(settings);
        std::vector<bench::ServedVenue> served;
        for (std::size_t i = 0; i < of.size(); ++i) served.push_back({of[i], tapes->address(i), symbols, streams});
        rig = std::make_unique<bench::FeedRig>(served, tapes->authority());
    });
    on_core_0([&] {
        if (!rig->ready()) {
            report.trouble = "not ready";
            return;
        }
        for (int round = 0; round <= rounds; ++round) {  // the first one warms up
            const auto tape = tapes->record(round == 0 ? frames / 4 : frames);
            rig->drain();
            tapes->play(record_bytes);
            auto intake = rig->take(tape.frames, 30);
            intake.lost += tape.frames - std::min(tape.frames, intake.frames);
            if (round == 0) continue;
            report.bytes += tape.bytes;
            report.frames += tape.frames;
            report.rounds.push_back(intake);
        }
        report.connections = rig->connections();
        report.subscriptions = rig->subscriptions();
    });
    return report;
}

/// One connection of a venue with eight perpetuals' trades, quotes and books, as fast as the other core encrypts:
/// socket, TLS, WebSocket, session, codec and synchroniser to ticks.
void feed_intake(benchmark::State& state, core::Venue venue, std::size_t record_bytes) {
    tell(state, play({venue}, 8, 100'000, record_bytes, {.marks = false}));
}

/// A hundred perpetuals on each of four venues, one core for all of them.
void feed_intake_400(benchmark::State& state) {
    tell(state, play({venues.begin(), venues.end()}, 100, 200'000, a_frame, {}));
}

/// The same from the simulators as they are, at their own pace: 400 markets with ten trades or quotes a second each.
void feed_intake_400_live(benchmark::State& state) {
    constexpr double seconds = 10;
    Report report;
    std::vector<std::unique_ptr<venue::Server>> servers;
    std::unique_ptr<bench::FeedRig> rig;
    on_core_1([&] {
        std::vector<bench::ServedVenue> served;
        std::string authorities;
        for (const auto venue : venues) {
            servers.push_back(
                std::make_unique<venue::Server>(venue::ServerSettings{.tls = true}, simulated(venue, 100, 10)));
            servers.back()->start();
            authorities += servers.back()->authority();
            served.push_back({venue, servers.back()->address(), 100});
        }
        rig = std::make_unique<bench::FeedRig>(served, authorities);
    });
    on_core_0([&] {
        if (!rig->ready()) {
            report.trouble = "not ready";
            return;
        }
        rig->take(UINT64_MAX, 1);
        for (int round = 0; round < 3; ++round) report.rounds.push_back(rig->take(UINT64_MAX, seconds));
        report.connections = rig->connections();
        report.subscriptions = rig->subscriptions();
    });
    tell(state, report);
    rig.reset();
}

const bool registered = [] {
    for (const auto venue : venues)
        for (const auto& [how, record_bytes] : {std::pair{"record_a_frame", a_frame}, std::pair{"full_records", full}})
            benchmark::RegisterBenchmark(
                ("feed_intake/omega/" + std::string{core::name(venue)} + '/' + how).c_str(),
                [venue, record_bytes](benchmark::State& state) { feed_intake(state, venue, record_bytes); })
                ->UseManualTime()
                ->Iterations(1);
    return true;
}();
BENCHMARK(feed_intake_400)->Name("feed_intake/omega/400_subscriptions/tape")->UseManualTime()->Iterations(1);
BENCHMARK(feed_intake_400_live)->Name("feed_intake/omega/400_subscriptions/simulator")->UseManualTime()->Iterations(1);

}  // namespace
