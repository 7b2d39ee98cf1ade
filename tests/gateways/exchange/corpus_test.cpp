#include "tests/gateways/exchange/fuzz_answer.hpp"
#include "tests/gateways/exchange/golden.hpp"

#include <gtest/gtest.h>

/// The fuzzer's corpus, and every beginning of each of its files, through the fuzzer's own entry.
TEST(ExchangeCorpus, IsReadWhateverIsCutOff) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/fuzz/corpus/exchange"}) {
        const auto text = test::text_of(entry.path());
        SCOPED_TRACE(entry.path().filename().string());
        for (std::size_t size = 0; size <= text.size(); ++size)
            ASSERT_EQ(test::fuzz_answer(std::string_view{text}.substr(0, size)), "") << size;
        ++files;
    }
    EXPECT_GT(files, 10u);
}
