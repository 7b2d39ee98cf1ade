#pragma once

#include "tools/venue/engine/engine.hpp"

#include <map>
#include <vector>

namespace venue {

/// The changes of one book since they were last sent, each price once with its newest quantity: what a diff stream
/// pushes every interval. Feed it Listener::on_level.
class DepthFeed {
public:
    struct Change {
        core::Price price;
        core::Quantity quantity;  ///< 0: the level is gone
    };
    struct Event {
        std::uint64_t first{}, last{},
            previous{};                  ///< update ids: of its first and last change, and of the event before
        std::vector<Change> bids, asks;  ///< best first
        [[nodiscard]] bool empty() const noexcept { return bids.empty() && asks.empty(); }
    };

    void on_level(core::Side side, core::Price price, core::Quantity quantity, std::uint64_t update_id) {
        if (first_ == 0) first_ = update_id;
        last_ = update_id;
        changes_[{side, side == core::Side::buy ? -price.units : price.units}] = quantity;
    }

    /// What has changed; empty if nothing has.
    Event take() {
        Event event;
        for (const auto& [where, quantity] : changes_) {
            const bool bid = where.first == core::Side::buy;
            (bid ? event.bids : event.asks).push_back({core::Price{bid ? -where.second : where.second}, quantity});
        }
        event.first = first_;
        event.last = last_;
        // What came before the first event is whatever the book was then.
        event.previous = previous_ != 0 ? previous_ : first_ - 1;
        if (!event.empty()) previous_ = last_;
        changes_.clear();
        first_ = 0;
        return event;
    }

private:
    std::map<std::pair<core::Side, std::int64_t>, core::Quantity> changes_;
    std::uint64_t first_{}, last_{}, previous_{};
};

}  // namespace venue
