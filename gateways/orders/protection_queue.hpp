#pragma once

#include "core/domain/order.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace gateways {

/// Protective orders that may not leave yet for want of request budget, in the order they came. One of each leg (the
/// stop, or the exit, of one side of an instrument): a newer one takes the place of an older. Bounded; nothing
/// allocates after construction.
class ProtectionQueue {
public:
    static constexpr std::size_t most = 64;

    ProtectionQueue() { waiting_.reserve(most); }

    [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
    [[nodiscard]] bool full() const noexcept { return waiting_.size() == most; }
    /// The one that waits in the same leg, or nullptr.
    [[nodiscard]] const core::Order* of_leg(const core::Order& order) const noexcept;
    /// Precondition: not full, and none of its leg waits.
    void put(const core::Order& order) { waiting_.push_back(order); }
    /// False: it does not wait here.
    bool remove(core::OrderId id) noexcept;
    /// The oldest. Precondition: not empty.
    [[nodiscard]] const core::Order& front() const noexcept { return waiting_.front(); }

private:
    std::vector<core::Order> waiting_;
};

}  // namespace gateways
