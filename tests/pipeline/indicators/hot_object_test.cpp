#include <gtest/gtest.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace {

std::vector<std::string> symbols_of(const std::string& library) {
    const std::string command = "nm -A -C --defined-only " + library + " 2>/dev/null";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> pipe{::popen(command.c_str(), "r"), ::pclose};
    std::vector<std::string> lines;
    char line[4096];
    while (pipe != nullptr && std::fgets(line, sizeof line, pipe.get()) != nullptr) lines.emplace_back(line);
    return lines;
}

}  // namespace

/// Whatever a source compiled for AVX-512 defines under a name that others may define, too, the linker may keep for
/// everybody: an illegal instruction on a processor without it. Letters of nm: W is such a function, T a global one.
TEST(HotAvx512, LeavesNoFunctionThatTheLinkerCouldGiveToOthers) {
    std::vector<std::string> shared, global;
    for (const auto& line : symbols_of(OMEGA_PIPELINE_LIBRARY)) {
        if (line.find("hot_avx512") == std::string::npos) continue;
        if (line.find(" W ") != std::string::npos || line.find(" u ") != std::string::npos) shared.push_back(line);
        if (line.find(" T ") != std::string::npos) global.push_back(line);
    }
    if (global.empty()) GTEST_SKIP() << "nm cannot read the library";
    EXPECT_TRUE(shared.empty()) << shared.front();
    ASSERT_EQ(global.size(), 1u);
    EXPECT_NE(global[0].find("make_avx512_engine"), std::string::npos) << global[0];
}
