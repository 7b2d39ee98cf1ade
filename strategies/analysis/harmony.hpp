#pragma once

#include "core/domain/tick.hpp"
#include "core/domain/unknown.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Position harmony (spec/bots.md section 8): reads positions, never trades. Pure functions, for displays, snapshots
/// and alerts; nothing that is traded depends on them.
namespace strategies {

/// A position as a venue reports it; doubles, for these are statistics.
struct PositionView {
    std::string instrument;
    core::Side side{};       ///< buy: long
    double contracts{};      ///< > 0
    double entry{}, mark{};  ///< quote currency
    double leverage{1};
    double pnl{};             ///< unrealised, quote currency
    double contract_size{1};  ///< base currency of one contract

    [[nodiscard]] double notional() const noexcept { return contracts * mark * contract_size; }
    /// pnl / (entry value / leverage): what the venue shows as the position's return. Losses and gains are judged by
    /// it, for a tenth of the notional is the whole margin at leverage ten.
    [[nodiscard]] double return_on_margin() const noexcept {
        return pnl * leverage / (contracts * entry * contract_size);
    }
};

/// What all positions together come to.
struct Exposure {
    double long_notional{}, short_notional{};
    double long_contracts{}, short_contracts{};
    double pnl{}, gains{}, losses{};  ///< losses: of the losers, above zero

    [[nodiscard]] bool empty() const noexcept { return long_notional <= 0 && short_notional <= 0; }
    [[nodiscard]] bool both_sides() const noexcept { return long_notional > 0 && short_notional > 0; }
    /// Long over short notional; unknown unless both sides are held.
    [[nodiscard]] double long_short() const noexcept {
        return both_sides() ? long_notional / short_notional : core::unknown;
    }
    /// Total notional over equity (at least 1).
    [[nodiscard]] double share_of(double equity) const noexcept;
};
Exposure expose(std::span<const PositionView> positions) noexcept;

/// Portfolio H, 0..1. Unknown if equity or a result is.
double portfolio_harmony(const Exposure& exposure, double equity) noexcept;
/// Position h, 0..1, of a notional, leverage and unrealised result.
double position_harmony(double notional, double equity, double leverage, double pnl) noexcept;
/// How near long/short contracts stand to φ or 1/φ: no position .5, one side only 1/φ.
double phi_resonance(double long_contracts, double short_contracts) noexcept;

/// H below this is worth an alert.
inline constexpr double harmony_alert = .4;

enum class GainState : std::uint8_t { chaos, discord, neutral, harmony, divine };
std::string_view name(GainState state) noexcept;

/// Gross gains against gross losses, by their nearness to φ.
struct GainShare {
    double ratio{};    ///< gains/losses; unknown without losses
    double balance{};  ///< b, 0..1: only gains 1, only losses 0, none .5
    GainState state{};
};
/// gains, losses: sums, none below zero.
GainShare gain_share(double gains, double losses) noexcept;

/// What differs between two snapshots. A position is known by instrument and side: a flip closes one and opens another.
enum class ChangeKind : std::uint8_t { opened, closed, changed };
std::string_view name(ChangeKind kind) noexcept;  ///< "new", "closed", "changed"

struct Change {
    ChangeKind kind{};
    std::string instrument;
    core::Side side{};
    double contracts_before{}, contracts{};
    double pnl_before{}, pnl{};
};
/// Changed: contracts by more than 5 %, or the result by more than 10 % of its old absolute value. New and changed in
/// the order of `now`, then closed in the order of `before`.
std::vector<Change> changes(std::span<const PositionView> before, std::span<const PositionView> now);

enum class Advice : std::uint8_t {
    wait_for_levels,
    rebalance,
    reduce_longs,
    reduce_shorts,
    consider_hedge,
    reduce_exposure,
    room_to_add,
    cut_loss,
    take_profit,
    keep
};
std::string_view name(Advice advice) noexcept;  ///< "wait_for_levels", …
std::string_view text(Advice advice) noexcept;  ///< a sentence for people

struct Recommendation {
    Advice advice{};
    double value{};          ///< what was compared: H, long/short, exposure, return on margin
    std::string instrument;  ///< of one position, else empty
};
inline constexpr std::size_t max_recommendations = 5;
/// At most five, in the order of Advice, positions of one kind as they stand.
std::vector<Recommendation> recommend(std::span<const PositionView> positions, double equity);

}  // namespace strategies
