#include "pipeline/fibonacci/verdict.hpp"

#include "core/domain/unknown.hpp"

#include <array>
#include <cmath>

namespace pipeline {

std::string_view name(Verdict verdict) noexcept {
    static constexpr std::array<std::string_view, 6> names{"unknown",   "trap_volume", "trap_level",
                                                           "trap_move", "organic",     "insufficient"};
    return names[static_cast<std::size_t>(verdict)];
}

Verdict movement_verdict(double move_bps, double volume_z, bool near_level) noexcept {
    if (!core::known(move_bps) || !core::known(volume_z)) return Verdict::unknown;
    const double move = std::abs(move_bps);
    if (move > 200) return volume_z > 2 ? Verdict::trap_volume : near_level ? Verdict::trap_level : Verdict::trap_move;
    return move >= 10 && volume_z <= 2 ? Verdict::organic : Verdict::insufficient;
}

}  // namespace pipeline
