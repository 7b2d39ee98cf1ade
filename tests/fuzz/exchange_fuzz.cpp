#include "tests/gateways/exchange/fuzz_answer.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// libFuzzer target: the readers of what venues answer and push must take any bytes.
///   cmake --preset fuzz && cmake --build build/fuzz --target exchange_fuzz
///   build/fuzz/exchange_fuzz -max_total_time=60 -max_len=2048 /tmp/found tests/fuzz/corpus/exchange
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto problem = test::fuzz_answer({reinterpret_cast<const char*>(data), size});
    if (problem.empty()) return 0;
    std::fprintf(stderr, "%s\n", problem.c_str());
    std::abort();
}
