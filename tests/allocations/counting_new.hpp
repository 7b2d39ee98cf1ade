#pragma once

#include <cstdint>

namespace test {

/// Calls of operator new on this thread since it started. (Only C++ allocations: what a C library takes with malloc is
/// not seen.)
std::uint64_t allocations() noexcept;

}  // namespace test
