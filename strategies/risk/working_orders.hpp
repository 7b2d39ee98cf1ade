#pragma once

#include "core/domain/order.hpp"

#include <array>
#include <cstdint>

namespace strategies {

/// An order of ours that is not finished.
struct WorkingOrder {
    core::Order order;
    core::Quantity left{};      ///< not filled yet
    bool cancelling{};          ///< a cancel is on its way
    bool rests{};               ///< the venue took it
    core::OrderId successor{};  ///< the order that takes its place once that one rests; 0: none
};

/// The orders on their way or resting, few enough to walk. Bounded; no allocation.
class WorkingOrders {
public:
    static constexpr std::size_t capacity = 1024;

    [[nodiscard]] WorkingOrder* find(core::OrderId id) noexcept {
        for (std::size_t i = 0; i < size_; ++i)
            if (orders_[i].order.id == id) return &orders_[i];
        return nullptr;
    }
    /// False when full.
    bool add(const core::Order& order) noexcept {
        if (size_ == capacity) return false;
        orders_[size_++] = {.order = order, .left = order.quantity};
        return true;
    }
    void remove(core::OrderId id) noexcept {
        for (std::size_t i = 0; i < size_; ++i) {
            if (orders_[i].order.id != id) continue;
            for (; i + 1 < size_; ++i) orders_[i] = orders_[i + 1];  // keep the order of creation: outputs follow it
            --size_;
            return;
        }
    }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] WorkingOrder* begin() noexcept { return orders_.data(); }
    [[nodiscard]] WorkingOrder* end() noexcept { return orders_.data() + size_; }

private:
    std::array<WorkingOrder, capacity> orders_;
    std::size_t size_{};
};

}  // namespace strategies
