#pragma once

#include "core/domain/result.hpp"
#include "core/domain/time.hpp"

#include <string_view>

namespace feeds::conditions {

/// The first mode of the Earth-ionosphere cavity as measured.
struct Schumann {
    core::Nanoseconds time{};
    double hz{};
};

/// Our own format, for there is no public numeric source:
///   {"ts": ms since the epoch, "modes": [{"n": 1, "freq_hz": 7.83, "amp_pt": 0.9, "q": 4.5}, …], "source": "…"}
/// Only `ts` and the frequency of mode 1 are read.
/// Errors: malformed, missing_field (also: no mode 1), wrong_type, out_of_range (not 0 < f < 100 Hz, no possible time),
/// oversized (above max_schumann_bytes).
core::Result<Schumann, core::Fault> parse_schumann(std::string_view json);

inline constexpr std::size_t max_schumann_bytes = std::size_t{64} << 10;

}  // namespace feeds::conditions
