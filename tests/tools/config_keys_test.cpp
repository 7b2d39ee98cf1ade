// No key without effect: every field that a key is bound to is read somewhere in the sources, and where it is read only
// to be refused the key says so.
#include "tools/omega/settings.hpp"

#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>

namespace {

const std::filesystem::path root{OMEGA_SOURCE_DIR};
const std::set<std::string> declaring{"tools/omega/settings.cpp", "tools/omega/live/settings.cpp"};

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in{file};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Names of the fields that keys are bound to, as `add("key", settings.part.field, …)` has them.
std::map<std::string, std::string> bound_fields() {
    std::map<std::string, std::string> fields;  // to one of its keys
    for (const auto& file : declaring) {
        const auto text = text_of(root / file);
        for (const std::string call : {"add(", "period("})
            for (auto at = text.find(call); at != std::string::npos; at = text.find(call, at + 1)) {
                const auto comma = text.find(',', at);
                if (comma == std::string::npos) break;
                const auto begin = text.find_first_not_of(" \n", comma + 1);
                const auto end = text.find_first_of(",(){}\" ", begin);
                const auto field = text.substr(begin, end - begin);
                const auto last = field.find_last_of(".>");
                if (text[end] != ',' || last == std::string::npos) continue;
                fields.emplace(field.substr(last + 1), text.substr(at + call.size(), comma - at - call.size()));
            }
    }
    return fields;
}

/// Every name behind a '.' or "->" in what is not a declaration of keys: what is read, or set from what was read.
std::set<std::string> names_read() {
    std::set<std::string> names;
    for (const char* folder : {"core", "feeds", "pipeline", "strategies", "gateways", "tools"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator{root / folder}) {
            const auto& path = entry.path();
            if (path.extension() != ".cpp" && path.extension() != ".hpp") continue;
            if (declaring.contains(std::filesystem::relative(path, root).generic_string())) continue;
            const auto text = text_of(path);
            for (std::size_t i = 1; i < text.size(); ++i) {
                if (text[i - 1] != '.' && !(text[i - 1] == '>' && i > 1 && text[i - 2] == '-')) continue;
                auto end = i;
                while (end < text.size() && (std::isalnum(static_cast<unsigned char>(text[end])) || text[end] == '_'))
                    ++end;
                // ".field = value" in braces sets it: what is only set is not read.
                auto next = end;
                while (next < text.size() && text[next] == ' ') ++next;
                const bool sets = next + 1 < text.size() && text[next] == '=' && text[next + 1] != '=';
                if (end > i && !sets) names.insert(text.substr(i, end - i));
            }
        }
    return names;
}

}  // namespace

TEST(ConfigKeys, EveryFieldThatAKeyIsBoundToIsReadSomewhere) {
    const auto fields = bound_fields();
    const auto read = names_read();
    EXPECT_GT(fields.size(), 150u) << "the declarations are found";
    EXPECT_FALSE(read.contains("a_field_that_nobody_has"));
    for (const auto& [field, key] : fields) EXPECT_TRUE(read.contains(field)) << key << " is bound to " << field;
}

TEST(ConfigKeys, WhatNothingHereCouldSeeIsRefused) {
    omega::Settings settings;
    const auto schema = omega::make_schema(settings);
    for (const char* key : {"risk_appetite", "confidence", "emotional_intensity", "insight_level"}) {
        const auto full = std::string{"cosmic.apply."} + key;
        bool guarded = false;
        for (const auto& requirement : schema.requirements())
            guarded = guarded ||
                      (requirement.keys == std::vector{full} && requirement.expected.starts_with("expected false"));
        EXPECT_TRUE(guarded) << full;
    }
}
