#include "pipeline/indicators/hot_batch.hpp"

#include "pipeline/indicators/adx.hpp"
#include "pipeline/indicators/atr.hpp"
#include "pipeline/indicators/bollinger.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/rsi.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <bit>

using namespace pipeline;

namespace {

/// The scalar classes over one lane.
struct OneByOne {
    Ema ema;
    Rsi rsi;
    Atr atr;
    Adx adx;
    Bollinger bollinger;

    explicit OneByOne(const IndicatorSettings& s)
        : ema{s.ema_fast}, rsi{s.rsi}, atr{s.atr}, adx{s.adx}, bollinger{s.bollinger, s.bollinger_k} {}

    std::array<double, 9> add(double high, double low, double close) {
        const auto directional = adx.add(high, low, close);
        const auto bands = bollinger.add(close);
        return {ema.add(close),      rsi.add(close),       atr.add(high, low, close),
                directional.plus_di, directional.minus_di, directional.adx,
                bands.upper,         bands.middle,         bands.lower};
    }
};

std::array<double, 9> lane(const HotOfEight& hot, std::size_t i) {
    return {hot.ema.lane[i],
            hot.rsi.lane[i],
            hot.atr.lane[i],
            hot.plus_di.lane[i],
            hot.minus_di.lane[i],
            hot.adx.lane[i],
            hot.bollinger_upper.lane[i],
            hot.bollinger_middle.lane[i],
            hot.bollinger_lower.lane[i]};
}

/// Eight walks at levels of their own; some lanes stand still for long, one crashes.
std::vector<BarOfEight> eight_walks(std::size_t count, std::uint64_t noise) {
    std::vector<BarOfEight> bars(count);
    std::array<double, 8> close{1e-8, .3, 1, 42, 1000, 60000, 1e5, 7e7};
    for (std::size_t n = 0; n < count; ++n)
        for (std::size_t i = 0; i < 8; ++i) {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            const bool still = i % 3 == 2 && n % 97 > 30;
            const double move = still ? 0 : (static_cast<double>(noise % 2001) - 1000) * 1e-6;
            close[i] *= 1 + move;
            if (i == 6 && n == 150) close[i] *= 1e-5;
            bars[n].close.lane[i] = close[i];
            bars[n].high.lane[i] = close[i] * (still ? 1 : 1 + static_cast<double>(noise >> 20 & 255) * 1e-6);
            bars[n].low.lane[i] = close[i] * (still ? 1 : 1 - static_cast<double>(noise >> 40 & 255) * 1e-6);
        }
    return bars;
}

bool same_bits(double a, double b) {
    return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b) || (!core::known(a) && !core::known(b));
}

std::vector<HotBatch::Way> ways() {
    std::vector<HotBatch::Way> all{HotBatch::Way::avx2};
    if (HotBatch::supported(HotBatch::Way::avx512)) all.push_back(HotBatch::Way::avx512);
    return all;
}

std::vector<HotOfEight> run(HotBatch batch, const std::vector<BarOfEight>& bars, std::size_t chunk) {
    std::vector<HotOfEight> out(bars.size());
    for (std::size_t i = 0; i < bars.size(); i += chunk) {
        const auto n = std::min(chunk, bars.size() - i);
        batch.add(std::span{bars}.subspan(i, n), std::span{out}.subspan(i, n));
    }
    return out;
}

}  // namespace

RC_GTEST_PROP(HotBatch, HasTheVeryBitsOfTheScalarIndicators, ()) {
    const auto n = [] { return *rc::gen::inRange(2, 30); };
    const IndicatorSettings settings{.ema_fast = n(), .rsi = n(), .atr = n(), .adx = n(), .bollinger = n()};
    const auto bars = eight_walks(250, *rc::gen::inRange<std::uint64_t>(1, 1'000'000'000));
    for (const auto way : ways()) {
        const auto hot = run(HotBatch{settings, way}, bars, *rc::gen::inRange<std::size_t>(1, 251));
        for (std::size_t i = 0; i < batch_lanes; ++i) {
            OneByOne scalar{settings};
            for (std::size_t b = 0; b < bars.size(); ++b) {
                const auto expected = scalar.add(bars[b].high.lane[i], bars[b].low.lane[i], bars[b].close.lane[i]);
                const auto found = lane(hot[b], i);
                for (std::size_t v = 0; v < expected.size(); ++v) RC_ASSERT(same_bits(found[v], expected[v]));
            }
        }
    }
}

TEST(HotBatch, RefusesAPeriodOutsideItsRange) {
    EXPECT_THROW(HotBatch{IndicatorSettings{.rsi = 1}}, std::invalid_argument);
    EXPECT_THROW(HotBatch{IndicatorSettings{.bollinger = 5000}}, std::invalid_argument);
    EXPECT_NO_THROW(HotBatch{IndicatorSettings{}});
}
