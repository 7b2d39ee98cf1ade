#include <immintrin.h>

namespace pipeline::detail {
namespace {

using Four = double __attribute__((vector_size(32)));
using FourMasks = long long __attribute__((vector_size(32)));

inline Four root(Four x) noexcept {
    return _mm256_sqrt_pd(x);
}
inline bool any(FourMasks mask) noexcept {
    return _mm256_movemask_pd(reinterpret_cast<Four>(mask)) != 0;
}

}  // namespace
}  // namespace pipeline::detail

#include "pipeline/indicators/hot_kernel.hpp"

namespace pipeline::detail {

HotEngine make_avx2_engine(const IndicatorSettings& settings) {
    return KernelEngine<Four, FourMasks>::make(settings);
}

}  // namespace pipeline::detail
