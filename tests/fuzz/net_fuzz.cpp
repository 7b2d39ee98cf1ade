#include "tests/core/net/frames_fuzz_entry.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// libFuzzer target: WebSocket frames and HTTP answers read the same however their bytes are cut, and within bounds.
///   cmake --preset fuzz && cmake --build build/fuzz --target net_fuzz
///   build/fuzz/net_fuzz -max_total_time=60 -max_len=2048 /tmp/found tests/fuzz/corpus/net
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    const auto difference = test::fuzz_ws(bytes) + test::fuzz_http(bytes);
    if (difference.empty()) return 0;
    std::fprintf(stderr, "%s\n", difference.c_str());
    std::abort();
}
