#include "tests/pipeline/flow/journal_fuzz_entry.hpp"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

/// libFuzzer target: a journal of any bytes is read to its last whole record.
///   cmake --preset fuzz && cmake --build build/fuzz --target journal_fuzz
///   build/fuzz/journal_fuzz -max_total_time=60 -max_len=512 /tmp/found tests/fuzz/corpus/journal
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto wrong = test::fuzz_journal({reinterpret_cast<const char*>(data), size});
    if (wrong.empty()) return 0;
    std::fprintf(stderr, "%s\n", wrong.c_str());
    std::abort();
}
