#include "core/net/keystore_format.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>

/// libFuzzer target: any bytes are read as the inside of a keystore; what is taken is written back the same. As the
/// whole file they are read only where scrypt would be cheap.
///   cmake --preset fuzz && cmake --build build/fuzz --target keystore_fuzz
///   build/fuzz/keystore_fuzz -max_total_time=60 -max_len=512
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    if (const auto entries = core::read_entries(bytes); entries && core::write_entries(*entries) != bytes) std::abort();
    std::string file{bytes};
    if (file.size() >= 24) {
        file.replace(0, 8, "OMGKEYS1");
        file.replace(8, 16, std::string{"\x10\0\0\0\0\0\0\0\1\0\0\0\1\0\0\0", 16});
    }
    if (core::Keystore::decrypt(file, core::Secret{std::string{"x"}})) std::abort();
    return 0;
}
