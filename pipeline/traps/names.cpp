#include "pipeline/traps/traps.hpp"

namespace pipeline {

std::string_view name(TrapKind kind) noexcept {
    static constexpr std::array<std::string_view, trap_kind_count> names{"liquidity_grab",
                                                                         "half_liquidity_grab",
                                                                         "fake_pump",
                                                                         "fake_dump",
                                                                         "half_fake_pump",
                                                                         "half_fake_dump",
                                                                         "stop_hunt_up",
                                                                         "stop_hunt_down",
                                                                         "liquidity_accumulation_up",
                                                                         "liquidity_accumulation_down",
                                                                         "volatility_grab",
                                                                         "bull_trap",
                                                                         "bear_trap",
                                                                         "spoofing",
                                                                         "layering",
                                                                         "hidden_liquidity",
                                                                         "wash_trading",
                                                                         "cross_venue_divergence",
                                                                         "flash_pump",
                                                                         "flash_dump",
                                                                         "stealth_accumulation",
                                                                         "stealth_distribution",
                                                                         "fractal_trap",
                                                                         "time_dilation"};
    return names[static_cast<std::size_t>(kind)];
}

std::string_view name(Expect expect) noexcept {
    static constexpr std::array<std::string_view, 4> names{"up", "down", "burst", "inert"};
    return names[static_cast<std::size_t>(expect)];
}

std::string_view name(Severity severity) noexcept {
    static constexpr std::array<std::string_view, 4> names{"low", "medium", "high", "critical"};
    return names[static_cast<std::size_t>(severity)];
}

std::string_view name(Regime regime) noexcept {
    static constexpr std::array<std::string_view, 4> names{"unknown", "trending", "volatile", "normal"};
    return names[static_cast<std::size_t>(regime)];
}

std::string_view name(HighFrequency state) noexcept {
    static constexpr std::array<std::string_view, 3> names{"normal", "elevated", "active"};
    return names[static_cast<std::size_t>(state)];
}

}  // namespace pipeline
