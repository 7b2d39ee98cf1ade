#pragma once

#include "core/domain/tick.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/indicators/second_buckets.hpp"

namespace pipeline {

/// Signed flow I(w) = (buy − sell)/(buy + sell) of the volume that aggressors traded in the last w seconds: −1..1.
/// In: every trade. Unknown without trades.
class SignedFlow {
public:
    explicit SignedFlow(int window_s, Memory memory = default_memory())
        : signed_(window_s, memory), total_(window_s, memory) {}

    void add(std::int64_t second, core::Side aggressor, core::Quantity quantity) noexcept {
        advance(second);
        signed_.add(core::sign(aggressor) * quantity.units);
        total_.add(quantity.units);
    }

    [[nodiscard]] double value(std::int64_t second) noexcept {
        advance(second);
        if (total_.total() <= 0) return core::unknown;
        return static_cast<double>(signed_.total()) / static_cast<double>(total_.total());
    }

    void reset() noexcept {
        signed_.clear();
        total_.clear();
    }

private:
    void advance(std::int64_t second) noexcept {
        signed_.advance(second);
        total_.advance(second);
    }

    SecondBuckets signed_, total_;
};

}  // namespace pipeline
