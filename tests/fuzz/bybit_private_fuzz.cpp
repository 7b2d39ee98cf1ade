#include "tests/gateways/bybit/private_stream_fuzz_entry.hpp"

#include <cstdint>

/// libFuzzer target: any bytes as a frame of the private socket and as the answer to a call.
///   cmake --preset fuzz && cmake --build build/fuzz --target bybit_private_fuzz
///   build/fuzz/bybit_private_fuzz -max_total_time=60 -max_len=2048 /tmp/found tests/gateways/bybit/corpus
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz_bybit({reinterpret_cast<const char*>(data), size});
    return 0;
}
