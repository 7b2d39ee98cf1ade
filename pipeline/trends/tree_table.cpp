#include "pipeline/trends/tree_table.hpp"

#include "pipeline/trends/ftrl.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

namespace pipeline::ai {

std::string_view name(Target target) noexcept {
    return target == Target::direction ? "direction" : "trap";
}

std::string_view name(TreeRefusal refusal) noexcept {
    static constexpr std::array<std::string_view, 12> names{
        "unreadable",  "not_a_table", "malformed",      "wrong_schema", "wrong_target", "out_of_range",
        "child_order", "too_deep",    "too_many_nodes", "not_finite",   "incomplete",   "trailing"};
    return names[static_cast<std::size_t>(refusal)];
}

std::string TreeProblem::text() const {
    std::string out = file;
    if (line != 0) out += ":" + std::to_string(line);
    return out + ": " + std::string{name(refusal)} + ": expected " + expected;
}

namespace {

std::string hex(std::uint64_t value) {
    std::array<char, 17> text{};
    const auto end = std::to_chars(text.data(), text.data() + 16, value, 16).ptr;
    const std::string digits{text.data(), end};
    return std::string(16 - digits.size(), '0') + digits;
}

template <class T>
std::optional<T> number(std::string_view word) noexcept {
    T value{};
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) return std::nullopt;
    return value;
}

/// The lines of the text, as words; empty lines are skipped.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_{text} {}

    bool next() {
        words_.clear();
        while (words_.empty()) {
            if (rest_.empty()) return false;
            ++line_;
            const auto end = rest_.find('\n');
            split(rest_.substr(0, end));
            rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
        }
        return true;
    }
    [[nodiscard]] std::size_t line() const noexcept { return line_; }
    [[nodiscard]] const std::vector<std::string_view>& words() const noexcept { return words_; }

private:
    void split(std::string_view line) {
        constexpr std::string_view blank = " \t\r";
        while (true) {
            const auto begin = line.find_first_not_of(blank);
            if (begin == std::string_view::npos) return;
            line.remove_prefix(begin);
            const auto end = std::min(line.find_first_of(blank), line.size());
            words_.push_back(line.substr(0, end));
            line.remove_prefix(end);
        }
    }
    std::string_view rest_;
    std::size_t line_{};
    std::vector<std::string_view> words_;
};

/// A refusal without its place.
struct Refused {
    TreeRefusal refusal{};
    std::string expected;
};
using Maybe = std::optional<Refused>;

Maybe read_header(const std::vector<std::string_view>& w, Target target, double& base, std::size_t& trees) {
    if (w.size() != 8 || w[0] != "schema" || w[2] != "target" || w[4] != "base" || w[6] != "trees")
        return Refused{TreeRefusal::malformed, "schema HASH target NAME base NUMBER trees COUNT"};
    if (w[1] != hex(schema_hash()))
        return Refused{TreeRefusal::wrong_schema, "schema " + hex(schema_hash()) + ", trained on these features"};
    if (w[3] != name(target)) return Refused{TreeRefusal::wrong_target, "target " + std::string{name(target)}};
    const auto read_base = number<double>(w[5]);
    const auto count = number<std::uint32_t>(w[7]);
    if (!read_base || !count) return Refused{TreeRefusal::malformed, "numbers behind base and trees"};
    if (!std::isfinite(*read_base)) return Refused{TreeRefusal::not_finite, "a finite base"};
    if (*count > max_trees)
        return Refused{TreeRefusal::out_of_range, "at most " + std::to_string(max_trees) + " trees"};
    base = *read_base;
    trees = *count;
    return std::nullopt;
}

Maybe read_node(const std::vector<std::string_view>& w, std::size_t index, std::size_t count, TreeNode& node) {
    static const std::string shape = "FEATURE THRESHOLD LEFT RIGHT MISSING_LEFT VALUE";
    if (w.size() != 6) return Refused{TreeRefusal::malformed, shape};
    const auto feature = number<int>(w[0]);
    const auto threshold = number<double>(w[1]);
    const auto left = number<std::int64_t>(w[2]), right = number<std::int64_t>(w[3]);
    const auto value = number<double>(w[5]);
    if (!feature || !threshold || !left || !right || !value || (w[4] != "0" && w[4] != "1"))
        return Refused{TreeRefusal::malformed, shape};
    if (!std::isfinite(*threshold) || !std::isfinite(*value))
        return Refused{TreeRefusal::not_finite, "finite threshold and value"};
    if (*feature < -1 || *feature >= static_cast<int>(feature_count))
        return Refused{TreeRefusal::out_of_range,
                       "a feature from 0 to " + std::to_string(feature_count - 1) + ", or -1 for a leaf"};
    node.feature = static_cast<std::int16_t>(*feature);
    node.threshold = *threshold;
    node.value = *value;
    node.missing_left = w[4] == "1";
    if (node.feature < 0) return std::nullopt;
    for (const auto child : {*left, *right}) {
        if (child < 0 || child >= static_cast<std::int64_t>(count))
            return Refused{TreeRefusal::out_of_range, "children from 0 to " + std::to_string(count - 1)};
        if (child <= static_cast<std::int64_t>(index))
            return Refused{TreeRefusal::child_order, "children behind their parent"};
    }
    node.left = static_cast<std::uint16_t>(*left);
    node.right = static_cast<std::uint16_t>(*right);
    return std::nullopt;
}

Maybe read_tree(Lines& lines, std::vector<TreeNode>& nodes) {
    const auto& w = lines.words();
    const auto count = w.size() == 2 && w[0] == "tree" ? number<std::uint32_t>(w[1]) : std::nullopt;
    if (!count) return Refused{TreeRefusal::malformed, "tree NODES"};
    if (*count > max_tree_nodes)
        return Refused{TreeRefusal::too_many_nodes, "at most " + std::to_string(max_tree_nodes) + " nodes"};
    if (*count == 0) return Refused{TreeRefusal::out_of_range, "at least one node"};
    nodes.assign(*count, {});
    std::vector<std::size_t> depth(*count, 0);
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!lines.next()) return Refused{TreeRefusal::incomplete, "another node"};
        if (auto refused = read_node(lines.words(), i, nodes.size(), nodes[i])) return refused;
        if (nodes[i].feature < 0) continue;
        if (depth[i] + 1 > max_tree_depth)
            return Refused{TreeRefusal::too_deep, "a depth of at most " + std::to_string(max_tree_depth)};
        for (const auto child : {nodes[i].left, nodes[i].right}) depth[child] = std::max(depth[child], depth[i] + 1);
    }
    return std::nullopt;
}

}  // namespace

core::Result<TreeTable, TreeProblem> parse_trees(std::string_view text, Target target, const std::string& file) {
    Lines lines{text};
    const auto refuse = [&](Refused refused) {
        return TreeProblem{refused.refusal, file, lines.line(), std::move(refused.expected)};
    };
    if (!lines.next() || lines.words().size() != 2 || lines.words()[0] != "omega-trees" || lines.words()[1] != "1")
        return refuse({TreeRefusal::not_a_table, "omega-trees 1"});
    double base{};
    std::size_t trees{};
    if (!lines.next()) return refuse({TreeRefusal::incomplete, "a line that begins with schema"});
    if (auto refused = read_header(lines.words(), target, base, trees)) return refuse(std::move(*refused));

    TreeTable table{target, base};
    std::vector<TreeNode> nodes;
    for (std::size_t i = 0; i < trees; ++i) {
        if (!lines.next()) return refuse({TreeRefusal::incomplete, std::to_string(trees) + " trees"});
        if (auto refused = read_tree(lines, nodes)) return refuse(std::move(*refused));
        table.add_tree(nodes);
    }
    if (lines.next()) return refuse({TreeRefusal::trailing, "nothing behind the last tree"});
    return table;
}

core::Result<TreeTable, TreeProblem> load_trees(const std::filesystem::path& file, Target target) {
    std::ifstream in{file, std::ios::binary};
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in.is_open() || in.bad())
        return TreeProblem{TreeRefusal::unreadable, file.string(), 0, "a readable table of omega train"};
    return parse_trees(text, target, file.string());
}

void TreeTable::add_tree(const std::vector<TreeNode>& nodes) {
    roots_.push_back(static_cast<std::uint32_t>(nodes_.size()));
    nodes_.insert(nodes_.end(), nodes.begin(), nodes.end());
}

double TreeTable::logit(const Features& features) const noexcept {
    double sum = base_;
    for (const std::uint32_t root : roots_) {
        const TreeNode* const tree = &nodes_[root];
        const TreeNode* node = tree;
        while (node->feature >= 0) {
            const double x = features[static_cast<std::size_t>(node->feature)];
            const bool left = core::known(x) ? x <= node->threshold : node->missing_left;
            node = tree + (left ? node->left : node->right);
        }
        sum += node->value;
    }
    return sum;
}

double TreeTable::predict(const Features& features) const noexcept {
    return logistic(logit(features));
}

std::string TreeTable::text() const {
    const auto shortest = [](double x) {
        std::array<char, 32> text{};
        return std::string{text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
    };
    std::ostringstream out;
    out << "omega-trees 1\nschema " << hex(schema_hash()) << "  target " << name(target_) << "  base "
        << shortest(base_) << "  trees " << roots_.size() << '\n';
    for (std::size_t t = 0; t < roots_.size(); ++t) {
        const std::size_t end = t + 1 < roots_.size() ? roots_[t + 1] : nodes_.size();
        out << "tree " << end - roots_[t] << '\n';
        for (std::size_t i = roots_[t]; i < end; ++i) {
            const TreeNode& n = nodes_[i];
            out << n.feature << ' ' << shortest(n.threshold) << ' ' << n.left << ' ' << n.right << ' '
                << (n.missing_left ? 1 : 0) << ' ' << shortest(n.value) << '\n';
        }
    }
    return out.str();
}

}  // namespace pipeline::ai
