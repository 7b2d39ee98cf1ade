#pragma once

#include "core/domain/time.hpp"
#include "core/rings/idle.hpp"
#include "core/rings/slot_ring.hpp"
#include "pipeline/flow/sequencer.hpp"
#include "pipeline/flow/topology.hpp"

#include <algorithm>
#include <atomic>
#include <span>
#include <thread>
#include <vector>

namespace pipeline {

/// The chain cut into runs of stages, each on its own thread, around one ring of slots: the caller's thread writes,
/// thread i follows thread i − 1. The last one hands finished slots to the receiver. The same stages in the same order
/// as Fused, so the same results.
template <class Chain, class Receiver>
class Staged {
public:
    using slot_type = typename Chain::slot_type;
    static constexpr bool immediate = false;

    /// `threads` covers every stage once, in order (checked by `plan_threads`).
    Staged(Chain& chain, Receiver& receiver, TickJournal* journal, const TopologySettings& settings,
           std::span<const ThreadPlan> threads)
        : chain_{&chain},
          receiver_{&receiver},
          sequencer_{journal},
          ring_{settings.ring_slots, threads.size()},
          times_(settings.ring_slots) {
        for (std::size_t i = 0; i < threads.size(); ++i)
            threads_.emplace_back([this, i, plan = threads[i], last = i + 1 == threads.size()] { run(i, plan, last); });
    }
    ~Staged() { stop(); }
    Staged(const Staged&) = delete;
    Staged& operator=(const Staged&) = delete;

    /// Waits while the ring is full; `poll` (set by the owner) keeps what the last thread sends back moving meanwhile.
    template <class Poll>
    void publish(const core::Tick& tick, const Timing& timing, Poll&& poll) noexcept {
        slot_type* slot = ring_.claim();
        while (slot == nullptr) {
            poll();
            idle_(0);
            slot = ring_.claim();
        }
        sequencer_.open(*slot, tick, timing);
        newest_ = std::max(newest_, tick.receive_time);  // settle() stops at the first later time
        times_[published_ & (times_.size() - 1)] = newest_;
        ++published_;
        ring_.publish();
    }

    /// Waits until every tick received at or before `until` is finished: what they caused is then known. With it a
    /// simulated venue sees orders at the same moments under every topology.
    template <class Poll>
    void settle(core::Nanoseconds until, Poll&& poll) noexcept {
        // A slot that left the ring is finished, so its overwritten time is never looked at.
        const auto finished = finished_.load(std::memory_order_acquire);
        if (settled_ < finished) settled_ = finished;
        while (settled_ < published_ && times_[settled_ & (times_.size() - 1)] <= until) ++settled_;
        // Acquire: pairs with the release in run(), so orders of finished slots are in the receiver's ring.
        while (finished_.load(std::memory_order_acquire) < settled_) {
            poll();
            idle_(0);
        }
    }

    /// Finishes what was published and joins the threads; `poll` keeps what the last one sends back moving meanwhile.
    template <class Poll>
    void stop(Poll&& poll) noexcept {
        settle(core::Nanoseconds::max(), poll);
        stop();
    }
    void stop() noexcept {
        ring_.close();
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }

    [[nodiscard]] const Sequencer& sequencer() const noexcept { return sequencer_; }

private:
    void run(std::size_t reader, const ThreadPlan& plan, bool last) noexcept {
        enter_thread(plan);
        core::Idle idle{plan.idle};
        while (!ring_.done(reader)) {
            const auto worked = ring_.drain(reader, [&](slot_type& slot) {
                chain_->on(slot, plan.first_stage, plan.end_stage);
                if (!last) return;
                receiver_->on(slot);
                // Release: pairs with the acquire in settle().
                finished_.store(++done_, std::memory_order_release);
            });
            idle(worked);
        }
    }

    Chain* chain_;
    Receiver* receiver_;
    Sequencer sequencer_;
    core::SlotRing<slot_type> ring_;
    std::vector<core::Nanoseconds> times_;  // receive time of the newest slots, by index
    core::Nanoseconds newest_{core::Nanoseconds::min()};
    std::uint64_t published_{}, settled_{};     // the writer's
    std::uint64_t done_{};                      // the last thread's
    core::Idle idle_{core::IdlePolicy::yield};  // the writer's waiting: yields, for it may share its core with a stage
    alignas(128) std::atomic<std::uint64_t> finished_{};
    std::vector<std::thread> threads_;
};

}  // namespace pipeline
