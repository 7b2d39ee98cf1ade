#include "gateways/orders/ledger_compaction.hpp"

#include <pthread.h>
#include <sched.h>

#include <utility>

namespace gateways {

namespace {

/// A thread inherits the core that the one which began it is bound to: it must not work there.
void settle() noexcept {
    ::pthread_setname_np(::pthread_self(), "omega-ledger");
    cpu_set_t any;
    CPU_ZERO(&any);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) CPU_SET(cpu, &any);
    ::pthread_setaffinity_np(::pthread_self(), sizeof any, &any);  // refused: it is slower there, not wrong
}

}  // namespace

LedgerCompaction::LedgerCompaction(LedgerFile next, const std::filesystem::path& place)
    : next_{std::move(next)}, thread_{[this, file = next_.descriptor(), from = next_.path(), place] {
          work(file, from, place);
      }} {}

LedgerCompaction::~LedgerCompaction() {
    taken_.store(true, std::memory_order_release);
    taken_.notify_one();
}

LedgerFile LedgerCompaction::take(LedgerFile old) noexcept {
    old_ = std::move(old);
    taken_.store(true, std::memory_order_release);
    taken_.notify_one();
    return std::move(next_);
}

void LedgerCompaction::work(int file, const std::filesystem::path& from, const std::filesystem::path& to) noexcept {
    settle();
    if (!put_in_place(file, from, to)) return state_.store(State::failed, std::memory_order_release);
    state_.store(State::placed, std::memory_order_release);
    taken_.wait(false, std::memory_order_acquire);
    old_ = {};  // unmapped, closed and, having no name any more, given back by the file system
    state_.store(State::over, std::memory_order_release);
}

}  // namespace gateways
