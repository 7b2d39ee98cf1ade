#include "tests/gateways/live/link_fuzz_entry.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// libFuzzer target: any bytes as what the private sockets of an account bring.
///   cmake --preset fuzz && cmake --build build/fuzz --target private_link_fuzz
///   build/fuzz/private_link_fuzz -max_total_time=60 -max_len=4096 /tmp/found tests/fuzz/corpus/private_link
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto wrong = test::fuzz_link({reinterpret_cast<const char*>(data), size});
    if (wrong.empty()) return 0;
    std::fprintf(stderr, "%s\n", wrong.c_str());
    std::abort();
}
