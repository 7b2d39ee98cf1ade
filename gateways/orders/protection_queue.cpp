#include "gateways/orders/protection_queue.hpp"

#include <algorithm>

namespace gateways {

namespace {

bool same_leg(const core::Order& a, const core::Order& b) noexcept {
    const bool a_stops = a.type == core::OrderType::stop_market, b_stops = b.type == core::OrderType::stop_market;
    return a.instrument == b.instrument && a.side == b.side && a_stops == b_stops;
}

}  // namespace

const core::Order* ProtectionQueue::of_leg(const core::Order& order) const noexcept {
    const auto found = std::find_if(waiting_.begin(), waiting_.end(),
                                    [&](const core::Order& waiting) { return same_leg(waiting, order); });
    return found == waiting_.end() ? nullptr : &*found;
}

bool ProtectionQueue::remove(core::OrderId id) noexcept {
    return std::erase_if(waiting_, [id](const core::Order& waiting) { return waiting.id == id; }) > 0;
}

}  // namespace gateways
