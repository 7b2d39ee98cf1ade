#pragma once

#include "core/domain/order.hpp"
#include "core/domain/unknown.hpp"
#include "strategies/risk/memory.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace strategies {

enum class Action : std::uint8_t { hold, enter, exit, add };

/// Bits of Decision::reasons.
namespace reason {
inline constexpr std::uint32_t unknown_input = 1, book_invalid = 2, below_threshold = 4, in_zone = 8,
                               crossed_level = 16, golden = 32, aligned = 64, leg_broken = 128, opposite_trigger = 256,
                               not_possible = 512 /* too small, or a spot short */, entry_pause = 8192,
                               trap_pressure = 1024, cosmic = 2048, no_leg = 4096;
inline constexpr std::size_t count = 14;
/// Of the bit 1 << index: "no_leg", …
std::string_view name(std::size_t index) noexcept;
}  // namespace reason

struct TargetWish {
    double bps{};    ///< distance from entry, favourable
    double share{};  ///< of the position, 0..1
};

/// What a bot wants (spec/bots.md section 1). Overlays may scale it; sizing and risk stand between it and a gateway.
struct Decision {
    core::InstrumentId instrument{};
    core::Venue venue{};
    Action action{};
    core::Side side{};
    std::uint8_t bot{};  ///< index of the bot
    std::uint8_t target_count{};
    std::uint32_t reasons{};
    double score{}, entry_threshold{.5};
    double size_fraction{1};
    double stop_bps{core::unknown};
    std::array<TargetWish, 5> targets{};
    double exit_impulse{}, exit_threshold{.5};
    double leverage{1};
};

struct TargetPrice {
    core::Price price{};
    double share{};  ///< of the position, 0..1
};

/// A sized order a bot wants, before risk gave its answer, with the protection its position is to have.
struct Intent {
    core::Order order;         ///< id 0: risk gives it
    core::Price stop_price{};  ///< 0: none (an entry without one is denied)
    std::uint8_t target_count{};
    std::array<TargetPrice, 5> targets{};
};

/// Section written by BotStage.
struct Intents {
    std::uint8_t decision_count{}, intent_count{};
    std::array<Decision, 8> decisions;
    std::array<Intent, 8> intents;  ///< the decisions that came to an order, sized
    bool addition_changed{};        ///< a bot added to the position of the tick's instrument:
    AdditionMemory addition{};
};

/// The risk gate's codes, in the order they are checked (spec/risk.md section 3); `none` = approved.
enum class Denial : std::uint8_t {
    none,
    mode,
    not_live,
    book_invalid,
    mark_unknown,
    reconcile,
    tick_size,
    lot_size,
    min_notional,
    price_band,
    order_notional,
    position,
    exposure,
    no_stop,
    risk_per_trade,
    leverage,
    open_orders,
    rate,
    self_cross,
    protection
};
inline constexpr std::size_t denial_count = 20;
std::string_view name(Denial) noexcept;
std::string_view name(Action) noexcept;

/// The risk gate's answer to one intent, with the numbers it compared.
struct Verdict {
    Denial denial{};
    bool reduced{};
    double value{}, limit{};
};

/// Section written by RiskStage: orders to send, in order.
struct Orders {
    std::uint8_t count{}, verdict_count{};
    std::array<core::Order, 32> orders;      ///< approved entries and exits, protective orders, cancels
    std::array<Verdict, 8> verdicts;         ///< verdicts[i] answers intents[i]
    core::Notional equity{};                 ///< of the account, as last looked at
    core::Quantity position{};               ///< of the tick's instrument, signed, after the tick
    bool account_changed{}, plan_changed{};  ///< what must outlive the process changed:
    AccountMemory account{};
    PlanMemory plan{};  ///< of the tick's instrument
};

}  // namespace strategies
