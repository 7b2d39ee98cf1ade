#include "core/config/nearest.hpp"

#include <algorithm>
#include <array>

namespace core {

namespace {

constexpr std::size_t longest = 128;

std::string_view last_part(std::string_view key) noexcept {
    const auto dot = key.rfind('.');
    return dot == std::string_view::npos ? key : key.substr(dot + 1);
}

}  // namespace

std::size_t edit_distance(std::string_view a, std::string_view b) {
    if (a.size() > longest || b.size() > longest) return std::max(a.size(), b.size());
    // Three rows of the usual table: two back (for swaps), one back, this one.
    std::array<std::size_t, longest + 1> two_back{}, back{}, row{};
    for (std::size_t j = 0; j <= b.size(); ++j) back[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t differs = a[i - 1] == b[j - 1] ? 0 : 1;
            row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + differs});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], two_back[j - 2] + 1);
        }
        two_back = back;
        back = row;
    }
    return back[b.size()];
}

std::string_view nearest(std::string_view given, std::span<const std::string> words) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(1, given.size() / 3) + 1;
    for (const auto& word : words) {
        const auto distance = edit_distance(given, word);
        if (distance < best_distance) {
            best_distance = distance;
            best = word;
        }
    }
    if (!best.empty()) return best;
    for (const auto& word : words)
        if (last_part(word) == last_part(given)) return word;
    return {};
}

}  // namespace core
