#include "pipeline/traps/hidden_liquidity.hpp"

#include "core/domain/saturating.hpp"
#include "core/domain/unknown.hpp"
#include "pipeline/traps/confidence.hpp"

#include <algorithm>
#include <cmath>

namespace pipeline::traps {
namespace {

constexpr core::Nanoseconds patience = std::chrono::milliseconds{200};
constexpr double least_ratio = 2, returned = .8;
constexpr std::uint32_t least_refills = 2;

/// Takes in what a display shows now.
template <class Display>
void follow(Display& display, std::int64_t size, core::Nanoseconds time) noexcept {
    if (size < display.now) {
        // Of several falls in a row the first tells what was there.
        if (time - display.fell > patience || display.before < display.now) display.before = display.now;
        display.fell = time;
    }
    display.now = size;
}

}  // namespace

HiddenLiquidity::HiddenLiquidity(const TrapSettings& /*settings*/, const core::Instrument& instrument,
                                 const Timeframes& /*timeframes*/) noexcept
    : price_unit_{instrument.to_double(core::Price{1})}, quantity_unit_{instrument.to_double(core::Quantity{1})} {
    sides_[static_cast<std::size_t>(core::Side::buy)].sign = 1;
    sides_[static_cast<std::size_t>(core::Side::sell)].sign = -1;
}

void HiddenLiquidity::clear() noexcept {
    for (Side& side : sides_) {
        side.touch = {};
        side.spots.fill({});
        side.prices.fill({});
        side.showing = 0;
    }
    valid_ = false;
}

HiddenLiquidity::Second& HiddenLiquidity::Spot::at(core::Nanoseconds time) noexcept {
    const std::int64_t second = time / std::chrono::seconds{1};
    // What is displayed stays displayed in every second until it changes.
    for (newest = std::max(newest, second - window_s); newest < second;)
        seconds[static_cast<std::size_t>(++newest % window_s)] = {.shown = display.now};
    return seconds[static_cast<std::size_t>(newest % window_s)];
}

void HiddenLiquidity::Spot::show(std::int64_t size, core::Nanoseconds time) noexcept {
    Second& second = at(time);
    follow(display, size, time);
    second.shown = std::max(second.shown, size);
}

/// Is the newest display the return that the execution waited for? Notes it as a refill.
bool HiddenLiquidity::Spot::refilled(core::Nanoseconds time) noexcept {
    if (!waiting) return false;
    if (time - executed > patience) {
        waiting = false;
        return false;
    }
    low = std::min(low, display.now);
    if (static_cast<double>(display.now) < returned * static_cast<double>(reference)) {
        dropped = true;
        return false;
    }
    if (!dropped) return false;
    const auto size = static_cast<double>(display.now - low);
    Second& second = at(time);
    ++second.refills;
    second.refilled += size;
    second.refilled_squared += size * size;
    judge_until = time + std::chrono::seconds{window_s};
    waiting = false;
    display.before = display.now;
    return true;
}

std::size_t HiddenLiquidity::Side::find(core::Price price) const noexcept {
    return static_cast<std::size_t>(std::find(prices.begin(), prices.end(), price) - prices.begin());
}

std::size_t HiddenLiquidity::Side::make(core::Price price, core::Nanoseconds time) noexcept {
    const auto stalest = std::min_element(spots.begin(), spots.end(), [](auto& a, auto& b) { return a.used < b.used; });
    const auto index = static_cast<std::size_t>(stalest - spots.begin());
    *stalest = {};
    stalest->display = touch.price == price ? touch : Display{.price = price};
    stalest->newest = time / std::chrono::seconds{1};
    stalest->at(time).shown = stalest->display.now;
    prices[index] = price;
    const auto bit = static_cast<std::uint8_t>(1U << index);
    showing = static_cast<std::uint8_t>(stalest->display.now != 0 ? showing | bit : showing & ~bit);
    return index;
}

void HiddenLiquidity::Side::show(std::size_t spot, std::int64_t size, core::Nanoseconds time) noexcept {
    spots[spot].show(size, time);
    const auto bit = static_cast<std::uint8_t>(1U << spot);
    showing = static_cast<std::uint8_t>(size != 0 ? showing | bit : showing & ~bit);
}

/// The touch left its price.
void HiddenLiquidity::Side::hide(std::size_t index, core::Nanoseconds time) noexcept {
    Spot& spot = spots[index];
    const bool gone = sign > 0 ? spot.display.price > touch.price : spot.display.price < touch.price;
    if (gone) {
        show(index, 0, time);
        static_cast<void>(spot.refilled(time));
        return;
    }
    // There is a better price now, and nobody says what this one shows.
    static_cast<void>(spot.at(time));
    spot.display.now = 0;
    showing = static_cast<std::uint8_t>(showing & ~(1U << index));
}

void HiddenLiquidity::top(const Market& market, Reporter& reporter) noexcept {
    valid_ = true;
    const auto look = [&](Side& side, core::Price price, core::Quantity quantity) -> Spot* {
        if (side.touch.price == price && side.touch.now == quantity.units) return nullptr;
        if (side.touch.price != price) {
            side.touch = {.price = price};
            for (std::size_t i = 0; i < side.spots.size(); ++i)
                if ((side.showing >> i & 1) != 0 && side.prices[i] != price) side.hide(i, market.time);
        }
        follow(side.touch, quantity.units, market.time);
        const std::size_t spot = side.find(price);
        if (spot == side.spots.size()) return nullptr;
        side.show(spot, quantity.units, market.time);
        return side.spots[spot].refilled(market.time) ? &side.spots[spot] : nullptr;
    };
    Spot* const bid = look(sides_[0], market.bid, market.bid_quantity);
    Spot* const ask = look(sides_[1], market.ask, market.ask_quantity);
    if (bid != nullptr) judge(sides_[0], *bid, reporter);
    if (ask != nullptr) judge(sides_[1], *ask, reporter);
}

void HiddenLiquidity::on_trade(const Senses& /*senses*/, const core::Tick& tick, Reporter& reporter) noexcept {
    if (!valid_) {
        reporter.note(Measure::book, core::unknown);
        return;
    }
    const core::Nanoseconds time = reporter.time();
    Side& side = sides_[static_cast<std::size_t>(core::opposite(tick.side))];
    auto index = side.find(tick.trade.price);
    if (index == side.spots.size()) index = side.make(tick.trade.price, time);
    Spot* const spot = &side.spots[index];
    spot->used = ++uses_;
    auto& traded = spot->at(time).traded;
    traded = core::saturating_sum(traded, tick.trade.quantity.units);

    const bool waits = spot->waiting && time - spot->executed <= patience;
    if (!waits) {
        const Display& display = spot->display;
        const bool fell = display.before > display.now && time - display.fell <= patience;
        spot->reference = fell ? display.before : display.now;
        spot->low = display.now;
        spot->dropped = static_cast<double>(display.now) < returned * static_cast<double>(spot->reference);
        spot->waiting = spot->reference > 0;
    }
    spot->executed = time;
    if (time < spot->judge_until) judge(side, *spot, reporter);
}

void HiddenLiquidity::judge(const Side& side, Spot& spot, Reporter& reporter) const noexcept {
    static_cast<void>(spot.at(reporter.time()));
    Second sum;
    for (const Second& second : spot.seconds) {
        sum.traded = core::saturating_sum(sum.traded, second.traded);
        sum.shown = std::max(sum.shown, second.shown);
        sum.refills += second.refills;
        sum.refilled += second.refilled;
        sum.refilled_squared += second.refilled_squared;
    }
    const auto traded = static_cast<double>(sum.traded), shown = static_cast<double>(sum.shown);
    if (sum.refills < least_refills || sum.shown <= 0 || !(traded >= least_ratio * shown)) return;
    if (!reporter.enabled(TrapKind::hidden_liquidity)) return;

    const double ratio = traded / shown, mean = sum.refilled / sum.refills;
    const double variance = std::max(sum.refilled_squared / sum.refills - mean * mean, 0.);
    const double variation = std::sqrt(variance) / mean;
    const double confidence = hidden_liquidity_confidence(ratio, sum.refills, variation);
    const double mid =
        (static_cast<double>(sides_[0].touch.price.units) + static_cast<double>(sides_[1].touch.price.units)) / 2;
    reporter.report({TrapKind::hidden_liquidity, static_cast<int>(side.sign), mid, confidence, ratio / 3, true,
                     evidence(static_cast<double>(spot.display.price.units) * price_unit_, ratio, sum.refills,
                              variation, traded * quantity_unit_)});
}

}  // namespace pipeline::traps
