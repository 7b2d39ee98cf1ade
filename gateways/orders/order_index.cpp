#include "gateways/orders/order_index.hpp"

#include "gateways/orders/fill_memory.hpp"

#include <bit>
#include <cassert>

namespace gateways {

template <class Same>
std::uint32_t OrderIndex::Hashed::find(std::uint64_t hash, Same&& same) const noexcept {
    const auto mask = slots.size() - 1;
    for (auto at = hash & mask; slots[at] != 0; at = (at + 1) & mask)
        if (same(slots[at] - 1)) return slots[at] - 1;
    return none;
}

void OrderIndex::Hashed::insert(std::uint64_t hash, std::uint32_t node) noexcept {
    const auto mask = slots.size() - 1;
    auto at = hash & mask;
    while (slots[at] != 0) at = (at + 1) & mask;
    slots[at] = node + 1;
}

template <class Hash>
void OrderIndex::Hashed::erase(std::uint64_t hash, std::uint32_t node, Hash&& hash_of) noexcept {
    const auto mask = slots.size() - 1;
    auto hole = hash & mask;
    while (slots[hole] != node + 1) hole = (hole + 1) & mask;
    slots[hole] = 0;
    // Those behind it that hang over its place move up, so that a search never meets a hole before its end.
    for (auto at = (hole + 1) & mask; slots[at] != 0; at = (at + 1) & mask) {
        const auto home = hash_of(slots[at] - 1) & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        slots[hole] = slots[at];
        slots[at] = 0;
        hole = at;
    }
}

std::uint64_t OrderIndex::hash_of(core::OrderId id) noexcept {
    auto hash = id.value * 0x9e3779b97f4a7c15;
    return hash ^ hash >> 32;
}
std::uint64_t OrderIndex::hash_of(core::Venue venue, const VenueId& venue_order) noexcept {
    return hash_bytes(venue_order.view(), static_cast<std::uint64_t>(venue) + 1);
}

OrderIndex::OrderIndex(std::size_t capacity) : nodes_(capacity) {
    assert(capacity > 0 && capacity < none);
    for (auto i = capacity; i-- > 0;) free_.push_back(static_cast<std::uint32_t>(i));
    by_id_.slots.resize(std::bit_ceil(capacity * 2));
    by_venue_.slots.resize(std::bit_ceil(capacity * 2));
    by_earlier_.slots.resize(std::bit_ceil(capacity * 2));
}

TrackedOrder* OrderIndex::find(core::OrderId id) noexcept {
    const auto node = by_id_.find(hash_of(id), [&](std::uint32_t n) { return nodes_[n].order.order.id == id; });
    return node == none ? nullptr : &nodes_[node].order;
}
const TrackedOrder* OrderIndex::find(core::OrderId id) const noexcept {
    return const_cast<OrderIndex*>(this)->find(id);
}
TrackedOrder* OrderIndex::find(core::Venue venue, const VenueId& venue_order) noexcept {
    if (venue_order.empty()) return nullptr;
    const auto node = by_venue_.find(hash_of(venue, venue_order), [&](std::uint32_t n) {
        return nodes_[n].order.order.venue == venue && nodes_[n].order.venue_order == venue_order;
    });
    if (node != none) return &nodes_[node].order;
    const auto earlier = by_earlier_.find(hash_of(venue, venue_order), [&](std::uint32_t n) {
        return nodes_[n].order.order.venue == venue && nodes_[n].earlier == venue_order;
    });
    return earlier == none ? nullptr : &nodes_[earlier].order;
}
const TrackedOrder* OrderIndex::find(core::Venue venue, const VenueId& venue_order) const noexcept {
    return const_cast<OrderIndex*>(this)->find(venue, venue_order);
}

TrackedOrder* OrderIndex::insert(const TrackedOrder& order) noexcept {
    assert(find(order.order.id) == nullptr);
    if (free_.empty()) return nullptr;
    const auto node = free_.back();
    free_.pop_back();
    nodes_[node] = {.order = order, .next = none, .previous = last_, .earlier = {}};
    (last_ == none ? first_ : nodes_[last_].next) = node;
    last_ = node;
    ++size_;
    by_id_.insert(hash_of(order.order.id), node);
    if (!order.venue_order.empty()) by_venue_.insert(hash_of(order.order.venue, order.venue_order), node);
    return &nodes_[node].order;
}

void OrderIndex::name(TrackedOrder& order, const VenueId& venue_order) noexcept {
    assert(!venue_order.empty());
    const auto node = node_of(order);
    if (!order.venue_order.empty()) {
        unname(node);
        forget_earlier(node);
        nodes_[node].earlier = order.venue_order;
        by_earlier_.insert(hash_of(order.order.venue, order.venue_order), node);
    }
    order.venue_order = venue_order;
    by_venue_.insert(hash_of(order.order.venue, venue_order), node);
}

std::uint32_t OrderIndex::node_of(const TrackedOrder& order) const noexcept {
    return by_id_.find(hash_of(order.order.id), [&](std::uint32_t n) { return &nodes_[n].order == &order; });
}

bool OrderIndex::is_named(const TrackedOrder& order, const VenueId& venue_order) const noexcept {
    return order.venue_order == venue_order || nodes_[node_of(order)].earlier == venue_order;
}

void OrderIndex::forget_earlier(std::uint32_t node) noexcept {
    if (nodes_[node].earlier.empty()) return;
    const auto hash = [&](std::uint32_t n) { return hash_of(nodes_[n].order.order.venue, nodes_[n].earlier); };
    by_earlier_.erase(hash(node), node, hash);
    nodes_[node].earlier = {};
}

void OrderIndex::unname(std::uint32_t node) noexcept {
    const auto hash = [&](std::uint32_t n) {
        return hash_of(nodes_[n].order.order.venue, nodes_[n].order.venue_order);
    };
    by_venue_.erase(hash(node), node, hash);
}

void OrderIndex::erase_node(std::uint32_t node) noexcept {
    const auto& order = nodes_[node].order;
    by_id_.erase(hash_of(order.order.id), node, [&](std::uint32_t n) { return hash_of(nodes_[n].order.order.id); });
    if (!order.venue_order.empty()) unname(node);
    forget_earlier(node);
    const auto [next, previous] = std::pair{nodes_[node].next, nodes_[node].previous};
    (previous == none ? first_ : nodes_[previous].next) = next;
    (next == none ? last_ : nodes_[next].previous) = previous;
    free_.push_back(node);
    --size_;
}

void OrderIndex::erase(core::OrderId id) noexcept {
    const auto node = by_id_.find(hash_of(id), [&](std::uint32_t n) { return nodes_[n].order.order.id == id; });
    if (node != none) erase_node(node);
}

core::OrderId OrderIndex::erase_settled() noexcept {
    for (auto i = first_; i != none; i = nodes_[i].next) {
        if (!nodes_[i].order.settled()) continue;
        const auto id = nodes_[i].order.order.id;
        erase_node(i);
        return id;
    }
    return {};
}

}  // namespace gateways
