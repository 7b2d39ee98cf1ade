#pragma once

#include "core/domain/price.hpp"
#include "core/domain/time.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

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
/// level meets none, so a small counting filter answers that in one load.
class Candidates {
public:
    static constexpr std::size_t capacity = 64;

    /// The candidate at a price, or nullptr.
    [[nodiscard]] Candidate* find(core::Price price) noexcept {
        if (filter_[slot_of(price)] == 0) return nullptr;
        return search(price);
    }
    /// A fresh candidate at a price that has none.
    Candidate& add(core::Price price) noexcept {
        if (~live_ == 0) remove(oldest());
        const auto at = static_cast<std::size_t>(std::countr_one(live_));
        live_ |= std::uint64_t{1} << at;
        ++filter_[slot_of(price)];
        all_[at] = {};
        all_[at].price = price;
        all_[at].serial = ++serial_;
        return all_[at];
    }
    void remove(const Candidate& candidate) noexcept {
        --filter_[slot_of(candidate.price)];
        live_ &= ~(std::uint64_t{1} << (&candidate - all_.data()));
    }
    void clear() noexcept {
        live_ = 0;
        filter_.fill(0);
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
    [[nodiscard]] Candidate* search(core::Price price) noexcept {
        for (auto rest = live_; rest != 0; rest &= rest - 1) {
            Candidate& one = all_[static_cast<std::size_t>(std::countr_zero(rest))];
            if (one.price == price) return &one;
        }
        return nullptr;
    }
    [[nodiscard]] const Candidate& oldest() const noexcept {
        const Candidate* first = &all_[0];
        for (const Candidate& one : all_)
            if (one.serial < first->serial) first = &one;
        return *first;
    }

    std::array<std::uint8_t, 256> filter_{};  ///< candidates by hash of their price
    std::uint64_t live_{};                    ///< a bit for each that stands
    std::uint64_t serial_{};
    std::array<Candidate, capacity> all_{};
};

}  // namespace pipeline::traps
