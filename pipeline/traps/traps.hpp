#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/time.hpp"
#include "core/domain/unknown.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pipeline {

/// All kinds of spec/traps.md section 4, in its order.
enum class TrapKind : std::uint8_t {
    liquidity_grab,
    half_liquidity_grab,
    fake_pump,
    fake_dump,
    half_fake_pump,
    half_fake_dump,
    stop_hunt_up,
    stop_hunt_down,
    liquidity_accumulation_up,
    liquidity_accumulation_down,
    volatility_grab,
    bull_trap,
    bear_trap,
    spoofing,
    layering,
    hidden_liquidity,
    wash_trading,
    cross_venue_divergence,
    flash_pump,
    flash_dump,
    stealth_accumulation,
    stealth_distribution,
    fractal_trap,
    time_dilation
};
inline constexpr std::size_t trap_kind_count = 24;
std::string_view name(TrapKind kind) noexcept;
/// Case-blind; '-' and ' ' become '_'; the aliases of the spec. Unknown names are nullopt, never a default.
std::optional<TrapKind> parse_trap_kind(std::string_view text) noexcept;

enum class Expect : std::uint8_t { up, down, burst, inert };
enum class Severity : std::uint8_t { low, medium, high, critical };
enum class Regime : std::uint8_t { unknown, trending, volatile_, normal };
enum class HighFrequency : std::uint8_t { normal, elevated, active };
std::string_view name(Expect) noexcept;
std::string_view name(Severity) noexcept;
std::string_view name(Regime) noexcept;
std::string_view name(HighFrequency) noexcept;

/// One detection (spec/traps.md section 1). `id` counts per instrument; revision 0 is the first emission.
struct TrapEvent {
    std::uint64_t id{};
    core::Nanoseconds time{};
    double price{};
    double confidence{}, impact{}, threshold_bps{}, hf_multiplier{1}, boost{};
    std::array<double, 8> evidence{};  ///< fields in the order of section 5; NaN = unknown
    core::InstrumentId instrument{};
    core::Venue venue{};
    TrapKind kind{};
    Expect expect{};
    Severity severity{};
    std::uint8_t revision{};
    bool confirmed{};  ///< with `confirmed_confidence` or more
    bool notable{};    ///< above `notify_confidence`: one for notifications (section 6)
    /// "Potential fake pump": an event of the kind that is not confirmed.
    [[nodiscard]] constexpr bool potential() const noexcept { return !confirmed; }
};

/// Section written by TrapStage.
struct Traps {
    std::uint8_t count{};
    Regime regime{};
    HighFrequency hf{};
    double threshold_bps{core::unknown};  ///< T after this tick
    double hf_multiplier{1};
    double pressure_up{}, pressure_down{};  ///< decayed trap pressure by expected direction (section 8)
    std::array<TrapEvent, 8> events;        ///< first `count` are new with this tick
};

}  // namespace pipeline
