#include "bench/core/rings/two_threads.hpp"
#include "bench/tools/moving_tape.hpp"
#include "bench/tools/tick_paths.hpp"
#include "core/rings/sequenced_ring.hpp"
#include "core/runtime/clock.hpp"
#include "core/runtime/histogram.hpp"
#include "tools/omega/engine/digest.hpp"

#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

/// From a frame's bytes to an order's signed bytes, one event after another (closed loop), over the frames of a
/// recorded session in their natural mix, every stage in between. A time counts when the frame led to an order: from
/// before the frame is decoded until its order is signed. All subjects take turns, a pass over the tape each, so that
/// the machine's moods meet them alike.
namespace {

using bench::MovingTape;
using bench::OmegaWay;
using bench::TwinWay;

constexpr std::uint32_t probe_every = 16;
constexpr int warm_up_orders = 256;  // of a pass, not counted: the other subjects had the caches
constexpr int rounds = 21;
constexpr std::uint64_t ball_rounds = 20'000;

/// Orders timed in one pass, in cycles.
struct Pass {
    core::Histogram cycles{std::uint64_t{1} << 36, 3};
    int seen{};
    void order(std::uint64_t spent) noexcept {
        if (++seen > warm_up_orders) cycles.record(spent);
    }
};

/// Keeps the calling thread on core 0 while it lives.
class OnCore0 {
public:
    OnCore0() {
        ::pthread_getaffinity_np(::pthread_self(), sizeof before_, &before_);
        bench::pin_to(0);
    }
    ~OnCore0() { ::pthread_setaffinity_np(::pthread_self(), sizeof before_, &before_); }
    OnCore0(const OnCore0&) = delete;
    OnCore0& operator=(const OnCore0&) = delete;

private:
    cpu_set_t before_{};
};

/// A directory for a journal that is gone with it.
class TemporaryJournal {
public:
    TemporaryJournal()
        : directory_{std::filesystem::temp_directory_path() /
                     ("omega_bench_" + std::to_string(::getpid()) + "_" + std::to_string(next_++))},
          journal_{std::make_unique<pipeline::TickJournal>(pipeline::JournalSettings{.directory = directory_})} {}
    ~TemporaryJournal() {
        journal_.reset();
        std::filesystem::remove_all(directory_);
    }
    TemporaryJournal(const TemporaryJournal&) = delete;
    TemporaryJournal& operator=(const TemporaryJournal&) = delete;
    pipeline::TickJournal* get() noexcept { return journal_.get(); }

private:
    static inline int next_ = 0;
    std::filesystem::path directory_;
    std::unique_ptr<pipeline::TickJournal> journal_;
};

/// The order's own fields; how its bytes are spelled is each way's.
void add(omega::Digest& digest, const core::Order& order) {
    digest.add_value(order.id.value);
    digest.add_value(order.instrument.value);
    digest.add_value(order.side);
    digest.add_value(order.type);
    digest.add_value(order.time_in_force);
    digest.add_value(order.purpose);
    digest.add_value(order.price.units);
    digest.add_value(order.quantity.units);
    digest.add_value(order.time.count());
    digest.add_value(order.sequence);
}

/// Everything on one thread.
template <class Way>
class FusedSubject {
public:
    FusedSubject(const MovingTape& tape, bool journal)
        : instruments_{tape.instruments()},
          feed_{instruments_},
          stages_{bench::open_settings(), instruments_, probe_every} {
        if (journal) journal_.emplace();
        sequencer_.emplace(journal ? journal_->get() : nullptr);
    }

    Pass play(const MovingTape& tape) {
        Pass pass;
        if (passes_++ != 0) on_frame(tape.opened(), pass);
        for (const auto& frame : tape) on_frame(frame, pass);
        return pass;
    }
    [[nodiscard]] std::string digest() const { return digest_.hex(); }
    [[nodiscard]] std::uint64_t orders() const noexcept { return orders_; }

private:
    void on_frame(const feeds::Frame& frame, Pass& pass) {
        const auto received = core::Tsc::now();
        std::uint64_t signed_at = 0;
        sent_ = 0;
        feed_.on_frame(frame, [&](const core::Tick& tick) {
            const auto& orders = stages_.on(*sequencer_, tick);
            for (std::size_t i = 0; i < orders.count; ++i) {
                benchmark::DoNotOptimize(stages_.encode(orders.orders[i]).data());
                signed_at = core::Tsc::now();
                order_[sent_++] = orders.orders[i];
            }
        });
        if (sent_ == 0) return;
        if (sent_ == 1) pass.order(signed_at - received);
        for (std::size_t i = 0; i < sent_; ++i) {
            ++orders_;
            add(digest_, order_[i]);
            stages_.on(*sequencer_, bench::expired(order_[i], frame.receive_time));
        }
    }

    core::InstrumentTable instruments_;
    typename Way::Feed feed_;
    bench::Stages<Way> stages_;
    std::optional<TemporaryJournal> journal_;
    std::optional<pipeline::Sequencer> sequencer_;
    omega::Digest digest_;
    std::array<core::Order, 64> order_;
    std::size_t sent_{};
    std::uint64_t orders_{};
    int passes_{};
};

/// Decoder and sequencer on core 0; stages, risk and encoder on core 1.
class OneHopSubject {
public:
    explicit OneHopSubject(const MovingTape& tape)
        : instruments_{tape.instruments()},
          feed_{instruments_},
          stages_{bench::open_settings(), instruments_, probe_every} {}

    Pass play(const MovingTape& tape) {
        Pass pass;
        stop_.store(false);
        bench::together(
            [&] {
                if (passes_++ != 0) on_frame(tape.opened(), pass);
                for (const auto& frame : tape) on_frame(frame, pass);
                stop_.store(true);
            },
            [&] { work(); });
        return pass;
    }

private:
    /// What the far core says about the newest tick. Its line travels while nobody waits for the time on it.
    struct alignas(core::no_sharing) Answer {
        std::atomic<std::uint64_t> finished{};
        std::uint64_t signed_at{};  ///< 0: no order
        core::Order order;
    };

    void send(const core::Tick& tick) noexcept {
        numbered_.tick = tick;
        sequencer_.open(numbered_, tick, {});
        while (!ring_.try_push(numbered_.tick)) continue;
        ++sent_;
    }
    void on_frame(const feeds::Frame& frame, Pass& pass) {
        const auto received = core::Tsc::now();
        feed_.on_frame(frame, [&](const core::Tick& tick) { send(tick); });
        // Acquire: pairs with the far side's release; what it wrote before is then to be seen.
        while (answer_.finished.load(std::memory_order_acquire) != sent_) continue;
        if (answer_.signed_at == 0) return;
        pass.order(answer_.signed_at - received);
        const auto order = answer_.order;
        send(bench::expired(order, frame.receive_time));
        while (answer_.finished.load(std::memory_order_acquire) != sent_) continue;
    }
    void work() {
        core::Tick tick;
        while (true) {
            if (!ring_.try_pop(tick)) {
                if (stop_.load(std::memory_order_relaxed)) return;
                continue;
            }
            const auto& orders = stages_.on(tick);
            std::uint64_t signed_at = 0;
            if (orders.count != 0) {
                benchmark::DoNotOptimize(stages_.encode(orders.orders[0]).data());
                signed_at = core::Tsc::now();
                answer_.order = orders.orders[0];
            }
            answer_.signed_at = signed_at;
            answer_.finished.store(++done_, std::memory_order_release);
        }
    }

    core::InstrumentTable instruments_;
    feeds::binance::Feed feed_;
    TemporaryJournal journal_;
    pipeline::Sequencer sequencer_{journal_.get()};
    pipeline::Slot<> numbered_;
    core::SequencedRing<core::Tick> ring_{4096};
    std::uint64_t sent_{};
    int passes_{};
    alignas(core::no_sharing) bench::Stages<OmegaWay> stages_;
    std::uint64_t done_{};
    Answer answer_;
    std::atomic<bool> stop_{};
};

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

/// Every subject's passes, played in turn.
struct Result {
    core::Histogram all{std::uint64_t{1} << 36, 3};
    std::vector<double> p50s, p99s;  ///< ns, a round each
    double ns_per_cycle{};

    void add(const Pass& pass) {
        all.merge(pass.cycles);
        p50s.push_back(static_cast<double>(pass.cycles.percentile(50)) * ns_per_cycle);
        p99s.push_back(static_cast<double>(pass.cycles.percentile(99)) * ns_per_cycle);
    }
};
struct Tournament {
    bool played{}, same_orders{};
    Result fused, without_journal, twin;
};
struct HopResult {
    Result hop, fused;
    std::vector<double> over_half_ball;  ///< of rounds whose ping-pongs agree
    std::vector<double> balls;
};

constexpr auto tape_name = "l2/hftbacktest/usdm_btcusdt_20240808.gz";

double ns_per_cycle() {
    static const double value = 1e9 / core::Clock{}.line().cycles_per_second();
    return value;
}

const Tournament& tournament() {
    static const Tournament result = [] {
        Tournament t;
        MovingTape tape{tape_name};
        if (tape.empty()) return t;
        FusedSubject<OmegaWay> fused{tape, true}, without_journal{tape, false};
        FusedSubject<TwinWay> twin{tape, true};
        const OnCore0 pinned;
        t.fused.ns_per_cycle = t.without_journal.ns_per_cycle = t.twin.ns_per_cycle = ns_per_cycle();
        for (int round = 0; round <= rounds; ++round) {
            const auto a = fused.play(tape), b = without_journal.play(tape), c = twin.play(tape);
            tape.advance();
            if (round == 0) continue;  // books, shapes and pages are warm from here
            t.fused.add(a);
            t.without_journal.add(b);
            t.twin.add(c);
        }
        t.same_orders = fused.digest() == twin.digest() && fused.orders() == twin.orders();
        t.played = true;
        return t;
    }();
    return result;
}

/// A repetition reports the one tournament: its time is the median round's p50.
void report(benchmark::State& state, const Result& result) {
    for (auto _ : state) state.SetIterationTime(median(result.p50s) * 1e-9);
    const auto ns = [&](double percent) {
        return static_cast<double>(result.all.percentile(percent)) * result.ns_per_cycle;
    };
    state.counters["p50_ns"] = median(result.p50s);
    state.counters["p50_min_ns"] = *std::min_element(result.p50s.begin(), result.p50s.end());
    state.counters["p50_max_ns"] = *std::max_element(result.p50s.begin(), result.p50s.end());
    state.counters["p99_ns"] = median(result.p99s);
    state.counters["p999_ns"] = ns(99.9);
    state.counters["max_ns"] = ns(100);
    state.counters["orders"] = static_cast<double>(result.all.count());
}

bool ready(benchmark::State& state) {
    if (!tournament().played)
        state.SkipWithError("no ../shared/data");
    else if (!tournament().same_orders)
        state.SkipWithError("omega and its twin decided differently");
    return tournament().played && tournament().same_orders;
}

void fused(benchmark::State& state) {
    if (!ready(state)) return;
    report(state, tournament().fused);
    state.counters["ratio_to_twin"] = median(tournament().fused.p50s) / median(tournament().twin.p50s);
}
void fused_without_journal(benchmark::State& state) {
    if (ready(state)) report(state, tournament().without_journal);
}
void twin_fused(benchmark::State& state) {
    if (ready(state)) report(state, tournament().twin);
}

/// Between the brackets; a round whose ping-pongs are slow or differ says something about the host, not about us.
void one_hop(benchmark::State& state) {
    MovingTape tape{tape_name};
    if (tape.empty()) return state.SkipWithError("no ../shared/data");
    HopResult r;
    r.hop.ns_per_cycle = r.fused.ns_per_cycle = ns_per_cycle();
    {
        auto near = std::make_unique<FusedSubject<OmegaWay>>(tape, true);
        auto hop = std::make_unique<OneHopSubject>(tape);
        const OnCore0 pinned;
        for (int round = 0; round <= rounds; ++round) {
            const auto alone = near->play(tape);
            const double before = bench::ping_pong(ball_rounds);
            const auto two = hop->play(tape);
            const double after = bench::ping_pong(ball_rounds);
            tape.advance();
            if (round == 0) continue;
            r.hop.add(two);
            r.fused.add(alone);
            const double ball = (before + after) / 2;
            if (std::max(before, after) > 250 || std::max(before, after) > 1.2 * std::min(before, after)) continue;
            r.balls.push_back(ball);
            r.over_half_ball.push_back((r.hop.p50s.back() - r.fused.p50s.back()) / (ball / 2));
        }
    }
    report(state, r.hop);
    state.counters["fused_p50_ns"] = median(r.fused.p50s);
    state.counters["ping_pong_ns"] = median(r.balls);
    state.counters["hop_over_half_ping_pong"] = median(r.over_half_ball);
    state.counters["rounds_kept"] = static_cast<double>(r.over_half_ball.size());
}

BENCHMARK(fused)->Name("tick_to_order/omega/fused")->UseManualTime()->Iterations(1);
BENCHMARK(fused_without_journal)->Name("tick_to_order/omega/fused_without_journal")->UseManualTime()->Iterations(1);
BENCHMARK(twin_fused)->Name("tick_to_order/twin/fused")->UseManualTime()->Iterations(1);
BENCHMARK(one_hop)->Name("tick_to_order/omega/one_hop")->UseManualTime()->Iterations(1);

}  // namespace
