#include <immintrin.h>

namespace pipeline::detail {
namespace {

using Eight = double __attribute__((vector_size(64)));
using EightMasks = long long __attribute__((vector_size(64)));

inline Eight root(Eight x) noexcept {
    return _mm512_maskz_sqrt_pd(0xff, x);  // the plain one warns of its own undefined operand (g++ 12)
}
inline bool any(EightMasks mask) noexcept {
    return _mm512_movepi64_mask(reinterpret_cast<__m512i>(mask)) != 0;
}

}  // namespace
}  // namespace pipeline::detail

#include "pipeline/indicators/hot_kernel.hpp"

namespace pipeline::detail {

HotEngine make_avx512_engine(const IndicatorSettings& settings) {
    return KernelEngine<Eight, EightMasks>::make(settings);
}

}  // namespace pipeline::detail
