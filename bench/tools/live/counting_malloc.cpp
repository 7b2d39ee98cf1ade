#include "bench/tools/live/counting_malloc.hpp"

#include <cerrno>
#include <cstddef>

namespace {
thread_local std::uint64_t count = 0;
}

namespace bench {
std::uint64_t allocations() noexcept {
    return count;
}
}  // namespace bench

// In front of glibc's own, which its header does not name. What they give is freed by glibc's free.
extern "C" {
void* __libc_malloc(std::size_t);                 // NOLINT
void* __libc_calloc(std::size_t, std::size_t);    // NOLINT
void* __libc_realloc(void*, std::size_t);         // NOLINT
void* __libc_memalign(std::size_t, std::size_t);  // NOLINT

void* malloc(std::size_t size) {
    ++count;
    return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) {
    ++count;
    return __libc_calloc(n, size);
}
void* realloc(void* memory, std::size_t size) {
    ++count;
    return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    ++count;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    ++count;
    *memory = __libc_memalign(alignment, size);
    return *memory != nullptr ? 0 : ENOMEM;
}
}
