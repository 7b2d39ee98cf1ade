#pragma once

#include "core/domain/believable_time.hpp"
#include "core/domain/tick.hpp"
#include "feeds/conditions/condition_feed.hpp"
#include "pipeline/cosmic/conditions.hpp"
#include "pipeline/cosmic/settings.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <thread>

namespace omega {

/// Makes the condition ticks of every bucket that event time enters: a pure function of the bucket's start and of what
/// was known of the inputs, so a journal replays what a run knew. Nothing is computed while the cosmic master switch is
/// off. Event time is believable: a stamp far ahead of its arrival counts as a second ahead.
///
/// The sky takes part of a millisecond. Live (`start`), a cold thread has the next bucket's ticks ready long before
/// it begins, and follows files and addresses; the feed's thread takes them in passing, without a lock. Where it is
/// faster than the cold thread, it computes them itself: the same bits.
///
/// Without `start` (a replay) there is no cold thread, and no address is ever asked. The files are looked at again with
/// every bucket that event time enters, and whoever the clock on the wall favours, a value counts only in the buckets
/// that begin at or after its own stamp: a file that holds its history gives every bucket what its day knew.
class ConditionSource {
public:
    ConditionSource(const pipeline::CosmicSettings& settings, const feeds::conditions::FeedSettings& inputs);
    ConditionSource(const ConditionSource&) = delete;
    ConditionSource& operator=(const ConditionSource&) = delete;

    /// Begins the cold thread; nothing while nothing can come of conditions.
    void start();

    /// Calls publish(tick) for each condition of the bucket of `tick`, when it is the first tick in it.
    template <class Publish>
    void before(const core::Tick& tick, Publish&& publish) noexcept {
        // One stamp from the future must not end the present: until it came, no bucket would be entered again.
        if (const auto time = core::believable_time(tick); time >= next_ && time < end_of_sky) [[unlikely]]
            enter(time, tick.receive_time, publish);
    }

    /// Buckets whose ticks the cold thread had ready.
    [[nodiscard]] std::uint64_t taken_ready() const noexcept { return taken_ready_; }

private:
    /// 2200-01-01: where nothing is known of arrivals, no stamp past it is a time of ours, nor room for sums with it.
    static constexpr core::Nanoseconds end_of_sky = std::chrono::seconds{7'258'118'400};

    struct Prepared {
        core::Nanoseconds start{core::Nanoseconds::min()};
        std::size_t count{};
        std::array<core::Tick, pipeline::max_conditions> ticks;
    };
    /// Who has `prepared_` and `wanted_`: idle and wanted belong to the feed's thread (the latter until it is taken
    /// up), working to the cold one, ready to whoever takes it.
    enum class State : std::uint8_t { idle, wanted, working, ready };

    template <class Publish>
    [[gnu::noinline]] void enter(core::Nanoseconds time, core::Nanoseconds received, Publish&& publish) noexcept {
        const auto start = core::floor_to(time, width_);
        next_ = start + width_;
        obtain(start);
        for (std::size_t i = 0; i < prepared_.count; ++i) {
            core::Tick condition = prepared_.ticks[i];
            condition.receive_time = received;
            publish(condition);
        }
        ask_for(next_);
    }

    void obtain(core::Nanoseconds start) noexcept;
    void look_again() noexcept;
    void ask_for(core::Nanoseconds start) noexcept;
    void prepare(core::Nanoseconds start, const feeds::conditions::ConditionFeed& feed) noexcept;
    void work(const std::stop_token& stop);

    pipeline::CosmicSettings settings_;
    core::Nanoseconds width_, next_{core::Nanoseconds::min()};
    Prepared prepared_;
    core::Nanoseconds wanted_{};
    std::uint64_t taken_ready_{};
    std::atomic<State> state_{State::idle};

    std::mutex known_mutex_;                  // cold, and buckets that nobody prepared
    feeds::conditions::ConditionFeed known_;  // as the cold thread last published it
    std::jthread worker_;                     // last: it ends before what it uses
};

}  // namespace omega
