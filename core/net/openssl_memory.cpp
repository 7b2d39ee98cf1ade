#include "core/net/openssl_memory.hpp"

#include <openssl/crypto.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

namespace core {
namespace {

constexpr std::size_t block_size = 64, blocks = 4, shelves = 64;

/// The blocks of one thread; past `shelves` threads, of several.
struct alignas(64) Shelf {
    std::array<std::array<unsigned char, block_size>, blocks> bytes;
    std::atomic<std::uint32_t> taken{};  // a bit a block
};
constinit std::array<Shelf, shelves> all_shelves{};

Shelf& own_shelf() noexcept {
    static std::atomic<std::size_t> next{};
    thread_local const std::size_t index = next.fetch_add(1, std::memory_order_relaxed) % shelves;
    return all_shelves[index];
}

thread_local std::uint64_t heap_count = 0;

/// Taken and given back within one call of the record layer.
bool of_a_record(std::size_t size, const char* file) noexcept {
    return size <= block_size && file != nullptr && std::string_view{file}.ends_with("packet.c");
}

void* from_shelf() noexcept {
    auto& shelf = own_shelf();
    for (std::uint32_t block = 0; block < blocks; ++block) {
        const auto bit = 1U << block;
        // Acquire: pairs with the release in give_back(), should another thread have had it.
        if ((shelf.taken.load(std::memory_order_relaxed) & bit) == 0 &&
            (shelf.taken.fetch_or(bit, std::memory_order_acquire) & bit) == 0)
            return shelf.bytes[block].data();
    }
    return nullptr;
}

/// The shelf that this memory is of, or nullptr.
Shelf* shelf_of(const void* memory) noexcept {
    const auto offset = reinterpret_cast<std::uintptr_t>(memory) - reinterpret_cast<std::uintptr_t>(all_shelves.data());
    return offset < sizeof all_shelves ? &all_shelves[offset / sizeof(Shelf)] : nullptr;
}

void* take(std::size_t size, const char* file, int) {
    if (size == 0) return nullptr;
    if (of_a_record(size, file))
        if (void* block = from_shelf()) return block;
    ++heap_count;
    return std::malloc(size);
}

void give_back(void* memory, const char*, int) {
    auto* shelf = shelf_of(memory);
    if (shelf == nullptr) return std::free(memory);
    const auto offset = static_cast<std::size_t>(static_cast<unsigned char*>(memory) - shelf->bytes[0].data());
    shelf->taken.fetch_and(~(1U << (offset / block_size)), std::memory_order_release);
}

void* take_anew(void* memory, std::size_t size, const char* file, int line) {
    if (shelf_of(memory) == nullptr) {
        if (size == 0) return std::free(memory), nullptr;
        ++heap_count;
        return std::realloc(memory, size);
    }
    if (size != 0 && size <= block_size) return memory;
    void* larger = nullptr;
    if (size != 0) {
        larger = take(size, nullptr, line);
        if (larger == nullptr) return nullptr;
        std::memcpy(larger, memory, block_size);
    }
    give_back(memory, file, line);
    return larger;
}

/// Before main: OpenSSL takes nobody's memory once it has allocated.
const bool ours = CRYPTO_set_mem_functions(take, take_anew, give_back) == 1;

}  // namespace

bool openssl_memory_is_ours() noexcept {
    return ours;
}

std::uint64_t openssl_allocations() noexcept {
    return heap_count;
}

}  // namespace core
