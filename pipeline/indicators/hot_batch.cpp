#include "pipeline/indicators/hot_batch.hpp"

#include "pipeline/indicators/period.hpp"

#include <cassert>
#include <stdexcept>

namespace pipeline {

namespace {

detail::HotEngine make_engine(const IndicatorSettings& s, HotBatch::Way way) {
    checked_period("ema_fast", s.ema_fast);
    checked_period("rsi", s.rsi);
    checked_period("atr", s.atr);
    checked_period("adx", s.adx);
    checked_period("bollinger", s.bollinger);
    if (!HotBatch::supported(way)) throw std::invalid_argument{"this processor has no AVX-512"};
    return way == HotBatch::Way::avx512 ? detail::make_avx512_engine(s) : detail::make_avx2_engine(s);
}

}  // namespace

bool HotBatch::supported(Way way) noexcept {
    // AVX2 is what the whole program is built for.
    return way == Way::avx2 || (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                                __builtin_cpu_supports("avx512vl"));
}

HotBatch::HotBatch(const IndicatorSettings& settings)
    : HotBatch{settings, supported(Way::avx512) ? Way::avx512 : Way::avx2} {}
HotBatch::HotBatch(const IndicatorSettings& settings, Way way) : HotBatch{make_engine(settings, way)} {}
HotBatch::HotBatch(const detail::HotEngine& engine) noexcept : state_{engine.state, engine.destroy}, add_{engine.add} {}

void HotBatch::add(std::span<const BarOfEight> bars, std::span<HotOfEight> out) noexcept {
    assert(out.size() == bars.size());
    add_(state_.get(), bars.data(), out.data(), bars.size());
}

}  // namespace pipeline
