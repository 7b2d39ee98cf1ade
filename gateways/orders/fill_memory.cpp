#include "gateways/orders/fill_memory.hpp"

#include <bit>

namespace gateways {

std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept {
    std::uint64_t hash = 0xcbf29ce484222325 ^ seed;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash ^= hash >> 33;
    hash *= 0xff51afd7ed558ccd;
    hash ^= hash >> 33;
    hash *= 0xc4ceb9fe1a85ec53;
    return hash ^ hash >> 33;
}

FillKey FillKey::of(const VenueEvent& fill) noexcept {
    const auto seed = static_cast<std::uint64_t>(fill.venue) << 32 | static_cast<std::uint64_t>(fill.side) << 16 |
                      fill.instrument.value;
    const auto trade = fill.fill.trade.view();
    return {.high = hash_bytes(trade, seed * 0x9e3779b97f4a7c15),
            .low = hash_bytes(trade, ~seed * 0xbf58476d1ce4e5b9),
            .time = fill.venue_time};
}

FillMemory::FillMemory(std::size_t capacity)
    : ring_(capacity == 0 ? 1 : capacity), slots_(std::bit_ceil(ring_.size() * 2)) {}

std::size_t FillMemory::slot_of(const FillKey& key) const noexcept {
    const auto mask = slots_.size() - 1;
    auto at = key.low & mask;
    while (slots_[at] != 0 && !(ring_[slots_[at] - 1] == key)) at = (at + 1) & mask;
    return at;
}

FillMemory::Answer FillMemory::ask(const FillKey& key) const noexcept {
    if (slots_[slot_of(key)] != 0) return Answer::seen;
    return key.time <= horizon_ ? Answer::too_old : Answer::fresh;
}

void FillMemory::add(const FillKey& key) noexcept {
    if (slots_[slot_of(key)] != 0) return;
    if (size_ == ring_.size()) forget_oldest();
    if (key.time > newest_) newest_ = key.time;
    const auto place = (first_ + size_++) % ring_.size();
    ring_[place] = key;
    slots_[slot_of(key)] = static_cast<std::uint32_t>(place + 1);
}

void FillMemory::forget_oldest() noexcept {
    const auto mask = slots_.size() - 1;
    auto hole = slot_of(ring_[first_]);
    slots_[hole] = 0;
    // Those behind it that hang over its place move up, so that a search never meets a hole before its end.
    for (auto at = (hole + 1) & mask; slots_[at] != 0; at = (at + 1) & mask) {
        const auto home = ring_[slots_[at] - 1].low & mask;
        if (((at - home) & mask) < ((at - hole) & mask)) continue;
        slots_[hole] = slots_[at];
        slots_[at] = 0;
        hole = at;
    }
    if (ring_[first_].time > horizon_) horizon_ = ring_[first_].time;
    first_ = (first_ + 1) % ring_.size();
    --size_;
}

}  // namespace gateways
