#pragma once

#include "pipeline/traps/cross_venue.hpp"
#include "pipeline/traps/fractal.hpp"
#include "pipeline/traps/hidden_liquidity.hpp"
#include "pipeline/traps/movement.hpp"
#include "pipeline/traps/reversal.hpp"
#include "pipeline/traps/spoofing.hpp"
#include "pipeline/traps/stealth.hpp"
#include "pipeline/traps/stop_hunt.hpp"
#include "pipeline/traps/time_dilation.hpp"
#include "pipeline/traps/wash_trading.hpp"

#include <tuple>
#include <type_traits>

namespace pipeline::traps {

/// Everything that looks for traps in one instrument, in the order in which it is asked: one line a kind or family.
using Detectors = std::tuple<Movement, StopHunt, Reversal, Fractal, WashTrading, Stealth, TimeDilation, Spoofing,
                             HiddenLiquidity, CrossVenue>;

/// A detector is made from (const TrapSettings&, const core::Instrument&, const Timeframes&) and has any of these
/// hooks, all noexcept. The shared Senses are up to date before any of them is called, but for on_level.
///   on_trade(const Senses&, const core::Tick&, Reporter&)   a trade; nearly all must end at once
///   on_second(const Senses&, const Second&, std::int64_t index, Reporter&)   second `index` since the epoch closed; a
///       jump in it: so many empty ones passed that every window of Senses is flat
///   on_bar(const Senses&, const Bar&, std::size_t timeframe, bool restart, Reporter&)   `restart`: bars are missing
///   on_level(const Senses&, const core::Tick&, const Market&)   every level tick, inner ones too, before what closed
///       with it is judged: it remembers, on_book reports
///   on_book(const Senses&, const core::Tick&, const Market&, Reporter&)   a quote, or a book event's last level
///   clear()   a feed gap: tick windows start again
template <class D>
concept Detector = std::is_constructible_v<D, const TrapSettings&, const core::Instrument&, const Timeframes&> &&(
    requires(D d, const Senses& s, const core::Tick& tick, Reporter& r) {
        { d.on_trade(s, tick, r) }
        noexcept;
    } ||
    requires(D d, const Senses& s, const Second& second, Reporter& r) {
        { d.on_second(s, second, std::int64_t{}, r) }
        noexcept;
    } ||
    requires(D d, const Senses& s, const Bar& bar, Reporter& r) {
        { d.on_bar(s, bar, std::size_t{}, bool{}, r) }
        noexcept;
    } ||
    requires(D d, const Senses& s, const core::Tick& tick, const Market& market, Reporter& r) {
        { d.on_book(s, tick, market, r) }
        noexcept;
    });

/// Makes a tuple of detectors.
template <class>
struct Make;
template <Detector... D>
struct Make<std::tuple<D...>> {
    static std::tuple<D...> from(const TrapSettings& settings, const core::Instrument& instrument,
                                 const Timeframes& timeframes) {
        return {D(settings, instrument, timeframes)...};
    }
};

/// Calls `hook` with each detector in order.
template <class Hook>
constexpr void for_each(Detectors& detectors, Hook&& hook) noexcept {
    std::apply([&](auto&... detector) { (hook(detector), ...); }, detectors);
}

}  // namespace pipeline::traps
