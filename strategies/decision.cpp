#include "strategies/decision.hpp"

#include <string_view>

namespace strategies {

std::string_view name(Denial denial) noexcept {
    static constexpr std::array<std::string_view, denial_count> names{
        "none",           "mode",         "not_live",    "book_invalid",   "mark_unknown", "reconcile", "tick_size",
        "lot_size",       "min_notional", "price_band",  "order_notional", "position",     "exposure",  "no_stop",
        "risk_per_trade", "leverage",     "open_orders", "rate",           "self_cross",   "protection"};
    return names[static_cast<std::size_t>(denial)];
}

std::string_view name(Action action) noexcept {
    static constexpr std::array<std::string_view, 4> names{"hold", "enter", "exit", "add"};
    return names[static_cast<std::size_t>(action)];
}

std::string_view reason::name(std::size_t index) noexcept {
    static constexpr std::array<std::string_view, count> names{
        "unknown_input", "book_invalid", "below_threshold", "in_zone",          "crossed_level",
        "golden",        "aligned",      "leg_broken",      "opposite_trigger", "not_possible",
        "trap_pressure", "cosmic",       "no_leg",          "entry_pause"};
    return index < names.size() ? names[index] : "?";
}

}  // namespace strategies
