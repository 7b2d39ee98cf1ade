#pragma once

#include "core/domain/order.hpp"
#include "core/domain/time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace gateways::live {

/// What the stream of an account owes us: of every order that the venue acknowledged it has to tell. A socket that
/// answers pings and owes news is dead, and nothing else shows it, for an account may be silent for hours.
class NewsWatch {
public:
    explicit NewsWatch(core::Nanoseconds patience) : patience_{patience} { owed_.reserve(most_owed); }

    /// The venue has the order, so the stream tells of it within the patience, or told of it before.
    void expect(core::OrderId order, core::Nanoseconds now) {
        if (order == core::OrderId{} || std::find(told_.begin(), told_.end(), order) != told_.end()) return;
        // What is owed longest is enough to find a dead stream.
        if (owed_.size() < most_owed) owed_.push_back({order, now + patience_});
    }
    /// The stream told of the order.
    void told(core::OrderId order) noexcept {
        if (order == core::OrderId{}) return;
        told_[next_++ % told_.size()] = order;
        std::erase_if(owed_, [&](const Owed& owed) { return owed.order == order; });
    }
    [[nodiscard]] bool overdue(core::Nanoseconds now) const noexcept {
        return std::any_of(owed_.begin(), owed_.end(), [&](const Owed& owed) { return now >= owed.until; });
    }
    /// The stream is gone: what it owed, reconciliation finds.
    void forget() noexcept { owed_.clear(); }

private:
    struct Owed {
        core::OrderId order;
        core::Nanoseconds until;
    };
    static constexpr std::size_t most_owed = 64, remembered = 256;

    core::Nanoseconds patience_;
    std::vector<Owed> owed_;
    std::array<core::OrderId, remembered> told_{};
    std::size_t next_{};
};

}  // namespace gateways::live
