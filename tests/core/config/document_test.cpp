#include "core/config/document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace core;
using testing::HasSubstr;

namespace {

std::string refusal(const std::string& text) {
    const auto document = read_document(text, "f");
    const auto* problem = std::get_if<Problem>(&document);
    return problem == nullptr ? "accepted" : to_text(*problem);
}

std::string repeated(std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

}  // namespace

TEST(Document, KeepsPlacesAndQuotes) {
    const auto document = read_document("a: 1\nb:\n  - 'x'\n", "f");
    const auto& root = std::get<Node>(document);
    ASSERT_EQ(root.entries.size(), 2U);
    EXPECT_EQ(root.entries[0].value.text, "1");
    EXPECT_FALSE(root.entries[0].value.quoted);
    const auto& item = root.entries[1].value.entries[0].value;
    EXPECT_EQ(item.text, "x");
    EXPECT_TRUE(item.quoted);
    EXPECT_EQ(item.line, 3);
    EXPECT_EQ(item.column, 5);
}

TEST(Document, RefusesWhatAConfigurationDoesNotNeed) {
    const std::pair<std::string, std::string> cases[] = {
        {"a: &x 1", "f:1:4: anchors and aliases are not allowed; write the value out"},
        {"a: !!int 1", "f:1:4: tags are not allowed; remove tag:yaml.org,2002:int"},
        {"a: 1\n---\nb: 2", "f:2:1: expected one document; remove what follows the second '---'"},
        {"a: 1\nb: 2\na: 3", "f:3:1: a is given twice; the first is in line 1"},
        {"[a]: 1", "f:1:1: expected a name as key"},
        {std::string("a: \x01"), "f:1:4: control character; is this a text file?"},
        {std::string("a: 1\nb\0: 2", 10), "f:2:2: control character; is this a text file?"},
    };
    for (const auto& [text, message] : cases) EXPECT_EQ(refusal(text), message) << text;
}

TEST(Document, SaysWhereTheSyntaxBreaks) {
    for (const auto* text : {"a: [1, 2", "a: b: c", "a:\n\t- 1", "a: \"x", "}", "a: 'x\nb: 2", "%YAML 9"})
        EXPECT_THAT(refusal(text), HasSubstr("not YAML")) << text;
}

TEST(Document, IsBoundedInSizeDepthAndNumber) {
    EXPECT_EQ(refusal(std::string(max_document_bytes + 1, ' ')),
              "f: larger than 1048576 bytes; is this the configuration file?");
    EXPECT_THAT(refusal("a: " + repeated("[", 17) + repeated("]", 17)), HasSubstr("nested deeper than 16"));
    EXPECT_THAT(refusal("a: " + repeated("[", 200'000)), HasSubstr("nested deeper than 16"));
    EXPECT_THAT(refusal(repeated("{a: ", 100'000)), HasSubstr("nested deeper than 16"));
    EXPECT_THAT(refusal("a: [" + repeated("1,", 120'000) + "]"), HasSubstr("more than 100000 values"));
    std::string keys;
    for (int i = 0; i < 5000; ++i) keys += "k" + std::to_string(i) + ": 1\n";
    EXPECT_THAT(refusal(keys), HasSubstr("more than 4096 keys in one map"));
}

TEST(Document, DoesNotUnfoldABombOfAliases) {
    std::string bomb = "a: &a [x,x,x,x,x,x,x,x]\n";
    for (char name = 'b'; name < 'k'; ++name) {
        const std::string earlier{'*', static_cast<char>(name - 1)};
        bomb += std::string{name} + ": &" + name + " [" + repeated(earlier + ",", 8) + "]\n";
    }
    EXPECT_EQ(refusal(bomb), "f:1:4: anchors and aliases are not allowed; write the value out");
}
