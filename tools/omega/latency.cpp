#include "tools/omega/latency.hpp"

#include "core/runtime/clock.hpp"
#include "core/runtime/histogram.hpp"
#include "core/runtime/pin.hpp"
#include "feeds/binance/feed.hpp"
#include "feeds/synthetic/market.hpp"
#include "tools/omega/engine/engine.hpp"
#include "tools/omega/engine/summary.hpp"
#include "tools/omega/options.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>

namespace omega {

namespace {

struct LatencyOptions {
    ConfigOptions config;
    std::uint64_t frames{400'000};
    int cpu{-1};
    bool json{};
};

/// How long a spinning thread is stopped by the system: gaps between two looks at the counter, above 1 µs.
core::Histogram idle_gaps(double ns_per_cycle, double seconds) {
    core::Histogram gaps;
    const auto end = core::Tsc::now() + static_cast<std::uint64_t>(seconds * 1e9 / ns_per_cycle);
    for (auto last = core::Tsc::now(); last < end;) {
        const auto now = core::Tsc::now();
        const auto gap = static_cast<double>(now - last) * ns_per_cycle;
        if (gap > 1000) gaps.record(static_cast<std::uint64_t>(gap));
        last = now;
    }
    return gaps;
}

/// Frames of the synthetic market, one after another, every one timed stage by stage.
RunFacts measure(Engine& engine, feeds::synthetic::Market& market, core::InstrumentTable& instruments,
                 std::uint64_t frames) {
    RunFacts facts;
    const auto begin = std::chrono::steady_clock::now();
    engine.with_topology([&](auto& topology) {
        PaperSession session{topology, engine.venue(), engine.desk()};
        feeds::binance::Feed feed{instruments};
        feeds::Frame frame;
        pipeline::Timing timing{.taken = true};
        while (facts.frames < frames && market.next(frame)) {
            if (facts.frames++ == 0) facts.first = frame.receive_time;
            facts.last = frame.receive_time;
            timing.received = core::Tsc::now();
            feed.on_frame(frame, [&](const core::Tick& tick) {
                timing.decoded = core::Tsc::now();
                session.on_tick(tick, timing);
            });
        }
        session.finish(facts.last);
        facts.feed_errors = feed.stats().faulted();
    });
    facts.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return facts;
}

int latency_command(const LatencyOptions& options) try {
    Settings settings;
    auto schema = make_schema(settings);
    load_settings(schema, settings, options.config);
    if (const auto report = core::settle_thread({.name = "omega-latency", .cpu = options.cpu}); !report.problem.empty())
        fmt::print(std::cerr, "omega latency: {}\n", report.problem);

    feeds::synthetic::Market market{settings.market};
    core::InstrumentTable instruments;
    for (const auto& instrument : market.instruments()) instruments.add(instrument);
    Engine engine{settings, instruments, nullptr, nullptr};
    const auto gaps = idle_gaps(engine.ns_per_cycle(), 1);
    const auto facts = measure(engine, market, instruments, options.frames);

    if (options.json) {
        auto result = to_json(engine, facts);
        result["machine"] = {{"idle_gaps_per_s", gaps.count()},
                             {"gap_p50_ns", gaps.percentile(50)},
                             {"gap_p99_ns", gaps.percentile(99)},
                             {"gap_max_ns", gaps.max()},
                             {"tsc_invariant", core::Tsc::invariant()}};
        std::cout << result.dump() << '\n';
        return 0;
    }
    fmt::print(std::cout,
               "  the machine: a spinning thread was stopped {} times in 1 s for more than 1 us; p50 {} ns, p99 {} ns, "
               "max {} ns\n",
               gaps.count(), gaps.percentile(50), gaps.percentile(99), gaps.max());
    print_summary(std::cout, engine, facts);
    return 0;
} catch (const std::exception& error) {
    fmt::print(std::cerr, "omega latency: {}\n", error.what());
    return 2;
}

}  // namespace

void add_latency(CLI::App& app, int& exit_code) {
    auto options = std::make_shared<LatencyOptions>();
    auto* verb = app.add_subcommand("latency", "Measure this machine: the waterfall of every stage, frame by frame");
    verb->footer(
        "Each stage's stamp costs about 10 ns itself, so the stages add up to more than the whole; `omega_bench` "
        "compares with peers.\n"
        "Examples:\n"
        "  omega latency --cpu 1\n"
        "  omega latency --frames 2000000 --json");
    verb->add_option("--frames", options->frames, "frames of the synthetic market")
        ->check(CLI::Range(1000, 100'000'000))
        ->capture_default_str();
    verb->add_option("--cpu", options->cpu, "run on this CPU");
    verb->add_flag("--json", options->json, "one JSON object");
    add_config_options(*verb, options->config);
    verb->callback([options, &exit_code] { exit_code = latency_command(*options); });
}

}  // namespace omega
