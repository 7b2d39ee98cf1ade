#pragma once

#include "core/domain/unknown.hpp"
#include "pipeline/indicators/settings.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace pipeline {

/// Instruments that a batch updates at once.
inline constexpr std::size_t batch_lanes = 8;
struct alignas(64) Lanes {
    double lane[batch_lanes]{};  // no std::array: see HotEngine
};

/// One bar of each of eight instruments, and what the hot indicators say after it; unknown = NaN.
struct BarOfEight {
    Lanes high, low, close;
};
struct HotOfEight {
    Lanes ema, rsi, atr, plus_di, minus_di, adx, bollinger_upper, bollinger_middle, bollinger_lower;
};

namespace detail {

/// The kernels of one instruction set. Plain memory and plain functions only: an inline function or a template of a
/// shared header would leave this set's instructions under a name that the linker may keep for the whole program.
struct HotEngine {
    void* state;
    void (*destroy)(void* state) noexcept;
    void (*add)(void* state, const BarOfEight* bars, HotOfEight* out, std::size_t count) noexcept;
};
HotEngine make_avx2_engine(const IndicatorSettings& settings);
HotEngine make_avx512_engine(const IndicatorSettings& settings);

}  // namespace detail

/// EMA (`ema_fast`), RSI (Wilder), ATR, ADX with ±DI and Bollinger bands of eight instruments at once, for whole
/// histories: an instrument a lane, every lane fed its own i-th bar (the bars of a row need not share a time; shorter
/// histories are padded with anything and their tail ignored). Every value has the very bits of Ema, Rsi, Atr, Adx and
/// Bollinger fed one by one. Runs on AVX-512 where the processor has it, else on AVX2.
class HotBatch {
public:
    /// Throws std::invalid_argument for a period outside its range.
    explicit HotBatch(const IndicatorSettings& settings);

    /// Goes on where the last call ended. `out` is as long as `bars`.
    void add(std::span<const BarOfEight> bars, std::span<HotOfEight> out) noexcept;

    /// A way to compute the same; the tests run both.
    enum class Way { avx2, avx512 };
    [[nodiscard]] static bool supported(Way way) noexcept;
    HotBatch(const IndicatorSettings& settings, Way way);

private:
    explicit HotBatch(const detail::HotEngine& engine) noexcept;

    std::unique_ptr<void, void (*)(void*) noexcept> state_;
    void (*add_)(void*, const BarOfEight*, HotOfEight*, std::size_t) noexcept;
};

}  // namespace pipeline
