#include <immintrin.h>

namespace pipeline::detail {

using Eight = double __attribute__((vector_size(64)));
using EightMasks = long long __attribute__((vector_size(64)));

inline Eight root(Eight x) noexcept {
    return _mm512_maskz_sqrt_pd(0xff, x);  // the plain one warns of its own undefined operand (g++ 12)
}

}  // namespace pipeline::detail

#include "pipeline/indicators/hot_kernel.hpp"

namespace pipeline::detail {

std::unique_ptr<HotBatch::Engine> make_avx512_engine(const IndicatorSettings& settings) {
    return std::make_unique<KernelEngine<Eight, EightMasks>>(settings);
}

}  // namespace pipeline::detail
