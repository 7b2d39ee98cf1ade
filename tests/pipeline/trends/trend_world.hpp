#pragma once

#include "core/domain/instrument.hpp"
#include "core/domain/tick.hpp"
#include "pipeline/bars/bars.hpp"
#include "pipeline/book/market.hpp"
#include "pipeline/fibonacci/levels.hpp"
#include "pipeline/indicators/indicators.hpp"
#include "pipeline/traps/traps.hpp"

#include <cstdint>

/// What the trend stages see of a minute that closed: made by hand, so that every input is in the test's power.
namespace test {

inline core::InstrumentTable two_instruments() {
    core::InstrumentTable table;
    table.add({.symbol = "BTCUSDT", .price_decimals = 2, .quantity_decimals = 3});
    table.add({.symbol = "ETHUSDT", .price_decimals = 2, .quantity_decimals = 3});
    return table;
}

/// The sections of one tick.
struct TrendMoment {
    core::Tick tick{};
    pipeline::Market market{};
    pipeline::Bars bars{};
    pipeline::Indicators indicators{};
    pipeline::Levels levels{};
    pipeline::Traps traps{};
};

/// A bar of timeframe `index` (`width_s`) that closes as number `n` since the epoch of the test.
inline TrendMoment closing(std::size_t index, std::uint32_t width_s, std::int64_t n, std::int64_t open,
                           std::int64_t close, const pipeline::IndicatorValues& values, std::uint16_t instrument = 0) {
    TrendMoment m;
    const core::Nanoseconds width = std::chrono::seconds{width_s};
    m.tick.kind = core::TickKind::trade;
    m.tick.instrument = core::InstrumentId{instrument};
    auto& bar = m.bars.bars[index];
    bar.start = n * width;
    bar.width_s = width_s;
    bar.open = {open};
    bar.close = {close};
    bar.high = {std::max(open, close) + 3};
    bar.low = {std::min(open, close) - 3};
    bar.buy_volume = {5};
    bar.trades = 3;
    m.bars.bar_mask = static_cast<std::uint16_t>(1u << index);
    m.tick.venue_time = m.market.time = bar.end();
    m.market.valid = true;
    m.indicators.mask = m.bars.bar_mask;
    m.indicators.values[index] = values;
    m.traps.threshold_bps = 30;
    return m;
}

/// A small deterministic generator for made-up tapes.
struct Dice {
    std::uint64_t state{88172645463325252ULL};
    std::int64_t operator()(std::int64_t below) noexcept {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        return static_cast<std::int64_t>(state % static_cast<std::uint64_t>(below));
    }
    double unit() noexcept { return static_cast<double>((*this)(1'000'001)) / 1e6; }
};

}  // namespace test
