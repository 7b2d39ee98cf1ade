#pragma once

#include <atomic>
#include <memory>
#include <utility>

namespace core {

/// Answers on their way from the cold thread to a hot one, which never waits for them: any number of putters, one
/// taker. Not in order: whoever needs one numbers them. T has a member `T* next`.
template <class T>
class HandBack {
public:
    HandBack() = default;
    HandBack(const HandBack&) = delete;
    HandBack& operator=(const HandBack&) = delete;
    ~HandBack() {
        for (auto* at = newest_.load(); at != nullptr;) delete std::exchange(at, at->next);
    }

    void put(std::unique_ptr<T> item) noexcept {
        auto* raw = item.release();
        raw->next = newest_.load(std::memory_order_relaxed);
        // Release: pairs with the acquire in take(), so the item is written before it can be seen.
        while (!newest_.compare_exchange_weak(raw->next, raw, std::memory_order_release, std::memory_order_relaxed))
            continue;
    }
    /// One of them, or nullptr; the taker's thread only.
    std::unique_ptr<T> take() noexcept {
        if (newest_.load(std::memory_order_relaxed) == nullptr) return nullptr;
        auto* all = newest_.exchange(nullptr, std::memory_order_acquire);
        std::unique_ptr<T> first{all};
        for (auto* at = std::exchange(all->next, nullptr); at != nullptr;) {
            auto* next = at->next;
            put(std::unique_ptr<T>{at});
            at = next;
        }
        return first;
    }

private:
    std::atomic<T*> newest_{};
};

}  // namespace core
