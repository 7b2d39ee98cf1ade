#pragma once

#include <cstddef>
#include <cstdint>

namespace pipeline {

/// The keys under `book.`.
struct BookSettings {
    std::uint32_t depth_interval_ms{100};      ///< of event time between two depth samples, at least
    std::uint32_t imbalance_levels{5};         ///< `k` of imbalance(k)
    std::size_t window{std::size_t{1} << 14};  ///< price steps a side held in the ladder's array
};

}  // namespace pipeline
