#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace pipeline::traps {

/// One large increase of one level that has not been taken away yet.
struct Candidate {
    core::Price price;
    core::Quantity delta;      ///< Δ: what the increase added
    core::Quantity low;        ///< the least that stood at the level since
    core::Quantity traded;     ///< at its price since the level's newest update
    core::Quantity cancelled;  ///< of Δ; `executed` is the rest of what is gone
    core::Quantity executed;
    double multiple{};  ///< Δ over the mean level size when it came
    double mid{};       ///< when it came, quote currency
    core::Nanoseconds placed{};
    std::uint64_t push_volume{};  ///< the instrument's aggressor volume in its push direction when it came
    std::uint64_t serial{};       ///< order of coming
};

/// The candidates of one side of one book: one a price, at most 64, the oldest makes room. Nearly every update of a
/// level meets none, so a small table of chains by price answers that in one load.
class Candidates {
public:
    static constexpr std::size_t capacity = 64;

    /// The candidate at a price, or nullptr.
    [[nodiscard]] Candidate* find(core::Price price) noexcept {
        for (auto at = chains_[slot_of(price)]; at != 0; at = next_[at - 1U])
            if (all_[at - 1U].price == price) return &all_[at - 1U];
        return nullptr;
    }
    /// A fresh candidate at a price that has none.
    Candidate& add(core::Price price) noexcept {
        if (~live_ == 0) remove(oldest());
        const auto at = static_cast<std::size_t>(std::countr_one(live_));
        live_ |= std::uint64_t{1} << at;
        auto& chain = chains_[slot_of(price)];
        next_[at] = std::exchange(chain, static_cast<std::uint8_t>(at + 1));
        all_[at] = {};
        all_[at].price = price;
        all_[at].serial = ++serial_;
        return all_[at];
    }
    void remove(const Candidate& candidate) noexcept {
        const auto at = static_cast<std::size_t>(&candidate - all_.data());
        auto* link = &chains_[slot_of(candidate.price)];
        while (*link != at + 1) link = &next_[*link - 1U];
        *link = next_[at];
        live_ &= ~(std::uint64_t{1} << at);
    }
    void clear() noexcept {
        live_ = 0;
        chains_.fill(0);
    }
    [[nodiscard]] int size() const noexcept { return std::popcount(live_); }

    /// Calls f(const Candidate&) in no particular order.
    template <class F>
    void each(F&& f) const {
        for (auto rest = live_; rest != 0; rest &= rest - 1) f(all_[static_cast<std::size_t>(std::countr_zero(rest))]);
    }

private:
    static std::size_t slot_of(core::Price price) noexcept {
        return (static_cast<std::uint64_t>(price.units) * 0x9e3779b97f4a7c15ULL) >> 56;  // Fibonacci hashing
    }
    [[nodiscard]] const Candidate& oldest() const noexcept {
        const Candidate* first = &all_[0];
        for (const Candidate& one : all_)
            if (one.serial < first->serial) first = &one;
        return *first;
    }

    std::array<std::uint8_t, 256> chains_{};     ///< by hash of the price: place + 1 of the first, 0 = none
    std::array<std::uint8_t, capacity> next_{};  ///< of the same hash, likewise
    std::uint64_t live_{};                       ///< a bit for each that stands
    std::uint64_t serial_{};
    std::array<Candidate, capacity> all_{};
};

}  // namespace pipeline::traps
