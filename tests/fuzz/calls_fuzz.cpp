#include "tests/gateways/live/fuzz_calls.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// libFuzzer target: conversations with a venue must end well whatever it answers.
///   cmake --preset fuzz && cmake --build build/fuzz --target calls_fuzz
///   build/fuzz/calls_fuzz -max_total_time=60 -max_len=4096 /tmp/found tests/fuzz/corpus/calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto problem = test::fuzz_calls({reinterpret_cast<const char*>(data), size});
    if (problem.empty()) return 0;
    std::fprintf(stderr, "%s\n", problem.c_str());
    std::abort();
}
