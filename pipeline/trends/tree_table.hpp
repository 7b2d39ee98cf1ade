#pragma once

#include "core/domain/result.hpp"
#include "pipeline/trends/features.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace pipeline::ai {

/// What a model predicts.
enum class Target : std::uint8_t { direction, trap };
inline constexpr std::size_t target_count = 2;
std::string_view name(Target target) noexcept;

/// Why a table was refused.
enum class TreeRefusal : std::uint8_t {
    unreadable,      ///< the file cannot be read
    not_a_table,     ///< the first line is not "omega-trees 1"
    malformed,       ///< a line has another shape
    wrong_schema,    ///< trained on other features
    wrong_target,    ///< trained for the other target
    out_of_range,    ///< a feature, a count or a child that does not exist
    child_order,     ///< a child's index is not above its parent's: it could be a cycle
    too_deep,        ///< deeper than max_tree_depth
    too_many_nodes,  ///< more than max_tree_nodes
    not_finite,      ///< a value is infinite or no number
    incomplete,      ///< the file ends before it is whole
    trailing         ///< something follows the last tree
};
std::string_view name(TreeRefusal refusal) noexcept;

/// A refused table: where and why, and what was expected.
struct TreeProblem {
    TreeRefusal refusal{};
    std::string file;
    std::size_t line{};  ///< from 1; 0: the file as a whole
    std::string expected;
    [[nodiscard]] std::string text() const;  ///< "FILE:LINE: wrong_schema: expected …"
};

inline constexpr std::size_t max_tree_depth = 16, max_tree_nodes = 4096, max_trees = 10'000;

/// A node; a leaf has feature −1 and only its value. `missing_left`: where an unknown feature goes.
struct TreeNode {
    double threshold{}, value{};
    std::uint16_t left{}, right{};  ///< within the tree
    std::int16_t feature{-1};
    bool missing_left{};
    friend bool operator==(const TreeNode&, const TreeNode&) = default;
};

/// An ensemble of small trees, flat in memory; read at start, never changed. Takes raw features, unknown ones too.
class TreeTable {
public:
    explicit TreeTable(Target target = {}, double base = 0) : base_{base}, target_{target} {}

    /// Base plus the leaf of every tree, in file order.
    [[nodiscard]] double logit(const Features& features) const noexcept;
    /// Probability of the label 1.
    [[nodiscard]] double predict(const Features& features) const noexcept;

    void add_tree(const std::vector<TreeNode>& nodes);
    [[nodiscard]] std::size_t trees() const noexcept { return roots_.size(); }
    [[nodiscard]] std::size_t nodes() const noexcept { return nodes_.size(); }
    [[nodiscard]] Target target() const noexcept { return target_; }

    /// The versioned text form; numbers survive exactly.
    [[nodiscard]] std::string text() const;

    friend bool operator==(const TreeTable&, const TreeTable&) = default;

private:
    double base_{};
    Target target_{};
    std::vector<std::uint32_t> roots_;
    std::vector<TreeNode> nodes_;
};

/// Reads the text form for `target`. `file` only names it in problems.
core::Result<TreeTable, TreeProblem> parse_trees(std::string_view text, Target target, const std::string& file);
core::Result<TreeTable, TreeProblem> load_trees(const std::filesystem::path& file, Target target);

}  // namespace pipeline::ai
