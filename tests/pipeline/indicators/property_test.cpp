#include "pipeline/indicators/adx.hpp"
#include "pipeline/indicators/atr.hpp"
#include "pipeline/indicators/bollinger.hpp"
#include "pipeline/indicators/ema.hpp"
#include "pipeline/indicators/rsi.hpp"
#include "pipeline/indicators/sma.hpp"

#include "tests/pipeline/indicators/slow_twin.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

using namespace pipeline;
using test::SeriesBar;

namespace {

/// Random bars, some of them flat, around a level that is sometimes tiny and sometimes huge.
std::vector<SeriesBar> random_bars() {
    const double scale = *rc::gen::element(1e-9, 1e-4, 1.0, 1e5);
    const auto moves = *rc::gen::container<std::vector<int>>(rc::gen::inRange(-50, 51));
    std::vector<SeriesBar> bars;
    int close = 1000;
    for (const int move : moves) {
        const int open = close;
        close = std::max(100, close + move);
        const int above = *rc::gen::inRange(0, 20), below = *rc::gen::inRange(0, 20);
        bars.push_back({open * scale, (std::max(open, close) + above) * scale, (std::min(open, close) - below) * scale,
                        close * scale, 1});
    }
    return bars;
}

std::vector<double> closes_of(const std::vector<SeriesBar>& bars) {
    std::vector<double> closes;
    for (const auto& bar : bars) closes.push_back(bar.close);
    return closes;
}

/// Equal within 1e-9 of the larger of both and `unit`, or both unknown.
void check_equal(double fast, double slow, double unit) {
    if (!core::known(fast) || !core::known(slow)) {
        RC_ASSERT(core::known(fast) == core::known(slow));
        return;
    }
    RC_ASSERT(std::abs(fast - slow) <= 1e-9 * std::max({std::abs(fast), std::abs(slow), unit}));
}

/// Everything the indicators of a stage say about a series.
struct All {
    std::vector<double> ema, rsi, atr, sma, plus, minus, adx, lower, upper;

    All(const std::vector<SeriesBar>& bars, int n) {
        Ema e{n};
        Rsi r{n};
        Atr a{n};
        Sma s{n};
        Adx d{n};
        Bollinger b{n};
        for (const auto& bar : bars) {
            ema.push_back(e.add(bar.close));
            rsi.push_back(r.add(bar.close));
            atr.push_back(a.add(bar.high, bar.low, bar.close));
            sma.push_back(s.add(bar.close));
            const auto directional = d.add(bar.high, bar.low, bar.close);
            plus.push_back(directional.plus_di);
            minus.push_back(directional.minus_di);
            adx.push_back(directional.adx);
            const auto bands = b.add(bar.close);
            lower.push_back(bands.lower);
            upper.push_back(bands.upper);
        }
    }
    [[nodiscard]] std::array<const std::vector<double>*, 9> columns() const {
        return {&ema, &rsi, &atr, &sma, &plus, &minus, &adx, &lower, &upper};
    }
};

}  // namespace

RC_GTEST_PROP(Indicators, AgreeWithTheirSlowTwins, ()) {
    const auto bars = random_bars();
    const auto closes = closes_of(bars);
    const int n = *rc::gen::inRange(2, 20);
    const auto size = static_cast<std::size_t>(n);
    const All fast{bars, n};
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const double unit = bars[i].close * 1e-3;
        check_equal(fast.ema[i], test::slow::ema(closes, i, size), unit);
        check_equal(fast.sma[i], test::slow::sma(closes, i, size), unit);
        check_equal(fast.rsi[i], test::slow::rsi(closes, i, size), 1);
        check_equal(fast.atr[i], test::slow::atr(bars, i, size), unit);
        const auto directional = test::slow::directional(bars, i, size);
        check_equal(fast.plus[i], directional.plus_di, 1);
        check_equal(fast.minus[i], directional.minus_di, 1);
        check_equal(fast.adx[i], test::slow::adx(bars, i, size), 1);
        check_equal((fast.upper[i] - fast.lower[i]) / 4, test::slow::deviation(closes, i, size), unit);
    }
}

RC_GTEST_PROP(Indicators, StayInsideTheirRanges, ()) {
    const auto bars = random_bars();
    const All all{bars, *rc::gen::inRange(2, 20)};
    double low = 1e300, high = -1e300;
    const auto within = [](double x, double lo, double hi) {
        const double slack = 1e-12 * std::max(std::abs(lo), std::abs(hi));
        return !core::known(x) || (x >= lo - slack && x <= hi + slack);
    };
    for (std::size_t i = 0; i < bars.size(); ++i) {
        low = std::min(low, bars[i].close);
        high = std::max(high, bars[i].close);
        RC_ASSERT(within(all.ema[i], low, high));
        RC_ASSERT(within(all.sma[i], low, high));
        RC_ASSERT(within(all.rsi[i], 0, 100));
        RC_ASSERT(within(all.adx[i], 0, 100));
        RC_ASSERT(within(all.plus[i], 0, 100));
        RC_ASSERT(within(all.minus[i], 0, 100));
        RC_ASSERT(!(all.atr[i] < 0));
    }
}

RC_GTEST_PROP(Indicators, OfAPrefixAreThePrefix, ()) {
    auto bars = random_bars();
    const int n = *rc::gen::inRange(2, 20);
    const All whole{bars, n};
    bars.resize(*rc::gen::inRange<std::size_t>(0, bars.size() + 1));
    const All part{bars, n};
    for (std::size_t column = 0; column < 9; ++column)
        for (std::size_t i = 0; i < bars.size(); ++i) {
            const double a = (*whole.columns()[column])[i], b = (*part.columns()[column])[i];
            RC_ASSERT(a == b || (!core::known(a) && !core::known(b)));
        }
}

RC_GTEST_PROP(Indicators, OfScaledPricesKeepTheirOscillators, ()) {
    auto bars = random_bars();
    const int n = *rc::gen::inRange(2, 20);
    const All before{bars, n};
    constexpr double s = 0x1p7;  // exact, so that nothing but the scale changes
    for (auto& bar : bars) bar = {bar.open * s, bar.high * s, bar.low * s, bar.close * s, bar.volume};
    const All after{bars, n};
    for (std::size_t i = 0; i < bars.size(); ++i) {
        check_equal(after.rsi[i], before.rsi[i], 1);
        check_equal(after.adx[i], before.adx[i], 1);
        check_equal(after.plus[i], before.plus[i], 1);
        check_equal(after.atr[i], before.atr[i] * s, bars[i].close * 1e-3);
    }
}

TEST(Window, DoesNotDriftOverAMillionValues) {
    Bollinger bands{20};
    std::vector<double> newest;
    Bollinger::Values values;
    std::uint64_t noise = 88172645463325252;
    for (int i = 0; i < 1'000'000; ++i) {
        noise ^= noise << 13;
        noise ^= noise >> 7;
        noise ^= noise << 17;
        const double x = 60000 + static_cast<double>(noise % 1000) * .01;
        values = bands.add(x);
        newest.push_back(x);
    }
    const std::vector<double> last(newest.end() - 20, newest.end());
    EXPECT_NEAR(values.middle, test::slow::mean(last, 0, 20), 1e-9 * 60000);
    EXPECT_NEAR(values.deviation, test::slow::deviation(last, 19, 20), 1e-9);
}
