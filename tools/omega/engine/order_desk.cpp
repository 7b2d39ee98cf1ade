#include "tools/omega/engine/order_desk.hpp"

namespace omega {

bool OrderDesk::send(const Dispatch& dispatch) noexcept {
    const std::uint64_t taken_up = __builtin_ia32_rdtsc();
    if (journal_ != nullptr && !journal_->append(dispatch.order)) [[unlikely]] {
        const bool only_reduces = dispatch.order.reduce_only || dispatch.order.type == core::OrderType::cancel;
        ++(only_reduces ? unrecorded_ : withheld_);
        if (!only_reduces) return false;
    }
    const auto request = encoder_->encode(dispatch.order, dispatch.order.time);
    const std::uint64_t signed_at = __builtin_ia32_rdtsc();
    ++sent_;
    bytes_ += request.query.size();
    latency_->on_order(dispatch.stamps, taken_up, signed_at, ns_per_cycle_);
    if (request.query.empty()) {  // another venue's instrument: its own dialect comes with its gateway, the order
                                  // itself is compared
        digest_.add(&dispatch.order, sizeof dispatch.order);
        return true;
    }
    digest_.add(name(request.method));
    digest_.add(request.path);
    digest_.add(request.query);
    return true;
}

}  // namespace omega
