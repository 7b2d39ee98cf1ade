#include "tests/feeds/binance/fuzz_entry.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

/// The fuzzer's corpus through the fuzzer's own entry, so that what it once found stays found without it.
TEST(BinanceCorpus, DecodesAlikeBothWays) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/feeds/binance/corpus"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        EXPECT_EQ(test::fuzz_binance(bytes), "") << entry.path();
        ++files;
    }
    EXPECT_GE(files, 20U);
}
