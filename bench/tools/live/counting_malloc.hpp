#pragma once

#include <cstdint>

namespace bench {

/// Allocations of this thread since it started: whoever asked, C++ or a C library such as OpenSSL. (glibc only.)
std::uint64_t allocations() noexcept;

}  // namespace bench
