// What a staged live run does across threads, with everything in it but sockets and senses: also under TSan.
#include "pipeline/flow/chain.hpp"
#include "pipeline/flow/staged.hpp"
#include "tools/omega/live/live_session.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using core::Tick;

namespace {

template <class Section>
struct Silent {
    void on(const Tick&, Section&) noexcept {}
};
/// Every trade leads to an entry.
struct Eager {
    std::uint64_t next{1};
    void on(const Tick& tick, const strategies::Intents&, strategies::Orders& orders) noexcept {
        orders.count = 0;
        if (!tick.is(core::TickKind::trade)) return;
        auto& order = orders.orders[orders.count++];
        order = {};
        order.id = core::OrderId{next++};
        order.venue = tick.venue;
        order.instrument = tick.instrument;
    }
};

struct Stages {
    Silent<pipeline::Market> market;
    Silent<pipeline::Bars> bars;
    Silent<pipeline::Indicators> indicators;
    Silent<pipeline::Levels> levels;
    Silent<pipeline::Traps> traps;
    Silent<pipeline::Trends> trends;
    Silent<pipeline::Predictions> predictions;
    Silent<pipeline::Weights> weights;
    Silent<strategies::Intents> intents;
    Eager risk;
    using Chain =
        pipeline::Chain<Silent<pipeline::Market>, Silent<pipeline::Bars>, Silent<pipeline::Indicators>,
                        Silent<pipeline::Levels>, Silent<pipeline::Traps>, Silent<pipeline::Trends>,
                        Silent<pipeline::Predictions>, Silent<pipeline::Weights>, Silent<strategies::Intents>, Eager>;
    Chain chain{market, bars, indicators, levels, traps, trends, predictions, weights, intents, risk};
    static inline const std::vector<std::string_view> names{"market", "bars",        "indicators", "levels",  "traps",
                                                            "trends", "predictions", "weights",    "intents", "risk"};
};

/// Every order is filled at once, and talked about.
struct Account {
    omega::Tap& tap;
    std::vector<Tick> executions{};
    std::uint64_t sent{}, refused{}, notices{};
    bool is_stopped{};

    [[nodiscard]] static bool trades(core::Venue) noexcept { return true; }
    [[nodiscard]] static bool agrees(core::InstrumentId, core::Nanoseconds, bool) noexcept { return true; }
    void open(core::Venue) noexcept {}
    omega::Departure submit(const core::Order& order, core::Nanoseconds now) {
        ++sent;
        tap.on_notice(++notices % 7 == 0, "order " + std::to_string(order.id.value));
        Tick tick;
        tick.venue_time = tick.receive_time = now;
        tick.instrument = order.instrument;
        tick.venue = order.venue;
        tick.kind = core::TickKind::execution;
        tick.code = static_cast<std::uint16_t>(core::Execution::filled_taker);
        executions.push_back(tick);
        return omega::Departure::written;
    }
    void refuse(const core::Order&, core::Nanoseconds) { ++refused; }
    void price(const Tick&) noexcept {}
    static std::size_t poll(core::Clock&) noexcept { return 0; }
    template <class F>
    void take_executions(F&& f) {
        std::vector<Tick> taken;
        taken.swap(executions);
        for (const auto& tick : taken) f(tick);
    }
    void stop(core::Nanoseconds, core::Nanoseconds) noexcept { is_stopped = true; }
    [[nodiscard]] bool stopped() const noexcept { return is_stopped; }
};
std::optional<std::vector<Tick>> restored_state(const Account&, const core::Instrument&, const omega::LastPrices&,
                                                core::Nanoseconds) {
    return std::vector<Tick>{};
}

}  // namespace

TEST(StagedLiveSession, SharesNothingButRingsAndCountersBetweenItsThreads) {
    core::InstrumentTable instruments;
    core::Instrument made;
    made.symbol = "BTCUSDT";
    made.venue = core::Venue::binance;
    const auto instrument = instruments.add(made);
    constexpr double ns_per_cycle = 1;
    omega::DispatchRing orders{64};
    omega::LatencyBook latency{Stages::names};
    const auto tap = std::make_unique<omega::Tap>(1 << 8);
    omega::Observer observer{orders, latency, ns_per_cycle, tap.get(), nullptr};
    gateways::binance::OrderEncoder encoder{instruments, core::Signer{core::Secret{std::string{"test"}}}};
    omega::OrderDesk desk{orders, encoder, nullptr, latency, ns_per_cycle};
    desk.go_live();
    Stages stages;
    const pipeline::TopologySettings settings{.ring_slots = 64, .cuts = {"traps", "risk"}};
    pipeline::Staged topology{stages.chain, observer, nullptr, settings,
                              pipeline::plan_threads(settings, Stages::names)};
    Account account{*tap};
    core::Clock clock;
    std::atomic<bool> over{false};
    std::uint64_t told_fills = 0, told_notices = 0;
    std::thread herald{[&] {
        const auto take_all = [&] {
            omega::News news;
            while (tap->take(news)) {
                told_fills += std::holds_alternative<omega::FillNews>(news);
                told_notices += std::holds_alternative<omega::NoticeNews>(news);
            }
        };
        while (!over) {
            take_all();
            tap->ask();
        }
        take_all();
    }};

    constexpr std::uint64_t trades = 3000;
    std::uint64_t seen = 0;
    omega::LiveSession session{topology, account, desk, instruments, clock, 1s};
    session.advance(clock.now());
    ASSERT_TRUE(session.trading());
    for (std::uint64_t i = 0; i < trades; ++i) {
        Tick tick;
        tick.kind = core::TickKind::trade;
        tick.venue = core::Venue::binance;
        tick.instrument = instrument;
        session.on_tick(tick, {.taken = true, .received = 1, .decoded = 2});
        session.advance(clock.now());
        const auto progress = observer.progress();
        ASSERT_GE(progress.orders, seen);
        seen = progress.orders;
    }
    session.finish(clock.now());
    over = true;
    herald.join();

    EXPECT_EQ(account.sent, trades);
    EXPECT_EQ(account.refused, 0u);
    EXPECT_EQ(observer.progress().orders, trades);
    EXPECT_EQ(observer.progress().fills, observer.counts().fills);
    EXPECT_EQ(desk.departed(omega::Departure::written), trades);
    EXPECT_GT(told_fills, 0u);
    EXPECT_GT(told_notices, 0u);
}
