// SpscRing and SequencedRing beside the packaged queues, two threads pinned to cores 0 and 1. Every group measures all
// its subjects interleaved, repetition by repetition, because this kind of machine drifts by 10 % within minutes; what
// is printed are medians.
//   omega_bench --benchmark_filter='ping_pong|spsc_'
#include "bench/core/rings/two_threads.hpp"
#include "core/rings/sequenced_ring.hpp"
#include "core/rings/spsc_ring.hpp"

#include <benchmark/benchmark.h>
#include <concurrentqueue/concurrentqueue.h>
#include <readerwriterqueue/readerwriterqueue.h>
#include <algorithm>
#include <array>
#include <boost/lockfree/spsc_queue.hpp>
#include <memory>
#include <string>
#include <vector>

namespace {

constexpr std::size_t capacity = 1024;
constexpr std::size_t batch = 32;

template <std::size_t bytes>
struct Item {
    std::array<std::uint64_t, bytes / 8> words{};
};

// --- the subjects, under one interface ---

template <class T>
struct Omega {
    core::SpscRing<T> queue{capacity};
    bool push(const T& item) { return queue.try_push(item); }
    bool pop(T& item) { return queue.try_pop(item); }
    std::size_t push(const T* items, std::size_t n) { return queue.push({items, n}); }
    std::size_t pop(T* items, std::size_t n) { return queue.pop({items, n}); }
};

/// The ring behind the sequencer, where items carry their number; single items only.
template <class T>
struct Sequenced {
    struct Numbered {
        std::uint64_t sequence{};
        std::array<std::uint64_t, sizeof(T) / 8 - 1> words{};
    };
    core::SequencedRing<Numbered> queue{capacity};
    Numbered sent{};
    bool push(const T& item) {
        std::copy_n(item.words.begin() + 1, sent.words.size(), sent.words.begin());
        sent.sequence = next;
        if (!queue.try_push(sent)) return false;
        ++next;
        return true;
    }
    bool pop(T& item) {
        Numbered got;
        if (!queue.try_pop(got)) return false;
        item.words[0] = got.sequence;
        std::copy(got.words.begin(), got.words.end(), item.words.begin() + 1);
        return true;
    }
    alignas(core::no_sharing) std::uint64_t next{1};
};

template <class T>
struct Boost {
    boost::lockfree::spsc_queue<T, boost::lockfree::capacity<capacity>> queue;
    bool push(const T& item) { return queue.push(item); }
    bool pop(T& item) { return queue.pop(item); }
    std::size_t push(const T* items, std::size_t n) { return queue.push(items, n); }
    std::size_t pop(T* items, std::size_t n) { return queue.pop(items, n); }
};

template <class T>
struct ReaderWriter {
    moodycamel::ReaderWriterQueue<T> queue{capacity};
    bool push(const T& item) { return queue.try_enqueue(item); }
    bool pop(T& item) { return queue.try_dequeue(item); }
};

template <class T>
struct Concurrent {
    moodycamel::ConcurrentQueue<T> queue{capacity};
    moodycamel::ProducerToken producer{queue};
    moodycamel::ConsumerToken consumer{queue};
    bool push(const T& item) { return queue.try_enqueue(producer, item); }
    bool pop(T& item) { return queue.try_dequeue(consumer, item); }
    std::size_t push(const T* items, std::size_t n) { return queue.try_enqueue_bulk(producer, items, n) ? n : 0; }
    std::size_t pop(T* items, std::size_t n) { return queue.try_dequeue_bulk(consumer, items, n); }
};

/// Asks until the answer is not nothing, idling as `spin` does in the engine; the same for every subject.
template <class F>
auto insist(F&& f) {
    auto answer = f();
    while (!answer) {
        __builtin_ia32_pause();
        answer = f();
    }
    return answer;
}

// --- what is measured: nanoseconds per item (or round trip) of one repetition ---

/// One item there and back through two queues: the latency of two hops.
template <template <class> class Queue, std::size_t bytes>
double round_trip() {
    using T = Item<bytes>;
    constexpr std::uint64_t rounds = 20'000;
    auto there = std::make_unique<Queue<T>>();
    auto back = std::make_unique<Queue<T>>();
    return bench::together(
               [&] {
                   T item;
                   for (std::uint64_t i = 0; i < rounds; ++i) {
                       item.words[0] = i;
                       insist([&] { return there->push(item); });
                       insist([&] { return back->pop(item); });
                       benchmark::DoNotOptimize(item);
                   }
               },
               [&] {
                   T item;
                   for (std::uint64_t i = 0; i < rounds; ++i) {
                       insist([&] { return there->pop(item); });
                       insist([&] { return back->push(item); });
                   }
               }) /
           static_cast<double>(rounds);
}

/// A stream of single items, as fast as both sides can.
template <template <class> class Queue, std::size_t bytes>
double throughput() {
    using T = Item<bytes>;
    constexpr std::uint64_t items = 1'000'000;
    auto queue = std::make_unique<Queue<T>>();
    return bench::together(
               [&] {
                   T item;
                   for (std::uint64_t i = 0; i < items; ++i) {
                       insist([&] { return queue->pop(item); });
                       benchmark::DoNotOptimize(item);
                   }
               },
               [&] {
                   T item;
                   for (std::uint64_t i = 0; i < items; ++i) {
                       item.words[0] = i;
                       insist([&] { return queue->push(item); });
                   }
               }) /
           static_cast<double>(items);
}

/// The same by 32 at a time.
template <template <class> class Queue, std::size_t bytes>
double batched() {
    using T = Item<bytes>;
    constexpr std::uint64_t items = 2'000'000;
    auto queue = std::make_unique<Queue<T>>();
    return bench::together(
               [&] {
                   std::array<T, batch> got;
                   for (std::uint64_t i = 0; i < items;) {
                       i += insist([&] { return queue->pop(got.data(), batch); });
                       benchmark::DoNotOptimize(got);
                   }
               },
               [&] {
                   std::array<T, batch> sent;
                   for (std::uint64_t i = 0; i < items; i += batch) {
                       sent[0].words[0] = i;
                       benchmark::DoNotOptimize(sent);
                       for (std::size_t done = 0; done < batch;)
                           done += insist([&] { return queue->push(sent.data() + done, batch - done); });
                   }
               }) /
           static_cast<double>(items);
}

// --- interleaving and reporting ---

struct Subject {
    std::string name;  // "<group>/<subject>/<case>"
    double (*repetition)();
    std::vector<double> ns{};
    std::vector<double> ratios{};  // to the ping-pongs around it, quiet repetitions only
    std::size_t dropped{};
};

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

struct Group {
    bool bracketed;  // between two ping-pongs, and dropped if they are not quiet
    std::vector<Subject> subjects;
    bool measured{};

    /// Measures all subjects, once; whichever of them is asked for first.
    void measure() {
        if (measured) return;
        measured = true;
        constexpr std::size_t wanted = 11, tries = 40;
        for (std::size_t i = 0; i < tries; ++i) {
            bool enough = true;
            for (auto& subject : subjects) {
                if (subject.ns.size() >= wanted) continue;
                repeat(subject);
                enough &= subject.ns.size() >= wanted;
            }
            if (enough) break;
        }
    }

    [[nodiscard]] double best_peer(const std::string& name) const {
        const auto payload = name.substr(name.rfind('/'));
        double best = 0;
        for (const auto& subject : subjects)
            if (subject.name.ends_with(payload) && subject.name.find("/omega") == std::string::npos &&
                !subject.ns.empty())
                best = best == 0 ? median(subject.ns) : std::min(best, median(subject.ns));
        return best;
    }

    void repeat(Subject& subject) const {
        if (!bracketed) {
            subject.ns.push_back(subject.repetition());
            return;
        }
        const double before = bench::ping_pong(20'000);
        const double ns = subject.repetition();
        const double after = bench::ping_pong(20'000);
        if (std::max(before, after) > 250 || std::max(before, after) > 1.2 * std::min(before, after)) {
            ++subject.dropped;
            return;
        }
        subject.ns.push_back(ns);
        subject.ratios.push_back(ns / (0.5 * (before + after)));
    }
};

void report(benchmark::State& state, Group& group, const Subject& subject) {
    group.measure();
    if (subject.ns.empty()) {
        state.SkipWithError("no quiet repetition: the ping-pongs around it differ by over 20 % or exceed 250 ns");
        return;
    }
    const auto [least, most] = std::minmax_element(subject.ns.begin(), subject.ns.end());
    for (auto _ : state) state.SetIterationTime(median(subject.ns) * 1e-9);
    state.counters["M/s"] = 1e3 / median(subject.ns);
    state.counters["min_ns"] = *least;
    state.counters["max_ns"] = *most;
    state.counters["repetitions"] = static_cast<double>(subject.ns.size());
    if (group.bracketed) {
        state.counters["ratio_to_ping_pong"] = median(subject.ratios);
        state.counters["dropped"] = static_cast<double>(subject.dropped);
    }
    if (const double best = group.best_peer(subject.name); best != 0)
        state.counters["speed_to_best_peer"] = best / median(subject.ns);
}

double ping_pong() {
    return bench::ping_pong(50'000);
}

std::array<Group, 4>& groups() {
    static std::array<Group, 4> all{{
        {false, {{"ping_pong/cache_line/8B", ping_pong}}},
        {true,
         {{"spsc_round_trip/omega/8B", round_trip<Omega, 8>},
          {"spsc_round_trip/boost/8B", round_trip<Boost, 8>},
          {"spsc_round_trip/readerwriterqueue/8B", round_trip<ReaderWriter, 8>},
          {"spsc_round_trip/concurrentqueue/8B", round_trip<Concurrent, 8>},
          {"spsc_round_trip/omega/64B", round_trip<Omega, 64>},
          {"spsc_round_trip/omega_sequenced/64B", round_trip<Sequenced, 64>},
          {"spsc_round_trip/boost/64B", round_trip<Boost, 64>},
          {"spsc_round_trip/readerwriterqueue/64B", round_trip<ReaderWriter, 64>},
          {"spsc_round_trip/concurrentqueue/64B", round_trip<Concurrent, 64>}}},
        {false,
         {{"spsc_throughput/omega/8B", throughput<Omega, 8>},
          {"spsc_throughput/boost/8B", throughput<Boost, 8>},
          {"spsc_throughput/readerwriterqueue/8B", throughput<ReaderWriter, 8>},
          {"spsc_throughput/concurrentqueue/8B", throughput<Concurrent, 8>},
          {"spsc_throughput/omega/64B", throughput<Omega, 64>},
          {"spsc_throughput/omega_sequenced/64B", throughput<Sequenced, 64>},
          {"spsc_throughput/boost/64B", throughput<Boost, 64>},
          {"spsc_throughput/readerwriterqueue/64B", throughput<ReaderWriter, 64>},
          {"spsc_throughput/concurrentqueue/64B", throughput<Concurrent, 64>}}},
        {false,
         {{"spsc_batch/omega/8B", batched<Omega, 8>},
          {"spsc_batch/boost/8B", batched<Boost, 8>},
          {"spsc_batch/concurrentqueue/8B", batched<Concurrent, 8>},
          {"spsc_batch/omega/64B", batched<Omega, 64>},
          {"spsc_batch/boost/64B", batched<Boost, 64>},
          {"spsc_batch/concurrentqueue/64B", batched<Concurrent, 64>}}},
    }};
    return all;
}

const bool registered = [] {
    for (auto& group : groups())
        for (auto& subject : group.subjects)
            benchmark::RegisterBenchmark(subject.name.c_str(),
                                         [&](benchmark::State& state) { report(state, group, subject); })
                ->UseManualTime()
                ->Iterations(1);
    return true;
}();

}  // namespace
