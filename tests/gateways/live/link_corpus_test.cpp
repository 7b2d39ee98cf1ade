#include "core/random/xoshiro.hpp"
#include "tests/gateways/live/link_fuzz_entry.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace test {
namespace {

std::vector<std::pair<std::string, std::string>> corpus() {
    std::vector<std::pair<std::string, std::string>> all;
    for (const auto& entry : std::filesystem::directory_iterator{OMEGA_SOURCE_DIR "/tests/fuzz/corpus/private_link"}) {
        std::ifstream in{entry.path(), std::ios::binary};
        std::ostringstream text;
        text << in.rdbuf();
        all.emplace_back(entry.path().filename().string(), text.str());
    }
    std::sort(all.begin(), all.end());
    return all;
}

TEST(PrivateLinkCorpus, KeepsItsPromisesAtEveryEndOfLine) {
    const auto files = corpus();
    EXPECT_GE(files.size(), 6u);
    for (const auto& [name, text] : files) {
        SCOPED_TRACE(name);
        for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', end + 1))
            ASSERT_EQ(fuzz_link(std::string_view{text}.substr(0, end)), "") << end;
        ASSERT_EQ(fuzz_link(text), "");
    }
}

TEST(PrivateLinkCorpus, KeepsItsPromisesWhenItsBytesAreChanged) {
    core::Xoshiro chance{20'240'808};
    for (const auto& [name, text] : corpus())
        for (int round = 0; round < 60; ++round) {
            auto bent = text;
            for (auto changes = 1 + chance.below(6); changes > 0 && bent.size() > 1; --changes) {
                const auto at = static_cast<std::size_t>(chance.below(bent.size()));
                switch (chance.below(3)) {
                    case 0: bent[at] = static_cast<char>(chance.below(256)); break;
                    case 1: bent.erase(at, static_cast<std::size_t>(1 + chance.below(20))); break;
                    default: {  // a line once more, somewhere else
                        const auto begin = bent.rfind('\n', at) + 1, end = std::min(bent.find('\n', at), bent.size());
                        bent.insert(begin, bent.substr(begin, end - begin) + "\n");
                    }
                }
            }
            ASSERT_EQ(fuzz_link(bent), "") << name << ' ' << round << '\n' << bent;
        }
}

}  // namespace
}  // namespace test
