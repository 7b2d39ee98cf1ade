#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/traps/traps.hpp"

#include <cstdint>

namespace pipeline::traps {

/// The probability meter of spec/traps.md section 8: six parts, each 0..1 or unknown, into one number. Pure functions.
struct MeterParts {
    double price{core::unknown}, volume{core::unknown}, fib{core::unknown};
    double history{core::unknown}, book{core::unknown}, regime{core::unknown};
};

/// Mean of the known parts, weighted .25, .20, .15, .15, .15, .10 in the order of MeterParts; unknown when the known
/// weight is below .5.
[[nodiscard]] double meter(const MeterParts& parts) noexcept;

/// `s`, `m`: returns over 5 and 20 minutes as fractions (.01 is one per cent).
[[nodiscard]] double meter_price(double s, double m) noexcept;
/// `q`: volume over its 20-bar mean.
[[nodiscard]] double meter_volume(double q) noexcept;
/// `distance`: to the nearest active level in per cent of the price, never negative.
[[nodiscard]] double meter_fib(double distance) noexcept;
/// `ratio`: bid over ask depth within 25 bps. `largest`: the largest level over the mean level; unknown counts as none.
[[nodiscard]] double meter_book(double ratio, double largest) noexcept;
/// Measured precision of the most recent kind; unknown with fewer than 30 labelled events.
[[nodiscard]] double meter_history(std::uint64_t hits, std::uint64_t labelled) noexcept;

/// The slow regimes of spec/trends.md, as far as the meter tells them apart.
enum class MeterRegime : std::uint8_t { unknown, volatile_, ranging, trending, quiet, transition };
[[nodiscard]] double meter_regime(MeterRegime regime) noexcept;

/// The meter from which a report names a kind.
[[nodiscard]] constexpr double report_threshold(TrapKind kind) noexcept {
    switch (kind) {
        case TrapKind::stop_hunt_up:
        case TrapKind::stop_hunt_down: return .75;
        case TrapKind::liquidity_grab:
        case TrapKind::bull_trap:
        case TrapKind::bear_trap: return .70;
        case TrapKind::fake_pump:
        case TrapKind::fake_dump:
        case TrapKind::half_fake_pump:
        case TrapKind::half_fake_dump: return .65;
        default: return .60;
    }
}

}  // namespace pipeline::traps
