#pragma once

#include "core/domain/time.hpp"
#include "gateways/orders/venue_event.hpp"

#include <cstdint>
#include <vector>

namespace gateways {

/// What tells one fill from all others: venue, instrument, side and the venue's trade id, hashed to 128 bits. The side
/// belongs to it because a trade with ourselves fills two of our orders under one trade id.
struct FillKey {
    std::uint64_t high{}, low{};
    core::Nanoseconds time{};  ///< venue time of the fill, not part of the identity
    static FillKey of(const VenueEvent& fill) noexcept;
    friend constexpr bool operator==(const FillKey& a, const FillKey& b) noexcept {
        return a.high == b.high && a.low == b.low;
    }
};

/// The newest fills that were booked, so that none is booked twice. Bounded: when it is full the oldest is forgotten,
/// and from then on a fill as old as that is `too_old`: it cannot be told from one booked before, so nobody books it by
/// itself.
class FillMemory {
public:
    enum class Answer : std::uint8_t { fresh, seen, too_old };

    explicit FillMemory(std::size_t capacity);

    [[nodiscard]] Answer ask(const FillKey& key) const noexcept;
    void add(const FillKey& key) noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Venue time of the newest fill; the epoch if there was none.
    [[nodiscard]] core::Nanoseconds newest() const noexcept { return newest_; }
    /// Venue time up to which fills may have been forgotten.
    [[nodiscard]] core::Nanoseconds horizon() const noexcept { return horizon_; }
    void set_horizon(core::Nanoseconds horizon) noexcept { horizon_ = horizon; }

    template <class F>
    void for_each(F&& f) const {  ///< oldest first
        for (std::size_t i = 0; i < size_; ++i) f(ring_[(first_ + i) % ring_.size()]);
    }

private:
    [[nodiscard]] std::size_t slot_of(const FillKey& key) const noexcept;
    void forget_oldest() noexcept;

    std::vector<FillKey> ring_;
    std::vector<std::uint32_t> slots_;  // open addressing into the ring, +1; 0: empty
    std::size_t first_{}, size_{};
    core::Nanoseconds newest_{};
    core::Nanoseconds horizon_{core::Nanoseconds::min()};
};

/// A well mixed 64-bit hash of bytes (FNV-1a, then a finaliser); `seed` makes another function of it.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) noexcept;

}  // namespace gateways
