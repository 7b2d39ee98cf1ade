#pragma once

#include <cstddef>

namespace core {

/// Asks for the first `lines` cache lines of an object, or all of them if it is smaller; never waits, never faults.
/// Worth it where several objects are about to be needed one after another: their misses then overlap.
template <class T>
[[gnu::always_inline]] inline void prefetch(const T& object, std::size_t lines = 1) noexcept {
    constexpr std::size_t line = 64;
    const auto* bytes = reinterpret_cast<const char*>(&object);
    const auto last = (sizeof(T) + line - 1) / line;
    for (std::size_t i = 0; i < lines && i < last; ++i) __builtin_prefetch(bytes + i * line);
}

}  // namespace core
