#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

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

const std::filesystem::path root{OMEGA_SOURCE_DIR};

template <class F>
void for_each_source(const std::string& folder, F&& f) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
        if (entry.path().extension() != ".hpp" && entry.path().extension() != ".cpp") continue;
        std::ifstream file{entry.path()};
        const std::string text{std::istreambuf_iterator<char>{file}, {}};
        f(std::filesystem::relative(entry.path(), root), text);
    }
}

std::vector<std::string> quoted_includes(const std::string& text) {
    std::vector<std::string> found;
    constexpr std::string_view directive = "#include \"";
    for (auto at = text.find(directive); at != std::string::npos; at = text.find(directive, at + 1)) {
        const auto begin = at + directive.size();
        found.push_back(text.substr(begin, text.find('"', begin) - begin));
    }
    return found;
}

}  // namespace

TEST(Includes, FollowTheArrowsOfTheDesign) {
    std::size_t read = 0;
    for (const auto& [folder, allowed] : may_include) {
        for_each_source(folder, [&](const std::filesystem::path& path, const std::string& text) {
            for (const auto& include : quoted_includes(text)) {
                ++read;
                const auto top = include.substr(0, include.find('/'));
                EXPECT_TRUE(allowed.contains(top)) << path.string() << ": " << folder << " may not include " << include;
                EXPECT_TRUE(std::filesystem::exists(root / include))
                    << path.string() << ": includes start at the root: " << include;
            }
        });
    }
    EXPECT_GT(read, 100u);
}

TEST(Includes, EveryHeaderIsGuarded) {
    for (const auto& [folder, allowed] : may_include) {
        for_each_source(folder, [&](const std::filesystem::path& path, const std::string& text) {
            if (path.extension() == ".hpp") {
                EXPECT_NE(text.find("#pragma once"), std::string::npos) << path.string();
            }
        });
    }
}
