#include "pipeline/trends/tree_table.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>
#include <vector>

using namespace pipeline::ai;

namespace {

const std::string good =
    "omega-trees 1\n"
    "schema 7b2a2b18ed653db1  target direction  base -0.1  trees 2\n"
    "tree 3\n"
    "17 0.5 1 2 1 0\n"
    "-1 0 0 0 0 0.4\n"
    "-1 0 0 0 0 0.7\n"
    "tree 1\n"
    "-1 0 0 0 0 -0.25\n";

std::string with(const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
}

}  // namespace

TEST(TreeTable, AddsTheLeavesToTheBase) {
    const auto table = parse_trees(good, Target::direction, "good");
    ASSERT_TRUE(table);
    Features features{};
    features[17] = .5;
    EXPECT_NEAR(table->predict(features), .512497, 5e-7);
    features[17] = .51;
    EXPECT_NEAR(table->logit(features), .35, 1e-12);
    features[17] = core::unknown;
    EXPECT_NEAR(table->logit(features), .05, 1e-12) << "missing goes left here";
    EXPECT_EQ(table->trees(), 2u);
}

TEST(TreeTable, SurvivesItsOwnText) {
    const auto table = parse_trees(good, Target::direction, "good");
    ASSERT_TRUE(table);
    EXPECT_EQ(parse_trees(table->text(), Target::direction, "again"), *table);
}

TEST(TreeTable, RefusesWithFileAndLine) {
    struct Row {
        std::string text;
        TreeRefusal refusal;
        std::size_t line;
    };
    std::string deep = "omega-trees 1\nschema 7b2a2b18ed653db1 target direction base 0 trees 1\ntree 35\n";
    for (int i = 0; i < 17; ++i)  // the right child of every inner node is the next inner node
        deep += "0 0 " + std::to_string(2 * i + 1) + " " + std::to_string(2 * i + 2) + " 0 0\n-1 0 0 0 0 0\n";
    deep += "-1 0 0 0 0 0\n";
    for (const auto& [text, refusal, line] : std::vector<Row>{
             {"", TreeRefusal::not_a_table, 0},
             {with("omega-trees 1", "omega-trees 2"), TreeRefusal::not_a_table, 1},
             {"omega-trees 1\n", TreeRefusal::incomplete, 1},
             {with("7b2a", "7b2b"), TreeRefusal::wrong_schema, 2},
             {with("target direction", "target trap"), TreeRefusal::wrong_target, 2},
             {with("base -0.1", "base x"), TreeRefusal::malformed, 2},
             {with("base -0.1", "base inf"), TreeRefusal::not_finite, 2},
             {with("trees 2", "trees 3"), TreeRefusal::incomplete, 8},
             {with("trees 2", "trees 1"), TreeRefusal::trailing, 7},
             {with("trees 2", "trees 10001"), TreeRefusal::out_of_range, 2},
             {with("trees 2", "trees -2"), TreeRefusal::malformed, 2},
             {with("tree 3", "tree 4097"), TreeRefusal::too_many_nodes, 3},
             {with("tree 3", "tree 0"), TreeRefusal::out_of_range, 3},
             {with("tree 3", "trees 3"), TreeRefusal::malformed, 3},
             {with("17 0.5 1 2 1 0", "35 0.5 1 2 1 0"), TreeRefusal::out_of_range, 4},
             {with("17 0.5 1 2 1 0", "-2 0.5 1 2 1 0"), TreeRefusal::out_of_range, 4},
             {with("17 0.5 1 2 1 0", "17 0.5 1 3 1 0"), TreeRefusal::out_of_range, 4},
             {with("17 0.5 1 2 1 0", "17 0.5 0 2 1 0"), TreeRefusal::child_order, 4},
             {with("17 0.5 1 2 1 0", "17 nan 1 2 1 0"), TreeRefusal::not_finite, 4},
             {with("17 0.5 1 2 1 0", "17 0.5 1 2 2 0"), TreeRefusal::malformed, 4},
             {with("17 0.5 1 2 1 0", "17 0.5 1 2 1"), TreeRefusal::malformed, 4},
             {with("0.7", "1e999"), TreeRefusal::malformed, 6},
             {with("0.7", "-inf"), TreeRefusal::not_finite, 6},
             {deep, TreeRefusal::too_deep, 36},
         }) {
        SCOPED_TRACE(text.substr(0, 200));
        const auto table = parse_trees(text, Target::direction, "model.txt");
        ASSERT_FALSE(table);
        EXPECT_EQ(name(table.error().refusal), name(refusal)) << table.error().text();
        EXPECT_EQ(table.error().line, line) << table.error().text();
        EXPECT_EQ(table.error().text().find("model.txt"), 0u);
    }
}

TEST(TreeTable, SaysWhichFileCannotBeRead) {
    const auto table = load_trees("/nowhere/model.txt", Target::trap);
    ASSERT_FALSE(table);
    EXPECT_EQ(table.error().refusal, TreeRefusal::unreadable);
    EXPECT_NE(table.error().text().find("/nowhere/model.txt"), std::string::npos);
}

RC_GTEST_PROP(TreeTableProperty, NoCutOfATableIsATable, ()) {
    const auto length = *rc::gen::inRange<std::size_t>(0, good.size() - 1);
    const auto table = parse_trees(std::string_view{good}.substr(0, length), Target::direction, "cut");
    // The last line may be cut inside its value, which still reads as a number: everything else is refused.
    if (length <= good.rfind("-0.25")) RC_ASSERT(!table);
}
