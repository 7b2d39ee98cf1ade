#include "tests/pipeline/flow/journal_fuzz_entry.hpp"

#include <gtest/gtest.h>

#include <iterator>

/// The fuzzer's corpus through the fuzzer's own entry, so that what it once found stays found without it.
TEST(JournalCorpus, IsReadToItsLastWholeRecord) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/fuzz/corpus/journal"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string bytes{std::istreambuf_iterator<char>{in}, {}};
        EXPECT_EQ(test::fuzz_journal(bytes), "") << entry.path();
        ++files;
    }
    EXPECT_GE(files, 6U);
}
