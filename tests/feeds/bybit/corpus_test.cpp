#include "feeds/bybit/decoder.hpp"
#include "tests/feeds/venue_fuzz.hpp"

#include <filesystem>

/// The fuzzer's corpus through the fuzzer's own entry, so that what it once found stays found without it.
TEST(BybitCorpus, DecodesAlikeBothWays) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/feeds/bybit/corpus"}) {
        SCOPED_TRACE(entry.path());
        EXPECT_EQ(test::fuzz_venue<feeds::bybit::Decoder>(test::file_bytes(entry.path())), "");
        ++files;
    }
    EXPECT_GE(files, 8);
}
