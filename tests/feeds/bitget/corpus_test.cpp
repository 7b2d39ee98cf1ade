#include "feeds/bitget/decoder.hpp"
#include "tests/feeds/venue_fuzz.hpp"

#include <filesystem>

/// The fuzzer's corpus through the fuzzer's own entry, so that what it once found stays found without it.
TEST(BitgetCorpus, DecodesAlikeBothWays) {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/feeds/bitget/corpus"}) {
        SCOPED_TRACE(entry.path());
        EXPECT_EQ(test::fuzz_venue<feeds::bitget::Decoder>(test::file_bytes(entry.path())), "");
        ++files;
    }
    EXPECT_GE(files, 8);
}
