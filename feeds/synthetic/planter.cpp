#include "feeds/synthetic/planter.hpp"

namespace feeds::synthetic {

std::array<std::span<const Planter>, planter_families> all_planters() noexcept {
    return {movement_planters(), bar_planters()};
}

const Planter* find_planter(std::string_view kind, std::string_view expect) noexcept {
    for (const auto& family : all_planters())
        for (const auto& planter : family)
            if (planter.kind == kind && (expect.empty() || planter.expect == expect)) return &planter;
    return nullptr;
}

const Planter& choose_planter(double draw) noexcept {
    double total = 0;
    for (const auto& family : all_planters())
        for (const auto& planter : family) total += planter.weight;
    const Planter* chosen{};
    double left = draw * total;
    for (const auto& family : all_planters())
        for (const auto& planter : family) {
            if (left >= 0) chosen = &planter;
            left -= planter.weight;
        }
    return *chosen;
}

}  // namespace feeds::synthetic
