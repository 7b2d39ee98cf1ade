#include "tests/feeds/binance/fuzz_entry.hpp"

#include <cstdio>
#include <cstdlib>

/// libFuzzer target: the scanner and the general parser must agree on any bytes.
///   cmake --preset fuzz && cmake --build build/fuzz --target binance_fuzz
///   build/fuzz/binance_fuzz -max_total_time=60 -max_len=1024 /tmp/found tests/feeds/binance/corpus
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto difference = test::fuzz_binance({reinterpret_cast<const char*>(data), size});
    if (difference.empty()) return 0;
    std::fprintf(stderr, "%s\n", difference.c_str());
    std::abort();
}
