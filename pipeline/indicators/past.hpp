#pragma once

#include "pipeline/indicators/memory.hpp"

#include <cstddef>

namespace pipeline {

/// What a value was n values ago.
class Past {
public:
    explicit Past(int n, Memory memory = default_memory()) : values_(static_cast<std::size_t>(n), memory) {}

    /// True once n values have been added.
    [[nodiscard]] bool full() const noexcept { return full_; }

    /// Adds x and returns the value n before it; 0 while not full.
    double exchange(double x) noexcept {
        const double old = values_[next_];
        values_[next_] = x;
        if (++next_ == values_.size()) {
            next_ = 0;
            full_ = true;
        }
        return old;
    }

private:
    Ring values_;
    std::size_t next_{};
    bool full_{};
};

}  // namespace pipeline
