#include "tools/omega/training/boosting.hpp"

#include "pipeline/trends/ftrl.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace omega {

namespace {

using pipeline::ai::feature_count;
using pipeline::ai::TreeNode;

/// Gradient and curvature of the loss, summed.
struct Slope {
    double g{}, h{};
    std::uint32_t rows{};
    void add(double gradient, double curvature) noexcept {
        g += gradient;
        h += curvature;
        ++rows;
    }
    friend Slope operator+(const Slope& a, const Slope& b) noexcept { return {a.g + b.g, a.h + b.h, a.rows + b.rows}; }
    friend Slope operator-(const Slope& a, const Slope& b) noexcept { return {a.g - b.g, a.h - b.h, a.rows - b.rows}; }
};

/// The features as numbers of bins: 0 is unknown, bin b holds edges[b-2] < x <= edges[b-1].
class Binned {
public:
    Binned(std::span<const Example> examples, std::uint32_t bins) : rows_{examples.size()} {
        values_.resize(feature_count * rows_);
        std::vector<double> seen;
        for (std::size_t f = 0; f < feature_count; ++f) {
            seen.clear();
            for (const auto& example : examples)
                if (const double x = (*example.features)[f]; core::known(x)) seen.push_back(x);
            std::sort(seen.begin(), seen.end());
            auto& edges = edges_[f];
            for (std::uint32_t b = 1; b < bins && !seen.empty(); ++b) {
                const double edge = seen[seen.size() * b / bins];
                if ((edges.empty() || edge > edges.back()) && edge < seen.back()) edges.push_back(edge);
            }
            for (std::size_t i = 0; i < rows_; ++i) values_[f * rows_ + i] = bin(f, (*examples[i].features)[f]);
        }
    }
    [[nodiscard]] std::uint8_t operator()(std::size_t feature, std::size_t row) const noexcept {
        return values_[feature * rows_ + row];
    }
    [[nodiscard]] const std::vector<double>& edges(std::size_t feature) const noexcept { return edges_[feature]; }

private:
    [[nodiscard]] std::uint8_t bin(std::size_t f, double x) const noexcept {
        if (!core::known(x)) return 0;
        const auto& edges = edges_[f];
        return static_cast<std::uint8_t>(std::lower_bound(edges.begin(), edges.end(), x) - edges.begin() + 1);
    }
    std::size_t rows_;
    std::vector<std::uint8_t> values_;
    std::array<std::vector<double>, feature_count> edges_;
};

struct Split {
    double gain{};
    std::size_t feature{}, edge{};
    bool missing_left{};
    bool found{};
};

/// Grows one tree on the rows' gradients.
class Grower {
public:
    Grower(const Binned& binned, const std::vector<double>& gradients, const std::vector<double>& curvatures,
           const BoostingSettings& settings)
        : binned_{binned}, g_{gradients}, h_{curvatures}, settings_{settings} {}

    /// Nodes in breadth-first order, so that children stand behind their parents.
    std::vector<TreeNode> grow(std::vector<std::uint32_t> rows) {
        std::vector<TreeNode> nodes(1);
        std::vector<std::vector<std::uint32_t>> members{std::move(rows)};
        std::vector<std::uint32_t> depths{0};
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const Slope all = sum(members[i]);
            nodes[i].value = -settings_.shrinkage * all.g / (all.h + settings_.l2);
            if (depths[i] == settings_.depth) continue;
            const Split split = best(members[i], all);
            if (!split.found) continue;
            std::array<std::vector<std::uint32_t>, 2> sides;
            for (const auto row : members[i]) sides[goes_left(split, row) ? 0 : 1].push_back(row);
            nodes[i].feature = static_cast<std::int16_t>(split.feature);
            nodes[i].threshold = binned_.edges(split.feature)[split.edge];
            nodes[i].missing_left = split.missing_left;
            nodes[i].left = static_cast<std::uint16_t>(nodes.size());
            nodes[i].right = static_cast<std::uint16_t>(nodes.size() + 1);
            nodes[i].value = 0;
            members[i].clear();
            for (auto& side : sides) {
                nodes.emplace_back();
                members.push_back(std::move(side));
                depths.push_back(depths[i] + 1);
            }
        }
        return nodes;
    }

private:
    [[nodiscard]] bool goes_left(const Split& split, std::uint32_t row) const noexcept {
        const auto bin = binned_(split.feature, row);
        return bin == 0 ? split.missing_left : bin <= split.edge + 1;
    }
    [[nodiscard]] Slope sum(const std::vector<std::uint32_t>& rows) const noexcept {
        Slope all;
        for (const auto row : rows) all.add(g_[row], h_[row]);
        return all;
    }
    [[nodiscard]] double worth(const Slope& s) const noexcept { return s.g * s.g / (s.h + settings_.l2); }

    [[nodiscard]] Split best(const std::vector<std::uint32_t>& rows, const Slope& all) const {
        Split best;
        if (rows.size() < 2 * std::size_t{settings_.min_rows}) return best;
        std::vector<Slope> bins;
        for (std::size_t f = 0; f < feature_count; ++f) {
            const auto& edges = binned_.edges(f);
            if (edges.empty()) continue;
            bins.assign(edges.size() + 2, {});
            for (const auto row : rows) bins[binned_(f, row)].add(g_[row], h_[row]);
            consider(f, bins, all, best);
        }
        return best;
    }

    void consider(std::size_t feature, const std::vector<Slope>& bins, const Slope& all, Split& best) const noexcept {
        const Slope missing = bins[0], known = all - missing;
        Slope left;
        for (std::size_t edge = 0; edge + 2 < bins.size(); ++edge) {
            left = left + bins[edge + 1];
            for (const bool missing_left : {left.rows > known.rows - left.rows, left.rows <= known.rows - left.rows}) {
                const Slope a = missing_left ? left + missing : left, b = all - a;
                if (a.rows < settings_.min_rows || b.rows < settings_.min_rows) continue;
                const double gain = worth(a) + worth(b) - worth(all);
                if (gain <= best.gain + 1e-12) continue;
                best = {gain, feature, edge, missing_left, true};
            }
        }
    }

    const Binned& binned_;
    const std::vector<double>& g_;
    const std::vector<double>& h_;
    const BoostingSettings& settings_;
};

void check(const BoostingSettings& s, std::size_t examples) {
    if (examples == 0) throw std::invalid_argument{"no labelled rows: expected some to learn from"};
    if (s.depth < 1 || s.depth > 4) throw std::invalid_argument{"--depth: expected 1 to 4"};
    if (s.trees > pipeline::ai::max_trees) throw std::invalid_argument{"--trees: expected at most 10000"};
    if (!(s.shrinkage > 0) || s.shrinkage > 1) throw std::invalid_argument{"--shrinkage: expected above 0, at most 1"};
    if (!(s.l2 >= 0) || s.bins < 2 || s.bins > 200 || s.min_rows < 1)
        throw std::invalid_argument{"boosting: expected l2 >= 0, 2 to 200 bins, min_rows >= 1"};
}

}  // namespace

pipeline::ai::TreeTable boost(std::span<const Example> examples, pipeline::ai::Target target,
                              const BoostingSettings& settings) {
    check(settings, examples.size());
    const auto n = examples.size();
    double ones = 0;
    for (const auto& example : examples) ones += example.label ? 1 : 0;
    const double rate = (ones + 1) / (static_cast<double>(n) + 2);  // never quite 0 or 1
    const double base = std::log(rate / (1 - rate));

    const Binned binned{examples, settings.bins};
    std::vector<double> logits(n, base), g(n), h(n);
    std::vector<std::uint32_t> rows(n);
    for (std::size_t i = 0; i < n; ++i) rows[i] = static_cast<std::uint32_t>(i);
    pipeline::ai::TreeTable table{target, base};
    for (std::uint32_t t = 0; t < settings.trees; ++t) {
        for (std::size_t i = 0; i < n; ++i) {
            const double p = pipeline::ai::logistic(logits[i]);
            g[i] = p - (examples[i].label ? 1 : 0);
            h[i] = p * (1 - p);
        }
        const auto nodes = Grower{binned, g, h, settings}.grow(rows);
        if (nodes.size() == 1) break;  // nothing left to split: every further tree would be the same leaf
        pipeline::ai::TreeTable one{target, 0};
        one.add_tree(nodes);
        for (std::size_t i = 0; i < n; ++i) logits[i] += one.logit(*examples[i].features);
        table.add_tree(nodes);
    }
    return table;
}

}  // namespace omega
