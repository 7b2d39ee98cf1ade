#pragma once

#include "core/domain/instrument.hpp"
#include "gateways/orders/order_state.hpp"

#include <cstdint>
#include <vector>

namespace gateways {

/// A bounded table of orders, found by our id or by the venue's. Places are stable until an order is erased; nothing
/// allocates after construction. Walks go in order of insertion.
class OrderIndex {
public:
    explicit OrderIndex(std::size_t capacity);

    [[nodiscard]] TrackedOrder* find(core::OrderId id) noexcept;
    [[nodiscard]] const TrackedOrder* find(core::OrderId id) const noexcept;
    [[nodiscard]] TrackedOrder* find(core::Venue venue, const VenueId& venue_order) noexcept;
    [[nodiscard]] const TrackedOrder* find(core::Venue venue, const VenueId& venue_order) const noexcept;

    /// nullptr when full. Precondition: its id is not in the table.
    TrackedOrder* insert(const TrackedOrder& order) noexcept;
    /// Makes `order` (of this table) known under the venue's id, too; the one before it stays another name of it.
    void name(TrackedOrder& order, const VenueId& venue_order) noexcept;
    [[nodiscard]] bool is_named(const TrackedOrder& order, const VenueId& venue_order) const noexcept;
    void erase(core::OrderId id) noexcept;
    /// Erases the oldest settled order and returns its id; 0 when none is.
    core::OrderId erase_settled() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool full() const noexcept { return free_.empty(); }

    template <class F>
    void for_each(F&& f) const {
        for (auto i = first_; i != none; i = nodes_[i].next) f(nodes_[i].order);
    }
    template <class F>
    void for_each(F&& f) {
        for (auto i = first_; i != none; i = nodes_[i].next) f(nodes_[i].order);
    }

private:
    static constexpr std::uint32_t none = 0xffffffff;
    struct Node {
        TrackedOrder order;
        std::uint32_t next, previous;
        VenueId earlier{};  // the name it had before, if any
    };
    /// Open addressing: node + 1, 0 is empty.
    struct Hashed {
        std::vector<std::uint32_t> slots;
        template <class Hash>
        void erase(std::uint64_t hash, std::uint32_t node, Hash&& hash_of) noexcept;
        void insert(std::uint64_t hash, std::uint32_t node) noexcept;
        template <class Same>
        [[nodiscard]] std::uint32_t find(std::uint64_t hash, Same&& same) const noexcept;
    };
    static std::uint64_t hash_of(core::OrderId id) noexcept;
    static std::uint64_t hash_of(core::Venue venue, const VenueId& venue_order) noexcept;
    void erase_node(std::uint32_t node) noexcept;
    void unname(std::uint32_t node) noexcept;
    void forget_earlier(std::uint32_t node) noexcept;
    [[nodiscard]] std::uint32_t node_of(const TrackedOrder& order) const noexcept;

    std::vector<Node> nodes_;
    std::vector<std::uint32_t> free_;
    Hashed by_id_, by_venue_, by_earlier_;
    std::uint32_t first_{none}, last_{none};
    std::size_t size_{};
};

}  // namespace gateways
