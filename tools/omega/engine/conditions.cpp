#include "tools/omega/engine/conditions.hpp"

#include <condition_variable>
#include <exception>

namespace omega {

ConditionSource::ConditionSource(const pipeline::CosmicSettings& settings,
                                 const feeds::conditions::FeedSettings& inputs)
    : settings_{settings}, width_{std::chrono::seconds{settings.update_s}}, known_{inputs} {
    if (!settings.makes_conditions()) {
        next_ = core::Nanoseconds::max();
        return;
    }
    known_.poll_files();
}

void ConditionSource::start() {
    if (settings_.makes_conditions() && !worker_.joinable())
        worker_ = std::jthread{[this](const std::stop_token& stop) { work(stop); }};
}

void ConditionSource::prepare(core::Nanoseconds start, const feeds::conditions::ConditionFeed& feed) noexcept {
    const auto known = feed.at(start);
    prepared_.start = start;
    prepared_.count = pipeline::make_conditions(start, settings_,
                                                {.schumann_hz = known.schumann_hz,
                                                 .schumann_time = known.schumann_time,
                                                 .sentiment = known.sentiment,
                                                 .sentiment_time = known.sentiment_time},
                                                prepared_.ticks);
}

/// Leaves the ticks of `start` in prepared_, and the state idle.
void ConditionSource::obtain(core::Nanoseconds start) noexcept {
    for (auto state = state_.load(std::memory_order_acquire); state != State::idle;) {
        if (state == State::working) {  // a few hundred microseconds, where the feed caught up with it
            std::this_thread::yield();
            state = state_.load(std::memory_order_acquire);
            continue;
        }
        const bool ready = state == State::ready;
        // Acquire: pairs with the release in work(), so the ticks are seen whole.
        if (!state_.compare_exchange_weak(state, State::idle, std::memory_order_acq_rel)) continue;
        if (ready && prepared_.start == start) {
            ++taken_ready_;
            return;
        }
        break;
    }
    const std::lock_guard hold{known_mutex_};
    if (!worker_.joinable()) look_again();
    prepare(start, known_);
}

/// Changed files, where nobody else follows them: two questions to the file system a bucket.
void ConditionSource::look_again() noexcept try { known_.poll_files(); } catch (const std::exception&) {
    // no memory for a file: what was known stays, as when it could not be read
}

void ConditionSource::ask_for(core::Nanoseconds start) noexcept {
    if (!worker_.joinable()) return;
    wanted_ = start;
    // Release: pairs with the acquire in work(), so the bucket asked for is seen.
    state_.store(State::wanted, std::memory_order_release);
}

void ConditionSource::work(const std::stop_token& stop) {
    constexpr auto nap = std::chrono::milliseconds{20};
    constexpr auto look_every = std::chrono::seconds{1};
    std::mutex mutex;
    std::condition_variable_any wake;
    auto mine = known_;
    const auto begin = std::chrono::steady_clock::now();
    auto next_look = begin;
    const auto take_up = [this, &mine](State from) {
        if (!state_.compare_exchange_strong(from, State::working, std::memory_order_acq_rel)) return;
        prepare(wanted_, mine);
        state_.store(State::ready, std::memory_order_release);
    };
    while (!stop.stop_requested()) {
        take_up(State::wanted);
        if (const auto now = std::chrono::steady_clock::now(); now >= next_look) {
            next_look = now + look_every;
            const bool files = mine.poll_files();
            if (mine.poll_urls(now - begin) || files) {
                {
                    const std::lock_guard hold{known_mutex_};
                    known_ = mine;
                }
                take_up(State::ready);  // the bucket that waits learns of it, too
            }
        }
        std::unique_lock lock{mutex};
        wake.wait_for(lock, stop, nap, [] { return false; });
    }
}

}  // namespace omega
