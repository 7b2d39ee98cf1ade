#include "tools/omega/engine/order_desk.hpp"

namespace omega {

/// Journals it. False: it must not be sent.
bool OrderDesk::keep(const core::Order& order) noexcept {
    if (journal_ == nullptr || journal_->append(order)) [[likely]]
        return true;
    const bool only_reduces = order.reduce_only || order.type == core::OrderType::cancel;
    ++(only_reduces ? unrecorded_ : withheld_);
    return only_reduces;
}

void OrderDesk::encode(const Dispatch& dispatch, std::uint64_t taken_up) noexcept {
    // Another venue's dialect comes with its gateway: the order itself is compared.
    if (dispatch.order.venue != core::Venue::binance)
        return account(dispatch, Departure::written, taken_up, __builtin_ia32_rdtsc());
    const auto request = encoder_->encode(dispatch.order, dispatch.order.time);
    const std::uint64_t signed_at = __builtin_ia32_rdtsc();
    if (request.query.empty()) return account(dispatch, Departure::written, taken_up, signed_at);
    ++sent_;
    bytes_ += request.query.size();
    latency_->on_order(dispatch.stamps, taken_up, signed_at, ns_per_cycle_);
    digest_.add(name(request.method));
    digest_.add(request.path);
    digest_.add(request.query);
}

/// What did not leave is no order of the waterfall, nor is one whose sending another thread has yet to begin.
void OrderDesk::account(const Dispatch& dispatch, Departure left, std::uint64_t taken_up, std::uint64_t done) noexcept {
    ++departures_[static_cast<std::size_t>(left)];
    sent_ += left != Departure::held_back;
    if (left == Departure::written) latency_->on_order(dispatch.stamps, taken_up, done, ns_per_cycle_);
    digest_.add(&dispatch.order, sizeof dispatch.order);
}

}  // namespace omega
