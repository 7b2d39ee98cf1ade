#include "strategies/analysis/harmony.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace strategies {
namespace {

constexpr double phi = std::numbers::phi;

double sign(double x) noexcept {
    return x > 0 ? 1 : x < 0 ? -1 : 0;
}

double leverage_distance(double leverage) noexcept {
    double least = core::unknown;
    for (const double step : {1, 2, 3, 5, 8, 13, 21})
        if (const double d = std::abs(leverage - step); !(least <= d)) least = d;
    return least;
}

const PositionView* find(std::span<const PositionView> positions, const PositionView& like) noexcept {
    const auto same = [&](const PositionView& p) { return p.instrument == like.instrument && p.side == like.side; };
    const auto at = std::find_if(positions.begin(), positions.end(), same);
    return at == positions.end() ? nullptr : &*at;
}

}  // namespace

double Exposure::share_of(double equity) const noexcept {
    return (long_notional + short_notional) / std::max(equity, 1.0);
}

Exposure expose(std::span<const PositionView> positions) noexcept {
    Exposure sum;
    for (const auto& position : positions) {
        const bool bought = position.side == core::Side::buy;
        (bought ? sum.long_notional : sum.short_notional) += position.notional();
        (bought ? sum.long_contracts : sum.short_contracts) += position.contracts;
        sum.pnl += position.pnl;
        (position.pnl < 0 ? sum.losses : sum.gains) += std::abs(position.pnl);
    }
    return sum;
}

double portfolio_harmony(const Exposure& exposure, double equity) noexcept {
    if (!core::known(equity) || !core::known(exposure.pnl)) return core::unknown;
    double h = .5;
    if (exposure.both_sides()) {
        const double ratio = exposure.long_short();
        h += std::max(0.0, .2 - std::min(std::abs(ratio - phi), std::abs(ratio - 1 / phi)) / phi);
    }
    h += std::max(0.0, .2 - std::abs(exposure.share_of(equity) - 1 / phi) * phi);
    h += .2 * sign(exposure.pnl);
    return core::clamp01(h);
}

double position_harmony(double notional, double equity, double leverage, double pnl) noexcept {
    for (const double x : {notional, equity, leverage, pnl})
        if (!core::known(x)) return core::unknown;
    const double share = notional / std::max(equity, 1.0);
    return core::clamp01(.5 + std::max(0.0, .2 - std::abs(share - 1 / phi) * phi) +
                         std::max(0.0, .15 - leverage_distance(leverage) / 5) + .15 * sign(pnl));
}

double phi_resonance(double long_contracts, double short_contracts) noexcept {
    if (!core::known(long_contracts) || !core::known(short_contracts)) return core::unknown;
    if (long_contracts <= 0 && short_contracts <= 0) return .5;
    if (long_contracts <= 0 || short_contracts <= 0) return 1 / phi;
    const double ratio = long_contracts / short_contracts;
    return std::max(0.0, 1 - std::min(std::abs(ratio - phi) / phi, std::abs(ratio - 1 / phi) * phi));
}

std::string_view name(GainState state) noexcept {
    static constexpr std::array<std::string_view, 5> names{"chaos", "discord", "neutral", "harmony", "divine"};
    return names[static_cast<std::size_t>(state)];
}

GainShare gain_share(double gains, double losses) noexcept {
    if (!core::known(gains) || !core::known(losses))
        return {.ratio = core::unknown, .balance = core::unknown, .state = GainState::neutral};
    GainShare share{.ratio = losses > 0 ? gains / losses : core::unknown, .balance = .5, .state = GainState::neutral};
    if (gains > 0 && losses > 0)
        share.balance = core::clamp01(1 - std::abs(share.ratio - phi) / phi);
    else if (gains > 0 || losses > 0)
        share.balance = gains > 0 ? 1 : 0;
    const double b = share.balance;
    share.state = b < .2   ? GainState::chaos
                  : b < .4 ? GainState::discord
                  : b < .6 ? GainState::neutral
                  : b < .8 ? GainState::harmony
                           : GainState::divine;
    return share;
}

std::string_view name(ChangeKind kind) noexcept {
    static constexpr std::array<std::string_view, 3> names{"new", "closed", "changed"};
    return names[static_cast<std::size_t>(kind)];
}

std::vector<Change> changes(std::span<const PositionView> before, std::span<const PositionView> now) {
    std::vector<Change> found;
    for (const auto& position : now) {
        const auto* old = find(before, position);
        if (old == nullptr) {
            found.push_back({.kind = ChangeKind::opened,
                             .instrument = position.instrument,
                             .side = position.side,
                             .contracts = position.contracts,
                             .pnl = position.pnl});
            continue;
        }
        const bool resized = std::abs(position.contracts - old->contracts) > .05 * old->contracts;
        const bool moved = std::abs(position.pnl - old->pnl) > .1 * std::abs(old->pnl);
        if (resized || moved)
            found.push_back({.kind = ChangeKind::changed,
                             .instrument = position.instrument,
                             .side = position.side,
                             .contracts_before = old->contracts,
                             .contracts = position.contracts,
                             .pnl_before = old->pnl,
                             .pnl = position.pnl});
    }
    for (const auto& old : before)
        if (find(now, old) == nullptr)
            found.push_back({.kind = ChangeKind::closed,
                             .instrument = old.instrument,
                             .side = old.side,
                             .contracts_before = old.contracts,
                             .pnl_before = old.pnl});
    return found;
}

std::string_view name(Advice advice) noexcept {
    static constexpr std::array<std::string_view, 10> names{
        "wait_for_levels", "rebalance",   "reduce_longs", "reduce_shorts", "consider_hedge",
        "reduce_exposure", "room_to_add", "cut_loss",     "take_profit",   "keep"};
    return names[static_cast<std::size_t>(advice)];
}

std::string_view text(Advice advice) noexcept {
    static constexpr std::array<std::string_view, 10> texts{
        "no positions: wait for Fibonacci levels before entering",
        "harmony is low: rebalance the portfolio",
        "longs outweigh shorts: reduce longs towards a ratio of 1.618",
        "shorts outweigh longs: reduce shorts towards a ratio of 0.618",
        "all positions are on one side: consider a hedge",
        "exposure is above twice the equity: reduce it",
        "exposure is below 0.3 of the equity: there is room to add",
        "the loss is above a tenth of the margin: cut the position",
        "the gain is above a fifth of the margin: take profit",
        "harmony is high: keep the portfolio as it is"};
    return texts[static_cast<std::size_t>(advice)];
}

std::vector<Recommendation> recommend(std::span<const PositionView> positions, double equity) {
    std::vector<Recommendation> list;
    const auto say = [&list](Advice advice, double value, std::string instrument = {}) {
        if (list.size() < max_recommendations) list.push_back({advice, value, std::move(instrument)});
    };
    const auto exposure = expose(positions);
    if (exposure.empty()) {
        say(Advice::wait_for_levels, 0);
        return list;
    }
    const double h = portfolio_harmony(exposure, equity), x = exposure.share_of(equity);
    if (h < harmony_alert) say(Advice::rebalance, h);
    if (const double ratio = exposure.long_short();
        std::min(std::abs(ratio - phi), std::abs(ratio - 1 / phi)) > .5)  // between the two it never is
        say(ratio > phi ? Advice::reduce_longs : Advice::reduce_shorts, ratio);
    if (!exposure.both_sides()) say(Advice::consider_hedge, exposure.long_notional > 0 ? 1 : 0);
    if (x > 2) say(Advice::reduce_exposure, x);
    if (x < .3) say(Advice::room_to_add, x);
    for (const auto& p : positions)
        if (p.return_on_margin() < -.1) say(Advice::cut_loss, p.return_on_margin(), p.instrument);
    for (const auto& p : positions)
        if (p.return_on_margin() > .2) say(Advice::take_profit, p.return_on_margin(), p.instrument);
    if (h > .7) say(Advice::keep, h);
    return list;
}

}  // namespace strategies
