#pragma once

#include <cstdint>

namespace core {

/// Gives OpenSSL its memory, from the moment the program starts: the heap's, but for the 40 bytes that it takes for
/// every record it writes or reads and gives back at once (the header that is authenticated; ssl/packet.c of 3.0).
/// Those come from a few blocks of the thread, so that neither receiving nor sending allocates. False when somebody
/// else gave OpenSSL its memory, or had it allocate, before.
bool openssl_memory_is_ours() noexcept;

/// What OpenSSL took from the heap on this thread since it started.
std::uint64_t openssl_allocations() noexcept;

}  // namespace core
