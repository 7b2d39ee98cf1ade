#include "feeds/synthetic/planter.hpp"

#include <algorithm>

namespace feeds::synthetic {

std::array<std::span<const Planter>, planter_families> all_planters() noexcept {
    return {movement_planters(), bar_planters(), book_planters(), tape_planters(), venue_planters()};
}

const Planter* find_planter(std::string_view kind, std::string_view expect) noexcept {
    for (const auto& family : all_planters())
        for (const auto& planter : family)
            if (planter.kind == kind && (expect.empty() || planter.expect == expect)) return &planter;
    return nullptr;
}

const Planter& choose_planter(double draw, std::span<const std::string> kinds) noexcept {
    const auto each = [&](auto f) {
        for (const auto& family : all_planters())
            for (const auto& planter : family)
                if (kinds.empty() || std::ranges::find(kinds, planter.kind) != kinds.end()) f(planter);
    };
    double total = 0;
    each([&](const Planter& planter) { total += planter.weight; });
    const Planter* chosen{};
    double left = draw * total;
    each([&](const Planter& planter) {
        if (left >= 0) chosen = &planter;
        left -= planter.weight;
    });
    return *chosen;
}

}  // namespace feeds::synthetic
