#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

// The house's one rule of dependencies: which top folder may include which.
namespace {

const std::map<std::string, std::set<std::string>> may_include{
    {"core", {"core"}},
    {"feeds", {"feeds", "core"}},
    {"pipeline", {"pipeline", "core"}},
    {"strategies", {"strategies", "core", "pipeline"}},
    {"gateways", {"gateways", "core"}},
    {"tools", {"tools", "core", "feeds", "pipeline", "strategies", "gateways"}},
};

}  // namespace

TEST(Includes, FollowTheArrowsOfTheDesign) {
    const std::filesystem::path root{OMEGA_SOURCE_DIR};
    const std::regex include{R"(^\s*#\s*include\s*"([^"/]+)/[^"]*")"};
    std::size_t read = 0;
    for (const auto& [folder, allowed] : may_include) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            std::ifstream file{entry.path()};
            std::string line;
            for (int number = 1; std::getline(file, line); ++number) {
                std::smatch match;
                if (!std::regex_search(line, match, include)) continue;
                ++read;
                EXPECT_TRUE(allowed.contains(match[1].str())) << std::filesystem::relative(entry.path(), root).string() << ":" << number << ": " << folder << " may not include " << match[1];
            }
        }
    }
    EXPECT_GT(read, 100u);
}

TEST(Includes, EveryHeaderIsGuardedAndEveryQuotedIncludeStartsAtTheRoot) {
    const std::filesystem::path root{OMEGA_SOURCE_DIR};
    const std::regex quoted{R"(^\s*#\s*include\s*"([^"]+)\")"};
    for (const auto& [folder, allowed] : may_include) {
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            std::ifstream file{entry.path()};
            std::string line, text;
            while (std::getline(file, line)) {
                text += line + "\n";
                std::smatch match;
                if (std::regex_search(line, match, quoted)) EXPECT_TRUE(std::filesystem::exists(root / match[1].str())) << entry.path() << ": " << line;
            }
            if (extension == ".hpp") EXPECT_NE(text.find("#pragma once"), std::string::npos) << entry.path();
        }
    }
}
