#pragma once

#include <bit>
#include <cstdint>
#include <vector>

namespace pipeline::traps {

/// A bit for each second of a ring: which of them have something to say. A window's loop then visits only those, in
/// order, and an instrument that trades once a minute pays for one second of sixty. Leaving out a second whose share of
/// a sum is 0 leaves every bit of the sum as it was.
class SecondMarks {
public:
    /// `capacity` of the ring: a power of two, 64 at least.
    explicit SecondMarks(std::uint64_t capacity) : words_(capacity / 64), mask_{capacity - 1} {}

    /// Seconds are numbered from 0; a later one takes the place of that `capacity` before it.
    void set(std::uint64_t second, bool marked) noexcept {
        auto& word = words_[(second & mask_) >> 6];
        const auto bit = std::uint64_t{1} << (second & 63);
        word = marked ? word | bit : word & ~bit;
    }
    /// Calls f(place in the ring) for each marked second of [from, to), oldest first; at most `capacity` of them.
    template <class F>
    void each(std::uint64_t from, std::uint64_t to, F&& f) const noexcept {
        while (from < to) {
            const auto rest = words_[(from & mask_) >> 6] >> (from & 63);
            if (rest == 0) {
                from = (from | 63) + 1;
                continue;
            }
            from += static_cast<std::uint64_t>(std::countr_zero(rest));
            if (from >= to) return;
            f(from++ & mask_);
        }
    }

private:
    std::vector<std::uint64_t> words_;
    std::uint64_t mask_;
};

}  // namespace pipeline::traps
