#pragma once

#include <cstdint>
#include <string_view>

namespace pipeline {

/// Whether a 15 s move looks organic (spec/fibonacci.md section 6). For displays and the store; decisions use the
/// suspicion of spec/traps.md.
enum class Verdict : std::uint8_t { unknown, trap_volume, trap_level, trap_move, organic, insufficient };
std::string_view name(Verdict verdict) noexcept;  ///< "trap_volume", …

/// move_bps: change of the bucket, either sign. volume_z: NaN = unknown. near_level: any active level is near.
Verdict movement_verdict(double move_bps, double volume_z, bool near_level) noexcept;

}  // namespace pipeline
